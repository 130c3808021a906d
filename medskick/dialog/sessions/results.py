"""What a step gave. Above the step types, which count; the other reads stand in queries.py."""

from dataclasses import dataclass
from datetime import datetime

from medskick.dialog.questions.contract import Outcome, Size
from medskick.dialog.sessions.models import Answer, Participant, Step
from medskick.dialog.sessions.progress import Progress
from medskick.dialog.sessions.step_queries import is_revealed
from medskick.dialog.sessions.steps.registry import step_type


@dataclass(frozen=True, slots=True)
class Result:
    """What a step gave, as the screen shows it: the outcome, and how many of the phones have answered."""

    outcome: Outcome
    answered: int
    phones: int

    @property
    def sentence(self) -> str:
        """38 av 41 har svarat."""
        return self.progress.sentence

    @property
    def progress(self) -> Progress:
        return Progress(self.answered, self.phones)


def result_of(step: Step, *, size: Size = "page", until: datetime | None = None) -> Result:
    """The result of a step without its hidden answers; `until` gives what it was at a moment."""
    answers = Answer.objects.filter(step=step).shown().select_related("cluster", "group")
    if until is not None:
        answers = answers.filter(changed_at__lte=until)
    given = list(answers.in_order())
    answered = len({one.participant_id for one in given})
    # Whoever sent a need by mail afterwards was never asked the other steps.
    in_the_room = Participant.objects.filter(session=step.session_id).exclude(channel=Participant.MAIL)
    phones = max(in_the_room.count(), answered)
    asked = step_type(step.kind)
    if asked.private_first and not is_revealed(step):
        return Result(asked.veiled(step, len(given)), answered, phones)
    return Result(asked.outcome(step, given, size=size), answered, phones)

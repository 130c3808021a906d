"""Questions from the floor, with votes and answers, as far as each may see them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count

from medskick.dialog.sessions.models import Answer, Participant, QuestionReply, Step, UpVote
from medskick.dialog.sessions.step_queries import is_shown
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope


@dataclass(frozen=True, slots=True)
class FloorQuestion:
    """A question without the one who asked it. mine, voted: as the phone that reads it knows."""

    id: UUID
    text: str
    votes: int
    answered: bool
    words: str
    mine: bool = False
    voted: bool = False


def ranked(answers: Sequence[Answer]) -> list[FloorQuestion]:
    """Those that wait for an answer first, by votes and then by time; those that have been answered last."""
    ids = [one.id for one in answers]
    votes = dict(
        UpVote.objects.filter(answer__in=ids)
        .order_by()
        .values("answer")
        .annotate(n=Count("id"))
        .values_list("answer", "n")
    )
    replies = {one.answer_id: one for one in QuestionReply.objects.filter(answer__in=ids).order_by("at", "id")}
    asked = []
    for one in sorted(answers, key=lambda one: (-votes.get(one.id, 0), one.given_at, one.id)):
        reply = replies.get(one.id)
        answered = reply is not None and reply.answered
        words = reply.words if reply is not None and reply.answered else ""
        asked.append(FloorQuestion(one.id, one.text, votes.get(one.id, 0), answered, words))
    return sorted(asked, key=lambda one: one.answered)


def shown_floor(step: Step) -> list[FloorQuestion]:
    """What the screen and the facilitator see: neither taken back nor hidden."""
    return ranked(list(Answer.objects.filter(step=step).shown()))


def floor_of(step: Step, participant: Participant | None) -> list[FloorQuestion]:
    """What a phone sees: the questions of all while the list is shown, else its own, and never who asked.

    A phone may read nothing but its own answers. So the list is made where the session is held, by the system, and only
    what stands in it goes to the phone.
    """
    own = participant.id if participant is not None else None
    with reading_at(step.session.owner_id):
        answers = list(Answer.objects.filter(step=step).shown())
        if not is_shown(step):
            answers = [one for one in answers if one.participant_id == own]
        mine = {one.id for one in answers if one.participant_id == own}
        voted = (
            set(UpVote.objects.filter(participant=own, answer__step=step).values_list("answer", flat=True))
            if own
            else set()
        )
        return [replace(one, mine=one.id in mine, voted=one.id in voted) for one in ranked(answers)]


def votes_for(answer: Answer) -> int:
    """How many want this question to be taken, whoever asks."""
    with reading_at(answer.owner_id):
        return UpVote.objects.filter(answer=answer.pk).count()


@contextmanager
def reading_at(owner: UUID) -> Iterator[None]:
    """Read what the organisation that holds a session may read of it."""
    with scope(system(owner, channel="phone").scope()):
        yield

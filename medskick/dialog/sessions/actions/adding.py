"""The verbs of steps in which a phone writes several things, one at a time: notes, questions from the floor."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import NotPossible, writing_at
from medskick.dialog.sessions.actions.answering import (
    answer_step,
    participant_answering,
    require_open,
    withdraw_answer,
)
from medskick.dialog.sessions.floor_queries import votes_for
from medskick.dialog.sessions.live import tell_list
from medskick.dialog.sessions.models import Answer, Participant, Step
from medskick.dialog.sessions.steps.lists import ListQuestion
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.actor import Actor


def add_answers(
    step: Step, *, by: Actor, values: Sequence[Value], submission_key: UUID | None = None, at: datetime | None = None
) -> list[Answer]:
    """Put these beside what the phone has written in the step. Sent twice with the same key they are there once.

    Raise ValueError where it has written as much as there is room for.
    """
    participant = participant_answering(step, by)
    require_open(step)
    given = []
    with writing_at(by, participant.owner_id) as actor:
        # Two tabs that add at the same moment must not take the same slot: the second would write over the first.
        Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
        for place, value in enumerate(values):
            key = uuid5(submission_key, str(place)) if submission_key and place else submission_key
            given.append(_add(step, participant, by=actor, value=value, key=key, at=at))
        _tell_others(step)
    return given


def _add(
    step: Step, participant: Participant, *, by: Actor, value: Value, key: UUID | None, at: datetime | None
) -> Answer:
    held = list(Answer.objects.filter(step=step, participant=participant))
    standing = next((one for one in held if key is not None and one.submission_key == key), None)
    if standing is not None:
        return standing
    asked = step_type(step.kind).asks
    most = asked.most_of(step) if isinstance(asked, ListQuestion) else asked.slots(step)
    if sum(one.withdrawn_at is None for one in held) >= most:
        raise ValueError(
            _("Du har skrivit så många som får plats, %(most)s. Ändra eller ta tillbaka en.") % {"most": most}
        )
    # A place is never used again: the next note would take over what was decided of the one that was taken back.
    slot = max((one.slot for one in held), default=-1) + 1
    return answer_step(step, by=by, value=value, slot=slot, submission_key=key, at=at)


def change_added(
    answer: Answer, *, by: Actor, value: Value, submission_key: UUID | None = None, at: datetime | None = None
) -> Answer:
    """Write an own note or question anew. Raise NotPossible where others have voted for what stood there."""
    participant = participant_answering(answer.step, by)
    if answer.participant_id != participant.id:
        raise PermissionDenied(_("Det är någon annans svar."))
    if answer.withdrawn_at is not None:
        raise NotPossible(_("Du har tagit tillbaka den. Skriv en ny."))
    if votes_for(answer):
        raise NotPossible(_("Andra har röstat på frågan som den står. Ta tillbaka den och ställ en ny."))
    changed = answer_step(answer.step, by=by, value=value, slot=answer.slot, submission_key=submission_key, at=at)
    _tell_others(answer.step)
    return changed


def take_back(answer: Answer, *, by: Actor, at: datetime | None = None) -> None:
    """Take back an own note or question. Raise NotPossible where something has been made of it already."""
    withdraw_answer(answer, by=by, at=at)
    _tell_others(answer.step)


def _tell_others(step: Step) -> None:
    """Phones look again where they read what others write; notes are no other phone's business."""
    if not step_type(step.kind).private_first:
        tell_list(step.session)

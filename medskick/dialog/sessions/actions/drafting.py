"""The verbs of the recorder for VAD, VEM and HUR: write a description down in the room, or fill in what one lacks."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import NotPossible, require_recorder
from medskick.dialog.sessions.actions.recording import Said, record
from medskick.dialog.sessions.live import tell_screen
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.steps.descriptions import TEMPLATES
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.actions import change_item
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id

SETTLED = (LiveSession.CONFIRMED, LiveSession.CANCELLED)


def write_draft(
    step: Step, *, by: Actor, value: Value, submission_key: UUID | None = None, at: datetime | None = None
) -> Answer:
    """Write a description down for a group, also when the step is closed. It counts as given on paper."""
    session = _recording(step, by)
    if submission_key is not None:
        standing = Answer.objects.filter(step=step, submission_key=submission_key).first()
        if standing is not None:
            return standing
    moment = at or timezone.now()
    (answer,) = record(step, Said(_paper(session, moment), {0: value}, submission_key), by=by, at=moment)
    log("draft.written", by=by, item=session.pk, references=[answer.id])
    tell_screen(session)
    return answer


def complete_draft(answer: Answer, *, by: Actor, value: Value, at: datetime | None = None) -> Answer:
    """Fill in or change what stands in a description, for the group that wrote it. That it was done is told."""
    step = answer.step
    session = _recording(step, by)
    if answer.withdrawn_at is not None:
        raise NotPossible(_("Den som skrev beskrivningen har tagit tillbaka den."))
    asked = step_type(step.kind).asks
    cleaned = asked.clean(step, value)
    if {**answer.value, "completed": None} == {**cleaned, "completed": None}:
        return answer
    answer.value = {**cleaned, "completed": True}
    answer.text = asked.words(step, cleaned)[:2000]
    answer.about_id = step_type(step.kind).carries_on(step, cleaned)
    answer.changed_at = at or timezone.now()
    answer.save(update_fields=["value", "text", "about", "changed_at"])
    if answer.item_id is not None:
        change_item(Item.objects.get(id=answer.item_id), by=by, verb="answer.retold", title=answer.text)
    log("draft.completed", by=by, item=session.pk, references=[answer.id])
    tell_screen(session)
    return answer


def _recording(step: Step, by: Actor) -> LiveSession:
    require_recorder(by, step.session)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    if step.kind not in TEMPLATES:
        raise NotPossible(_("I det här steget skrivs inga beskrivningar."))
    if session.state in SETTLED:
        raise NotPossible(_("Mötet är bekräftat eller inställt. Det som står gäller."))
    return session


def _paper(session: LiveSession, at: datetime) -> Participant:
    """A seat for what was written for a group; nobody holds its device."""
    seat = Participant(
        owner_id=session.owner_id,
        session=session,
        device=new_id(),
        mode=session.anonymity,
        channel=Participant.PAPER,
        joined_at=at,
    )
    seat.save(force_insert=True)
    return seat

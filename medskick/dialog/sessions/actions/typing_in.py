"""What stands on paper is typed in by whoever leads or records, and is marked as paper."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import NotPossible, require_recorder
from medskick.dialog.sessions.actions.recording import Said, record
from medskick.dialog.sessions.live import tell_screen
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.paper import address_of, seat_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people.models import reader_ids
from medskick.lib.codes import new_id

TYPED_IN = (LiveSession.OPEN, LiveSession.PAUSED, LiveSession.HELD)


def type_in_sheet(
    step: Step,
    *,
    by: Actor,
    values: Sequence[Value],
    code: str = "",
    called: str = "",
    municipality: Organisation | None = None,
    submission_key: UUID | None = None,
    at: datetime | None = None,
) -> list[Answer]:
    """Store the answers of one sheet to a step. code: the sheet's own, in its one form; empty where nobody kept the stub.

    The step need not be open: paper comes when it comes. The same form twice is once. Raise NotPossible where the sheet
    has answered the step already, or the session is gone through; ValueError where an answer cannot be stored.
    """
    require_recorder(by, step.session)
    # Read anew: the session may have gone on since the page was shown.
    session = LiveSession.objects.get(pk=step.session_id)
    if session.state not in TYPED_IN:
        raise NotPossible(
            _("Mötet är %(state)s. Papper skrivs in från att mötet börjar till att det är sammanfattat.")
            % {"state": session.get_state_display()}
        )
    if submission_key is not None:
        standing = list(Answer.objects.filter(step=step, submission_key=submission_key).order_by("slot"))
        if standing:
            return standing
    asked = step_type(step.kind).asks
    if not values:
        raise NotPossible(_("Bladet har inget svar att skriva in."))
    if len(values) > asked.slots(step):
        raise NotPossible(_("Frågan tar emot högst %(most)s svar från var och en.") % {"most": asked.slots(step)})
    moment = at or timezone.now()
    participant = _seat(session, code, called, municipality, moment)
    if Answer.objects.standing().filter(step=step, participant=participant).exists():
        raise NotPossible(_("Bladet är redan inskrivet för det här steget."))
    answers = record(step, Said(participant, dict(enumerate(values)), submission_key), by=by, at=moment)
    log("answer.typed_in", by=by, item=session.pk, references=[one.id for one in answers])
    tell_screen(session)
    return answers


def _seat(session: LiveSession, code: str, called: str, municipality: Organisation | None, at: datetime) -> Participant:
    """The sheet's seat: the same for all steps that stand on sheets with one code."""
    device = seat_of(session.pk, code) if code else new_id()
    standing = Participant.objects.filter(session=session, device=device).first()
    if standing is not None:
        return standing
    address = reader_token(address_of(session.pk, code)) if code else None
    participant = Participant(
        owner_id=session.owner_id,
        readers=reader_ids(address),
        session=session,
        device=device,
        address=address,
        mode=session.anonymity,
        called="" if session.anonymity == LiveSession.ANONYMOUS else called,
        municipality=municipality if session.asks_municipality else None,
        channel=Participant.PAPER,
        joined_at=at,
    )
    participant.save(force_insert=True)
    return participant

"""What a phone asks for beside the pages: what phones do now, and the result where this phone is shown it.

The page gives the phone a ticket, which names the step only where the phone may see that step's result; whether the
result is still shown is asked anew each time. All phones with the same ticket get the same state, so it is read once for
all that ask at the same moment, and a result is counted and drawn once for each change.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.core import signing
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from medskick.dialog.sessions.live import marker
from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.queries import is_shown, open_step_of
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.showing import as_holder
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.queries import acts_on
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope

SALT = "medskick.phone_state"
TICKET_SECONDS = 12 * 60 * 60
MOST_KEPT = 50
AGAIN = ("groups.divided", "summary.written", "entry.added")  # what is told by tell_phones(..., again=True)


@dataclass(frozen=True, slots=True)
class StateTicket:
    """step: whose result the phone is shown; None where it is shown none. told: how often phones had been told of
    something new in the step that is open, when the page was made."""

    session: UUID
    owner: UUID
    step: UUID | None
    told: int
    language: str


@dataclass(frozen=True, slots=True)
class PhoneState:
    """now: as the event "step" says it to this phone. result: a part of the page, compressed with gzip; empty where none is shown.

    tag: the same for the same state and no other.
    """

    now: str
    result: bytes
    tag: str


def state_ticket(session: LiveSession, *, asks: Step | None = None, sees: Step | None = None) -> str:
    """A ticket for one phone's page. asks: the step that is open on it. sees: the step whose result stands on it."""
    expires = round(time.time()) + TICKET_SECONDS
    step = str(sees.pk) if sees else ""
    told = 0
    if asks is not None and step_type(asks.kind).told_again:
        with as_holder(session):  # a phone does not read the log
            told = acts_on(session.pk, AGAIN)
    said = [str(session.pk), str(session.owner_id), step, told, get_language(), expires]
    return signing.dumps(said, salt=SALT)


def read_state_ticket(ticket: str) -> StateTicket | None:
    """None where the ticket is forged, damaged or too old. Asks no database."""
    try:
        session, owner, step, told, language, expires = signing.loads(ticket, salt=SALT)
        if time.time() >= expires:
            return None
        return StateTicket(UUID(session), UUID(owner), UUID(step) if step else None, told, language)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def state_for_phones(ticket: StateTicket) -> PhoneState | None:
    """The state for all phones with this ticket; None where the session is gone."""
    with scope(system(ticket.owner).scope()), override(ticket.language):
        session = LiveSession.objects.filter(pk=ticket.session).first()
        if session is None:
            return None
        step = open_step_of(session)
        now = marker(session, step)
        if step is not None and step_type(step.kind).told_again and acts_on(session.pk, AGAIN) > ticket.told:
            now = f"{now} again"
        tag, result = hashlib.sha256(now.encode()).hexdigest()[:16], b""
        if ticket.step is not None and session.state == LiveSession.OPEN:
            step = Step.objects.filter(pk=ticket.step, session=session).first()
            if step is not None and is_shown(step):
                acts = acts_on(session.pk)
                tag, result = f"{tag}-{acts}", _drawn(step, acts)
        return PhoneState(now, result, tag)


_kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_lock = Lock()


def _drawn(step: Step, acts: int) -> bytes:
    """The part of the page with the result, kept in the process for as long as nothing is done in the session."""
    key = (step.pk, acts, get_language())
    with _lock:
        part = _kept.get(key)
    if part is None:
        context = {"result": result_of(step, size="phone")}
        part = gzip.compress(render_to_string("dialog/steps/phone/result_part.html", context).encode(), 5)
        with _lock:
            _kept[key] = part
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return part

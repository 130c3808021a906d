"""Who may do what in a session, and the small facts that decide it."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.dialog.sessions.models import LiveSession, SessionRole
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.scope import current_scope, reader_token, scope
from medskick.kernel.people.roles import FACILITATOR, PROCESS_LEADER
from medskick.lib.codes import CROCKFORD, TRACE_LENGTH

LEADERS = (FACILITATOR, PROCESS_LEADER)

# A group of fewer phones than this is never told apart: not by municipality, not as the voices behind a step.
SMALLEST_GROUP = 5

TRANSITIONS: dict[str, frozenset[str]] = {
    LiveSession.PLANNED: frozenset({LiveSession.OPEN, LiveSession.HELD, LiveSession.CANCELLED}),
    LiveSession.OPEN: frozenset({LiveSession.PAUSED, LiveSession.HELD}),
    LiveSession.PAUSED: frozenset({LiveSession.OPEN, LiveSession.HELD}),
    LiveSession.HELD: frozenset({LiveSession.SUMMARISED}),
    LiveSession.SUMMARISED: frozenset({LiveSession.CONFIRMED}),
    LiveSession.CONFIRMED: frozenset(),
    LiveSession.CANCELLED: frozenset(),
}


class NotPossible(ValueError):
    """What was asked for cannot be done in this state; the message says why, in plain Swedish, for the page to show."""


class StepClosed(NotPossible):
    """The step closed before the answer came."""


def require_leader(by: Actor, owner: UUID) -> None:
    """Raise PermissionDenied unless the actor leads sessions in the organisation that holds this one."""
    require_staff(by, *LEADERS)
    require_same_organisation(by, owner)


def may_lead(by: Actor, session: LiveSession) -> bool:
    """Whether the actor sees the facilitator's controls."""
    return by.staff and by.has(*LEADERS) and by.organisation == session.owner_id


def may_record(by: Actor, session: LiveSession) -> bool:
    """Whether the actor writes for the group: whoever leads, and the colleague who has the recorder's role now."""
    if by.kind == "system" or may_lead(by, session):
        return by.organisation == session.owner_id
    if not by.staff or by.person is None or by.organisation != session.owner_id:
        return False
    latest = SessionRole.objects.filter(session=session, role=SessionRole.RECORDER).order_by("-at", "-id").first()
    return latest is not None and latest.person == by.person


def require_recorder(by: Actor, session: LiveSession) -> None:
    """Raise PermissionDenied unless the actor may write for the group."""
    if not may_record(by, session):
        raise PermissionDenied(_("Det gör mötesledaren eller antecknaren."))


def require_transition(session: LiveSession, to_state: str) -> None:
    """Raise NotPossible where the table of transitions does not have this one."""
    if to_state not in TRANSITIONS[session.state]:
        names = dict(LiveSession.STATES)
        raise NotPossible(
            _("Mötet är %(now)s och kan inte bli %(then)s.") % {"now": names[session.state], "then": names[to_state]}
        )


def require_device(by: Actor) -> UUID:
    """The token of the phone that acts. Raise PermissionDenied where there is none."""
    if by.device is None:
        raise PermissionDenied(_("Telefonen är inte med i mötet. Skriv möteskoden igen."))
    return by.device


def code_token(code: str, session: UUID) -> UUID:
    """The reader token that whoever types the code of an open session holds."""
    return reader_token(f"delta {code} {session}")


def personal_address(phone_secret: str, session: UUID) -> str:
    """The personal trace address of a phone in a session: 16 characters, 80 bits.

    It is derived from the secret in the phone's cookie, so that the server can show it to that phone again and still
    store nothing but its hash. Without the cookie it cannot be found.
    """
    digest = hmac.new(phone_secret.encode(), b"medskick trace address" + session.bytes, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:10])
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()


@contextmanager
def writing_at(by: Actor, owner: UUID) -> Iterator[Actor]:
    """A phone writes where the session is held, whichever municipality's site it is on."""
    now = current_scope()
    if now.acting == owner and by.organisation == owner:
        yield by
        return
    with scope(replace(now, acting=owner)):
        yield replace(by, organisation=owner)


def nameless(by: Actor) -> Actor:
    """The actor as the log may know a phone: that it was one, not which."""
    return replace(by, device=None, person=None, acting_for=None)

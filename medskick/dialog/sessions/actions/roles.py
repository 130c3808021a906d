"""Who leads and who records: given when planned, handed over when need be."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import LEADERS, NotPossible, require_leader
from medskick.dialog.sessions.live import tell_screen
from medskick.dialog.sessions.models import LiveSession, SessionRole
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.models import Employment


def give_role(
    session: LiveSession, *, by: Actor, role: str, person: UUID, name: str, at: datetime | None = None
) -> SessionRole:
    """Let a colleague lead or record from now on; who had the role before has it no more.

    Giving it to the one who has it changes nothing. Raise NotPossible where she does not work here, or where she is to
    lead and lacks the employment's role for that; and for a session that is over for good.
    """
    require_leader(by, session.owner_id)
    if session.state in (LiveSession.CONFIRMED, LiveSession.CANCELLED):
        raise NotPossible(_("Mötet är %(state)s. Ingen leder det längre.") % {"state": session.get_state_display()})
    standing = SessionRole.objects.filter(session=session, role=role).order_by("-at", "-id").first()
    if standing is not None and standing.person == person:
        return standing
    if person != by.person:
        _require_able(session, role, person)
    given = SessionRole(
        session=session,
        role=role,
        person=person,
        name=name,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    )
    given.save(force_insert=True)
    log("session.recorder_chosen" if role == SessionRole.RECORDER else "session.handed_over", by=by, item=session.pk)
    tell_screen(session)
    return given


def _require_able(session: LiveSession, role: str, person: UUID) -> None:
    here = Employment.objects.filter(person_id=person, organisation_id=session.owner_id, ended_at__isnull=True)
    if not here.exists():
        raise NotPossible(_("Personen arbetar inte hos er. Välj en kollega i listan."))
    able = here.filter(role_assignments__role__in=LEADERS, role_assignments__ended_at__isnull=True)
    if role == SessionRole.FACILITATOR and not able.exists():
        raise NotPossible(_("Den som ska leda mötet behöver rollen mötesledare. En administratör kan ge den."))

"""Who is invited to a session, and who came: written by whoever leads or records, read by the organisation's staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_recorder
from medskick.dialog.sessions.models import Attendance, LiveSession
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people.models import reader_ids

MOST_INVITED = 1000


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to invite. person: where she is an employee whom the system knows, so that she reads of it herself."""

    name: str
    organisation: Organisation | None = None
    person: UUID | None = None


def invite(
    session: LiveSession, *, by: Actor, people: Sequence[Invited], at: datetime | None = None
) -> list[Attendance]:
    """Put people on the list; who is there already, by person or by name and organisation, is not put there twice."""
    require_recorder(by, session)
    _require_going_on(session)
    standing = list(Attendance.objects.filter(session=session))
    if len(standing) + len(people) > MOST_INVITED:
        raise NotPossible(_("Högst %(most)s kan stå på listan.") % {"most": MOST_INVITED})
    known = {_key(one.name, one.organisation_id) for one in standing}
    persons = {one.person for one in standing if one.person}
    added = []
    for one in people:
        key = _key(one.name, one.organisation.id if one.organisation else None)
        if key in known or (one.person and one.person in persons):
            continue
        known.add(key)
        persons |= {one.person} - {None}
        added.append(_row(session, one, invited_at=at or timezone.now()))
    Attendance.objects.bulk_create(added)
    if added:
        log("session.invited", by=by, item=session.pk, references=[one.id for one in added])
    return added


def add_attending(session: LiveSession, *, by: Actor, one: Invited, remote: bool = False) -> Attendance:
    """Somebody came who was not invited."""
    require_recorder(by, session)
    _require_going_on(session)
    row = _row(session, one, invited_at=None)
    row.present, row.remote = True, remote
    row.save(force_insert=True)
    log("session.attendance_noted", by=by, item=session.pk, references=[row.id])
    return row


def note_attendance(attendance: Attendance, *, by: Actor, present: bool | None, remote: bool = False) -> Attendance:
    """She is here, is with us from home, or did not come; None takes the note back."""
    session = attendance.session
    require_recorder(by, session)
    _require_going_on(session)
    noted = (present, remote and present is True)
    if noted == (attendance.present, attendance.remote):
        return attendance
    attendance.present, attendance.remote = noted
    attendance.save(update_fields=["present", "remote"])
    log("session.attendance_noted", by=by, item=session.pk, references=[attendance.id])
    return attendance


def remove_invited(attendance: Attendance, *, by: Actor) -> None:
    """Take somebody off the list who was put there by mistake. Raise NotPossible for one who is noted as having come."""
    session = attendance.session
    require_recorder(by, session)
    _require_going_on(session)
    if attendance.present is not None:
        raise NotPossible(_("Personen är redan avprickad. Ta bort avprickningen först."))
    removed = attendance.id
    attendance.delete()
    log("session.uninvited", by=by, item=session.pk, references=[removed])


def _row(session: LiveSession, one: Invited, *, invited_at: datetime | None) -> Attendance:
    return Attendance(
        owner_id=session.owner_id,
        readers=reader_ids(one.person),
        session=session,
        name=one.name,
        organisation=one.organisation,
        person=one.person,
        invited_at=invited_at,
    )


def _key(name: str, organisation: UUID | None) -> tuple[str, UUID | None]:
    return " ".join(name.casefold().split()), organisation


def _require_going_on(session: LiveSession) -> None:
    if session.state in (LiveSession.CONFIRMED, LiveSession.CANCELLED):
        raise NotPossible(_("Mötet är %(state)s, så listan kan inte ändras.") % {"state": session.get_state_display()})

"""What to read before a session, and who says that she has read it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_recorder, writing_at
from medskick.dialog.sessions.models import Attendance, LiveSession, PreReading, ReadMark
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.models import reader_ids
from medskick.kernel.records.models import Item

MOST_READINGS = 30


def add_reading(
    session: LiveSession, *, by: Actor, title: str, address: str = "", item: Item | None = None, note: str = ""
) -> PreReading:
    """Put something to read last in the list: a page on the web, or an item of ours; the same one once."""
    require_recorder(by, session)
    if session.state in (LiveSession.CONFIRMED, LiveSession.CANCELLED):
        raise NotPossible(_("Mötet är %(state)s. Ingen läser inför det.") % {"state": session.get_state_display()})
    if bool(address) == (item is not None):
        raise NotPossible(_("Ange en adress på webben eller något av vårt eget."))
    there = PreReading.objects.filter(session=session)
    standing = there.filter(address=address, item=item).first()
    if standing is not None:
        return standing
    if there.count() >= MOST_READINGS:
        raise NotPossible(_("Listan kan ha högst %(most)s saker att läsa.") % {"most": MOST_READINGS})
    last = there.aggregate(last=Max("position"))["last"] or 0
    reading = PreReading(session=session, position=last + 1, title=title, address=address, item=item, note=note)
    reading.save(force_insert=True)
    log("session.reading_added", by=by, item=session.pk, references=[reading.id])
    return reading


def remove_reading(reading: PreReading, *, by: Actor) -> None:
    """Take something off the list, unless somebody has read it for the session already."""
    session = reading.session
    require_recorder(by, session)
    if ReadMark.objects.filter(pre_reading=reading).exists():
        raise NotPossible(_("Någon har redan läst det inför mötet, så det står kvar i listan."))
    removed = reading.id
    reading.delete()
    log("session.reading_removed", by=by, item=session.pk, references=[removed])


def is_invited(session: LiveSession, by: Actor) -> bool:
    """Whether the actor stands on the session's list, or sits in its network."""
    if not by.staff or by.person is None:
        return False
    if session.network_id is not None and session.network_id in by.networks:
        return True
    return Attendance.objects.filter(session=session, person=by.person).exists()


def mark_read(reading: PreReading, *, by: Actor, at: datetime | None = None) -> ReadMark:
    """Say that one has read it. Saying it twice is saying it once. Raise PermissionDenied for one who is not invited."""
    if not is_invited(reading.session, by) or by.person is None:
        raise PermissionDenied(_("Det är de inbjudna som läser inför mötet."))
    standing = ReadMark.objects.filter(pre_reading=reading, person=by.person).first()
    if standing is not None:
        return standing
    owner = reading.session.owner_id
    with writing_at(by, owner):
        mark = ReadMark(
            owner_id=owner,
            readers=reader_ids(by.person),
            pre_reading=reading,
            person=by.person,
            at=at or timezone.now(),
        )
        try:
            with transaction.atomic():
                mark.save(force_insert=True)
        except IntegrityError:
            # Pressed in two tabs at once: the other one won.
            return ReadMark.objects.get(pre_reading=reading, person=by.person)
    return mark

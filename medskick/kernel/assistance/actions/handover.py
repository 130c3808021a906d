"""The verbs of handover: what one helper leaves to the next about a place."""

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import NotPossible, helpers_of
from medskick.kernel.assistance.models import HandoverNote, HelpPlace
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.people.roles import HELPER


def leave_note(place: HelpPlace, *, by: Actor, text: str) -> HandoverNote:
    """Leave word to whoever helps at the place next. Raise NotPossible without words."""
    require_staff(by, HELPER)
    require_same_organisation(by, place.owner_id)
    if not text.strip() or by.person is None:
        raise NotPossible(_("Skriv något till nästa hjälpare."))
    note = HandoverNote(
        owner_id=place.owner_id,
        helpers=helpers_of(place.owner_id),
        place=place,
        text=text,
        by_person=by.person,
        by_name=by.name,
    )
    note.save(force_insert=True)
    log("handover.left", by=by, references=[note.id, place.id])
    return note


def take_note(note: HandoverNote, *, by: Actor) -> HandoverNote:
    """Somebody has seen to it: it is no longer shown. Taking it twice is taking it once."""
    require_staff(by, HELPER)
    require_same_organisation(by, note.owner_id)
    if note.done_at is None:
        note.done_at, note.done_by = timezone.now(), by.person
        note.save(update_fields=["done_at", "done_by"])
        log("handover.taken", by=by, references=[note.id])
    return note

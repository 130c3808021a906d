"""The verbs of places where help is given."""

from dataclasses import dataclass
from datetime import time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import NotPossible
from medskick.kernel.assistance.models import HelpPlace
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.people.roles import ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Schedule:
    """weekdays: 0 is Monday. hours: what the days and times do not say ("stängt vecka 29")."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time
    hours: str = ""


def open_help_place(*, by: Actor, name: str, address: str, schedule: Schedule) -> HelpPlace:
    """Say that help is given at a place, on which days. Raise NotPossible for a name that is taken and for no days."""
    require_staff(by, ADMINISTRATOR)
    place = HelpPlace(owner_id=by.organisation)
    _fill(place, name, address, schedule)
    _save(place, force_insert=True)
    log("help_place.opened", by=by, references=[place.id])
    return place


def change_help_place(place: HelpPlace, *, by: Actor, name: str, address: str, schedule: Schedule) -> HelpPlace:
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, place.owner_id)
    _fill(place, name, address, schedule)
    _save(place)
    log("help_place.changed", by=by, references=[place.id])
    return place


def close_help_place(place: HelpPlace, *, by: Actor) -> HelpPlace:
    """No help is given there any more; what was done there keeps its place."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, place.owner_id)
    if place.closed_at is None:
        place.closed_at = timezone.now()
        place.save(update_fields=["closed_at"])
        log("help_place.closed", by=by, references=[place.id])
    return place


def _fill(place: HelpPlace, name: str, address: str, schedule: Schedule) -> None:
    if not schedule.weekdays or set(schedule.weekdays) - set(range(7)):
        raise NotPossible(_("Välj minst en veckodag."))
    if schedule.closes <= schedule.opens:
        raise NotPossible(_("Hjälpen slutar innan den börjar. Kontrollera tiderna."))
    place.name, place.address, place.hours = name, address, schedule.hours
    place.weekdays = sorted(set(schedule.weekdays))
    place.opens, place.closes = schedule.opens, schedule.closes


def _save(place: HelpPlace, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            place.save(force_insert=force_insert)
    except IntegrityError as fault:
        raise NotPossible(_("Det finns redan en plats med det namnet.")) from fault

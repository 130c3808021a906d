"""Reads of mandates, help and objections. All of them see only what the open scope may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from medskick.kernel.assistance.access import helpers_of, registrars_of
from medskick.kernel.assistance.models import (
    CODE_VALID,
    Assistance,
    HandoverNote,
    HelpPlace,
    HelpPlaceQuerySet,
    Mandate,
    MandateQuerySet,
    Objection,
)
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.encryption import keyed_digest
from medskick.kernel.people.models import Person
from medskick.kernel.records.kinds import kinds
from medskick.kernel.records.models import Item
from medskick.lib.codes import normalise_code
from medskick.lib.dates import holidays

MOST_SHOWN = 200
FEWEST_TOLD = 5


def mandates_held_by(person: UUID) -> list[Mandate]:
    """The mandates by which this person may act for another today."""
    return list(Mandate.objects.held_by(person).valid(timezone.localdate()).order_by("given_at", "id")[:MOST_SHOWN])


def mandates_of(person: UUID) -> tuple[list[Mandate], list[Mandate]]:
    """(those that others act for her by, those that she acts for others by), the newest first, ended ones too."""
    given = Mandate.objects.given_by(person).newest_first()[:MOST_SHOWN]
    return list(given), list(Mandate.objects.held_by(person).newest_first()[:MOST_SHOWN])


def mandates_kept_at(organisation: UUID) -> MandateQuerySet:
    """What the organisation keeps papers for; read by its registrars."""
    return Mandate.objects.filter(registrars=registrars_of(organisation)).newest_first()


def paper_mandate(principal: UUID, *, by: Actor, today: date) -> Mandate | None:
    """A valid mandate on paper by which this helper may help: given to her, or to the organisation's helpers."""
    if by.person is None or by.organisation is None:
        return None
    held = Mandate.objects.held_by(by.person, helpers_of(by.organisation)).given_by(principal)
    return held.valid(today).newest_first().first()


def hashed(code: str) -> bytes:
    """What is kept of a code that is read aloud at a desk."""
    return keyed_digest(b"assistance code", normalise_code(code))


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks to help: who, where. Read by the code alone, before anything is approved."""

    id: UUID
    helper_name: str
    owner: UUID
    place: str


def asked_by(code: str) -> Asked | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, helper_name, owner, coalesce(place, '') from assistance_asked(%s, %s)",
            [hashed(code), timezone.now() - CODE_VALID],
        )
        row = cursor.fetchone()
    return Asked(*row) if row else None


def own_open(helper: UUID) -> list[Assistance]:
    """The helper's own that are not over: one at the most, unless two windows began at once."""
    return list(Assistance.objects.filter(helper=helper, ended_at__isnull=True))


def help_given_to(resident: UUID, *, most: int = 50) -> list[Assistance]:
    """The times that somebody helped her, the newest first."""
    given = Assistance.objects.filter(resident=resident, started_at__isnull=False).select_related("owner", "place")
    return list(given.order_by("-started_at", "-id")[:most])


def help_given_to_her(resident: UUID, assistance: UUID) -> Assistance | None:
    """One of those times, or None where it was not she who was helped."""
    given = Assistance.objects.filter(resident=resident, started_at__isnull=False).select_related("owner", "place")
    return given.filter(id=assistance).first()


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the log that was done for somebody."""

    id: UUID
    at: datetime
    owner: UUID
    verb: str
    item: UUID | None
    person: UUID | None
    channel: str


def acts_for(principal: UUID, *, most: int = 500) -> list[Act]:
    """What others have done for her, the newest first, from all organisations' logs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, at, owner, verb, item, person, channel from acts_for(%s, %s)",
            [principal, most],
        )
        return [Act(*row) for row in cursor.fetchall()]


def items_of(acts: list[Act]) -> dict[UUID, Item]:
    """What they were done to, as far as the reader may read it."""
    return Item.objects.in_bulk({act.item for act in acts if act.item is not None})


def staff_names(persons: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those who work in an organisation; they are public."""
    return {one.id: str(one.name) for one in Person.objects.filter(id__in=list(persons), staff=True)}


def objections_of(resident: UUID) -> list[Objection]:
    return list(Objection.objects.filter(made_by=resident).select_related("item", "decision").order_by("-at"))


def objections_at(organisation: UUID) -> "models.QuerySet[Objection]":
    """The organisation's objections, those that wait first, by the day they are due."""
    found = Objection.objects.filter(owner_id=organisation).select_related("item", "item__record", "decision")
    return found.order_by(F("decision__at").desc(nulls_first=True), "due", "item_id")


def help_places(organisations: Iterable[UUID]) -> HelpPlaceQuerySet:
    return HelpPlace.objects.filter(owner_id__in=list(organisations)).standing().select_related("owner")


def open_notes(organisation: UUID) -> models.QuerySet[HandoverNote]:
    """What helpers have left to each other and nobody has taken, the newest first."""
    left = HandoverNote.objects.filter(helpers=helpers_of(organisation), done_at__isnull=True)
    return left.select_related("place").order_by("-at", "-id")


def next_time(place: HelpPlace, now: datetime) -> datetime | None:
    """When help is given there next, or began today and still goes on; public holidays are passed over."""
    local = timezone.localtime(now)
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        if (
            day.weekday() in place.weekdays
            and day not in holidays(day.year)
            and (ahead > 0 or local.time() < place.closes)
        ):
            return timezone.make_aware(datetime.combine(day, place.opens or time(0)))
    return None


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How many of a kind came in one way; None where they are fewer than five."""

    kind: str
    channel: str
    many: int | None


def channel_counts(organisation: UUID, *, since: date) -> list[ChannelCount]:
    """How what was said to the organisation since a day came in. Only its own staff is told."""
    voices = [kind.key for kind in kinds() if kind.voice]
    began = timezone.make_aware(datetime.combine(since, time(0)))
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, channel, many from channel_counts(%s, %s, %s, %s)",
            [organisation, began, voices, FEWEST_TOLD],
        )
        return [ChannelCount(*row) for row in cursor.fetchall()]

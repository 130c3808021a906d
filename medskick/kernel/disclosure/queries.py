"""Reads: the diary as everybody sees it, the registrar's diary, requests for records."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from medskick.kernel.disclosure.models import (
    DiaryRevision,
    DisclosedCopy,
    DisclosureRequest,
    DisclosureRequestQuerySet,
    LegalHold,
)
from medskick.kernel.disclosure.rules import retention_schedule
from medskick.kernel.people.models import Person
from medskick.kernel.records.kinds import kinds
from medskick.kernel.records.models import Item, Record, VoidedNumber

COUNTED = 1000
_NUMBER = re.compile(r"(?:[A-ZÅÄÖ]{1,3}\s*)?(\d{4})\s*[-:/\u2011]\s*(\d{1,9})", re.IGNORECASE)
UNREVIEWED, SECRET, UNTITLED, ALL = "oklassade", "sekretess", "utan-rubrik", "alla"


@dataclass(frozen=True, slots=True)
class DiaryLine:
    """One line of the diary as everybody reads it.

    state: public, told (the registrar's words), kind (only what sort of record), sealed or voided. number: the trace
    number of what is public.
    """

    year: int
    serial: int
    series: str
    registered_at: datetime
    state: str
    kind: str
    subject: str
    party: str
    secrecy: str
    number: str

    @property
    def diary_number(self) -> str:
        return f"{self.series} {self.year}-{self.serial:05d}"


@dataclass(frozen=True, slots=True)
class DiarySearch:
    """What to look for in a diary: words, or one number; days are both included."""

    owner: UUID
    words: str = ""
    since: date | None = None
    until: date | None = None

    def arguments(self) -> list[Any]:
        number = parse_diary_number(self.words)
        words = [] if number else self.words.split()[:12]
        patterns = [_like(word) for word in words] or None
        year, serial = number or (None, None)
        until = self.until + timedelta(days=1) if self.until else None
        return [
            self.owner,
            patterns,
            _rarest(words),
            _kind_labels(),
            year,
            serial,
            _midnight(self.since),
            _midnight(until),
        ]

    def page(self, *, skip: int, most: int) -> list[DiaryLine]:
        """The latest first. One query, whatever the number of records."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select year, serial, series, registered_at, state, kind, subject, party, secrecy, number"
                " from diary_public(%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s)",
                [*self.arguments(), most, skip],
            )
            return [DiaryLine(*row) for row in cursor.fetchall()]

    def __getitem__(self, asked: slice) -> list[DiaryLine]:
        """Sliced as a QuerySet is, so that pages are made of it."""
        return self.page(skip=asked.start or 0, most=asked.stop - (asked.start or 0))

    def count(self) -> int:
        """How many there are, counted to one more than COUNTED."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from diary_public(%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, 0)",
                [*self.arguments(), COUNTED + 1],
            )
            return int(cursor.fetchone()[0])


def parse_diary_number(text: str) -> tuple[int, int] | None:
    """Year and serial of a text that is a diary number, as "TA 2026-00012" or "2026-12"; else None."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    year, serial = int(found[1]), int(found[2])
    return (year, serial) if year < 2**15 and serial < 2**31 else None


def _like(word: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"%{escaped}%"


def _rarest(words: list[str]) -> str | None:
    """The word that an index is asked for: the longest, if it has three letters and no kind of record is called so."""
    labels = [str(kind.label).casefold() for kind in kinds()]
    told = [word for word in words if len(word) > 2 and not any(word.casefold() in label for label in labels)]
    return _like(max(told, key=len)) if told else None


def _kind_labels() -> str:
    return json.dumps({kind.key: str(kind.label) for kind in kinds()})


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def staff_diary(organisation: UUID, *, view: str = ALL, words: str = "") -> QuerySet[Record]:
    """The organisation's records that the reader may read, the latest first, with what the lists show of each."""
    records = (
        Record.objects.filter(owner_id=organisation, serial__isnull=False)
        .select_related("item")
        .annotate(
            reviewed=Exists(DiaryRevision.objects.filter(record=OuterRef("pk"))),
            held=Exists(LegalHold.objects.filter(record=OuterRef("pk"), ended_at__isnull=True)),
            voided=Exists(
                VoidedNumber.objects.filter(
                    owner_id=OuterRef("owner_id"), year=OuterRef("year"), serial=OuterRef("serial")
                )
            ),
        )
        .order_by("-year", "-serial")
    )
    if view == UNREVIEWED:
        records = records.filter(reviewed=False, voided=False)
    elif view == SECRET:
        records = records.exclude(secrecy="")
    elif view == UNTITLED:
        records = records.filter(public_title="", voided=False).exclude(item__level="public")
    number = parse_diary_number(words)
    if number:
        return records.filter(year=number[0], serial=number[1])
    for word in words.split()[:12]:
        records = records.filter(
            Q(item__title__icontains=word) | Q(public_title__icontains=word) | Q(party__icontains=word)
        )
    return records


def record_by_item(item_id: UUID, *, organisation: UUID | None) -> Record:
    """A record of the organisation. Raise Record.DoesNotExist where the open scope may not read it."""
    return Record.objects.select_related("item").get(item_id=item_id, owner_id=organisation)


def record_by_number(organisation: UUID | None, text: str) -> Record | None:
    """The record with a diary number as typed, where the open scope may read it."""
    number = parse_diary_number(text)
    if number is None:
        return None
    return Record.objects.select_related("item").filter(owner_id=organisation, year=number[0], serial=number[1]).first()


def requests_at(organisation: UUID | None, *, answered: bool = False) -> DisclosureRequestQuerySet:
    """The organisation's requests: those that wait, the most urgent first, or those answered."""
    requests = DisclosureRequest.objects.filter(owner_id=organisation).select_related("item", "item__record")
    return requests.answered().newest_first() if answered else requests.waiting().most_urgent_first()


def request_by_item(item_id: UUID, *, for_update: bool = False) -> DisclosureRequest:
    """One request. Raise DisclosureRequest.DoesNotExist where the open scope may not read it."""
    requests = DisclosureRequest.objects.select_related("item", "item__record")
    return (requests.select_for_update(of=("self",)) if for_update else requests).get(item_id=item_id)


def request_of(asker: UUID) -> DisclosureRequest:
    """The request of a secret address; widen the scope with its token first. Errors as request_by_item."""
    return DisclosureRequest.objects.select_related("item", "item__record").get(asker=asker)


def copies_of(request: DisclosureRequest) -> list[DisclosedCopy]:
    """The copies that the open scope may read: for the asker those released."""
    return list(DisclosedCopy.objects.filter(request=request))


def known_names(item: Item) -> list[str]:
    """Names of the residents among an item's readers, as far as the open scope may read them."""
    return [person.name for person in Person.objects.filter(id__in=item.readers, staff=False)]


def registrars_of(organisation: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select person from registrars_of(%s)", [organisation])
        return [person for (person,) in cursor.fetchall()]


def due_for_disposal(organisation: UUID, today: date) -> QuerySet[Record]:
    """Records whose time is over by the schedule, neither held nor disposed of, the oldest first."""
    over = Q()
    for rule in retention_schedule(today).rules.values():
        if rule.years is not None:
            over |= Q(retention=rule.retention, registered_at__lt=_midnight(_years_before(today, rule.years)))
    if not over:
        return Record.objects.none()
    return (
        Record.objects.filter(over, owner_id=organisation, disposal__isnull=True)
        .exclude(Exists(LegalHold.objects.filter(record=OuterRef("pk"), ended_at__isnull=True)))
        .select_related("item")
        .order_by("registered_at", "item_id")
    )


def _years_before(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    # What was registered on this day so many years ago is due today, so the border is the day after it.
    return date(day.year - years, day.month, 28 if leap else day.day) + timedelta(days=1)

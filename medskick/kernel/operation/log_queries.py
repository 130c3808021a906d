"""Reading the log: one person's or one item's rows, newest first, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from medskick.kernel.log.models import LogEntry, LogSeal
from medskick.kernel.operation.log_words import channel_words, field_words, phrase_of
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.people.models import Employment, Person
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.records.models import Item, Record
from medskick.lib.codes import normalise_code
from medskick.lib.personal_number import parse_personal_number


@dataclass(slots=True)
class LogRow:
    """One row of the log, as a person reads it. `seal` is the number of the seal over it, None while it has none."""

    id: UUID
    at: datetime
    who: str
    role: str
    phrase: str
    verb: str
    item: str
    item_number: str
    acting_for: str
    channel: str
    fields: list[str] = field(default_factory=list)
    seal: int | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some rows and, where there are more, the id that the next page begins before."""

    rows: list[LogRow]
    before: UUID | None


def log_about(about: UUID, *, before: UUID | None = None, size: int = 50) -> LogPage:
    """What the acting organisation's log says about a person or an item."""
    with connection.cursor() as cursor:
        cursor.execute("select entry from log_about(%s, %s, %s)", [about, before, size + 1])
        ids = [entry for (entry,) in cursor.fetchall()]
    entries = list(LogEntry.objects.filter(id__in=ids[:size]).order_by("-id"))
    return LogPage(_told(entries), ids[size - 1] if len(ids) > size else None)


def staff_named(name: str) -> list[tuple[UUID, str]]:
    """Those who work or have worked in the acting organisation and whose names begin with these words: (person, told).

    Names are encrypted, so the staff's are read and held against the words here.
    """
    wanted = name.casefold().split()
    if not wanted:
        return []
    owner = current_scope().acting
    found: dict[UUID, str] = {}
    employed = Employment.objects.filter(organisation_id=owner).select_related("person", "unit").order_by("-since")
    for one in employed.iterator():
        parts = one.person.name.casefold().split()
        if one.person_id not in found and all(any(part.startswith(word) for part in parts) for word in wanted):
            found[one.person_id] = f"{one.person.name}, {_place(one)}"
    return sorted(found.items(), key=lambda pair: pair[1])[:20]


def person_numbered(text: str) -> UUID | None:
    """The person with this personal number, or None; the same answer where it is no number at all."""
    try:
        return find_person_by_number(parse_personal_number(text).number12)
    except ValueError:
        return None


def item_numbered(text: str) -> UUID | None:
    """The acting organisation's item with this trace number, or this diary number (TA 2026-00042)."""
    owner = current_scope().acting
    by_trace = Item.objects.filter(owner_id=owner, number=normalise_code(text)).values_list("id", flat=True).first()
    if by_trace is not None:
        return by_trace
    year, _dash, serial = text.split()[-1].partition("-") if text.split() else ("", "", "")
    if not (year.isascii() and year.isdigit() and serial.isascii() and serial.isdigit() and len(year) == 4):
        return None
    numbered = Record.objects.filter(owner_id=owner, year=int(year), serial=int(serial[:9]))
    return numbered.values_list("item_id", flat=True).first()


def _told(entries: Sequence[LogEntry]) -> list[LogRow]:
    people = _people(one for entry in entries for one in (entry.person, entry.acting_for) if one)
    roles = _roles({entry.person for entry in entries if entry.person})
    items = {
        one.id: one for one in Item.objects.filter(id__in={entry.item for entry in entries if entry.item is not None})
    }
    seals = _seals(entries)
    return [_row(entry, people, roles, items, seals) for entry in entries]


def _row(
    entry: LogEntry,
    people: dict[UUID, str],
    roles: dict[UUID, list[Employment]],
    items: dict[UUID, Item],
    seals: list[LogSeal],
) -> LogRow:
    item = items.get(entry.item) if entry.item else None
    seal = next((s for s in seals if s.first_transaction <= entry.transaction < s.before_transaction), None)
    return LogRow(
        id=entry.id,
        at=entry.at,
        who=_who(entry, people),
        role=_role_at(roles.get(entry.person, []), entry.at) if entry.person else "",
        phrase=phrase_of(entry.verb),
        verb=entry.verb,
        item=item.title if item else (_("något som du inte får läsa") if entry.item else ""),
        item_number=item.number if item else "",
        acting_for=people.get(entry.acting_for, _("en invånare")) if entry.acting_for else "",
        channel=channel_words(entry.channel),
        fields=[field_words(one) for one in entry.fields],
        seal=seal.number if seal else None,
    )


def _who(entry: LogEntry, people: dict[UUID, str]) -> str:
    if entry.actor_kind == "system":
        return _("Medskick")
    if entry.actor_kind == "device":
        return _("någon som inte var inloggad")
    return people.get(entry.person, _("en invånare")) if entry.person else _("okänd")


def _people(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of those whose names the reader may read: colleagues, and those whose cases she has."""
    return {one.id: one.name for one in Person.objects.filter(id__in=set(ids))}


def _roles(persons: set[UUID]) -> dict[UUID, list[Employment]]:
    found: dict[UUID, list[Employment]] = {}
    owner = current_scope().acting
    for one in Employment.objects.filter(organisation_id=owner, person_id__in=persons).select_related("unit"):
        found.setdefault(one.person_id, []).append(one)
    return found


def _role_at(employments: list[Employment], at: datetime) -> str:
    """Title and unit at that time: the log says who, and the employment says as what."""
    then = [one for one in employments if one.since <= at and (one.ended_at is None or at < one.ended_at)]
    return "; ".join(_place(one) for one in then or employments[:1])


def _place(employment: Employment) -> str:
    return ", ".join(filter(None, (employment.title, employment.unit.name if employment.unit else "")))


def _seals(entries: Sequence[LogEntry]) -> list[LogSeal]:
    if not entries:
        return []
    numbers = [entry.transaction for entry in entries]
    return list(
        LogSeal.objects.filter(
            owner_id=current_scope().acting,
            first_transaction__lte=max(numbers),
            before_transaction__gt=min(numbers),
        )
    )

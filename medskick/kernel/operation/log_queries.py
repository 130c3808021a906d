"""Reading the log: one person's or one item's rows, newest first, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medskick.kernel.log.models import LogEntry, LogSeal
from medskick.kernel.operation.log_words import channel_words, field_words, phrase_of
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.people.models import Employment, Person
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Item, Record
from medskick.lib.codes import normalise_code
from medskick.lib.dates import STOCKHOLM
from medskick.lib.personal_number import parse_personal_number
from medskick.lib.swedish import sort_key

MOST_NAMED = 3


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


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which rows to show: days, both included, and one kind of event by its verb. All are optional."""

    since: date | None = None
    until: date | None = None
    verb: str = ""


EVERYTHING = LogFilter()


def log_about(about: UUID, *, before: UUID | None = None, size: int = 50, only: LogFilter = EVERYTHING) -> LogPage:
    """What the acting organisation's log says about a person or an item."""
    until = only.until + timedelta(days=1) if only.until else None
    asked = [about, before, size + 1, _midnight(only.since), _midnight(until), only.verb]
    ids = RawSQL("select entry from log_about(%s, %s, %s, %s, %s, %s)", asked)  # noqa: S611 (parameters are parameters)
    entries = list(LogEntry.objects.filter(id__in=ids).order_by("-id"))
    shown = entries[:size]
    return LogPage(_told(shown), shown[-1].id if len(entries) > size else None)


def events_about(about: UUID) -> list[tuple[str, str]]:
    """(verb, in words) of each kind of event that the log has about a person or an item, in order of the words."""
    with connection.cursor() as cursor:
        cursor.execute("select verb from log_verbs(%s)", [about])
        found = [(verb, phrase_of(verb)) for (verb,) in cursor.fetchall()]
    return sorted(found, key=lambda pair: (sort_key(pair[1]), pair[0]))


def _midnight(day: date | None) -> datetime | None:
    """When a day begins, in Sweden."""
    return datetime.combine(day, time(), STOCKHOLM) if day else None


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


def _hidden(ids: Sequence[UUID]) -> dict[UUID, str]:
    """What may be told of items that the reader may not read: kind, diary number and organisation. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select item, kind, owner, series, year, serial from log_items(%s)", [list(ids)])
        rows = cursor.fetchall()
    told = {}
    for item, kind, owner, series, year, serial in rows:
        place = place_of(owner)
        number = f"{series} {year}-{serial:05d}" if serial else ""
        where = ", ".join(filter(None, (place.short_name if place else "", number)))
        label = str(capfirst(kind_of(kind).label))
        told[item] = _("%(kind)s (%(where)s) som du inte får läsa") % {"kind": label, "where": where}
    return told


def _told(entries: Sequence[LogEntry]) -> list[LogRow]:
    people = _people(one for entry in entries for one in (entry.person, entry.acting_for) if one)
    roles = _roles({entry.person for entry in entries if entry.person})
    named = {one for entry in entries for one in _named(entry)}
    items = {one.id: one for one in Item.objects.filter(id__in=named)}
    hidden = _hidden([one for one in named if one not in items])
    seals = _seals(entries)
    return [_row(entry, people, roles, items, hidden, seals) for entry in entries]


def _row(
    entry: LogEntry,
    people: dict[UUID, str],
    roles: dict[UUID, list[Employment]],
    items: dict[UUID, Item],
    hidden: dict[UUID, str],
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
        item=item.title if item else _without_item(entry, items, hidden),
        item_number=item.number if item else "",
        acting_for=people.get(entry.acting_for, _("en invånare")) if entry.acting_for else "",
        channel=channel_words(entry.channel),
        fields=[field_words(one) for one in entry.fields],
        seal=seal.number if seal else None,
    )


def _named(entry: LogEntry) -> list[UUID]:
    """What a row is about: its item, else the first of what it refers to (some of which are no items)."""
    return [entry.item] if entry.item is not None else list(entry.references[:MOST_NAMED])


def _without_item(entry: LogEntry, items: dict[UUID, Item], hidden: dict[UUID, str]) -> str:
    """What is told of a row whose item may not be read, or that has none and refers to several."""
    if entry.item is not None:
        return hidden.get(entry.item, _("En handling som du inte får läsa"))
    told = [items[one].title if one in items else hidden[one] for one in _named(entry) if one in items or one in hidden]
    more = len(entry.references) - MOST_NAMED
    return "; ".join([*told, _("och %(more)s till") % {"more": more}] if told and more > 0 else told)


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

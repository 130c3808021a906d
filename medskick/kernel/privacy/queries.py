"""Reading what is kept of a person, who has read it, and what an organisation says of its processings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ForeignKey, Model, OneToOneField, QuerySet
from django.utils.translation import gettext as _

from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.encryption import decrypt
from medskick.kernel.people.queries import unit_of_role
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.personal_data import PersonalData, among_readers, declared
from medskick.kernel.privacy.models import (
    Consent,
    CorrectionNote,
    DataProtectionContact,
    Dispute,
    DisputeAnswer,
    ProcessingNote,
)
from medskick.kernel.privacy.processings import Processing, processings
from medskick.kernel.privacy.values import in_words
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Item

ITEM = "kernel.item"


@dataclass(slots=True)
class Thing:
    """One thing that is kept of a person: a row, in words.

    owner: the organisation that keeps it, None for what the platform keeps for all. item: the item it belongs to.
    """

    model: str
    id: UUID
    person: UUID
    processing: str
    title: str
    lines: list[tuple[str, list[str]]]
    owner: UUID | None = None
    item: UUID | None = None
    at: datetime | None = None
    parts: list["Thing"] = field(default_factory=list)
    corrections: list[CorrectionNote] = field(default_factory=list)
    disputes: list[tuple[Dispute, DisputeAnswer | None]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.model}/{self.id}"

    @property
    def owner_name(self) -> str:
        place = place_of(self.owner) if self.owner else None
        return place.name if place else ""


def my_things(person: UUID) -> list[Thing]:
    """Everything that is kept of a person, newest first within each sort. Her own token must be in reach.

    Rows of an item that she reads are its parts. A fixed number of queries: one for each table that says how a person is
    found in it, and three more.
    """
    things = [_item_thing(item, person) for item in Item.objects.filter(among_readers(person)).newest_first()]
    for model, said in declared():
        if said.found_by:
            things += [_thing(row, said, person) for row in rows_of(model, said, person)]
    _with_what_was_said(things, person)
    return _with_parts(things)


def _with_parts(things: list[Thing]) -> list[Thing]:
    """Put the rows of an item under it, in the order in which they came to be."""
    items = {thing.id: thing for thing in things if thing.model == ITEM}
    whole: list[Thing] = []
    for thing in things:
        above = items.get(thing.item) if thing.item and thing.model != ITEM else None
        (above.parts if above else whole).append(thing)
        if above:
            above.corrections += thing.corrections
            above.disputes += thing.disputes
    for item in items.values():
        item.parts.sort(key=lambda one: (one.at is None, one.at or item.at))
    return whole


def rows_of(model: type[Model], said: PersonalData, person: UUID) -> QuerySet:
    """A person's rows of a table, with what `shown` names of other tables, newest first."""
    names = {name for name, _label in said.shown if isinstance(name, str)} | {"owner", said.title}
    fields = {one.name: one for one in model._meta.get_fields()}
    joined = [name for name in names if isinstance(fields.get(name), ForeignKey | OneToOneField)]
    rows = model._default_manager.filter(said.of_person(person)).distinct()
    return rows.select_related(*joined).order_by("-pk") if joined else rows.order_by("-pk")


def thing_of(person: UUID, model: str, row: UUID) -> Thing | None:
    """One of her things, by its key; None for what is not hers, whether it exists or not."""
    if model == ITEM:
        item = Item.objects.filter(among_readers(person), id=row).first()
        found = _item_thing(item, person) if item else None
    else:
        found = None
        for one, said in declared():
            if one._meta.label_lower == model and said.found_by:
                found = next((_thing(hit, said, person) for hit in rows_of(one, said, person).filter(pk=row)), None)
    if found is not None:
        _with_what_was_said([found], person)
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody read something of hers. `reader` is an official's name, or empty where it is not public."""

    at: datetime
    owner_name: str
    what: str
    reader: str
    post: str
    unit: str


def readings_of(person: UUID, *, page: int = 1, size: int = 25) -> tuple[list[Reading], bool]:
    """Who has read what about a person, newest first, and whether there are more. Her token must be in reach."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select at, owner, verb, kind, title, reader, post, unit from readings_of(%s, %s, %s)",
            [person, size + 1, (page - 1) * size],
        )
        rows = cursor.fetchall()
    units = dict(Unit.objects.filter(id__in={row[7] for row in rows if row[7]}).values_list("id", "name"))
    return [_reading(row, units.get(row[7], "")) for row in rows[:size]], len(rows) > size


def _reading(row: tuple[Any, ...], unit: str) -> Reading:
    at, owner, _verb, kind, title, reader, post, _unit = row
    place = place_of(owner)
    label = str(kind_of(kind).label).capitalize() if kind else _("Dina uppgifter")
    return Reading(
        at=at,
        owner_name=place.name if place else "",
        what=f"{label}: {title}" if title and title != label else label,
        reader=decrypt(bytes(reader)) if reader else "",
        post=post or "",
        unit=unit,
    )


def has_consent(person: UUID, purpose: str) -> bool:
    """True while this person says yes to this purpose, to the acting organisation. Asked anew each time."""
    with connection.cursor() as cursor:
        cursor.execute("select has_consent(%s, %s)", [person, purpose])
        return bool(cursor.fetchone()[0])


def consents_of(person: UUID, organisation: UUID) -> dict[str, Consent]:
    """Her standing consents to an organisation, by purpose."""
    standing = Consent.objects.filter(person=person, owner_id=organisation, withdrawn_at__isnull=True)
    return {one.purpose: one for one in standing}


def corrections_on(item: UUID) -> list[CorrectionNote]:
    """The corrections that stand beside an item and its rows, oldest first, as far as the reader may read."""
    return list(CorrectionNote.objects.filter(about_item=item).order_by("at", "id"))


def contact_of(organisation: UUID) -> DataProtectionContact | None:
    return DataProtectionContact.objects.filter(owner_id=organisation, replaced_at__isnull=True).first()


def unit_for_disputes(organisation: UUID) -> UUID | None:
    """Where disputes go: the unit that the organisation named, else its registrar's, else any of its units."""
    contact = contact_of(organisation)
    if contact is not None and contact.unit_id is not None:
        return contact.unit_id
    return (
        unit_of_role(organisation, REGISTRAR)
        or Unit.objects.filter(organisation_id=organisation).order_by("name").values_list("id", flat=True).first()
    )


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One processing of an organisation's register, with what the organisation itself has noted."""

    processing: Processing
    note: ProcessingNote | None


def register_of(organisation: UUID) -> list[RegisterRow]:
    """The whole register of processing of an organisation (GDPR art. 30), in order. One query."""
    standing = ProcessingNote.objects.filter(owner_id=organisation, replaced_at__isnull=True)
    notes = {one.processing: one for one in standing}
    return [RegisterRow(one, notes.get(one.key)) for one in processings()]


def _item_thing(item: Item, person: UUID) -> Thing:
    lines = [(_("Sammanfattning"), [item.summary])] if item.summary and item.summary != item.title else []
    return Thing(
        model=ITEM,
        id=item.id,
        person=person,
        processing=item.kind,
        title=item.title,
        lines=lines,
        owner=item.owner_id,
        item=item.id,
        at=item.occurred_at,
    )


def _thing(row: Model, said: PersonalData, person: UUID) -> Thing:
    shown = ((str(label), in_words(row, name)) for name, label in said.shown)
    return Thing(
        model=row._meta.label_lower,
        id=row.pk,
        person=person,
        processing=said.kind,
        title=_capital(str(getattr(row, said.title)) if said.title else str(said.what)),
        lines=[(label, words) for label, words in shown if words],
        owner=getattr(row, "owner_id", None),
        item=_walk(row, said.item) if said.item else None,
        at=_walk(row, said.at) if said.at else None,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _walk(row: object, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part, None)
    return row


def _with_what_was_said(things: Iterable[Thing], person: UUID) -> None:
    """Hang the corrections and disputes on the things that they are about. Two queries."""
    by_key = {thing.key: thing for thing in things}
    for note in CorrectionNote.objects.filter(person=person).order_by("at"):
        if thing := by_key.get(f"{note.about_model}/{note.about_id}"):
            thing.corrections.append(note)
    answers = {one.dispute_id: one for one in DisputeAnswer.objects.filter(dispute__person=person)}
    for dispute in Dispute.objects.filter(person=person).order_by("at"):
        if thing := by_key.get(f"{dispute.about_model}/{dispute.about_id}"):
            thing.disputes.append((dispute, answers.get(dispute.item_id)))

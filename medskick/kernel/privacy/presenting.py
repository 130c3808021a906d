"""From rows to what the pages and the file of the register show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.people.models import Employment, Person, ProtectionMark
from medskick.kernel.personal_data import declared
from medskick.kernel.privacy.models import DataProtectionContact, Dispute, DisputeAnswer, ProcessingNote
from medskick.kernel.privacy.ordering import PARTS, READ, Part, by_part
from medskick.kernel.privacy.processings import processings
from medskick.kernel.privacy.queries import Reading, RegisterRow, Thing
from medskick.lib.csv_rows import write_rows
from medskick.lib.dates import say_date

SHOWN_OF_A_SORT = 30
COUNTED_READINGS, SHOWN_READINGS = 100, 5
HIGHEST_PAGE = 10_000
NOTE_FIELDS = ("subjects", "recipients", "retention", "security", "third_country", "impact_on", "impact_decision")
CONTACT_FIELDS = ("responsible", "officer", "email", "phone", "address", "unit")


@dataclass(frozen=True, slots=True)
class Sort:
    """All of one sort that an organisation keeps of her; the page shows the newest, the copy has them all."""

    label: str
    why: str
    things: list[Thing]
    more: int


@dataclass(frozen=True, slots=True)
class Keeper:
    name: str
    sorts: list[Sort]


def grouped(things: Iterable[Thing]) -> list[Keeper]:
    """By who keeps it, then by sort, in the order of the register; what no organisation owns comes last."""
    known = {one.key: one for one in processings()}
    order = {key: position for position, key in enumerate(known)}
    ordered = sorted(
        things, key=lambda one: (not one.owner_name, one.owner_name, order.get(one.processing, 999), one.processing)
    )
    keepers = []
    for name, of_keeper in groupby(ordered, key=lambda one: one.owner_name):
        sorts = []
        for key, of_sort in groupby(of_keeper, key=lambda one: one.processing):
            every = list(of_sort)
            label = str(known[key].label) if key in known else key
            sorts.append(
                Sort(
                    label=label[:1].upper() + label[1:],
                    why=str(known[key].purpose) if key in known else "",
                    things=every[:SHOWN_OF_A_SORT],
                    more=len(every) - len(every[:SHOWN_OF_A_SORT]),
                )
            )
        keepers.append(Keeper(name or _("För din inloggning, hos alla"), sorts))
    return keepers


@dataclass(frozen=True, slots=True)
class Shown:
    """One folded part of Mina uppgifter: how many things there are, and who keeps them. READ has its readings instead."""

    part: Part
    count: int
    keepers: list[Keeper]
    readings: list[Reading] | None = None
    more: bool = False


def parts_shown(things: Iterable[Thing], readings: list[Reading], *, more: bool) -> list[Shown]:
    """Everything that is kept of her, part by part in the order in which it matters; `more` readings are left out."""
    found = by_part(things)
    return [
        Shown(READ, len(readings), [], readings[:SHOWN_READINGS], more)
        if part is READ
        else Shown(part, len(found[part]), grouped(found[part]))
        for part in PARTS
    ]


def by_day(readings: Iterable[Reading]) -> list[tuple[date, list[Reading]]]:
    return [(day, list(of_day)) for day, of_day in groupby(readings, key=lambda one: timezone.localtime(one.at).date())]


def page_number(asked: str | None) -> int:
    return min(max(int(asked), 1), HIGHEST_PAGE) if asked and asked.isascii() and asked.isdigit() else 1


def register_row(row: RegisterRow) -> dict[str, Any]:
    note, label = row.note, str(row.processing.label)
    return {
        "title": label[:1].upper() + label[1:],
        "url": reverse("processing", args=[row.processing.key]),
        "meta": str(row.processing.purpose),
        "status": _("kompletterad") if note else _("inte kompletterad"),
        "tone": "done" if note else "wait",
        "text": impact_sentence(note),
    }


def impact_sentence(note: ProcessingNote | None) -> str:
    if note is None or note.impact_needed is None:
        return _("Konsekvensbedömning: inte bedömt än.")
    said = _("Konsekvensbedömning behövs.") if note.impact_needed else _("Konsekvensbedömning behövs inte.")
    if not note.impact_on:
        return said
    return f"{said} " + _("Bedömt %(day)s.") % {"day": say_date(note.impact_on, weekday=False, year=True)}


def note_initial(note: ProcessingNote | None) -> dict[str, Any]:
    if note is None:
        return {}
    judged = {None: "", True: "yes", False: "no"}[note.impact_needed]
    return {name: getattr(note, name) for name in NOTE_FIELDS} | {"impact_needed": judged}


def contact_initial(contact: DataProtectionContact | None) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in CONTACT_FIELDS} if contact else {}


def register_csv(rows: Iterable[RegisterRow], contact: DataProtectionContact | None, organisation: str) -> bytes:
    """One line for each processing, with who answers for it on each line, so that a line can be read by itself."""
    responsible = contact.responsible if contact else ""
    officer = ", ".join(filter(None, (contact.officer, contact.email, contact.phone))) if contact else ""
    header = (
        "Organisation", "Ansvarig", "Dataskyddsombud", "Behandling", "Ändamål", "Rättslig grund", "Uppgifter",
        "Registrerade", "Mottagare", "Gallring", "Tredje land", "Skydd", "Konsekvensbedömning", "Bedömt", "Beslut",
    )  # fmt: skip
    return write_rows(header, [(organisation, responsible, officer, *_register_cells(one)) for one in rows])


def _register_cells(row: RegisterRow) -> tuple[object, ...]:
    one, note = row.processing, row.note
    said = (one.label, one.purpose, one.legal_basis, ", ".join(map(str, one.holds)))
    if note is None:
        return (*map(str, said), *[""] * 8)
    judged = {None: "", True: _("behövs"), False: _("behövs inte")}[note.impact_needed]
    return (
        *map(str, said),
        note.subjects,
        note.recipients,
        note.retention,
        note.third_country,
        note.security,
        judged,
        note.impact_on or "",
        note.impact_decision,
    )


def dispute_row(dispute: Dispute) -> dict[str, Any]:
    answered: DisputeAnswer | None = getattr(dispute, "reply", None)
    verdict = (_("rättat"), "done") if answered and answered.accepted else (_("inte rättat"), "neutral")
    status, tone = verdict if answered else (_("väntar"), "wait")
    return {
        "title": dispute.item.title,
        "url": reverse("answer_dispute", args=[dispute.item_id]),
        "meta": [dispute.item.number, say_date(timezone.localtime(dispute.at).date(), year=True)],
        "when": dispute.at,
        "status": status,
        "tone": tone,
    }


def dispute_page(dispute: Dispute, answered: DisputeAnswer | None) -> dict[str, Any]:
    """What the registrar reads: what is said, and the answer where there is one."""
    what = {model._meta.label_lower: said.what for model, said in declared()}
    return {
        "dispute": dispute,
        "about": what.get(dispute.about_model, ""),
        "answered": answered,
        "note": getattr(dispute, "note", None) if answered and answered.accepted else None,
        "crumbs": [
            (_("Administration"), reverse("administration")),
            (_("Begäran om rättelse"), reverse("disputes")),
            (dispute.item.number, ""),
        ],
    }


def mark_row(mark: ProtectionMark) -> dict[str, Any]:
    """A mark in the list: never a name, only what the registrar calls it by."""
    ended = mark.ended_at is not None
    handler = _("handläggs av %(name)s") % {"name": mark.handler_name} if mark.handler else _("ingen handläggare än")
    return {
        "title": _("Person %(short)s") % {"short": str(mark.person_id)[-6:]},
        "url": reverse("protection", args=[mark.id]),
        "meta": [str(mark.get_kind_display()), handler],
        "when": mark.since,
        "status": _("upphört") if ended else _("gäller"),
        "tone": "neutral" if ended else "now",
    }


def mark_facts(mark: ProtectionMark) -> list[tuple[str, str]]:
    facts = [
        (_("Skydd"), str(mark.get_kind_display())),
        (_("Sedan"), say_date(timezone.localtime(mark.since).date(), year=True)),
        (_("Infört av"), _("inloggningstjänsten") if mark.from_log_in else mark.by_name),
        (_("Handläggare"), mark.handler_name or _("inte vald än")),
    ]
    if mark.ended_at:
        facts.append((_("Upphörde"), say_date(timezone.localtime(mark.ended_at).date(), year=True)))
        facts.append((_("Varför"), mark.ended_reason))
    return facts


def possible_handlers(organisation: UUID) -> dict[UUID, str]:
    """The organisation's employees, as a list to choose from. Two queries."""
    current = Employment.objects.filter(organisation_id=organisation, ended_at__isnull=True).select_related("unit")
    every = list(current.order_by("title", "id")[:500])
    names = {one.id: one.name for one in Person.objects.filter(id__in=[one.person_id for one in every])}
    return {
        one.id: ", ".join(filter(None, (names[one.person_id], one.title, one.unit.name if one.unit else "")))
        for one in every
        if one.person_id in names
    }


def below_my_data(title: str) -> list[tuple[str, str]]:
    return [(_("Mina sidor"), reverse("my_pages")), (_("Mina uppgifter"), reverse("my_data")), (title, "")]


def below_register(title: str) -> list[tuple[str, str]]:
    above = (_("Administration"), reverse("administration"))
    return [above, (_("Behandlingar av personuppgifter"), reverse("processing_register")), (title, "")]


def below_protected(title: str) -> list[tuple[str, str]]:
    above = (_("Administration"), reverse("administration"))
    return [above, (_("Skyddade personuppgifter"), reverse("protected_persons")), (title, "")]

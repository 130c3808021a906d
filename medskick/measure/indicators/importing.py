"""Import of Kolada values from a CSV file: one line a cell and retrieval date.

The file has the columns kpi, municipality_id, municipality, period, gender, value, retrieved (others are ignored). An
empty value is a missing value, never zero. The same cell retrieved on several days with different values is a revision:
each value is kept with the day from which it was known. Terms of the data: RKA, "Källa: Kolada".
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.models import Organisation
from medskick.lib.csv_rows import CsvError, Problem, Row, Table, read_rows
from medskick.lib.dates import STOCKHOLM
from medskick.lib.text import shorten, slug
from medskick.measure.indicators.access import EDITORS
from medskick.measure.indicators.actions import NewValue, Refused, create_indicator, record_values
from medskick.measure.indicators.models import Gender, Indicator, Missing
from medskick.measure.indicators.periods import read_period
from medskick.measure.indicators.queries import About

COLUMNS = ("kpi", "municipality_id", "municipality", "period", "gender", "value", "retrieved")
SOURCE, RAW_NOTE = "Kolada", "Källa: Kolada"
LARGEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the file, read."""

    line: int
    kpi: str
    new: NewValue


@dataclass(frozen=True, slots=True)
class Kpi:
    """What the catalogue says of an indicator."""

    title: str
    description: str
    theme: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file read: its good lines, the problems with the others, and how many lines there were."""

    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    rows: int

    @property
    def missing(self) -> int:
        return sum(cell.new.value is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What the import did, or would do in a dry run.

    rows: lines in the file. missing: lines without a value. indicators: how many were made. new, revised, unchanged:
    lines by what they did. problems: what was wrong, by line; with any of them nothing is saved.
    """

    rows: int
    missing: int = 0
    indicators: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: Sequence[Problem] = field(default_factory=tuple)
    dry_run: bool = False

    def line(self) -> str:
        """The one line that the import ends with."""
        return _(
            "%(rows)d rader: %(new)d nya, %(revised)d ändrade, %(unchanged)d redan kända, %(faults)d fel. "
            "%(missing)d rader saknar värde. %(indicators)d nya nyckeltal."
        ) % {
            "rows": self.rows,
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "faults": len(self.problems),
            "missing": self.missing,
            "indicators": self.indicators,
        }


def read_kolada_values(data: bytes) -> Parsed:
    """Read the file. Errors on single lines are collected; raises CsvError when the file cannot be read at all."""
    table = read_rows(data)
    lacking = table.missing_columns(*COLUMNS)
    if lacking:
        raise CsvError(Problem(1, _("Kolumner saknas: %(names)s.") % {"names": ", ".join(lacking)}))
    cells: list[Cell] = []
    problems = list(table.problems)
    seen: dict[tuple[object, ...], Cell] = {}
    for row in table.rows:
        try:
            cell = _cell(table, row)
        except ValueError as problem:
            problems.append(Problem(row.line, str(problem)))
            continue
        about = cell.new.about
        place = (cell.kpi, about.code if about else "", cell.new.period, cell.new.gender, cell.new.learned_at)
        first = seen.setdefault(place, cell)
        if first is not cell and first.new.value != cell.new.value:
            problems.append(Problem(row.line, _("rad %(line)d säger något annat om samma sak.") % {"line": first.line}))
            continue
        cells.append(cell)
    problems.sort(key=lambda problem: problem.line)
    return Parsed(tuple(cells), tuple(problems), len(table.rows) + len(table.problems))


def read_kolada_catalogue(data: bytes) -> dict[str, Kpi]:
    """Read Kolada's catalogue (JSON Lines, one indicator a line; API versions 2 and 3). Raises ValueError by line."""
    found: dict[str, Kpi] = {}
    for number, line in enumerate(data.decode("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            kpi = json.loads(line)
            found[str(kpi["id"])] = Kpi(
                title=" ".join(str(kpi["title"]).split()),
                description=str(kpi.get("description") or "").replace("\\n", "\n").strip(),
                theme=str(kpi.get("operating_area") or SOURCE),
            )
        except (ValueError, KeyError, TypeError):
            raise ValueError(_("Rad %(line)d i katalogen går inte att läsa.") % {"line": number}) from None
    return found


def import_values(
    *, by: Actor, parsed: Parsed, catalogue: Mapping[str, Kpi] | None = None, dry_run: bool = False
) -> ImportResult:
    """Save what was read, all or nothing; indicators that are not there yet are made, with Kolada as source.

    Importing the same file again changes nothing. dry_run: count, save nothing. Call it inside the scope of `by`.
    Raises PermissionDenied for others than those who keep indicators.
    """
    require_staff(by, *EDITORS)
    if parsed.problems:
        return ImportResult(rows=parsed.rows, missing=parsed.missing, problems=parsed.problems, dry_run=dry_run)
    by_kpi: dict[str, list[Cell]] = {}
    ours = dict(Organisation.objects.exclude(code="").values_list("code", "id"))
    for cell in parsed.cells:
        by_kpi.setdefault(cell.kpi, []).append(_at_home(cell, ours))
    standing = {one.key: one for one in Indicator.objects.of(by.organisation).select_related("item")}
    total, made = Counter[str](), 0
    problems: list[Problem] = []
    with transaction.atomic():
        for kpi, cells in by_kpi.items():
            indicator = standing.get(slug(kpi))
            if indicator is None:
                indicator, made = _new_indicator(by, kpi, cells, catalogue or {}, dry_run), made + 1
            try:
                counted = record_values(
                    by=by, indicator=indicator, values=[cell.new for cell in cells], dry_run=dry_run
                )
            except Refused as refusal:
                problems.append(_problem(refusal, cells))
                continue
            total.update(new=counted.new, revised=counted.revised, unchanged=counted.unchanged)
        if problems:
            transaction.set_rollback(True)
            return ImportResult(rows=parsed.rows, missing=parsed.missing, problems=problems, dry_run=dry_run)
    return ImportResult(
        rows=parsed.rows,
        missing=parsed.missing,
        indicators=made,
        new=total["new"],
        revised=total["revised"],
        unchanged=total["unchanged"],
        dry_run=dry_run,
    )


def _new_indicator(
    by: Actor, kpi: str, cells: Sequence[Cell], catalogue: Mapping[str, Kpi], dry_run: bool
) -> Indicator:
    if dry_run:
        return Indicator(owner_id=by.organisation, key=slug(kpi))
    whole = all(one.new.value is None or one.new.value == one.new.value.to_integral_value() for one in cells)
    known = catalogue.get(kpi, Kpi(title=kpi, description="", theme=SOURCE))
    return create_indicator(
        by=by,
        key=slug(kpi),
        title=known.title,
        description=known.description,
        theme=shorten(known.theme, 120),
        unit=unit_in_title(known.title),
        decimals=0 if whole else 1,
        source=SOURCE,
        source_note=RAW_NOTE,
        method=_("Värdena är hämtade från Kolada som de är. De kan räknas om av den som samlar in dem."),
    )


def unit_in_title(title: str) -> str:
    """The unit at the end of a Kolada title: "Skatt, kr/inv" -> "kr/inv", "..., andel (%)" -> "%"; "" when none."""
    if title.rstrip().endswith("(%)"):
        return "%"
    last = title.rpartition(",")[2].strip()
    return last if "/" in last and len(last) <= 20 and " " not in last else ""


def _problem(refusal: Refused, cells: Sequence[Cell]) -> Problem:
    line = next((cell.line for cell in cells if cell.new is refusal.given), 0)
    return Problem(line, str(refusal))


def _cell(table: Table, row: Row) -> Cell:
    """One line, checked. Raises ValueError in plain Swedish."""
    told = {name: table.cell(row, name) for name in COLUMNS}
    kpi, code, name = told["kpi"], told["municipality_id"], told["municipality"]
    if not slug(kpi) or len(kpi) > 40:
        raise ValueError(_("kpi saknas eller är för lång."))
    if not (code.isascii() and code.isdigit() and len(code) == 4):
        raise ValueError(_("municipality_id ska vara fyra siffror, även inledande nolla. Här står ”%s”.") % code[:20])
    if not name or len(name) > 120:
        raise ValueError(_("municipality saknas eller är för lång."))
    if told["gender"] not in Gender.values:
        raise ValueError(_("gender ska vara T, K eller M."))
    value = _value(told["value"])
    return Cell(
        row.line,
        kpi,
        NewValue(
            period=read_period(told["period"]),
            value=value,
            about=About(code=code, name=name),
            missing="" if value is not None else Missing.NOT_COLLECTED,
            gender=told["gender"],
            learned_at=_moment(told["retrieved"]),
            note=_("Hämtat från Kolada %(day)s") % {"day": told["retrieved"]},
        ),
    )


def _at_home(cell: Cell, ours: Mapping[str, UUID]) -> Cell:
    """The same cell, about the organisation of ours that has the code, where one has."""
    about = cell.new.about
    organisation = ours.get(about.code) if about else None
    return replace(cell, new=replace(cell.new, about=About(organisation=organisation))) if organisation else cell


def _value(text: str) -> Decimal | None:
    """Kolada writes numbers with a dot; Excel's Swedish comma is taken as well. Empty is missing."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ".").replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation:
        raise ValueError(_("value är inte ett tal: ”%s”.") % text[:40]) from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise ValueError(_("value är inte ett tal som går att spara: ”%s”.") % text[:40])
    return value


def _moment(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("retrieved ska vara en dag, till exempel 2026-03-04. Här står ”%s”.") % text[:20]) from None
    moment = datetime.combine(day, time(), STOCKHOLM)
    if moment > timezone.now():
        raise ValueError(_("retrieved ligger i framtiden."))
    return moment

"""Reading a file of needs: pure parsing and checking, line by line, before anything is saved.

A file has the columns network, date, heading, text, section and kind, in any order; Swedish names do as well
(nätverk, datum, rubrik, behov, avsnitt, typ). Only date and text must have a value on every line.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from medskick.lib.csv_rows import CsvError, Problem, Row, Table, read_rows
from medskick.lib.dates import parse_date
from medskick.lib.text import clean_text

COLUMNS = {
    "network": ("network", "nätverk"),
    "date": ("date", "datum"),
    "heading": ("heading", "rubrik"),
    "text": ("text", "behov"),
    "section": ("section", "avsnitt"),
    "kind": ("kind", "typ"),
}
REQUIRED = ("date", "text")
LONGEST = {"network": 120, "heading": 200, "text": 5000, "section": 40}
SAID = {"network": "nätverket", "heading": "rubriken", "text": "texten", "section": "avsnittet"}
KINDS = {
    "": "need",
    "need": "need",
    "behov": "need",
    "joint_action": "joint_action",
    "joint action": "joint_action",
    "gemensam": "joint_action",
    "tillsammans": "joint_action",
}
EARLIEST = date(1990, 1, 1)
MOST_ROWS = 20_000

Meeting = tuple[str, date]


@dataclass(frozen=True, slots=True)
class ParsedNeed:
    """One need of the file. `network` is written as in the file, "" where it has none."""

    line: int
    network: str
    date: date
    heading: str
    text: str
    section: str
    kind: str

    @property
    def meeting(self) -> Meeting:
        """What the need was said at: which network, and which day."""
        return (self.network, self.date)


@dataclass(frozen=True, slots=True)
class ParsedNeeds:
    """What was read: the needs, and what is wrong with the file. `lines` counts the rows under the header."""

    needs: tuple[ParsedNeed, ...]
    problems: tuple[Problem, ...]
    lines: int

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def meetings(self) -> list[Meeting]:
        """Each network and day once, in the order of the file."""
        return list(dict.fromkeys(need.meeting for need in self.needs))

    @property
    def networks(self) -> list[str]:
        """The names of networks as written, each once."""
        return list(dict.fromkeys(need.network for need in self.needs if need.network))


def fingerprint(network: object, said_on: date, text: str) -> str:
    """What makes two needs the same: network (its id, or ""), day, and the text whatever its blanks and capitals."""
    same = " ".join(text.split()).casefold()
    return hashlib.sha256(f"{network or ''}|{said_on.isoformat()}|{same}".encode()).hexdigest()


def read_needs_file(data: bytes, *, today: date | None = None) -> ParsedNeeds:
    """Read and check a file of needs.

    data: the file's bytes. today: a need cannot have been said after this day.
    Never raises for what is in the file: everything wrong is among `problems`, with its line.
    """
    try:
        table = read_rows(data, max_rows=MOST_ROWS)
    except CsvError as error:
        return ParsedNeeds((), error.problems, 0)
    places = {key: _column(table, names) for key, names in COLUMNS.items()}
    missing = [COLUMNS[key][0] for key in REQUIRED if not places[key]]
    if missing:
        named = ", ".join(f"”{name}”" for name in missing)
        found = ", ".join(f"”{name}”" for name in table.header)
        told = f"Kolumnen {named} saknas. Rubrikraden har {found}. Den behöver minst date (datum) och text (behov)."
        return ParsedNeeds((), (Problem(1, told),), len(table.rows))
    return _read_lines(table, places, today or date.today())


def say_result(lines: int, new: int, duplicates: int, faults: int) -> str:
    """The one line that an import ends with."""
    return f"{lines} rader: {new} nya, {duplicates} dubbletter, {faults} fel"


def _column(table: Table, names: Iterable[str]) -> str:
    return next((name for name in names if not table.missing_columns(name)), "")


def _read_lines(table: Table, places: dict[str, str], today: date) -> ParsedNeeds:
    needs: list[ParsedNeed] = []
    problems = list(table.problems)
    for row in table.rows:
        cells = {key: table.cell(row, name) if name else "" for key, name in places.items()}
        faults = list(_faults(cells, today))
        if faults:
            problems += [Problem(row.line, fault) for fault in faults]
        else:
            needs.append(_need(row, cells))
    if not table.rows and not problems:
        problems.append(Problem(0, "Filen har en rubrikrad men inga behov under den."))
    wrong = len({problem.line for problem in problems})
    return ParsedNeeds(tuple(needs), tuple(sorted(problems, key=lambda one: one.line)), len(needs) + wrong)


def _need(row: Row, cells: dict[str, str]) -> ParsedNeed:
    return ParsedNeed(
        line=row.line,
        network=" ".join(cells["network"].split()),
        date=parse_date(cells["date"]),
        heading=" ".join(cells["heading"].split()),
        text=clean_text(cells["text"]).strip(),
        section=cells["section"],
        kind=KINDS[cells["kind"].casefold()],
    )


def _faults(cells: dict[str, str], today: date) -> Iterable[str]:
    if not cells["text"].strip():
        yield "texten är tom. Skriv behovet, eller ta bort raden."
    for key, most in LONGEST.items():
        if len(cells[key]) > most:
            yield f"{SAID[key]} är {len(cells[key])} tecken men får vara högst {most}. Korta den."
    try:
        clean_text(cells["text"])
    except ValueError as error:
        yield f"texten går inte att läsa. {error}"
    try:
        said_on = parse_date(cells["date"])
    except ValueError as error:
        yield f"datumet: {error}"
    else:
        if said_on > today:
            yield f"datumet {said_on.isoformat()} har inte varit än. Ett behov är sagt i dag eller tidigare."
        elif said_on < EARLIEST:
            yield f"datumet {said_on.isoformat()} är före 1990. Kontrollera årtalet."
    if cells["kind"].casefold() not in KINDS:
        yield f"typen ”{cells['kind']}” känner vi inte igen. Skriv need (behov) eller joint_action (tillsammans)."

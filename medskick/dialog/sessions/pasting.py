"""What people paste: lists of names, and needs from an e-mail. Pure functions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medskick.lib.csv_rows import CsvError, read_rows
from medskick.lib.text import clean_text

LONGEST_NAME = 120
LONGEST_NEED = 2000
MOST_ROWS = 500

_BULLET = re.compile(r"^\s*(?:[-–—*•·]|\d{1,3}[.)])\s+")
_PARTS = re.compile(r"\s*[;\t]\s*")
_NAME_COLUMNS, _FROM_COLUMNS = ("namn", "name"), ("kommun", "organisation", "municipality")
_NEED_COLUMNS, _AREA_COLUMNS = ("behov", "text", "need"), ("målområde", "område", "area")


class PastedError(ValueError):
    """What was pasted cannot be read; the message says why, in plain Swedish."""


@dataclass(frozen=True, slots=True)
class PastedName:
    """A name, and what stood after it: a municipality, as it was written."""

    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class PastedNeed:
    """A need, and the goal area that stood beside it."""

    text: str
    area: str = ""


def read_names(text: str) -> list[PastedName]:
    """One name on each line, "Anna Berg; Tanum", "Anna Berg, Tanum" or "Anna Berg (Tanum)"; each once, in order.

    Errors: PastedError where a line is too long to be a name, or where there are too many.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        cleaned = _BULLET.sub("", clean_text(line)).strip()
        if cleaned:
            found.append(_name(cleaned, number))
    return _each_once(found)


def read_names_file(data: bytes) -> list[PastedName]:
    """The same from a CSV file with the column namn and, where there is one, kommun. Errors: PastedError."""
    rows = _cells(data, _NAME_COLUMNS, _FROM_COLUMNS)
    for line, name, _place in rows:
        if len(name) > LONGEST_NAME:
            raise PastedError(f"Rad {line}: namnet är längre än {LONGEST_NAME} tecken.")
    return _each_once(PastedName(name, place) for _line, name, place in rows)


def read_needs(text: str) -> list[PastedNeed]:
    """Needs from pasted text: one for each bullet or, where there are no bullets, for each paragraph.

    Lines that only break a sentence belong together. Errors: PastedError where one is too long.
    """
    lines = [clean_text(line).rstrip() for line in text.splitlines()]
    bulleted = any(_BULLET.match(line) for line in lines)
    blocks: list[list[str]] = [[]]
    for line in lines:
        if not line.strip() or (bulleted and _BULLET.match(line)):
            blocks.append([])
        if line.strip():
            blocks[-1].append(_BULLET.sub("", line).strip())
    return _checked_needs(PastedNeed(" ".join(block)) for block in blocks if block)


def read_needs_file(data: bytes) -> list[PastedNeed]:
    """Needs from a CSV file with the column behov and, where there is one, målområde. Errors: PastedError."""
    return _checked_needs(PastedNeed(text, area) for _line, text, area in _cells(data, _NEED_COLUMNS, _AREA_COLUMNS))


def match_place(written: str, places: Mapping[str, str]) -> str | None:
    """The key of the place that was meant: "Tanum", "tanums kommun" and "Tanums kn" are one. None where it is none.

    places: short name by key.
    """
    said = _place_key(written)
    by_name = {_place_key(name): key for key, name in places.items()}
    return by_name.get(said) or by_name.get(said.removesuffix("s"))


def _place_key(name: str) -> str:
    return re.sub(r"\s+(kommun|kn|stad)\.?$", "", " ".join(name.casefold().split()))


def _name(line: str, number: int) -> PastedName:
    place = ""
    if in_brackets := re.fullmatch(r"(.+?)\s*\(([^()]+)\)", line):
        line, place = in_brackets[1], in_brackets[2]
    elif len(parts := _PARTS.split(line, maxsplit=1)) == 2 or len(parts := line.split(",", 1)) == 2:
        line, place = parts
    name = line.strip()
    if not name or len(name) > LONGEST_NAME:
        raise PastedError(f"Rad {number}: skriv ett namn, högst {LONGEST_NAME} tecken, och sedan kommunen.")
    return PastedName(name, place.strip()[:LONGEST_NAME])


def _each_once(names: Iterable[PastedName]) -> list[PastedName]:
    found = list(dict.fromkeys(names))
    if len(found) > MOST_ROWS:
        raise PastedError(f"Det är {len(found)} namn. Ta högst {MOST_ROWS} åt gången.")
    return found


def _checked_needs(needs: Iterable[PastedNeed]) -> list[PastedNeed]:
    found = [one for one in dict.fromkeys(needs) if one.text]
    if len(found) > MOST_ROWS:
        raise PastedError(f"Det är {len(found)} behov. Ta högst {MOST_ROWS} åt gången.")
    for number, one in enumerate(found, start=1):
        if len(one.text) > LONGEST_NEED:
            raise PastedError(
                f"Behov {number} är {len(one.text)} tecken. Dela upp det eller korta det till {LONGEST_NEED}."
            )
    return found


def _cells(data: bytes, first: tuple[str, ...], second: tuple[str, ...]) -> list[tuple[int, str, str]]:
    try:
        table = read_rows(data, max_bytes=2_000_000, max_rows=MOST_ROWS)
    except CsvError as fault:
        raise PastedError(str(fault)) from None
    has = [name for name in first if not table.missing_columns(name)]
    if not has:
        raise PastedError(f"Filen saknar kolumnen ”{first[0]}”. Första raden ska vara rubriker.")
    if table.problems:
        raise PastedError(str(table.problems[0]))
    beside = [name for name in second if not table.missing_columns(name)]
    rows = [(row.line, table.cell(row, has[0]), table.cell(row, beside[0]) if beside else "") for row in table.rows]
    try:
        return [(line, clean_text(one).strip(), clean_text(other).strip()) for line, one, other in rows if one.strip()]
    except ValueError as fault:
        raise PastedError(str(fault)) from None

"""Reading the CSV files that people have, and writing CSV that is safe to open.

Pure functions without Django. Reads UTF-8 (with or without mark), UTF-16 and Windows-1252, comma,
semicolon or tab. What makes the whole file unreadable raises `CsvError`; a row that is wrong by itself
becomes a `Problem` with its line number, so that the caller can show all of them at once.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
DELIMITERS = {";": "semikolon", ",": "komma", "\t": "tabb"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A spreadsheet runs a cell that begins so as a formula (OWASP: CSV injection).
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[-+]?\d[\d \u00a0]*(?:[.,]\d+)?%?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the file. `line` counts from 1 (the header); 0 means the file as a whole."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Rad {self.line}: {self.message}" if self.line else self.message


class CsvError(ValueError):
    """The file cannot be read at all. `problems` says why, in plain Swedish."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is the line in the file where it begins, `cells` are stripped and as many as the header."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: header, rows that fit the header, problems with the others, and how the file was written."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    encoding: str
    delimiter: str
    _places: dict[str, int] = field(repr=False, default_factory=dict)

    def cell(self, row: Row, column: str) -> str:
        """Return the row's cell in a column, "" when the file has no such column. Case and blanks do not matter."""
        place = self._places.get(_column_key(column))
        return "" if place is None else row.cells[place]

    def missing_columns(self, *columns: str) -> list[str]:
        """Return those of the columns that the header lacks."""
        return [column for column in columns if _column_key(column) not in self._places]


def _column_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def read_rows(data: bytes, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """Return the table in a CSV file.

    Parameters: `max_bytes` and `max_rows` are limits that protect the server.
    Errors: CsvError when it is too large, empty, of unknown encoding, has a quote that never ends,
    or a header with empty or repeated names.
    """
    if len(data) > max_bytes:
        size, limit = (f"{count / 1_000_000:.1f}".replace(".", ",") for count in (len(data), max_bytes))
        raise CsvError(Problem(0, f"Filen är {size} MB men får vara högst {limit} MB. Dela upp den."))
    text, encoding = decode(data)
    first_line = 1
    if declared := re.match(r"sep=([,;\t])\r?\n", text):
        text, first_line = text[declared.end() :], 2
    delimiter = declared[1] if declared else _guess_delimiter(text)
    records = _records(text, delimiter, first_line)
    if not records:
        raise CsvError(Problem(0, "Filen är tom. Den ska ha en rubrikrad och minst en rad under."))
    if len(records) - 1 > max_rows:
        raise CsvError(Problem(0, f"Filen har {len(records) - 1} rader men får ha högst {max_rows}. Dela upp den."))
    header = _checked_header(records[0])
    rows, problems = _fit_rows(header, records[1:], delimiter)
    places = {_column_key(name): place for place, name in enumerate(header)}
    return Table(header, tuple(rows), tuple(problems), encoding, delimiter, places)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding it was in. Errors: CsvError with the line where it breaks."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(data, "utf-16"), "utf-16"
    sample = data[:2000]
    if sample.count(0) > len(sample) // 4:
        # Latin text in UTF-16 has NUL in every other byte; where they stand tells the byte order.
        order = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return _decode_as(data, order), order
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _decode_as(data, "windows-1252"), "windows-1252"


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CsvError(
            Problem(line, "innehåller tecken som inte går att läsa. Spara filen som CSV UTF-8 och försök igen.")
        ) from None


def _guess_delimiter(text: str) -> str:
    """Return the delimiter that the first record uses most, outside quotes; semicolon when none or equal."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = seen = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in counts:
            counts[character] += 1
        elif not quoted and character in "\r\n" and seen:
            break
        seen = seen or not character.isspace()
    return max(counts, key=lambda delimiter: counts[delimiter])


def _records(text: str, delimiter: str, first_line: int) -> list[tuple[int, list[str]]]:
    """Return (line, cells) of every record that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    begins = first_line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + first_line
    except csv.Error as error:
        raise CsvError(Problem(begins, _plain_reason(str(error)))) from None
    return records


def _plain_reason(reason: str) -> str:
    if "unexpected end" in reason:
        return 'har ett citattecken (") som börjar men aldrig slutar. Lägg till det som fattas.'
    if "expected after" in reason:
        return 'har text direkt efter ett citattecken ("). Skriv två citattecken ("") för ett inne i texten.'
    if "field limit" in reason:
        return "har en cell som är för lång. Korta texten eller kontrollera citattecknen."
    return "går inte att läsa som CSV. Kontrollera citattecken och radbrytningar."


def _checked_header(record: tuple[int, list[str]]) -> tuple[str, ...]:
    line, names = record
    while names and not names[-1]:
        names = names[:-1]
    problems = [
        Problem(line, f"kolumn {place} saknar rubrik. Ge den ett namn eller ta bort kolumnen.")
        for place, name in enumerate(names, start=1)
        if not name
    ]
    keys = [_column_key(name) for name in names]
    repeated = sorted({name for name, key in zip(names, keys, strict=True) if name and keys.count(key) > 1})
    problems += [Problem(line, f"rubriken ”{name}” står på mer än ett ställe.") for name in repeated]
    problems += [Problem(line, "rubrikraden har ett osynligt styrtecken.")] if _CONTROL.search("".join(names)) else []
    if problems:
        raise CsvError(*problems)
    return tuple(names)


def _fit_rows(
    header: tuple[str, ...], records: Iterable[tuple[int, list[str]]], delimiter: str
) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, found in records:
        cells = found
        while len(cells) > len(header) and not cells[-1]:
            cells = cells[:-1]  # spreadsheets leave empty cells at the end
        if len(cells) != len(header):
            problems.append(
                Problem(
                    line,
                    f"har {len(cells)} {'cell' if len(cells) == 1 else 'celler'} men rubrikraden har {len(header)}. "
                    f"Kontrollera {DELIMITERS[delimiter]} och citattecken.",
                )
            )
        elif _CONTROL.search("".join(cells)):
            problems.append(Problem(line, "har ett osynligt styrtecken. Skriv om texten för hand."))
        else:
            rows.append(Row(line, tuple(cells)))
    return rows, problems


def csv_safe(value: object) -> str:
    """Return the value as a cell that no spreadsheet runs as a formula.

    A text that begins like a formula gets an apostrophe before it; plain numbers stay as they are, with
    decimal comma; None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, (float, Decimal)):
        return str(value).replace(".", ",")
    text = str(value)
    if text.lstrip(" \u00a0").startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def write_rows(header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ";") -> bytes:
    """Return a CSV file in UTF-8 with mark (so that Excel reads å, ä, ö), every cell made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([csv_safe(name) for name in header])
    writer.writerows([[csv_safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")

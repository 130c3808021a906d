"""Reading a file of employees: which columns it must have, and what each row says. Pure: it knows no database.

Columns (any order, capitals do not matter): namn, titel, and e-post or personnummer or both; enhet and roller are
optional. Several roles in one cell are parted by a comma or +.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from medskick.lib.csv_rows import Problem, read_rows
from medskick.lib.personal_number import parse_personal_number

NAME, EMAIL, NUMBER, TITLE, UNIT, ROLES = "namn", "e-post", "personnummer", "titel", "enhet", "roller"
COLUMNS = (NAME, EMAIL, NUMBER, TITLE, UNIT, ROLES)
MAX_BYTES, MAX_ROWS = 2_000_000, 5_000
_ADDRESS = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,120}\.[^@\s,;<>]{2,}")


@dataclass(frozen=True, slots=True)
class FileRow:
    """What one row says. `number` has twelve digits or is empty; `faults` say in plain Swedish what is wrong with it."""

    line: int
    name: str
    email: str
    number: str
    title: str
    unit: str
    roles: frozenset[str]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmployeeFile:
    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...] = field(default=())


def read_employee_file(data: bytes, *, units: frozenset[str], roles: Mapping[str, str]) -> EmployeeFile:
    """Read the file.

    units: the names of the organisation's units. roles: the role that each word means, in lower case.
    Errors: medskick.lib.csv_rows.CsvError where the file as a whole cannot be read.
    """
    table = read_rows(data, max_bytes=MAX_BYTES, max_rows=MAX_ROWS)
    missing = [f"Kolumnen ”{one}” saknas." for one in table.missing_columns(NAME, TITLE)]
    if len(table.missing_columns(EMAIL, NUMBER)) == 2:
        missing.append("Kolumnen ”e-post” eller ”personnummer” måste finnas: det är så en person känns igen.")
    known = set(COLUMNS)
    strange = [
        f"Kolumnen ”{one}” känner vi inte till."
        for one in table.header
        if " ".join(one.split()).casefold() not in known
    ]
    if missing or strange:
        advice = f"Kolumnerna heter: {', '.join(COLUMNS)}."
        return EmployeeFile((), tuple(Problem(1, one) for one in [*missing, *strange, advice]))
    first_line: dict[str, int] = {}
    rows = []
    for row in table.rows:
        said = {one: table.cell(row, one) for one in COLUMNS}
        rows.append(_read(row.line, said, units, roles, first_line))
    return EmployeeFile(tuple(rows), table.problems)


def _read(
    line: int, said: dict[str, str], units: frozenset[str], roles: Mapping[str, str], first_line: dict[str, int]
) -> FileRow:
    faults = [f"{what} saknas." for what in (NAME, TITLE) if not said[what]]
    faults += [f"{what} är längre än 120 tecken." for what in (NAME, TITLE) if len(said[what]) > 120]
    number, email = "", said[EMAIL].casefold()
    if said[NUMBER]:
        try:
            number = parse_personal_number(said[NUMBER]).number12
        except ValueError as fault:
            faults.append(str(fault))
    if email and not _ADDRESS.fullmatch(email):
        faults.append("e-postadressen går inte att läsa.")
    if not said[NUMBER] and not email:
        faults.append("personnummer eller e-post saknas.")
    if said[UNIT] and said[UNIT] not in units:
        faults.append(f"enheten ”{said[UNIT]}” finns inte här.")
    words = [one.strip().casefold() for one in re.split(r"[,+]", said[ROLES]) if one.strip()]
    faults += [f"rollen ”{one}” finns inte." for one in words if one not in roles]
    for key in filter(None, (number, email)):
        if first_line.setdefault(key, line) != line:
            faults.append(f"samma person står redan på rad {first_line[key]}.")
    given = frozenset(roles[one] for one in words if one in roles)
    return FileRow(line, said[NAME], email, number, said[TITLE], said[UNIT], given, tuple(dict.fromkeys(faults)))

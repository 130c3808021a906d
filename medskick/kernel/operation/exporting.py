"""A copy of everything that one organisation owns, in open formats, from one snapshot of the database.

Each table is written twice: as JSON Lines, exact to the last digit, from which it can be read in again; and as CSV (RFC
4180, UTF-8) for people and spreadsheets. Encrypted fields are in clear, in folders of their own: it is the authority's
own data. What points at another organisation's rows is told as the trace tells it, without what it does not own.
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from psycopg import sql
from psycopg.rows import tuple_row

from medskick.kernel.files.actions import path_of
from medskick.kernel.files.models import StoredFile
from medskick.kernel.operation.export_plan import Table, table_of, tables, unplaced
from medskick.kernel.operation.export_words import described, titles_of_table
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.encryption import EncryptedText, decrypt
from medskick.kernel.records.models import Item
from medskick.lib.csv_rows import csv_safe

FORMAT = 1
OPEN, PERSONAL, FOREIGN, FILES = "data", "personuppgifter", "andras", "filer"
BATCH = 2000
READ_ME = """\
Det här är en kopia av allt som {name} äger i Medskick, gjord {made_at}.

data/              tabeller utan krypterade personuppgifter
personuppgifter/   tabeller med personuppgifter i klartext. SKYDDA DEM: de var krypterade i databasen.
andras/            det som egna rader pekar på men som andra äger: hela raden där organisationen får läsa den (också de
                   fastställda versioner som den använder från andra), annars bara att den finns
filer/             filer som människor skickat in, under filens id
metadata.json      vad varje tabell och kolumn betyder, på svenska och engelska (CSV on the Web, W3C)
manifest.json      antal rader och kontrollsummor (SHA-256)
verifiera.py       räknar om alla summor och loggens förseglingar: python3 verifiera.py

Varje tabell finns som .jsonl (exakt, en rad JSON för varje rad) och som .csv (RFC 4180, UTF-8) för kalkylblad. I .csv har
celler som ett kalkylblad skulle köra som formel fått en apostrof först. Läs in i en egen, tom Medskick:

    medskick import organisation DEN-HÄR-MAPPEN
"""


@dataclass(slots=True)
class Written:
    """What an export holds, as its manifest says."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing_files: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(int(one["rows"]) for one in self.tables.values())


def export_to(
    folder: Path, organisation: UUID, *, name: str, now: datetime, say: Callable[[str], None] = lambda text: None
) -> Written:
    """Write the export into an empty folder. Raise FileExistsError where something lies there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    written = Written()
    with reading() as connection:
        foreign = _Foreign(connection, organisation)
        for one in tables():
            written.tables[one.name] = _write_table(connection, one, organisation, folder, foreign)
            say(f"{one.name}: {written.tables[one.name]['rows']}")
        written.foreign = foreign.write(folder / FOREIGN)
        _write_files(connection, organisation, folder / FILES, written)
        migrations = connection.execute("select app || '.' || name from django_migrations order by 1").fetchall()
    about = {"id": str(organisation), "name": name}
    (folder / "metadata.json").write_text(_json(_metadata(name)))
    (folder / "LÄS MIG.txt").write_text(READ_ME.format(name=name, made_at=now.strftime("%Y-%m-%d %H:%M")))
    shutil.copy(Path(__file__).with_name("verify_export.py"), folder / "verifiera.py")
    manifest = {
        "format": FORMAT,
        "organisation": about,
        "made_at": now.isoformat(),
        "migrations": [one for (one,) in migrations],
        "tables": written.tables,
        "foreign": written.foreign,
        "files": written.files,
        "missing_files": written.missing_files,
        "not_placed": unplaced(),
        "unreadable": sorted(foreign.unreadable),
        "sums": sums_of(folder),
    }
    (folder / "manifest.json").write_text(_json(manifest))
    return written


def reading() -> psycopg.Connection[Any]:
    """One snapshot, as the role that reads all rows. Raise LookupError where this process is not given its address."""
    address = os.environ.get("DATABASE_BACKUP_URL")
    if not address:
        raise LookupError("DATABASE_BACKUP_URL is not set")
    connection = psycopg.connect(address, options="-c timezone=UTC")
    connection.execute("set transaction isolation level repeatable read read only")
    return connection


def lines_of(connection: psycopg.Connection[Any], one: Table, organisation: UUID) -> Iterator[tuple[str, list[Any]]]:
    """The organisation's rows of a table: JSON as the database writes it, encrypted fields in clear, and the keys out."""
    where = sql.SQL(one.condition)
    yield from _lines(connection, one, where, {"owner": organisation})


def sums_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in the folder but the manifest, by its path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): _sum(path) for path in found}


def _lines(
    connection: psycopg.Connection[Any], one: Table, where: sql.Composable, given: dict[str, Any]
) -> Iterator[tuple[str, list[Any]]]:
    hidden = [*one.encrypted, *one.derived]
    keys = [key.column for key in one.foreign_keys()]
    query = sql.SQL(
        "select (to_jsonb(t) - {hidden}::text[])::text, array[{secret}]::bytea[], array[{keys}]::text[]"
    ).format(
        hidden=sql.Literal(hidden),
        secret=sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in one.encrypted),
        keys=sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(column)) for column in keys),
    ) + sql.SQL(" from {table} t where {where} order by t.{key}").format(
        table=sql.Identifier(one.name), where=where, key=sql.Identifier(one.key)
    )
    with connection.cursor(name=f"export_{one.name}", row_factory=tuple_row) as cursor:
        cursor.itersize = BATCH
        cursor.execute(query, given)
        for text, secrets, pointed in cursor:
            clear = {
                column: None if value is None else decrypt(bytes(value))
                for column, value in zip(one.encrypted, secrets, strict=True)
            }
            yield _joined(text, clear), pointed


def _joined(text: str, clear: dict[str, str | None]) -> str:
    """The database's own JSON with more members: read and written again here, a number could lose its last digit."""
    if not clear:
        return text
    return f"{text[:-1]}, {json.dumps(clear, ensure_ascii=False)[1:]}"


def _write_table(
    connection: psycopg.Connection[Any], one: Table, organisation: UUID, folder: Path, foreign: "_Foreign"
) -> dict[str, Any]:
    inside = folder / (PERSONAL if one.personal else OPEN)
    inside.mkdir(exist_ok=True)
    columns = columns_of(one)
    rows, total = 0, hashlib.sha256()
    with (
        (inside / f"{one.name}.jsonl").open("w", encoding="utf-8", newline="\n") as exact,
        (inside / f"{one.name}.csv").open("w", encoding="utf-8", newline="") as sheet,
    ):
        writer = csv.writer(sheet, lineterminator="\r\n")
        writer.writerow(columns)
        for line, pointed in lines_of(connection, one, organisation):
            exact.write(line + "\n")
            total.update(line.encode() + b"\n")
            writer.writerow(_cells(line, columns))
            foreign.note(one, pointed)
            rows += 1
    return {"folder": inside.name, "rows": rows, "digest": total.hexdigest(), "why": one.why, "personal": one.personal}


def columns_of(one: Table) -> list[str]:
    return [field.column for field in one.model._meta.concrete_fields if field.column not in one.derived]


def _cells(line: str, columns: Iterable[str]) -> list[str]:
    row = json.loads(line, parse_float=str)
    return [
        csv_safe(value if not isinstance(value, bool | list | dict) else json.dumps(value, ensure_ascii=False))
        for value in (row.get(column) for column in columns)
    ]


class _Foreign:
    """What the organisation's rows point at and others own.

    What the organisation may read is written whole, and so is the version of another's document that it has adopted:
    it goes on reading that also when the share has ended. Of the rest there is only that it is there, as a hidden step
    in the trace: its keys hold, and it says nothing.
    """

    def __init__(self, connection: psycopg.Connection[Any], organisation: UUID) -> None:
        self.connection, self.organisation = connection, organisation
        self.wanted: dict[Table, set[str]] = {}
        self.unreadable: list[str] = []

    def note(self, one: Table, pointed: list[Any]) -> None:
        for key, value in zip(one.foreign_keys(), pointed, strict=True):
            target = table_of(key.related_model)
            if value is not None and target is not None:
                self.wanted.setdefault(target, set()).add(value)

    def write(self, folder: Path) -> dict[str, int]:
        """Write what is outside, and what that points at in turn, until nothing is left out."""
        folder.mkdir(exist_ok=True)
        done: dict[Table, set[str]] = {}
        written: dict[str, list[str]] = {}
        while self.wanted:
            target, keys = self.wanted.popitem()
            fresh = keys - done.setdefault(target, set())
            done[target] |= fresh
            for line, pointed in self._outside(target, sorted(fresh)):
                written.setdefault(target.name, []).append(line)
                self.note(target, pointed)
        for name, lines in written.items():
            (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in sorted(lines)))
        return {name: len(lines) for name, lines in sorted(written.items())}

    def _outside(self, target: Table, keys: list[str]) -> Iterator[tuple[str, list[Any]]]:
        where = sql.SQL("t.{key}::text = any(%(keys)s) and not ({own})").format(
            key=sql.Identifier(target.key),
            own=sql.SQL(target.condition),
        )
        readable = self._readable(target, keys)
        for line, pointed in _lines(self.connection, target, where, {"keys": keys, "owner": self.organisation}):
            if str(json.loads(line)[target.key]) in readable:
                yield line, pointed
                continue
            if target.model is not Item:
                self.unreadable.append(f"{target.name} {json.loads(line)[target.key]}")
            kept = [None if key.null else value for key, value in zip(target.foreign_keys(), pointed, strict=True)]
            yield _hidden_step(line) if target.model is Item else _hidden_row(target, line), kept

    def _readable(self, target: Table, keys: list[str]) -> set[str]:
        """Which of them the organisation may read, asked of the row policies themselves."""
        with scope(system(self.organisation).scope()):
            return {str(one) for one in target.model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}


def _hidden_step(line: str) -> str:
    """Another's item that may not be read: kind, owner and date, as the trace tells of it."""
    row = json.loads(line)
    row |= {"title": "", "title_key": "", "summary": "", "readers": [], "unit_id": None, "level": "organisation"}
    row["number"] = hashlib.sha256(row["id"].encode()).hexdigest()[:12].upper()
    return json.dumps(row, ensure_ascii=False)


def _hidden_row(target: Table, line: str) -> str:
    """Another's row that may not be read, and that own rows hang on: its keys, dates and numbers of order; no words."""
    row = json.loads(line)
    for one in target.model._meta.concrete_fields:
        if one.column not in row or one.primary_key:
            continue
        if one.null:
            row[one.column] = None
        elif one.remote_field is None:
            row[one.column] = _emptied(one, row[one.column])
    return json.dumps(row, ensure_ascii=False)


def _emptied(one: Any, value: object) -> object:
    if one.unique and isinstance(value, str) and one.get_internal_type() != "UUIDField":
        return hashlib.sha256(value.encode()).hexdigest()[: one.max_length or 64]
    if isinstance(one, ArrayField | models.JSONField):
        return {} if isinstance(value, dict) else []
    if isinstance(one, models.DecimalField | models.FloatField):
        return 0
    return "" if isinstance(one, models.CharField | models.TextField | EncryptedText) else value


def _write_files(connection: psycopg.Connection[Any], organisation: UUID, folder: Path, written: Written) -> None:
    """The files by their own names, below their ids, so that two of one name do not meet."""
    one = table_of(StoredFile)
    if one is None:
        return
    for line, _pointed in lines_of(connection, one, organisation):
        row = json.loads(line)
        source = path_of(row["sha256"])
        if not source.exists():
            written.missing_files.append(row["id"])
            continue
        inside = folder / row["id"]
        inside.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, inside / safe_name(row["name"]))
        written.files += 1


def safe_name(name: str) -> str:
    """A name that is one file in one folder on any system, whatever it was called by the one who sent it."""
    kept = "".join(one if one.isalnum() or one in " ._-()" else "_" for one in name).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if stem else (kept[:100] or "fil")


def _metadata(name: str) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
        "dc:title": name,
        "tables": [
            {
                "url": f"{PERSONAL if one.personal else OPEN}/{one.name}.csv",
                "titles": titles_of_table(one.model),
                "dc:description": {"en": (one.model.__doc__ or "").split("\n\n")[0]},
                "medskick:belongs": one.why,
                "tableSchema": {
                    "primaryKey": one.key,
                    "columns": [
                        described(each, each.column in one.encrypted)
                        for each in one.model._meta.concrete_fields
                        if each.column not in one.derived
                    ],
                    "foreignKeys": [
                        {
                            "columnReference": key.column,
                            "reference": {"resource": f"{key.related_model._meta.db_table}.csv"},
                        }
                        for key in one.foreign_keys()
                    ],
                },
            }
            for one in tables()
        ],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _sum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

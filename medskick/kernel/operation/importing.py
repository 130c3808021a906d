"""Reading an organisation's export into an installation of its own: the same rows, under this installation's keys.

One transaction, as the owner of the tables: row security and triggers are lifted inside it and stand again before it
ends, so that the log keeps its numbers and its seals. All of it or nothing.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from medskick.kernel.files.actions import path_of
from medskick.kernel.operation.export_plan import Table, tables
from medskick.kernel.operation.exporting import FILES, FOREIGN, FORMAT
from medskick.kernel.operation.verify_export import faults_of
from medskick.kernel.people.encryption import blind_index, encrypt, indexed
from medskick.kernel.search.models import SearchUnlearned

BATCH = 500


class ImportRefused(Exception):
    """Why an export was not read in, in one plain sentence."""


def import_organisation(folder: Path, *, say: Callable[[str], None] = lambda text: None) -> dict[str, Any]:
    """Read the export in. Raise ImportRefused where the folder is not whole, of another version, or the database is not
    empty; then nothing is touched."""
    manifest = _checked(folder)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], options="-c timezone=UTC") as owner:
        _refuse_unfit(owner, manifest)
        plan = [one for one in tables() if one.name in manifest["tables"]]
        queue = Table(SearchUnlearned, "", "")
        for one in (*plan, queue):
            _lift(owner, one)
        for one in plan:
            outside = _insert(owner, one, folder / FOREIGN / f"{one.name}.jsonl")
            own = _insert(owner, one, folder / manifest["tables"][one.name]["folder"] / f"{one.name}.jsonl")
            if own or outside:
                say(f"{one.name}: {own}")
        owner.execute(
            "update kernel_organisation set left_at = null, turn_to = '' where id = %s",
            [manifest["organisation"]["id"]],
        )
        # The entries of search are read in with the rows; misspelt words are learnt from them by the job of every minute.
        owner.execute("insert into kernel_searchunlearned (item_id) select item_id from kernel_searchentry")
        # Keys between rows are looked at now: a row that points at nothing ends the import here.
        owner.execute("set constraints all immediate")
        _refuse_other_counts(owner, plan, manifest)
        for one in plan:
            _set_counter(owner, one)
        for one in (*plan, queue):
            _lay_again(owner, one)
    _bring_files(folder, manifest)
    return manifest


def _checked(folder: Path) -> dict[str, Any]:
    if not (folder / "manifest.json").exists():
        raise ImportRefused(f"{folder} holds no export: there is no manifest.json.")
    wrong = faults_of(folder)
    if wrong:
        raise ImportRefused(f"The export is not whole: {wrong[0]} Nothing was touched.")
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    if manifest["format"] != FORMAT:
        raise ImportRefused(f"The export is of format {manifest['format']}; this version reads {FORMAT}.")
    return manifest


def _refuse_unfit(owner: psycopg.Connection[Any], manifest: dict[str, Any]) -> None:
    applied = {one for (one,) in owner.execute("select app || '.' || name from django_migrations").fetchall()}
    if applied != set(manifest["migrations"]):
        other = sorted(applied ^ set(manifest["migrations"]))[0]
        raise ImportRefused(
            f"The export was made with another version (they differ in {other}). Install that version, import, and then "
            "upgrade. Nothing was touched."
        )
    if owner.execute("select exists (select from kernel_organisation)").fetchone() == (True,):
        raise ImportRefused("There is something in the database already; an import needs an empty one.")


def _lift(owner: psycopg.Connection[Any], one: Table) -> None:
    table = sql.Identifier(one.name)
    owner.execute(sql.SQL("alter table {} no force row level security").format(table))
    owner.execute(sql.SQL("alter table {} disable trigger user").format(table))


def _lay_again(owner: psycopg.Connection[Any], one: Table) -> None:
    table = sql.Identifier(one.name)
    owner.execute(sql.SQL("alter table {} enable trigger user").format(table))
    owner.execute(
        sql.SQL("alter table {} force row level security").format(table)
        if _has_row_security(owner, one)
        else sql.SQL("alter table {} no force row level security").format(table)
    )


def _has_row_security(owner: psycopg.Connection[Any], one: Table) -> bool:
    found = owner.execute("select relrowsecurity from pg_class where oid = %s::regclass", [one.name]).fetchone()
    return bool(found and found[0])


def _insert(owner: psycopg.Connection[Any], one: Table, path: Path) -> int:
    """Each line as the database wrote it; only what is encrypted or keyed is made anew under this installation's key."""
    if not path.exists():
        return 0
    query = sql.SQL(
        "insert into {table} select (jsonb_populate_record(null::{table}, %s::jsonb || %s::jsonb)).*"
    ).format(table=sql.Identifier(one.name))
    count = 0
    with owner.cursor() as cursor:
        for batch in _batches(path):
            cursor.executemany(query, [(line, json.dumps(_remade(one, line))) for line in batch])
            count += len(batch)
    return count


def _remade(one: Table, line: str) -> dict[str, str | None]:
    if not one.encrypted and not one.derived:
        return {}
    row = json.loads(line)
    made: dict[str, str | None] = {
        column: None if row[column] is None else f"\\x{encrypt(row[column]).hex()}" for column in one.encrypted
    }
    for index in one.indexes:
        clear = row[index.of]
        within = row[index.within] if index.within else ""
        made[index.column] = None if clear is None else f"\\x{blind_index(indexed(clear, within)).hex()}"
    return made


def _batches(path: Path) -> Iterator[list[str]]:
    batch: list[str] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _set_counter(owner: psycopg.Connection[Any], one: Table) -> None:
    """Numbers that the database gives go on after the highest one read in."""
    if one.model._meta.pk.get_internal_type() not in ("AutoField", "BigAutoField"):
        return
    owner.execute(
        sql.SQL("select setval(pg_get_serial_sequence({name}, {key}), greatest(max({column}), 1)) from {table}").format(
            name=sql.Literal(one.name),
            key=sql.Literal(one.key),
            column=sql.Identifier(one.key),
            table=sql.Identifier(one.name),
        )
    )


def _refuse_other_counts(owner: psycopg.Connection[Any], plan: list[Table], manifest: dict[str, Any]) -> None:
    """While row security does not bind the owner: it would show her nothing."""
    for one in plan:
        expected = manifest["tables"][one.name]["rows"] + manifest["foreign"].get(one.name, 0)
        found = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(one.name))).fetchone()
        if found != (expected,):
            raise ImportRefused(
                f"{one.name} got {found and found[0]} rows and should have {expected}. Nothing was kept."
            )


def _bring_files(folder: Path, manifest: dict[str, Any]) -> None:
    told = manifest["tables"]["kernel_storedfile"]
    lines = folder / told["folder"] / "kernel_storedfile.jsonl"
    for batch in _batches(lines):
        for row in map(json.loads, batch):
            found = list((folder / FILES / row["id"]).glob("*"))
            if found:
                target = path_of(row["sha256"])
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found[0], target)

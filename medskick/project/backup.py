"""Backup and restore of a whole installation: one consistent archive out, and the same rows back in.

The dump, the counts and the list of files are taken from one snapshot, while people go on working. Restoring checks the
whole archive before anything is touched, and replaces a database in one transaction: all of it or nothing.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from medskick.project import archive, postgres_roles
from medskick.project.commands import CommandProblem
from medskick.project.places import var_dir
from medskick.project.postgres import find_server

Say = Callable[[str], None]
# Made anew by every migrate, or by whoever prepares the server: not taken from the dump.
NOT_RESTORED = (" SCHEMA - ", " EXTENSION - ", " COMMENT - ", " ACL ", " DEFAULT ACL ")


def back_up(target: Path, *, now: datetime, say: Say) -> archive.Manifest:
    """Write the archive to `target`, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    half.touch(mode=0o600)
    try:
        with _reader() as reading, tempfile.TemporaryDirectory(dir=target.parent) as folder, half.open("wb") as out:
            manifest = _described(reading, now)
            say(f"{sum(manifest.rows.values())} rows in {len(manifest.rows)} tables")
            dump = Path(folder) / archive.DUMP
            _dump(reading, dump)
            writer = archive.Writer(out, manifest)
            writer.add(archive.DUMP, dump)
            say(f"{_add_files(writer, reading)} files")
            writer.close()
            out.flush()
            os.fsync(out.fileno())
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    return manifest


@contextmanager
def _reader() -> Iterator[psycopg.Connection[Any]]:
    """One snapshot of everything, as the backup role; refused where it would not see all rows."""
    address = os.environ.get("DATABASE_BACKUP_URL")
    if not address:
        raise CommandProblem(
            "DATABASE_BACKUP_URL is not set. `medskick database roles` prints the role that reads all."
        )
    with psycopg.connect(address) as reading:
        reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        hidden = reading.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relrowsecurity"
            " AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls))"
            " AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname"
            "  AND p.policyname = 'backup' AND current_user = ANY(p.roles) AND p.qual = 'true')"
        ).fetchall()
        if hidden:
            raise CommandProblem(
                f"The backup role would not see all rows of {hidden[0][0]}"
                f"{f' and {len(hidden) - 1} more tables' if len(hidden) > 1 else ''}. Run `medskick migrate` first."
            )
        yield reading


def _described(reading: psycopg.Connection[Any], now: datetime) -> archive.Manifest:
    version = reading.execute("SHOW server_version").fetchone()
    applied = reading.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    seals = reading.execute(
        "SELECT DISTINCT ON (owner_id) owner_id::text, digest FROM kernel_logseal ORDER BY owner_id, number DESC"
    ).fetchall()
    return archive.Manifest(
        made_at=now.isoformat(),
        postgres=version[0] if version else "",
        migrations=[name for (name,) in applied],
        rows=row_counts(reading),
        seals=dict(seals),
    )


def row_counts(reading: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table of ours has, in the connection's snapshot."""
    tables = reading.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        found = reading.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))).fetchone()
        counts[table] = found[0] if found else 0
    return counts


def _dump(reading: psycopg.Connection[Any], target: Path) -> None:
    snapshot = reading.execute("SELECT pg_export_snapshot()").fetchone()
    # With row security on: the policies of the backup role let every row through, as _reader() has seen.
    _program(
        "pg_dump",
        os.environ["DATABASE_BACKUP_URL"],
        "--format=custom",
        "--schema=public",
        "--enable-row-security",
        f"--snapshot={snapshot[0] if snapshot else ''}",
        f"--file={target}",
    )


def _add_files(writer: archive.Writer, reading: psycopg.Connection[Any]) -> int:
    """Only what the snapshot refers to. Files are never changed once written, so that they may be read afterwards."""
    added = 0
    for (digest,) in reading.execute("SELECT DISTINCT sha256 FROM kernel_storedfile ORDER BY 1").fetchall():
        path = Path(settings.FILES_DIR) / digest[:2] / digest
        if path.exists():
            writer.add(archive.FILES + digest, path)
            added += 1
        else:
            writer.manifest.missing.append(digest)
    return added


def restore(path: Path, *, replace: bool, now: datetime, say: Say) -> archive.Manifest:
    """Read the archive back. Into an empty database, or with `replace` over what is there, which is backed up first."""
    from medskick.project.migrating import migrate

    manifest = archive.verified(path)
    say(f"the archive of {manifest.made_at[:16]} is whole")
    _refuse_newer(manifest)
    if not _is_empty():
        if not replace:
            raise CommandProblem("There is something in the database already. Add --replace; it is backed up first.")
        safety = path.parent / f"before-restore-{now:%Y%m%d-%H%M%S}.medskick"
        back_up(safety, now=now, say=lambda text: None)
        say(f"what was there is in {safety}")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / archive.DUMP
        say(f"{archive.unpack(path, dump, Path(settings.FILES_DIR))} files that were not there")
        _load(dump)
    _refuse_other_counts(manifest)
    say(f"{sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, as many as were backed up")
    migrate()
    say("tables, rights and row policies are those of this version")
    return manifest


def _refuse_newer(manifest: archive.Manifest) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise CommandProblem(
            f"The backup is from a newer version: this one does not know {unknown[0]}. Install the newer version first. "
            "Nothing was touched."
        )


def _is_empty() -> bool:
    """Nothing but what a fresh migrate makes."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        found = owner.execute("SELECT to_regclass('public.kernel_organisation') IS NOT NULL").fetchone()
        if not found or not found[0]:
            return True
        any_row = owner.execute("SELECT EXISTS (SELECT FROM public.kernel_organisation)").fetchone()
        return not (any_row and any_row[0])


def _load(dump: Path) -> None:
    """Empty the schema and read the dump, in one transaction, as the owner."""
    wanted = dump.with_suffix(".list")
    listed = _program("pg_restore", None, "--list", str(dump)).splitlines()
    wanted.write_text("\n".join(line for line in listed if not any(kind in line for kind in NOT_RESTORED)) + "\n")
    script = dump.with_suffix(".sql")
    _program("pg_restore", None, f"--use-list={wanted}", "--no-privileges", f"--file={script}", str(dump))
    begin = dump.with_suffix(".begin.sql")
    fresh = ["DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public", *postgres_roles.contents_sql()]
    begin.write_text(";\n".join(fresh) + ";\n")
    close_all()
    _program(
        "psql",
        os.environ["DATABASE_OWNER_URL"],
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        f"--file={begin}",
        f"--file={script}",
    )


def close_all() -> None:
    from django.db import connections

    connections.close_all()


def _refuse_other_counts(manifest: archive.Manifest) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        # Row security is on again and binds the owner too: it is lifted inside a transaction that is rolled back.
        for (table,) in owner.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        ).fetchall():
            owner.execute(sql.SQL("ALTER TABLE public.{} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
        found = row_counts(owner)
        owner.rollback()
    wrong = sorted(table for table in found | manifest.rows if found.get(table) != manifest.rows.get(table))
    if wrong:
        raise CommandProblem(
            f"{wrong[0]} has {found.get(wrong[0])} rows and should have {manifest.rows.get(wrong[0])}. "
            "Do not use this database; restore again."
        )


def _program(name: str, address: str | None, *arguments: str) -> str:
    """Run one of PostgreSQL's programs; its own words, without what it quotes, where it fails."""
    command = [_find(name), *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if address is not None:
        command.append(f"--dbname={_without_password(address)}")
        environment |= _password(address)
    ran = subprocess.run(command, capture_output=True, text=True, env=environment)  # noqa: S603 - our own program
    if ran.returncode != 0:
        said = next((line for line in ran.stderr.splitlines() if "error" in line.lower()), "it said nothing")
        raise CommandProblem(f"{name} failed: {said.strip()[:300]}")
    return ran.stdout


def _find(name: str) -> str:
    """The programs of the newest PostgreSQL here: a dump needs one at least as new as the server."""
    found = find_server(var_dir()).binaries / name
    if not found.exists():
        raise CommandProblem(
            f"There is no {name} in {found.parent}. Set MEDSKICK_POSTGRES_BIN to a folder that has it."
        )
    return str(found)


def _without_password(address: str) -> str:
    """Addresses on a command line are seen by everybody on the machine."""
    parts = psycopg.conninfo.conninfo_to_dict(address)
    return psycopg.conninfo.make_conninfo(
        "", **{name: str(value) for name, value in parts.items() if name != "password" and value is not None}
    )


def _password(address: str) -> dict[str, str]:
    password = psycopg.conninfo.conninfo_to_dict(address).get("password")
    return {"PGPASSWORD": str(password)} if password else {}

"""Databases of the benches: a PostgreSQL of their own, databases that are built once and kept until something changes."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from medskick.bench.parts.report import Say
from medskick.project import postgres, postgres_roles
from medskick.project.places import PACKAGE_DIR

SHAPE = ("**/migrations/*.py", "**/models.py", "**/row_policies.py", "**/sql_*.py", "demo/*.py", "*/demo.py")


def cache_folder() -> Path:
    """Where databases of benches are kept: MEDSKICK_BENCH_CACHE, or bench/ in the folder of variable data."""
    return Path(
        os.environ.get("MEDSKICK_BENCH_CACHE") or Path(os.environ.get("MEDSKICK_VAR", "var")) / "bench"
    ).resolve()


@contextmanager
def bench_server(cache: Path) -> Iterator[Any]:
    """The bench's own PostgreSQL while the block runs, in demonstration mode, whatever database the environment names."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "MEDSKICK_SECRET_KEY"):
        os.environ.pop(name, None)
    cache.mkdir(parents=True, exist_ok=True)
    cache.chmod(0o711)
    os.environ |= {"MEDSKICK_VAR": str(cache), "MEDSKICK_DEMONSTRATION": "1"}
    with postgres.running(cache) as server:
        if server is None:
            raise RuntimeError("The bench starts its own PostgreSQL")
        from medskick.project.cli import set_up_django

        set_up_django()
        yield server


def shape(*more: str) -> str:
    """Ten letters that change with everything that shapes the tables and the example, and with the files in `more`."""
    total = hashlib.sha256()
    for path in (*map(Path, more), *(path for pattern in SHAPE for path in sorted(PACKAGE_DIR.glob(pattern)))):
        total.update(path.read_bytes())
    return total.hexdigest()[:10]


def standing(server: Any) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("select datname from pg_database").fetchall()}


def forget_old(server: Any, prefix: str) -> None:
    with server.connect() as connection:
        for name in sorted(one for one in standing(server) if one.startswith(prefix)):
            connection.execute(f'drop database if exists "{name}" with (force)'.encode())


def build_base(server: Any, name: str, say: Say) -> None:
    """A database with all tables and the example region; Django works in it afterwards."""
    from django.core.management import call_command

    from medskick.demo.build import build
    from medskick.project.cli import close_connections
    from medskick.project.collecting import collect_if_changed

    collect_if_changed()
    say("building the example region")
    server.copy_database("template0", name)
    point_at(server, name)
    with server.connect(name) as connection:
        for statement in postgres_roles.contents_sql():
            connection.execute(statement.encode())
    call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    build(say=lambda text: None)
    close_connections()


def point_at(server: Any, name: str) -> None:
    """Let Django work in this database from now on."""
    from django.db import connections

    for alias, role in (("default", postgres_roles.APP), ("owner", postgres_roles.OWNER)):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        connections[alias].settings_dict["USER"] = role


def publish(server: Any, built: str, name: str) -> None:
    """Give a database that is ready its lasting name, so that one half built is never taken for it."""
    from medskick.project.cli import close_connections

    close_connections()
    with server.connect() as connection:
        connection.execute(f'alter database "{built}" rename to "{name}"'.encode())
        for statement in postgres_roles.access_sql(name):
            connection.execute(statement.encode())


def signed_in_session(person: UUID, employment: UUID) -> str:
    """The key of a browser session of somebody who has logged in, in the database that Django is pointed at."""
    from django.contrib.sessions.backends.db import SessionStore

    from medskick.kernel.organisations.scope import Scope, scope
    from medskick.kernel.people.models import SignIn

    made = SignIn(
        person_id=person, employment_id=employment, provider="bench", assurance="substantial", browser="bench"
    )
    with scope(Scope(None, reach=frozenset({person}))):
        made.save(force_insert=True)
    session = SessionStore()
    session["who"] = {
        "person": str(person),
        "employment": str(employment),
        "assurance": "substantial",
        "sign_in": str(made.id),
    }
    session.set_expiry(14 * 24 * 3600)
    session.create()
    return str(session.session_key)

"""The database that the kills are survived in: one municipality with a meeting open, an officer's unit and an auditor."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medskick.bench.parts import databases
from medskick.bench.parts.databases import signed_in_session
from medskick.project import postgres_roles

NAME = "kills"


@dataclass(frozen=True, slots=True)
class World:
    """What the writers need: the municipality, the meeting's code and step, the auditor's session."""

    organisation: str
    code: str
    step: str
    auditor: str

    def as_object(self) -> dict[str, str]:
        return asdict(self)


def build(server: Any) -> World:
    """A fresh database, migrated, with the world in it."""
    leader = make_municipality(server, NAME)
    from medskick.dialog import api as dialog
    from medskick.kernel.organisations.scope import scope
    from medskick.lib.dates import today_here

    with scope(leader.scope()):
        session = dialog.plan_session(by=leader, title="Mötet på torget", held_on=today_here())
        step = dialog.add_step(session, by=leader, text="Vad behövs på torget?")
        session = dialog.open_session(session, by=leader)
        dialog.open_step(step, by=leader)
    kept = signed_in_session(leader.person, leader.employment)
    return World(str(leader.organisation), session.code, str(step.id), kept)


def make_municipality(server: Any, name: str) -> Any:
    """A fresh database of that name, migrated, with a region and one municipality; gives the actor of its only employee,
    who has every role."""
    from django.core.management import call_command

    server.copy_database("template0", name)
    point_at(server, name)
    with server.connect(name) as connection:
        for statement in postgres_roles.contents_sql():
            connection.execute(statement.encode())
    call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    return _employ()


def point_at(server: Any, name: str) -> None:
    """Let Django, and the processes begun from here, work in this database."""
    databases.point_at(server, name)
    os.environ |= environment(server, name)


def environment(server: Any, name: str = NAME) -> dict[str, str]:
    return {
        "DATABASE_URL": server.url(postgres_roles.APP, name),
        "DATABASE_OWNER_URL": server.url(postgres_roles.OWNER, name),
        "DATABASE_BACKUP_URL": server.url(postgres_roles.BACKUP, name),
        "MEDSKICK_DEMONSTRATION": "1",
    }


def _employ() -> Any:
    from medskick.kernel.organisations.actions import found_region, join_region, open_unit
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import Scope, scope
    from medskick.kernel.people.actions import employ, make_known
    from medskick.kernel.people.queries import staff_actor
    from medskick.kernel.people.roles import ALL

    region = found_region(name="Fyrbodal", short_name="Fyrbodal", slug="fyrbodal", theme="fyrbodal", monogram="F")
    by = system(region.id)
    with scope(by.scope()):
        tanum = join_region(
            by=by,
            region=region,
            name="Tanums kommun",
            short_name="Tanum",
            slug="tanum",
            code="1435",
            theme="tanum",
            monogram="TA",
        )
    by = system(tanum.id)
    with scope(by.scope()):
        unit = open_unit(by=by, name="Samhällsbyggnad")
        person = make_known(name="Grete Granskare")
        employment = employ(by=by, person=person, title="Granskare", unit=unit, roles=sorted(ALL))
    with scope(Scope(tanum.id, reach=frozenset({person.id}))):
        leader = staff_actor(person.id, employment.id)
    if leader is None:
        raise LookupError("The only employee was not employed")
    return leader


@contextmanager
def reading(server: Any) -> Iterator[Any]:
    """A connection that sees all rows, to hold what is there against what was acknowledged."""
    with server.connect(NAME) as connection:
        yield connection


def folder_of(cache: Path) -> Path:
    home = cache / "kills"
    home.mkdir(parents=True, exist_ok=True)
    return home

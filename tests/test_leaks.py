"""No row comes out where it must not: all tables, views, files and searches, found by discovery, tried by five people.

The example region is filled with marks (tests/leaks.py). What the database gives each reader is held against an oracle
that does not know the policies; what pages, files and search give is held against the database. Then five leaks are made
on purpose, one in each layer, and each must be found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.urls import Resolver404, resolve

import conftest
from medskick.demo.build import build
from medskick.kernel.organisations import scope as scopes
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import all_places
from medskick.kernel.people.queries import acting_person
from medskick.kernel.records.kinds import kinds
from medskick.kernel.search.sql_functions import SEARCH_FIND
from medskick.kernel.tests.world import browser_of
from medskick.kernel.trace.sql_functions import TRACE
from tests import leaks

pytestmark = pytest.mark.journey

# The owner's people, a colleague with another unit and role, a stranger in Sotenäs; a resident; somebody unknown.
READERS = {"owner": "tove", "colleague": "lena", "stranger": "johan", "resident": "amir"}
OTHERS = ("birgit", "kerstin", "maria", "anders", "eva", "ingrid")


@dataclass(slots=True)
class Marked:
    marks: leaks.Marks
    oracle: leaks.Oracle
    readers: list[leaks.Reader]
    addresses: list[str]
    superuser: Any


@pytest.fixture(scope="module")
def marked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Marked]:
    """The example region with marks, in this worker's own database; it is renewed afterwards."""
    cluster = conftest.CLUSTER
    assert cluster is not None
    with django_db_blocker.unblock():
        try:
            region = build(say=lambda text: None)
            superuser = cluster.server.connect(cluster.worker_database())
            superuser.autocommit = True
            people = {
                name: leaks.Reader(name, actor, browser_of(actor))
                for name in (*READERS.values(), *OTHERS)
                for actor in [signed_in(region.actors[name])]
            }
            marks = leaks.mark_everything(query_of(superuser))
            nobody = leaks.Reader("nobody", Actor(kind="device", organisation=region.region.id), Client())
            starts = ["/", "/arbete", "/mina", "/meddelanden", "/sok?q=kanarialla", "/tanum/", "/lysekil/", "/sotenas/"]
            where = leaks.addresses([*people.values(), nobody], starts, name_of)
            readers = [leaks.Reader(role, people[name].actor, people[name].client) for role, name in READERS.items()]
            yield Marked(marks, leaks.Oracle(query_of(superuser)), [*readers, nobody], where, superuser)
            superuser.close()
        finally:
            connections.close_all()
            cluster.renew_worker_database()


def query_of(superuser: Any) -> leaks.Query:
    def query(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        cursor = superuser.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []

    return query


def signed_in(actor: Actor) -> Actor:
    """The actor as a request makes it, role tokens and all."""
    assert actor.person is not None
    place = next(one for one in all_places() if one.id == actor.organisation)
    acting = acting_person(actor.person, actor.employment, place=place, assurance="substantial")
    assert acting is not None
    return acting.actor


def name_of(address: str) -> str | None:
    path, slugs = urlsplit(address).path, {place.slug for place in all_places()}
    first, _, rest = path.lstrip("/").partition("/")
    try:
        return str(resolve(f"/{rest}" if first in slugs else path).url_name)
    except Resolver404:
        return None


def what_leaks(marked: Marked, *, only: str = "", views: str = "") -> dict[str, Any]:
    """Channel and reader -> rows that came out and must not have; empty where all is well.

    only: one channel instead of all. views: only pages whose address has this in it.
    """
    found: dict[str, Any] = {}
    owners, all_kinds = [place.id for place in all_places()], [kind.key for kind in kinds()]
    for reader in marked.readers:
        by_sql, reach = leaks.read_by_sql(reader), reader.actor.scope()
        may = {row for row in by_sql if marked.oracle.allows(reach, row)}
        channels: dict[str, Any] = {"sql": by_sql - may}
        if only in ("", "search"):
            channels["search"] = leaks.found_by_search(reader, owners, all_kinds) - may
        if only in ("", "page"):
            where = [one for one in marked.addresses if views in one]
            seen = leaks.seen_on_pages(reader, where, marked.marks)
            channels |= {
                channel: {row: where for row, where in rows.items() if row not in may} for channel, rows in seen.items()
            }
        found |= {f"{channel}, {reader.name}": rows for channel, rows in channels.items() if rows}
    return found


def test_nothing_comes_out_where_it_must_not(marked: Marked) -> None:
    assert len(marked.marks.rows) > 1000
    assert len(marked.addresses) > 150
    # The trial is worth something only where there is something to be kept from each of them.
    for reader in marked.readers:
        hidden = set(marked.marks.rows.values()) - leaks.read_by_sql(reader)
        assert len(hidden) > 200, reader.name
    leaking = what_leaks(marked)
    assert leaking == {}, "\n".join(f"{where}: {leaks.told(rows)}" for where, rows in leaking.items())


def seeded(name: str, marked: Marked, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, Callable[[], None]]:
    """Make one leak. Returns the channel that must find it, on which addresses, and how to take it away again."""
    superuser = marked.superuser
    if name == "a row policy that is too wide":
        superuser.execute("create policy seeded on kernel_task for select to medskick_app using (true)")
        return "sql", "", lambda: superuser.execute("drop policy seeded on kernel_task")
    if name == "a table without row security":
        superuser.execute("alter table kernel_record disable row level security")
        return "sql", "", lambda: superuser.execute("alter table kernel_record enable row level security")
    if name == "a search that forgets the audience":
        replace_function(superuser, SEARCH_FIND.replace("asked && may", "asked").replace("e.readers && reach", "true"))
        return "search", "", lambda: replace_function(superuser, SEARCH_FIND)
    if name == "a trace that tells the title of a hidden step":
        replace_function(superuser, TRACE.replace("case when r.yes then i.title::text end", "i.title::text"))
        replace_function(superuser, TRACE.replace("when r.yes", "when true").replace(", r.yes,", ", true,"))
        return "page", "/spar/", lambda: replace_function(superuser, TRACE)
    wide = scopes._tell_database
    everyone = frozenset(place.id for place in all_places())
    asked_by_sql = [True]

    def too_wide(given: Any) -> None:
        wide(scopes.replace(given, own=everyone) if given.acting and not asked_by_sql[0] else given)

    def pages_too_wide(*given: Any) -> Any:
        asked_by_sql[0] = False
        try:
            return seen_on_pages(*given)
        finally:
            asked_by_sql[0] = True

    seen_on_pages = leaks.seen_on_pages
    monkeypatch.setattr(leaks, "seen_on_pages", pages_too_wide)

    monkeypatch.setattr(scopes, "_tell_database", too_wide)
    return "page", "/arbete/planera", monkeypatch.undo


def replace_function(superuser: Any, sql: str) -> None:
    superuser.execute(sql.replace("create function", "create or replace function"))


@pytest.mark.parametrize(
    "name",
    [
        "a row policy that is too wide",
        "a table without row security",
        "a search that forgets the audience",
        "a trace that tells the title of a hidden step",
        "a request whose scope is every organisation's",
    ],
)
def test_a_leak_made_on_purpose_is_found(marked: Marked, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, views, mend = seeded(name, marked, monkeypatch)
    try:
        leaking = what_leaks(marked, only=channel, views=views)
    finally:
        mend()
    assert any(where.startswith(channel) or where.startswith("api") for where in leaking), (name, list(leaking))

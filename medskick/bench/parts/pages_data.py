"""The data behind the pages bench: the example region, and so many indicators more, built once and kept.

The rows are written by bulk SQL as the app role in the region's scope, so that the row policies have let them through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medskick.bench.parts.bare import FILL
from medskick.bench.parts.databases import (
    bench_server,
    build_base,
    forget_old,
    point_at,
    publish,
    shape,
    signed_in_session,
    standing,
)
from medskick.bench.parts.report import Say
from medskick.project import postgres_roles

SIZES = (300, 10_000)
YEARS = 7

ITEMS = """
insert into kernel_item (id, owner_id, level, readers, number, kind, title, title_key, summary, occurred_at, created_at,
    invented)
select gen_random_uuid(), %(owner)s, 'public', '{}', 'B' || lpad(n::text, 11, '0'), 'measure.indicator',
    'Nyckeltal nummer ' || n, 'nyckeltal nummer ' || lpad(n::text, 6, '0'), 'Ett av många', now(), now(), true
from generate_series(1, %(count)s) n
"""
INDICATORS = """
insert into measure_indicator (item_id, owner_id, key, title, title_key, search_key, theme, theme_key, description, unit,
    phrase, direction, decimals, target, lowest, highest, method, source, source_note)
select i.id, i.owner_id, lower(i.number), i.title, i.title_key, i.title_key, 'Område ' || right(i.number, 1),
    'omrade ' || right(i.number, 1), 'Hur stor andel som har det.', '%%', '{värde} av hushållen har det', 'higher', 0, 90,
    0, 100, 'Uppgifterna samlas in en gång om året.', 'Provdata', 'Källa: Provdata'
from kernel_item i where i.number like 'B0%%'
"""
VALUES = """
insert into measure_value (id, indicator_id, about_organisation_id, about_code, about_name, period, gender, value,
    missing, learned_at, note)
select gen_random_uuid(), i.item_id, i.owner_id, '', '', (2018 + y)::text, 'T', 40 + (right(i.key, 2)::int + 7 * y) %% 60,
    '', timestamptz '2019-01-20' + y * interval '1 year', ''
from measure_indicator i, generate_series(1, %(years)s) y where i.key like 'b0%%'
"""


@dataclass(frozen=True, slots=True)
class Data:
    """A database ready to be served, and what the client needs: a signed-in session and the addresses to ask for."""

    url: str
    cookie: str
    rows: int

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url}


@contextmanager
def pages_data(cache: Path, say: Say) -> Iterator[tuple[int, dict[int, Data]]]:
    """The server's process and the data of each size, while the block runs; built where the cache lacks it."""
    with bench_server(cache) as server:
        names = {rows: f"pages_{rows}_{shape(__file__)}" for rows in SIZES}
        _build(server, names, say)
        data = {
            rows: Data(server.url(postgres_roles.APP, name), _session(server, name), rows)
            for rows, name in names.items()
        }
        yield server.process_id() or 0, data


def _build(server: Any, names: dict[int, str], say: Say) -> None:
    if set(names.values()) <= standing(server):
        return
    forget_old(server, "pages_")
    build_base(server, "pages_base", say)
    for rows, name in names.items():
        say(f"building {rows} indicators with {rows * YEARS} values")
        server.copy_database("pages_base", "pages_new")
        point_at(server, "pages_new")
        _fill(rows)
        publish(server, "pages_new", name)
        with server.connect(name) as connection:
            connection.execute(FILL.encode())
            connection.execute("vacuum analyze")


def _fill(rows: int) -> None:
    from django.db import connection

    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.models import Organisation
    from medskick.kernel.organisations.scope import scope

    region = Organisation.objects.get(kind=Organisation.REGION)
    with scope(system(region.id).scope()), connection.cursor() as cursor:
        cursor.execute(ITEMS, {"owner": region.id, "count": rows})
        cursor.execute(INDICATORS, {})
        cursor.execute(VALUES, {"years": YEARS})


def _session(server: Any, name: str) -> str:
    """The cookie of someone who has signed in at the region with a role that keeps indicators."""
    from django.db import connection

    point_at(server, name)
    with server.connect(name) as inside, inside.cursor() as cursor:
        cursor.execute(
            "select e.person_id, e.id from kernel_employment e join kernel_organisation o on o.id = e.organisation_id"
            " where o.kind = 'region' order by e.id limit 1"
        )
        found = cursor.fetchone()
    if found is None:
        raise RuntimeError("The example region employs nobody")
    person, employment = found
    session = signed_in_session(person, employment)
    connection.close()
    return f"medskick={session}"

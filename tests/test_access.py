"""Access is denied by default, seen by discovery: every view, every kind and every table is found, none is listed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from medskick.kernel.organisations import row_policies
from medskick.kernel.people.audience import Audience
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.kinds import kinds
from medskick.kernel.records.models import Item, Level
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World, make_world

pytestmark = pytest.mark.django_db

SAMPLES: dict[str, Any] = {"uuid": UUID(int=1), "int": 1, "slug": "finns-inte", "str": "finns-inte", "path": "a/b"}
NOT_OURS = {"django.views.static.serve"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def address(pattern: URLPattern) -> str:
    values = {
        name: SAMPLES.get(type(one).__name__.removesuffix("Converter").lower(), "1")
        for name, one in pattern.pattern.converters.items()
    }
    return reverse(pattern.name, kwargs=values) if pattern.name else ""


VIEWS = sorted(patterns(), key=lambda one: str(one.pattern))


@pytest.mark.parametrize("pattern", VIEWS, ids=lambda one: str(one.pattern) or "start")
def test_every_view_has_a_name_and_an_audience(pattern: URLPattern) -> None:
    assert pattern.name, f"{pattern.pattern} has no name"
    assert isinstance(getattr(pattern.callback, "audience", None), Audience), f"{pattern.name} declares no audience"


@pytest.mark.parametrize(
    "pattern",
    [
        one
        for one in VIEWS
        if getattr(getattr(one.callback, "audience", None), "signed_in", False)
        or getattr(getattr(one.callback, "audience", None), "staff", False)
    ],
    ids=lambda one: str(one.pattern),
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_without_log_in_is_asked_to_log_in(world: World, pattern: URLPattern, method: str) -> None:
    answer = getattr(world.client(), method)(address(pattern))
    assert answer.status_code == 302, f"{pattern.name}: {answer.status_code}"
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    "pattern",
    [one for one in VIEWS if getattr(getattr(one.callback, "audience", None), "staff", False)],
    ids=lambda one: str(one.pattern),
)
def test_a_resident_is_refused_where_staff_work(world: World, pattern: URLPattern) -> None:
    assert world.client(world.resident).get(address(pattern)).status_code == 403
    assert world.client(world.resident).post(address(pattern)).status_code == 403


@pytest.mark.parametrize("model", list(row_policies.our_models()), ids=lambda model: model._meta.label)
def test_every_table_is_under_its_declared_row_policy(model: Any) -> None:
    policy = getattr(model, "row_policy", None)
    assert policy is not None, "no row_policy"
    with connection.cursor() as cursor:
        cursor.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [model._meta.db_table]
        )
        enabled = cursor.fetchone()
        cursor.execute(
            "select count(*) from pg_policies where tablename = %s and 'medskick_app' = any(roles)",
            [model._meta.db_table],
        )
        policies = cursor.fetchone()[0]
    if isinstance(policy, row_policies.Unscoped):
        assert policy.reason
        assert enabled == (False, False)
    else:
        assert enabled == (True, True)
        assert policies == 4


def test_no_table_stands_outside_the_declarations() -> None:
    declared = {model._meta.db_table for model in row_policies.our_models()}
    others = {"django_migrations", "django_session"}
    tables = {one for one in connection.introspection.table_names() if not one.startswith("procrastinate_")}
    assert tables == declared | others


def test_the_suite_connects_as_the_app_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("medskick_app", False, False)
        cursor.execute("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_definer_functions_belong_to_a_role_that_cannot_log_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.proname, r.rolcanlogin, r.rolsuper, p.proconfig from pg_proc p"
            " join pg_roles r on r.oid = p.proowner join pg_namespace n on n.oid = p.pronamespace"
            " where p.prosecdef and n.nspname = 'public'"
        )
        functions = cursor.fetchall()
    assert len(functions) >= 5
    for name, can_log_in, superuser, config in functions:
        assert (can_log_in, superuser) == (False, False), name
        assert any(one.startswith("search_path=") for one in config), name


LEVELS_SEEN = {
    Level.PUBLIC: {"owner", "colleague", "stranger", "resident", "nobody"},
    Level.ORGANISATION: {"owner", "colleague"},
    Level.UNIT: {"owner", "colleague"},
    Level.PARTIES: {"owner"},
    Level.SEALED: {"owner"},
}


@pytest.mark.parametrize("kind", sorted(one.key for one in kinds()))
def test_four_ways_of_reading_a_kind_give_the_same_answer(world: World, kind: str) -> None:
    """Page, search, list and raw SQL, for each of the known people and for somebody without log-in."""
    word = f"brygga{uuid4().hex[:6]}"
    for level, seen_by in LEVELS_SEEN.items():
        readers = {Level.UNIT: [world.unit.id], Level.PARTIES: [world.owner.person], Level.SEALED: [world.owner.person]}
        with world.acting(world.owner):
            item = create_item(
                by=world.owner, kind=kind, title=f"{word} {level}", level=level, readers=readers.get(level, [])
            )
        for name in ("owner", "colleague", "stranger", "resident", "nobody"):
            actor = getattr(world, name, None) or world.phone(world.sotenas)
            with world.acting(actor):
                with connection.cursor() as cursor:
                    cursor.execute("select count(*) from kernel_item where id = %s", [item.id])
                    by_sql = cursor.fetchone()[0] == 1
                by_list = item in list(Item.objects.of_kind(kind))
                by_search = item in search(word).items
            by_page = world.client(actor).get(f"/spar/{item.number}").status_code == 200
            told = {"sql": by_sql, "list": by_list, "search": by_search, "page": by_page}
            assert set(told.values()) == {name in seen_by}, (level, name, told)


def test_all_engines_are_there() -> None:
    assert {"kernel", "dialog", "plan", "services", "measure"} <= {config.label for config in apps.get_app_configs()}

"""A scope is one transaction: nothing outlives it, and nothing of a page that fails is half saved."""

from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import NoScope, Scope, abandon, before_commit, current_scope, scope
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Level, Record
from medskick.kernel.tests.world import World, make_world

ENDINGS = {"404": Http404("borta"), "403": PermissionDenied("nej"), "500": RuntimeError("trasig")}


@audience(PUBLIC)
def write_and_end(request: HttpRequest, ending: str) -> HttpResponse:
    """Writes an item with its log row and diary number, and then goes wrong, or not."""
    item = create_item(by=request.actor, kind="kernel.document", title=f"Skrivet {ending}", level=Level.PUBLIC)
    register(item, by=request.actor)
    if ending in ENDINGS:
        raise ENDINGS[ending]
    return HttpResponse("svar", status=int(ending))


def urls_with_a_page_that_writes() -> ModuleType:
    module = ModuleType("urls_with_a_page_that_writes")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("prov/<str:ending>", write_and_end, name="write_and_end"),
        path("", include("medskick.project.urls")),
    ]
    return module


@pytest.mark.parametrize(
    ("ending", "saved"),
    [("200", True), ("409", True), ("404", False), ("403", False), ("500", False), ("503", False)],
)
def test_nothing_is_half_saved(world: World, settings: Any, ending: str, saved: bool) -> None:
    settings.ROOT_URLCONF = urls_with_a_page_that_writes()
    browser = Client(raise_request_exception=False)
    assert browser.get(f"/tanum/prov/{ending}").status_code == int(ending)
    with world.acting(world.owner):
        assert Item.objects.filter(title=f"Skrivet {ending}").exists() == saved
        assert [one.serial for one in Record.objects.all()] == ([1] if saved else [])


def settings_in_database() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('medskick.' || name, true), '')"
            " from unnest(array['acting', 'own', 'reach']) name"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_keeps_nothing_of_a_scope() -> None:
    """The same connection serves the next visitor: what the last one could read must be gone with her transaction."""
    world = make_world()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (same,) = cursor.fetchone()
    with world.acting(world.owner):
        create_item(by=world.owner, kind="kernel.document", title="Intern")
        assert Item.objects.count() == 1
        assert any(settings_in_database())
    assert (settings_in_database(), Item.objects.count()) == (["", "", ""], 0)
    with pytest.raises(RuntimeError), world.acting(world.owner):
        raise RuntimeError("avbruten")
    assert (settings_in_database(), Item.objects.count()) == (["", "", ""], 0)
    world.client(world.owner).get("/arbete")
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        assert cursor.fetchone() == (same,)
    assert settings_in_database() == ["", "", ""]


def test_an_error_inside_an_inner_scope_leaves_the_outer_one_as_it_was(world: World) -> None:
    with world.acting(world.owner):
        mine = create_item(by=world.owner, kind="kernel.document", title="Min")
        before = settings_in_database()
        with pytest.raises(RuntimeError), world.acting(world.stranger):
            assert not Item.objects.filter(id=mine.id).exists()
            raise RuntimeError("avbruten")
        assert settings_in_database() == before
        assert current_scope() == world.owner.scope()
        assert Item.objects.filter(id=mine.id).exists()


def test_an_abandoned_inner_scope_takes_the_whole_with_it(world: World) -> None:
    with world.acting(world.owner):
        create_item(by=world.owner, kind="kernel.document", title="Yttre")
        with world.acting(world.owner):
            create_item(by=world.owner, kind="kernel.document", title="Inre")
            abandon()
    with world.acting(world.owner):
        assert Item.objects.count() == 0


def test_what_is_left_for_the_end_runs_once_in_order_and_as_the_one_who_left_it(world: World) -> None:
    done: list[tuple[str, object]] = []

    def leave(word: str, **how: object) -> None:
        before_commit(lambda: done.append((word, current_scope().acting)), **how)

    with world.acting(world.owner):
        leave("sist", order="b")
        with scope(system(world.sotenas.id).scope()):
            leave("hos grannen", order="a")
        leave("en gång", once="x")
        leave("en gång till", once="x")
        assert done == []
    assert done == [("en gång", world.tanum.id), ("hos grannen", world.sotenas.id), ("sist", world.tanum.id)]


def test_both_diaries_get_their_number_when_a_letter_goes_from_one_to_the_other(world: World) -> None:
    with world.acting(world.owner):
        sent = register(create_item(by=world.owner, kind="kernel.document", title="Skickat"), by=world.owner)
        receiving = system(world.sotenas.id)
        with scope(receiving.scope()):
            came = register(create_item(by=receiving, kind="kernel.document", title="Kom in"), by=receiving)
    with world.acting(world.owner):
        assert Record.objects.get(pk=sent.pk).serial == 1
    with world.acting(world.stranger):
        assert Record.objects.get(pk=came.pk).serial == 1


def test_outside_a_scope_nothing_can_be_left_for_later() -> None:
    with pytest.raises(NoScope):
        current_scope()
    with pytest.raises(NoScope):
        before_commit(lambda: None)


def test_a_scope_without_organisation_writes_nowhere(world: World) -> None:
    with scope(Scope(None)), pytest.raises(PermissionDenied):
        create_item(by=world.owner, kind="kernel.document", title="Ingenstans")

"""Places where help is given: who looks after them, and when help is given next."""

from dataclasses import replace
from datetime import datetime, time

import pytest
from django.utils import timezone

from medskick.kernel.assistance.models import HandoverNote, HelpPlace
from medskick.kernel.assistance.queries import next_time
from medskick.kernel.assistance.tests.people import said
from medskick.kernel.tests.world import World, page_queries

LIBRARY = {
    "name": "Biblioteket",
    "address": "Storgatan 1",
    "weekdays": ["0", "3"],
    "opens": "10:00",
    "closes": "12:00",
    "hours": "Stängt vecka 29",
}
NEW = "/arbete/administration/hjalpplatser/ny"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 11, 24, 9, 0), (2026, 11, 26, 10, 0)),  # Tuesday: on Thursday
        ((2026, 11, 26, 11, 59), (2026, 11, 26, 10, 0)),  # it goes on
        ((2026, 11, 26, 12, 0), (2026, 11, 30, 10, 0)),  # over: on Monday
        ((2026, 12, 24, 13, 0), (2026, 12, 28, 10, 0)),
        ((2026, 12, 29, 9, 0), (2026, 12, 31, 10, 0)),
        ((2027, 3, 26, 9, 0), (2027, 4, 1, 10, 0)),  # Easter Monday is passed over
    ],
)
def test_when_next(now: tuple[int, ...], expected: tuple[int, ...]) -> None:
    place = HelpPlace(weekdays=[0, 3], opens=time(10), closes=time(12))
    found = next_time(place, timezone.make_aware(datetime(*now)))  # type: ignore[arg-type]
    assert found == timezone.make_aware(datetime(*expected))  # type: ignore[arg-type]


def test_an_administrator_looks_after_them_and_everybody_sees_them(world: World) -> None:
    browser, visitor = world.client(world.owner), world.client()
    assert browser.post(NEW, LIBRARY).status_code == 302
    assert browser.post(NEW, LIBRARY).status_code == 422  # the name is taken
    page = said(visitor.get("/tanum/hjalp-pa-plats"))
    for words in ("Tanum kommun", "Biblioteket", "måndag och torsdag 10.00–12.00", "Stängt vecka 29"):
        assert words in page
    assert "Biblioteket" in said(visitor.get("/hjalp-pa-plats"))
    assert "Biblioteket" not in said(visitor.get("/sotenas/hjalp-pa-plats"))
    place = HelpPlace.objects.get()
    address = f"/arbete/administration/hjalpplatser/{place.id}"
    stranger = world.client(world.stranger)
    assert stranger.get(address).status_code == stranger.post(f"{address}/avslut").status_code == 404
    assert browser.post(address, LIBRARY | {"name": "Servicebutiken"}).status_code == 302
    assert "Servicebutiken" in said(visitor.get("/tanum/hjalp-pa-plats"))
    assert browser.post(f"{address}/avslut").status_code == 302
    assert "Servicebutiken" not in said(visitor.get("/tanum/hjalp-pa-plats"))
    assert browser.post(NEW, LIBRARY).status_code == 302  # the name is free again


@pytest.mark.parametrize(
    "changed",
    [{"weekdays": []}, {"weekdays": ["9"]}, {"closes": "09:00"}, {"opens": "sent"}, {"name": ""}, {"name": "\0"}],
)
def test_what_makes_no_schedule_is_refused(world: World, changed: dict[str, object]) -> None:
    assert world.client(world.owner).post(NEW, LIBRARY | changed).status_code == 422
    assert HelpPlace.objects.count() == 0


def test_the_public_page_costs_the_same_with_more_places(world: World) -> None:
    browser, visitor = world.client(world.owner), world.client()
    browser.post(NEW, LIBRARY)
    visitor.get("/hjalp-pa-plats")
    one = page_queries(visitor, "/hjalp-pa-plats")
    for number in range(2):
        browser.post(NEW, LIBRARY | {"name": f"Plats {number}"})
    assert len(page_queries(visitor, "/hjalp-pa-plats")) == len(one) <= 6


def test_helpers_leave_word_to_each_other_and_nobody_else_reads_it(world: World) -> None:
    browser = world.client(world.owner)
    browser.post(NEW, LIBRARY)
    place = HelpPlace.objects.get()
    page = "/arbete/hjalp/overlamning"
    left = {"place": str(place.id), "text": "Skrivaren saknar papper"}
    assert browser.post(page, left | {"text": "Hjälpte 19480302-2385 med ansökan"}).status_code == 422
    assert browser.post(page, left | {"text": ""}).status_code == 422
    assert world.client(world.stranger).post(page, left).status_code == 422  # not their place
    assert browser.post(page, left).status_code == 302
    colleague = world.client(world.colleague)
    assert "Skrivaren saknar papper" in said(colleague.get(page))
    for actor in (world.stranger, world.regional, world.resident, replace(world.owner, roles=frozenset({"registrar"}))):
        with world.acting(actor):
            assert HandoverNote.objects.count() == 0
    with world.acting(world.owner):
        note = HandoverNote.objects.get()
    assert world.client(world.stranger).post(f"{page}/{note.id}/klar").status_code == 404
    assert colleague.post(f"{page}/{note.id}/klar").status_code == 302
    assert "Skrivaren saknar papper" not in said(browser.get(page))

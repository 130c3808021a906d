"""A helper at the library does a task for a resident without eID, and the resident sees and objects to it later."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from medskick.kernel.assistance.actions.objecting import decide_objection
from medskick.kernel.assistance.actions.places import Schedule, open_help_place
from medskick.kernel.assistance.models import HelpPlace, Objection, ObjectionDecision
from medskick.kernel.assistance.tests.people import Neighbours, begin, said, send_opinion, stated
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.records.models import Record
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World, page_queries
from medskick.lib.dates import say_date

WRONG = "Jag ville skriva om en lampa, inte om en bänk."


def helped(world: World, number: str) -> None:
    with world.acting(world.owner):
        where = HelpPlace.objects.filter(name="Biblioteket").first() or open_help_place(
            by=world.owner,
            name="Biblioteket",
            address="Storgatan 1",
            schedule=Schedule((0, 3), time(10), time(12)),
        )
    browser = world.client(world.owner)
    begin(browser, "stated", place=str(where.id), **stated(number))
    send_opinion(browser)
    browser.post("/tanum/hjalp/sluta")


def objected(world: World, neighbours: Neighbours) -> tuple[Any, str]:
    helped(world, neighbours.astrid)
    astrid = neighbours.log_in(neighbours.astrid)
    (given,) = astrid.get("/mina/hjalp").context["given"]
    sent = astrid.post(given.object_url, {"text": WRONG})
    assert sent.status_code == 302, said(sent)
    return astrid, sent["Location"]


def test_the_whole_journey(world: World, neighbours: Neighbours) -> None:
    helped(world, neighbours.astrid)
    astrid = neighbours.log_in(neighbours.astrid)
    seen = said(astrid.get("/mina/hjalp"))
    for words in (
        "Olle Ägare hjälpte dig",
        "Biblioteket, Tanum kommun",
        "vid disken",
        "Hjälparens skäl: Har ingen e-legitimation",
        "Skickade in ett ärende",
        "hjälparen avslutade",
    ):
        assert words in seen, (words, seen)
    (given,) = astrid.get("/mina/hjalp").context["given"]
    assert astrid.post(given.object_url, {"text": ""}).status_code == 422
    mine = astrid.post(given.object_url, {"text": WRONG})["Location"]
    assert WRONG in said(astrid.get(mine))
    assert astrid.post(given.object_url, {"text": "En gång till"}).status_code == 422
    # It is registered, waits at the registrar's unit with a day, and is told in a list without a name.
    with world.acting(world.colleague):
        objection = Objection.objects.get()
        assert Record.objects.get(item_id=objection.item_id).owner_id == world.tanum.id
        task = Task.objects.get(item_id=objection.item_id)
        assert (task.unit_id, task.due) == (world.unit.id, objection.due)
    registrar = world.client(world.colleague)
    listed = said(registrar.get("/arbete/invandningar"))
    assert "Väntar" in listed
    assert "Astrid" not in listed
    address = f"/arbete/invandningar/{objection.item_id}"
    page = said(registrar.get(address))
    assert WRONG in page
    assert "Olle Ägare hjälpte dig: " in page
    assert registrar.post(address, {"outcome": "upheld", "reason": ""}).status_code == 422
    answered = {"outcome": "upheld", "reason": "Ärendet är ändrat till en lampa."}
    assert registrar.post(address, answered).status_code == 302
    assert registrar.post(address, answered).status_code == 422
    with world.acting(world.colleague):
        assert Task.objects.get(item_id=objection.item_id).done_at is not None
    told = said(astrid.get(mine))
    assert "Du har rätt, och vi rättar det" in told
    assert "Ärendet är ändrat till en lampa." in told
    with scope(Scope(None, reach=frozenset({find_person_by_number(neighbours.astrid)}))):
        assert Notification.objects.get().url.endswith(mine.removeprefix("/tanum"))


def test_whoever_objects_is_thanked_and_told_what_happens_and_when(world: World, neighbours: Neighbours) -> None:
    astrid, mine = objected(world, neighbours)
    with world.acting(world.colleague):
        objection = Objection.objects.get()
    day = say_date(objection.due)
    first, page = said(astrid.get(mine)), said(astrid.get(mine))
    assert f"Tack. Din invändning har kommit fram. Tanum kommun svarar senast {day}." in first
    # The thanks are said once; what happens now stands there until the answer does.
    assert "Tack." not in page
    for told in ("Det här händer nu", "En registrator tar reda på vad som hände", f"senast {day}", "Svaret kommer hit"):
        assert told in page, told
    followed = astrid.get(mine).content.decode()
    assert '/mina/hjalp"' in followed and "Dina meddelanden" in followed
    with world.acting(world.colleague):
        decide_objection(objection, by=world.colleague, outcome="upheld", reason="Vi rättar det.")
    answered = said(astrid.get(mine))
    assert "Du har fått svar" in answered and "Det här händer nu" not in answered


def test_who_reads_an_objection(world: World, neighbours: Neighbours) -> None:
    astrid, mine = objected(world, neighbours)
    item = mine.rsplit("/", 1)[1]
    assert astrid.get(mine).status_code == 200
    assert neighbours.log_in(neighbours.bo).get(mine).status_code == 404
    assert world.client(world.stranger).get(f"/arbete/invandningar/{item}").status_code == 404
    assert world.client(world.stranger).get(mine).status_code == 404
    for actor in (world.stranger, world.regional, world.resident):
        with world.acting(actor):
            assert (Objection.objects.count(), ObjectionDecision.objects.count()) == (0, 0)


def test_the_one_it_is_about_does_not_answer_it(world: World, neighbours: Neighbours) -> None:
    _astrid, mine = objected(world, neighbours)
    with world.acting(world.owner):
        objection = Objection.objects.get()
        with pytest.raises(PermissionDenied):
            decide_objection(objection, by=world.owner, outcome="not_upheld", reason="Jag gjorde rätt.")
    page = world.client(world.owner).get(f"/arbete/invandningar/{objection.item_id}")
    assert "En annan registrator svarar" in said(page)
    with world.acting(world.resident), pytest.raises(DatabaseError), transaction.atomic():
        ObjectionDecision(objection=objection, outcome="upheld", reason="x", by_name="y").save(force_insert=True)


def test_nobody_objects_to_help_that_another_got(world: World, neighbours: Neighbours) -> None:
    helped(world, neighbours.astrid)
    (given,) = neighbours.log_in(neighbours.astrid).get("/mina/hjalp").context["given"]
    bo = neighbours.log_in(neighbours.bo)
    assert bo.get(given.object_url).status_code == 404
    assert bo.post(given.object_url, {"text": WRONG}).status_code == 404
    assert bo.get("/mina/hjalp").context["given"] == []


def test_the_lists_cost_the_same_with_more_rows(world: World, neighbours: Neighbours) -> None:
    astrid, _mine = objected(world, neighbours)
    registrar, resident = world.client(world.colleague), astrid
    pages = [(resident, "/mina/hjalp", 11), (registrar, "/arbete/invandningar", 8)]
    page_queries(resident, "/mina/hjalp")
    few = [len(page_queries(browser, page)) for browser, page, _most in pages]
    for _again in range(2):
        objected_again(world, neighbours, astrid)
    many = [len(page_queries(browser, page)) for browser, page, _most in pages]
    assert few == many
    assert all(cost <= most for cost, (_browser, _page, most) in zip(many, pages, strict=True)), many


def objected_again(world: World, neighbours: Neighbours, astrid: Any) -> None:
    helped(world, neighbours.astrid)
    url = next(one.object_url for one in astrid.get("/mina/hjalp").context["given"] if one.object_url)
    assert astrid.post(url, {"text": WRONG}).status_code == 302


def test_what_came_in_is_told_by_channel_but_not_of_the_few(world: World, neighbours: Neighbours) -> None:
    for _time in range(5):
        helped(world, neighbours.astrid)
    send_opinion(neighbours.log_in(neighbours.bo))
    page = said(world.client(world.colleague).get("/arbete/hjalp/sa-kom-det-in"))
    assert "ärende vid disken 5" in page
    assert "ärende på webben färre än 5" in page
    assert "Inget har kommit in" in said(world.client(world.stranger).get("/arbete/hjalp/sa-kom-det-in"))

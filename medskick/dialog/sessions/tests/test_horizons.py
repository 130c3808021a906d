"""Proposals under 1, 3, 5 and 10 years: alone on the phone, together on the board, and as it stood on a day."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.actions.asking import add_step, open_step
from medskick.dialog.sessions.actions.placing import add_entry, move_entry, place_entry
from medskick.dialog.sessions.models import Answer, Cluster, Placing, SessionRole, Step
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.horizon_board import board_of, entries_of
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.people.roles import CASE_OFFICER

WORK = "/tanum/arbete/lyssna"
LINES = ["Gemensam upphandling", "Samma kunskap", "Fasa ut papper"]


def horizons(room: Room, **settings: Any) -> Step:
    with room.world.acting(room.world.owner):
        given = settings or {"lines": LINES}
        step = add_step(room.session, by=room.world.owner, text="Digital destination", kind="horizons", settings=given)
        open_step(step, by=room.world.owner)
    return step


def vote(room: Room, step: Step, **given: str) -> Any:
    data = {name.replace("rad", "rad-"): years for name, years in given.items()}
    return Client().post(f"/tanum/delta/{room.session.code}/svar/{step.id}", data)


def place(room: Room, step: Step, key: str, years: int | None, why: str = "") -> Placing:
    with room.world.acting(room.world.owner):
        return place_entry(step, by=room.world.owner, key=key, years=years, motivation=why)


def test_each_votes_and_the_group_agrees_beside_the_votes(room: Room) -> None:
    step = horizons(room)
    for given in ({"rad1": "1", "rad2": "3"}, {"rad1": "1"}, {"rad1": "5", "rad3": ""}):
        assert vote(room, step, **given).status_code == 302
    place(room, step, "rad-1", 3, "Avtalet löper ut om två år")
    with room.world.acting(room.world.owner):
        board = board_of(step, list(Answer.objects.filter(step=step)))
        assert [[card.entry.title for card in one.cards] for one in board.columns] == [
            [],
            ["Gemensam upphandling"],
            [],
            [],
        ]
        assert board.columns[1].cards[0].counts == [2, 0, 1, 0]
        assert [card.entry.title for card in board.waiting] == ["Samma kunskap", "Fasa ut papper"]
        assert result_of(step).outcome.finding == "Inom 3 år: 1. Inget att påbörja inom 1 år, 5 år och 10 år."


def test_a_phone_changes_its_vote_and_gets_it_back(room: Room) -> None:
    step, phone = horizons(room), Client()
    address = f"/tanum/delta/{room.session.code}"
    for years in ("1", "10"):
        phone.post(f"{address}/svar/{step.id}", {"rad-1": years})
    with room.world.acting(room.world.owner):
        assert [one.value for one in Answer.objects.filter(step=step)] == [{"placed": {"rad-1": 10}}]
        assert Answer.objects.get(step=step).text == "Gemensam upphandling: inom 10 år"
    page = phone.get(address).content.decode()
    assert 'value="10" class="ds-input" id="id_rad-1_3" checked' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rad1": "7"}, "Välj 1, 3, 5 eller 10 år"),
        ({"rad1": "", "rad2": ""}, "Välj när minst ett av förslagen behöver påbörjas"),
        ({"rad9": "1"}, "Välj när minst ett av förslagen behöver påbörjas"),
    ],
)
def test_a_bad_vote_is_explained(room: Room, given: dict[str, str], words: str) -> None:
    refused = vote(room, horizons(room), **given)
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_the_latest_placing_holds_and_the_earlier_are_kept(room: Room) -> None:
    step = horizons(room)
    for key, years in (("rad-1", 1), ("rad-2", 1), ("rad-1", 5), ("rad-1", 5), ("rad-3", None)):
        place(room, step, key, years)
    with room.world.acting(room.world.owner):
        board = board_of(step, [])
        assert [[card.entry.key for card in one.cards] for one in board.columns] == [["rad-2"], [], ["rad-1"], []]
        assert [card.entry.key for card in board.aside] == ["rad-3"]
        assert Placing.objects.filter(step=step).count() == 4
        assert {one.by_name for one in Placing.objects.filter(step=step)} == {room.world.owner.name}


def test_proposals_change_places_in_their_column(room: Room) -> None:
    step, owner = horizons(room), room.world.owner
    for key in ("rad-1", "rad-2", "rad-3"):
        place(room, step, key, 1)
    with room.world.acting(owner):
        move_entry(step, by=owner, key="rad-3", up=True)
        move_entry(step, by=owner, key="rad-1", up=True)
        assert [card.entry.key for card in board_of(step, []).columns[0].cards] == ["rad-1", "rad-3", "rad-2"]
        place_entry(step, by=owner, key="rad-2", years=3)
        with pytest.raises(NotPossible, match="under en horisont först"):
            move_entry(step, by=owner, key="rad-99", up=True)


def test_the_proposals_are_the_clusters_of_the_nearest_notes_before(room: Room) -> None:
    world = room.world
    with world.acting(world.owner):
        earlier = room.step
        cluster = Cluster(step=earlier, title="Ledning", position=1)
        cluster.save(force_insert=True)
    step = horizons(room, from_step="")
    with world.acting(world.owner):
        assert [(one.key, one.title) for one in entries_of(step)] == [(str(cluster.id), "Ledning")]
        add_entry(step, by=world.owner, title="  Mod  ")
        assert add_entry(step, by=world.owner, title="mod").title == "Mod"
        assert [one.title for one in entries_of(step)] == ["Ledning", "Mod"]
        place_entry(step, by=world.owner, key=str(cluster.id), years=10)
        place_entry(step, by=world.owner, key="rad-1", years=1)
        assert [[card.entry.title for card in one.cards] for one in board_of(step, []).columns] == [
            ["Mod"],
            [],
            [],
            ["Ledning"],
        ]
    form = world.client(world.owner).get(f"{WORK}/moten/{room.session.pk}/steg/nytt/horizons").content.decode()
    assert f"Steg 1: {room.step.text}" in form


def test_only_the_leader_and_the_recorder_place(room: Room) -> None:
    step, world = horizons(room), room.world
    officer = replace(world.colleague, roles=frozenset({CASE_OFFICER}))
    for actor in (world.stranger, officer):
        with world.acting(actor), pytest.raises(PermissionDenied):
            place_entry(step, by=actor, key="rad-1", years=1)
    with world.acting(world.owner):
        role = SessionRole(
            session=room.session, role=SessionRole.RECORDER, person=world.colleague.person, name="Antecknaren"
        )
        role.save(force_insert=True)
    with world.acting(officer):
        place_entry(step, by=officer, key="rad-1", years=1)
    assert world.client(world.stranger).get(f"{WORK}/steg/{step.id}/horisonter").status_code in (403, 404)
    assert world.client(world.colleague).get(f"{WORK}/steg/{step.id}/horisonter").status_code == 200


def test_the_board_by_plain_forms(room: Room) -> None:
    step, browser = horizons(room), room.world.client(room.world.owner)
    board = f"{WORK}/steg/{step.id}/horisonter"
    page = browser.get(board).content.decode()
    assert "Inte placerade än" in page
    browser.post(f"{board}/placering", {"entry": "rad-1", "years": "3", "motivation": "Avtalet löper ut"})
    browser.post(f"{board}/placering", {"entry": "rad-2", "years": "0"})
    browser.post(f"{board}/forslag", {"title": "Mod"})
    page = browser.get(board).content.decode()
    assert "Avtalet löper ut" in page
    assert "Inget att påbörja inom 10 år" in page
    assert "Lagda åt sidan" in page
    assert "Mod" in page
    for data, words in (
        ({"entry": "rad-1", "years": "7"}, "finns inte att välja"),
        ({"entry": "rad-1", "years": ""}, "Välj var förslaget ska ligga"),
        ({"entry": "rad-1", "years": "1", "motivation": "x" * 501}, "Korta den till högst 500"),
    ):
        refused = browser.post(f"{board}/placering", data)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    gone = browser.post(f"{board}/placering", {"entry": "rad-77", "years": "1"}, follow=True).content.decode()
    assert "Förslaget finns inte längre" in gone
    browser.post(f"{board}/ordning", {"forslag": "rad-1", "riktning": "upp"})
    assert browser.get(f"{WORK}/steg/{uuid4()}/horisonter").status_code == 404


def test_the_snapshot_says_how_it_stood_on_a_day(room: Room) -> None:
    step, owner = horizons(room), room.world.owner
    then = datetime(2026, 9, 17, 12, tzinfo=UTC)
    with room.world.acting(owner):
        place_entry(step, by=owner, key="rad-1", years=5, at=then)
        place_entry(step, by=owner, key="rad-1", years=1, motivation="Nu", at=then + timedelta(days=2))
    browser = room.world.client(owner)
    old = browser.get(f"{WORK}/steg/{step.id}/horisonter.json?dag=2026-09-17")
    found = json.loads(old.content)
    assert [(one["years"], one["empty"]) for one in found["horizons"]] == [(1, True), (3, True), (5, False), (10, True)]
    assert "2026-09-17.json" in old["Content-Disposition"]
    new = json.loads(browser.get(f"{WORK}/steg/{step.id}/horisonter.json?dag=2026-09-19").content)
    assert new["horizons"][0]["entries"][0] == {
        "title": "Gemensam upphandling",
        "notes": 0,
        "votes": {"1": 0, "3": 0, "5": 0, "10": 0},
        "motivation": "Nu",
    }
    text = browser.get(f"{WORK}/steg/{step.id}/horisonter.csv?dag=2026-09-19").content.decode("utf-8-sig")
    assert "Inget att påbörja inom 10 år." in text
    assert browser.get(f"{WORK}/steg/{step.id}/horisonter.csv?dag=i+morgon").status_code == 404


def test_the_wall_shows_the_empty_horizon_and_nothing_while_hidden(room: Room) -> None:
    step, browser = horizons(room), room.world.client(room.world.owner)
    place(room, step, "rad-1", 1)
    wall = f"{WORK}/moten/{room.session.pk}/projektor"
    assert "Inget att påbörja inom 10 år" in browser.get(wall).content.decode()
    browser.post(f"{WORK}/steg/{step.id}/visning", {"visa": "nej"})
    page = browser.get(wall).content.decode()
    assert "Gemensam upphandling" not in page
    assert "Resultatet visas senare" in page


def test_too_many_or_too_long_proposals_are_explained(room: Room) -> None:
    browser, page = room.world.client(room.world.owner), f"{WORK}/moten/{room.session.pk}/steg/nytt/horizons"
    many = browser.post(page, {"text": "Destination", "lines": "\n".join(f"Förslag {one}" for one in range(41))})
    assert many.status_code == 422
    assert "Fler än 40 går inte att överblicka" in many.content.decode()
    long = browser.post(page, {"text": "Destination", "lines": "å" * 201})
    assert "Korta den till högst 200" in long.content.decode()

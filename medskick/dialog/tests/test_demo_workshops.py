"""The example's workshops have all that a workshop can have, and say how far each has come."""

from dataclasses import dataclass
from datetime import date

import pytest

from medskick.dialog import demo_workshops as workshops
from medskick.dialog.api import chain_of, gathered_in, plan_session
from medskick.dialog.sessions.models import Attendance, LiveSession, Participant, ReadMark, SessionRole, Step, Summary
from medskick.dialog.sessions.report import staff_report
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.horizon_board import board_of
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.tests.world import World, make_organisation

TODAY = date(2026, 11, 24)
WORK = "/arbete/lyssna"


@dataclass
class Built:
    world: World
    shops: workshops.Workshops

    def steps(self, key: str) -> list[Step]:
        with self.world.acting(self.world.regional):
            return list(self.shops.sessions[key].steps.in_order())


@pytest.fixture
def built(world: World) -> Built:
    earlier = {}
    for key, leader in (("digitalisering", world.regional), ("atervinning", world.owner)):
        with world.acting(leader):
            earlier[key] = plan_session(by=leader, title=key, held_on=TODAY)
    others = [make_organisation(name, region=world.region) for name in ("Lysekil", "Mellerud", "Orust")]
    shops = workshops.run(
        leaders={"fyrbodal": world.regional, "tanum": world.owner},
        colleagues={"tove": world.owner, "lena": world.colleague},
        networks={"E-nätverket": world.network},
        municipalities=[world.tanum, world.sotenas, *others],
        earlier=earlier,
        today=TODAY,
    )
    return Built(world, shops)


def test_digital_destination_is_whole(built: Built) -> None:
    session = built.shops.sessions["destination"]
    _talk, notes, buzz, summary, horizons = built.steps("destination")
    with built.world.acting(built.world.regional):
        assert session.state == LiveSession.CONFIRMED
        assert plain(result_of(notes).outcome.finding) == "31 lappar i 5 grupper"
        assert plain(result_of(buzz).outcome.finding) == "7 av 7 grupper har skrivit"
        assert [one.number for one in Summary.objects.filter(step=summary).order_by("number")] == [1, 2]
        assert plain(result_of(summary).outcome.finding) == "13 av 14 säger att version 2 stämmer"
        assert board_of(horizons, []).empty == [10]
        assert [card.entry.title for card in board_of(horizons, []).aside] == [workshops.PUT_ASIDE[0]]
        assert Attendance.objects.filter(session=session, present=True).count() == 14
        # What came by mail is not a phone that was asked the other steps.
        assert Participant.objects.filter(session=session).count() == 15
        assert plain(result_of(horizons).sentence) == "14 telefoner har svarat"
        assert [one.state.partition(":")[0] for one in staff_report(session).afterwards] == [
            "med i resultatet",
            "inte med",
        ]
        for title, one in workshops.NOTES.items():
            gathered = gathered_in(built.shops.clusters[title].id)
            assert gathered is not None
            late = [workshops.LATE_ACCEPTED] if title == workshops.NOBODY_OUTSIDE else []
            assert sorted(answer.text for answer in gathered.answers) == sorted([*one.notes, *late])
    with built.world.acting(built.world.owner):
        assert ReadMark.objects.filter(person=built.world.owner.person).count() == 1


def test_the_three_drafts_have_come_differently_far(built: Built) -> None:
    with built.world.acting(built.world.regional):
        lacking = {}
        for title, answer in built.shops.drafts.items():
            chain = chain_of(answer)
            assert chain is not None
            lacking[title] = [part for part, _labels in chain.lacking]
        assert lacking == {
            workshops.COMPLETE: [],
            workshops.WITHOUT_HOW: ["HUR"],
            workshops.WITHOUT_FIELDS: ["VAD", "VEM", "HUR"],
        }
        assert built.shops.sessions["vad-vem-hur"].state == LiveSession.HELD


def test_tanum_can_rehearse(built: Built) -> None:
    session, owner = built.shops.sessions["tanum"], built.world.owner
    with built.world.acting(owner):
        assert (session.state, session.programme) == (LiveSession.PLANNED, "given_questions 1")
        recorder = SessionRole.objects.get(session=session, role=SessionRole.RECORDER)
        assert recorder.person == built.world.colleague.person
        assert Attendance.objects.filter(session=session).count() == len(workshops.INVITED_IN_TANUM)
        assert session.pre_readings.count() == 1


def test_a_confirmed_workshop_offers_nothing_that_would_be_refused(built: Built) -> None:
    steps = built.steps("destination")
    assert tools(built.world.regional, built, steps) == {
        "Spara sammanfattningen": False,
        "Lägg till": False,
        "Flytta markerade till": False,
    }
    with built.world.acting(built.world.regional):
        LiveSession.objects.filter(pk=steps[0].session_id).update(state=LiveSession.HELD)
    assert set(tools(built.world.regional, built, steps).values()) == {True}


def tools(actor: Actor, built: Built, steps: list[Step]) -> dict[str, bool]:
    _talk, notes, _buzz, summary, horizons = (one.id for one in steps)
    pages = {
        "Spara sammanfattningen": f"{WORK}/steg/{summary}",
        "Lägg till": f"{WORK}/steg/{horizons}/horisonter",
        "Flytta markerade till": f"{WORK}/steg/{notes}/tavla",
    }
    browser = built.world.client(actor)
    return {words: words in browser.get(page).content.decode() for words, page in pages.items()}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")

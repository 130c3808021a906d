"""Planning, opening, ending and cancelling; and who may."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from medskick.dialog.sessions.access import TRANSITIONS, NotPossible
from medskick.dialog.sessions.actions.asking import add_step, close_step, open_step
from medskick.dialog.sessions.actions.planning import (
    cancel_session,
    end_session,
    find_or_make_imported_session,
    open_session,
    plan_session,
)
from medskick.dialog.sessions.models import JoinCode, LiveSession, Step, StepOpening
from medskick.dialog.sessions.queries import open_step_of
from medskick.dialog.sessions.tests.conftest import DAY, Room, make_room
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.models import Record
from medskick.kernel.tests.world import World


def test_an_open_session_has_four_digits_that_no_other_open_one_has(world: World) -> None:
    codes = [make_room(world).session.code for _ in range(5)]
    assert sorted(set(codes)) == sorted(codes)
    assert all(len(code) == 4 and code.isdigit() for code in codes)


def test_an_ended_session_is_registered_and_gives_its_code_back(room: Room) -> None:
    with room.world.acting(room.world.owner):
        ended = end_session(room.session, by=room.world.owner)
        assert end_session(ended, by=room.world.owner).state == LiveSession.HELD
        assert JoinCode.objects.count() == 0
        assert open_step_of(ended) is None
    with room.world.acting(room.world.owner):
        assert [one.diary_number for one in Record.objects.all()] == ["T 2026-00001"]


def test_only_what_the_table_of_transitions_says_happens(world: World) -> None:
    assert TRANSITIONS[LiveSession.CONFIRMED] == TRANSITIONS[LiveSession.CANCELLED] == frozenset()
    assert TRANSITIONS[LiveSession.HELD] == {LiveSession.SUMMARISED}
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Möte", held_on=DAY)
        with pytest.raises(NotPossible, match="Skriv varför"):
            cancel_session(session, by=world.owner, reason=" ")
        cancelled = cancel_session(session, by=world.owner, reason="För få kunde komma.")
        assert cancelled.transitions.get().reason == "För få kunde komma."
        with pytest.raises(NotPossible, match="inställt"):
            open_session(session, by=world.owner)
        with pytest.raises(NotPossible):
            add_step(session, by=world.owner, text="För sent?")


def test_opening_a_question_closes_the_one_before(room: Room) -> None:
    by = room.world.owner
    with room.world.acting(by):
        second = add_step(room.session, by=by, text="Och vad gör du i morgon?")
        open_step(second, by=by)
        open_step(second, by=by)
        assert open_step_of(room.session) == second
        assert StepOpening.objects.filter(closed_at__isnull=True).count() == 1
        close_step(second, by=by)
        assert open_step_of(room.session) is None
        states = Step.objects.with_state().in_order().values_list("was_open", "is_open")
        assert list(states) == [(True, False), (True, False)]


def test_strangers_and_phones_lead_nothing(room: Room) -> None:
    for actor in (room.world.stranger, room.world.resident, room.phone("Ada")):
        with room.world.acting(actor), pytest.raises(PermissionDenied):
            end_session(room.session, by=actor)
    with room.world.acting(room.world.stranger):
        assert LiveSession.objects.count() == 0
    with room.world.acting(room.world.colleague):
        assert LiveSession.objects.count() == 1


def test_a_phone_that_acts_at_the_holder_writes_no_questions_in_the_database(room: Room) -> None:
    room.say("Ada", "Trygghet")
    phone = room.phone("Ada")
    with scope(Scope(room.world.tanum.id, reach=frozenset({phone.device}))):
        assert Step.objects.count() == 1
        assert Step.objects.update(text="Kapad") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Step(session=room.session, position=9, kind="word_cloud", text="Kapad").save(force_insert=True)


def test_a_session_of_a_network_is_read_by_its_seats_and_its_answers_are_not(world: World) -> None:
    with world.acting(world.regional):
        plan_session(by=world.regional, title="Nätverksmöte", held_on=DAY, network=world.network)
    seen = {}
    for name in ("owner", "colleague", "stranger"):
        with world.acting(getattr(world, name)):
            seen[name] = LiveSession.objects.count()
    assert seen == {"owner": 1, "colleague": 0, "stranger": 0}
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        plan_session(by=world.owner, title="Andras", held_on=DAY, network=world.network)


def test_an_imported_session_is_made_once_for_a_network_and_day(world: World) -> None:
    by = world.regional
    with world.acting(by):
        first = find_or_make_imported_session(by=by, network=world.network, held_on=DAY, title="Behovsanalys")
        again = find_or_make_imported_session(by=by, network=world.network, held_on=DAY, title="Annan titel")
        without = find_or_make_imported_session(by=by, network=None, held_on=DAY, title="Behovsanalys")
        assert first == again != without
        assert (first.state, first.imported, first.item.kind) == (LiveSession.HELD, True, "dialog.session")
    with world.acting(by):
        assert Record.objects.count() == 2


def test_the_same_form_sent_twice_makes_one_session_and_one_question(world: World) -> None:
    client = world.client(world.owner)
    key = "0198a1de-0000-7000-8000-000000000001"
    given = {"title": "Möte", "held_on": "2026-09-17", "anonymity": "anonymous", "submission_key": key}
    pages = {client.post("/arbete/lyssna/moten/nytt", given)["Location"] for _ in range(2)}
    assert len(pages) == 1
    asked = {"text": "Varför?", "kind": "word_cloud", "submission_key": key}
    for _ in range(2):
        client.post(f"{pages.copy().pop()}/steg/nytt/word_cloud", asked)
    with world.acting(world.owner):
        assert (LiveSession.objects.count(), Step.objects.count()) == (1, 1)

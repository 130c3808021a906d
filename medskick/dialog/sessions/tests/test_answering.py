"""Answering from a phone: one answer each, changed until the step closes, hidden with a reason, lifted with its voice."""

import threading
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from medskick.dialog.sessions.access import NotPossible, StepClosed, code_token
from medskick.dialog.sessions.actions import answering
from medskick.dialog.sessions.actions.answering import answer_step, claim_voices, join, lift_answer
from medskick.dialog.sessions.actions.asking import close_step, hide_answer, show_answer
from medskick.dialog.sessions.models import Answer, Participant
from medskick.dialog.sessions.queries import answers_of, get_answer, tellable, voices_behind
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.tests.conftest import Room, make_room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.records.actions import create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after, steps_after_each

KEY = UUID("0198a1de-0000-7000-8000-000000000009")


def test_one_answer_a_phone_and_the_last_one_counts(room: Room) -> None:
    room.say("Ada", "Trygghet")
    room.say("Bo", "Tid över")
    room.say("Ada", "Krångel")
    with room.world.acting(room.world.colleague):
        assert sorted(answers_of(room.session).values_list("text", flat=True)) == ["Krångel", "Tid över"]
        result = result_of(room.step)
        assert (result.answered, result.phones) == (2, 2)


def test_the_same_submission_again_changes_nothing(room: Room) -> None:
    by = room.phone("Ada")
    token = code_token(room.session.code, room.session.pk)
    with scope(Scope(by.organisation, reach=frozenset({by.device, token}))):
        join(room.session, by=by)
        first = answer_step(room.step, by=by, value="Trygghet", submission_key=KEY)
        again = answer_step(room.step, by=by, value="Trygghet", submission_key=first.submission_key)
        assert (again.id, again.changed_at) == (first.id, first.changed_at)


def test_who_reads_an_answer(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    actors = {name: getattr(room.world, name) for name in ("owner", "colleague", "stranger", "regional", "resident")}
    actors |= {"Ada": room.phone("Ada"), "Bo": room.phone("Bo")}
    seen = {}
    for name, actor in actors.items():
        with room.world.acting(actor):
            seen[name] = Answer.objects.filter(id=answer.id).exists()
    assert {name for name, sees in seen.items() if sees} == {"owner", "colleague", "Ada"}


def test_a_closed_question_takes_no_answer_and_a_stranger_phone_none_at_all(room: Room) -> None:
    room.say("Ada", "Trygghet")
    with room.world.acting(room.world.owner):
        close_step(room.step, by=room.world.owner)
    with pytest.raises(StepClosed, match="stängdes medan du skrev"):
        room.say("Ada", "Krångel")
    with room.world.acting(room.phone("Bo")), pytest.raises(PermissionDenied):
        answer_step(room.step, by=room.phone("Bo"), value="Utifrån")


@pytest.mark.parametrize("text", ["", "   ", "nul\0byte", "styr\x1btecken", "x" * 201])
def test_what_cannot_be_an_answer_is_refused_in_plain_words(room: Room, text: str) -> None:
    with pytest.raises(ValueError, match="(?i)skriv|tecken"):
        room.say("Ada", text)
    with room.world.acting(room.world.owner):
        assert Answer.objects.count() == 0


def test_a_hidden_answer_leaves_the_cloud_and_stays_with_the_session(room: Room) -> None:
    answer = room.say("Ada", "Reklam")
    with room.world.acting(room.world.owner):
        with pytest.raises(NotPossible, match="Skriv varför"):
            hide_answer(answer, by=room.world.owner, reason="")
        hide_answer(answer, by=room.world.owner, reason="Svarar inte på frågan.")
        assert result_of(room.step).answered == 0
        assert [(one.hidden, one.hidden_why) for one in answers_of(room.session)] == [(True, "Svarar inte på frågan.")]
        show_answer(answer, by=room.world.owner)
        assert result_of(room.step).answered == 1
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        hide_answer(answer, by=room.world.stranger, reason="Ogillar")


def test_every_answer_tells_the_screen(room: Room) -> None:
    with patch("medskick.dialog.sessions.live.publish") as publish:
        room.say("Ada", "Trygghet")
    told = [call.args[:2] for call in publish.call_args_list]
    assert told == [(f"screen:{room.session.pk}", "answers"), (f"session:{room.session.pk}", "result")]


def test_the_log_knows_that_a_phone_answered_and_not_which(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    with room.world.acting(room.world.owner):
        entry = LogEntry.objects.get(verb="answer.given")
        assert (entry.actor_kind, entry.person, entry.references) == ("device", None, [answer.id])


def test_a_lifted_answer_is_read_by_the_one_who_spoke_and_the_staff_who_asked(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        lift_answer(answer, by=room.world.stranger)
    with room.world.acting(room.world.owner):
        item = lift_answer(answer, by=room.world.owner)
        assert lift_answer(answer, by=room.world.owner) == item
        assert (item.kind, item.level, item.title) == ("dialog.answer", Level.PARTIES, "Trygghet")
        assert search("trygghet", kinds=["dialog.answer"]).items == []
    readers = {"Ada": room.phone("Ada"), "colleague": room.world.colleague, "stranger": room.world.stranger}
    seen = {}
    for name, actor in readers.items():
        with room.world.acting(actor):
            seen[name] = Item.objects.filter(id=item.id).exists()
    assert seen == {"Ada": True, "colleague": True, "stranger": False}


def test_what_came_of_an_answer_is_told_of_its_meeting_too(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    with room.world.acting(room.world.owner):
        meeting = Item.objects.get(id=answer.step.session_id)
        assert steps_after(meeting) == []
        said = lift_answer(answer, by=room.world.owner)
        need = create_item(by=room.world.owner, kind="kernel.document", title="Ett behov")
        link(by=room.world.owner, from_item=said, to_item=need, relation=Relation.GAVE_RISE_TO)
        assert {step.item for step in steps_after(meeting)} == {said.id, need.id}


def test_the_phone_is_told_when_something_comes_of_its_answer(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    need(room, answer)
    with room.world.acting(room.phone("Ada")):
        assert Notification.objects.count() == 1
    with room.world.acting(room.phone("Bo")):
        assert Notification.objects.count() == 0


def test_a_lifted_answer_that_is_changed_is_changed_in_its_trace_too(room: Room) -> None:
    answer = room.say("Ada", "Trygghet")
    with room.world.acting(room.world.owner):
        item = lift_answer(answer, by=room.world.owner)
    room.say("Ada", "Otrygghet")
    with room.world.acting(room.world.owner):
        assert Item.objects.get(id=item.id).title == "Otrygghet"


def test_claimed_voices_are_the_persons_and_she_is_the_one_told(room: Room) -> None:
    first = room.say("Ada", "Trygghet")
    room.say("Bo", "Tid")
    with room.world.acting(room.world.owner):
        lift_answer(first, by=room.world.owner)
    person, token = room.world.resident, reader_token("address of Ada")
    here = replace(person.scope(), reach=person.scope().reach | {token, room.phone("Ada").device})
    with scope(here):
        assert claim_voices(by=person, tokens=[token]) == 1
        assert claim_voices(by=person, tokens=[token]) == 0
    need(room, get_in(room, first))
    with room.world.acting(person):
        assert list(Answer.objects.of_person(person.person).values_list("text", flat=True)) == ["Trygghet"]
        assert Notification.objects.filter(follower=person.person).count() == 1
    with room.world.acting(room.phone("Ada")):
        assert Notification.objects.count() == 0
    with pytest.raises(PermissionDenied), room.world.acting(room.phone("Bo")):
        claim_voices(by=room.phone("Bo"), tokens=[reader_token("address of Bo")])


def test_fewer_than_five_phones_are_not_told_apart(room: Room) -> None:
    answers = [room.say(f"phone {number}", "Trygghet") for number in range(5)]
    made = need(room, *answers[:4], level=Level.PUBLIC)
    with room.world.acting(room.phone("phone 0")):
        steps = steps_after_each([get_in(room, answers[0]).item])
        assert voices_behind(steps, [room.session.owner_id]) == {}
    with room.world.acting(room.world.owner):
        link(by=room.world.owner, from_item=lift_answer(answers[4], by=room.world.owner), to_item=made, relation=GAVE)
    with room.world.acting(room.phone("phone 0")):
        assert voices_behind(steps_after_each([get_in(room, answers[0]).item]), [room.session.owner_id]) == {made.id: 5}


def test_a_municipality_with_fewer_than_five_phones_is_not_told(rooms: Callable[..., Room]) -> None:
    room = rooms(asks_municipality=True)
    for number in range(5):
        room.say(f"tanum {number}", "Tid", municipality=room.world.tanum)
    with room.world.acting(room.world.owner):
        told = tellable(room.session, list(Participant.objects.all()))
        assert sorted(one.municipality for one in told.values()) == ["Tanum"] * 5
    room.say("sotenäs", "Tid", municipality=room.world.sotenas)
    with room.world.acting(room.world.owner):
        # Of six phones the one that is not from Tanum would be known to be from the only other one.
        told = tellable(room.session, list(Participant.objects.all()))
        assert {one.municipality for one in told.values()} == {""}
    for number in range(7):
        room.say(f"fyrbodal {number}", "Tid", municipality=room.world.region)
    with room.world.acting(room.world.owner):
        told = tellable(room.session, list(Participant.objects.all()))
        assert sorted(one.municipality for one in told.values()) == [*[""] * 6, *["Fyrbodal"] * 7]


def test_who_answers_by_alias_is_called_so_and_must_say_what(rooms: Callable[..., Room]) -> None:
    room = rooms(anonymity="alias")
    with pytest.raises(NotPossible, match="vad du vill heta"):
        room.say("Ada", "Tid")
    room.say("Ada", "Tid", called="Granit")
    with room.world.acting(room.world.owner):
        assert Participant.objects.get().called == "Granit"
        with connection.cursor() as cursor:
            cursor.execute("select called from dialog_participant")
            assert b"Granit" not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_from_one_phone_become_one(world: World) -> None:
    room = make_room(world)
    start, failed = threading.Barrier(4), []

    def send(number: int) -> None:
        try:
            start.wait()
            room.say("Ada", f"svar {number}")
        except Exception as fault:
            failed.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    with world.acting(world.owner):
        assert (Participant.objects.count(), Answer.objects.count()) == (1, 1)


GAVE = Relation.GAVE_RISE_TO


def get_in(room: Room, answer: Answer) -> Answer:
    found = get_answer(answer.id)
    if found is None:
        with room.world.acting(room.world.owner):
            found = get_answer(answer.id)
    assert found is not None
    return found


def need(room: Room, *answers: Answer, level: str = Level.ORGANISATION) -> Item:
    """Something that the answers gave rise to, as a flow would make it."""
    by = room.world.owner
    with room.world.acting(by):
        made = create_item(by=by, kind="kernel.document", title="Behovet", level=level)
        for one in answers:
            link(by=by, from_item=answering.lift_answer(one, by=by), to_item=made, relation=GAVE)
    return made

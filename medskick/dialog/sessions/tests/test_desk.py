"""The desk beside the pages: many phones at once, each acknowledged when it is stored, by the same rules as the form."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch
from urllib.parse import urlencode

import pytest

from medskick.dialog.sessions import limits
from medskick.dialog.sessions.actions.answering import lift_answer
from medskick.dialog.sessions.actions.asking import add_step, close_step, open_step
from medskick.dialog.sessions.desk import Sending, answer_ticket, read_answer_ticket, take_answers
from medskick.dialog.sessions.models import Answer, LiveSession, Participant
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id


def sending(room: Room, text: str, *, secret: str = "", key: str = "", **more: object) -> Sending:
    ticket = read_answer_ticket(answer_ticket(room.session, known=bool(secret)))
    assert ticket is not None
    fields = {"step": room.step.id, "answer": text, "submission_key": key or uuid.uuid4()} | more
    return Sending(ticket, secret, urlencode(fields))


def stored(room: Room) -> list[str]:
    with room.world.acting(room.world.owner):
        return list(Answer.objects.standing().filter(step=room.step).order_by("text").values_list("text", flat=True))


def test_a_hall_answers_at_once_and_each_phone_is_told(room: Room) -> None:
    replies = take_answers([sending(room, f"Ord {number}") for number in range(60)])
    assert {one.status for one in replies} == {200}
    assert len({one.secret for one in replies}) == 60
    assert all(one.number for one in replies)
    assert len(stored(room)) == 60
    with room.world.acting(room.world.owner):
        assert Participant.objects.filter(session=room.session).count() == 60
        (entry,) = LogEntry.objects.filter(verb="answer.given")
        assert len(entry.references) == 60
        assert entry.person is None


def test_the_same_sending_again_stores_nothing_more_and_another_changes(room: Room) -> None:
    first = sending(room, "Trygghet", key=str(uuid.uuid4()))
    (reply,) = take_answers([first])
    (again,) = take_answers([Sending(first.ticket, reply.secret, first.body)])
    assert (reply.status, again.status) == (200, 200)
    (changed,) = take_answers([sending(room, "Tid", secret=reply.secret)])
    assert (changed.status, changed.secret) == (200, "")
    assert stored(room) == ["Tid"]


def test_an_older_answer_that_comes_late_does_not_write_over_a_newer_one(room: Room) -> None:
    older, newer, newest = (str(new_id()) for _ in range(3))
    secret = take_answers([sending(room, "Först", key=older)])[0].secret
    replies = take_answers([sending(room, "Sedan", secret=secret, key=newest)])
    # One that the server has had before, and one that it has not: both were said before what stands.
    replies += take_answers([sending(room, "Först", secret=secret, key=older)])
    replies += take_answers([sending(room, "Mitt emellan", secret=secret, key=newer)])
    assert [one.status for one in replies] == [200, 200, 200]
    assert stored(room) == ["Sedan"]
    # In one batch as well; and a form without JavaScript, whose key says nothing of when, is taken as it comes.
    last, before_last = (sending(room, text, secret=secret, key=str(new_id())) for text in ("Näst sist", "Sist"))
    take_answers([before_last, last])
    assert stored(room) == ["Sist"]
    take_answers([sending(room, "Utan skript", secret=secret)])
    assert stored(room) == ["Utan skript"]


def test_an_older_set_of_answers_brings_back_none_that_was_taken_out(room: Room) -> None:
    with room.world.acting(room.world.owner) as by:
        step = add_step(room.session, by=by, text="Vad behövs?", kind="needs_by_area")
        open_step(step, by=by)
    room = replace(room, step=step)
    older, newer = str(new_id()), str(new_id())
    two = {"need_1": "Bredband", "area_1": "infrastructure", "need_2": "Tid", "area_2": "infrastructure"}
    secret = take_answers([sending(room, "", key=older, **two)])[0].secret
    assert stored(room) == ["Bredband", "Tid"]
    one = {"need_1": "Fiber", "area_1": "infrastructure"}
    assert take_answers([sending(room, "", secret=secret, key=newer, **one)])[0].status == 200
    assert take_answers([sending(room, "", secret=secret, key=older, **two)])[0].status == 200
    assert stored(room) == ["Fiber"]


def test_two_tabs_of_one_phone_in_one_batch_leave_one_answer(room: Room) -> None:
    secret = take_answers([sending(room, "Först")])[0].secret
    replies = take_answers([sending(room, "Sedan", secret=secret), sending(room, "Sist", secret=secret)])
    assert [one.status for one in replies] == [200, 200]
    assert stored(room) == ["Sist"]


def test_a_faulty_one_does_not_spoil_the_others(room: Room) -> None:
    replies = take_answers(
        [
            sending(room, "Bra"),
            sending(room, ""),
            sending(room, "x" * 20_000),
            sending(room, "Fel steg", step=uuid.uuid4()),
            sending(room, "Inget steg", step="nej"),
            sending(room, "😀 שלום <script>alert(1)</script>"),
        ]
    )
    assert [one.status for one in replies] == [200, 422, 422, 404, 404, 200]
    assert len(stored(room)) == 2


def test_what_comes_after_the_step_has_closed_is_refused(room: Room) -> None:
    late = sending(room, "För sent")
    with room.world.acting(room.world.owner):
        close_step(room.step, by=room.world.owner)
    assert take_answers([late])[0].status == 409
    assert stored(room) == []


@pytest.mark.parametrize("more", [{"anonymity": LiveSession.ALIAS}, {"asks_municipality": True}])
def test_a_phone_that_has_not_said_what_is_asked_gets_no_seat(
    rooms: Callable[..., Room], more: dict[str, object]
) -> None:
    room = rooms(**more)
    assert take_answers([sending(room, "Hej")])[0].status == 403
    assert stored(room) == []


def test_a_phone_that_sends_all_the_time_is_slowed_down_and_its_neighbours_are_not(room: Room) -> None:
    secret = take_answers([sending(room, "Ett")])[0].secret
    replies = [take_answers([sending(room, f"Ord {n}", secret=secret)])[0].status for n in range(45)]
    assert replies.count(429) == 5
    assert take_answers([sending(room, "Granne")])[0].status == 200
    limits.answers.forget()


def test_a_ticket_is_for_one_meeting_and_cannot_be_made_up(room: Room, rooms: Callable[..., Room]) -> None:
    ticket = answer_ticket(room.session, known=False)
    assert read_answer_ticket(ticket) is not None
    assert read_answer_ticket(ticket[:-1] + ("a" if ticket[-1] != "a" else "b")) is None
    assert read_answer_ticket("") is None
    with patch("medskick.dialog.sessions.desk.TICKET_SECONDS", -1):
        assert read_answer_ticket(answer_ticket(room.session, known=False)) is None
    other = rooms()
    elsewhere = sending(other, "Hit", step=room.step.id)
    assert take_answers([elsewhere])[0].status == 404


def test_what_was_taken_up_is_told_anew_when_its_speaker_changes_it(room: Room) -> None:
    secret = take_answers([sending(room, "Först")])[0].secret
    with room.world.acting(room.world.owner):
        item = lift_answer(Answer.objects.get(step=room.step), by=room.world.owner)
    take_answers([sending(room, "Omsagt", secret=secret)])
    with room.world.acting(room.world.owner):
        assert Item.objects.get(id=item.id).title == "Omsagt"

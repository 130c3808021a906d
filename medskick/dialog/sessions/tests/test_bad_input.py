"""What phones send by mistake, late, twice or in bad faith, and a facilitator who presses again: each has a plain answer."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django import forms
from django.test import Client

from medskick.dialog.sessions import limits
from medskick.dialog.sessions.actions.asking import add_step, close_step, open_step, show_result
from medskick.dialog.sessions.actions.planning import end_session, pause_session
from medskick.dialog.sessions.desk import take_answers
from medskick.dialog.sessions.models import Answer, LiveSession, Step, StepOpening
from medskick.dialog.sessions.queries import open_step_of
from medskick.dialog.sessions.steps.registry import step_type, step_types
from medskick.dialog.sessions.steps.samples import sample_of
from medskick.dialog.sessions.tests.conftest import Room
from medskick.dialog.sessions.tests.test_desk import sending
from medskick.dialog.sessions.tests.test_private_first import addresses
from medskick.dialog.sessions.tests.test_step_types import in_room, seated
from medskick.lib.dates import today_here

LISTEN = "/tanum/arbete/lyssna"
ASKING = [one.key for one in step_types() if one.question is not None]
SCRIPT = "<script>alert(1)</script>"
ODD = {
    "emoji": "😀👩‍👩‍👧‍👦🇸🇪 bra",
    "right to left": "שלום מלכולם",
    "script": f"{SCRIPT}<img src=x onerror=alert(1)>",
    "quotes": "\"' onmouseover='x' {{ 7|add:7 }} &lt;",
}


def words_fields(room: Room, step: Step) -> list[str]:
    """The fields of the type's sample in which people write words of their own."""
    with room.world.acting(room.world.owner):
        fields = step_type(step.kind).asks.answer_form(step).fields
    written = [
        name
        for name, field in fields.items()
        if type(field) is forms.CharField and not field.widget.is_hidden and not hasattr(field, "choices")
    ]
    return [name for name in sample_of(step.kind).answers[0] if name in written]


def send(room: Room, step: Step, phone: Client, given: dict[str, object]) -> object:
    limits.answers.forget()
    form = given | {"submission_key": str(uuid4())}
    return phone.post(f"/tanum/delta/{room.session.code}/svar/{step.id}", form)


def leaves(value: object) -> Iterator[object]:
    """What stands in a stored value, however deep."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    else:
        yield value


def page_of(room: Room, phone: Client) -> str:
    return phone.get(f"/tanum/delta/{room.session.code}").content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("key", ASKING)
def test_odd_letters_stand_as_they_were_written_and_are_nowhere_run(room: Room, key: str) -> None:
    step, sample = in_room(room, key), sample_of(key).answers[0]
    fields = words_fields(room, step)
    # A group has one note, and once it is written nobody is divided anew.
    texts = [ODD["script"]] if step_type(key).by_group else list(ODD.values())
    for text in texts:
        phone = seated(room, step, 0) if step_type(key).by_group else Client()
        given = {name: text if name in fields else value for name, value in sample.items()}
        sent = send(room, step, phone, given)
        assert sent.status_code == 302, sent.content.decode()
        assert SCRIPT not in page_of(room, phone)
    with room.world.acting(room.world.owner) as by:
        stored = set(leaves(list(Answer.objects.filter(step=step).values_list("value", flat=True))))
        assert not fields or stored >= set(texts)
        show_result(step, by=by)
        close_step(step, by=by)
        # Of those, the page of the one with the script; lists and files have them all.
        ids = Answer.objects.filter(step=step).order_by("given_at").values_list("id", flat=True)
        one = ids[min(list(ODD).index("script"), len(ids) - 1)]
    staff = room.world.client(room.world.owner)
    known = {"session_id": room.session.pk, "step_id": step.id, "answer_id": one, "code": room.session.code}
    for name, address in addresses(known):
        page = staff.get(f"/tanum/{address}")
        if page.get("Content-Type", "").startswith(("text/html", "image/svg")):
            assert SCRIPT not in page.content.decode(), name
            assert "<img src=x" not in page.content.decode(), name


@pytest.mark.parametrize("key", ASKING)
def test_20_000_letters_are_given_back_with_how_many_there_may_be(room: Room, key: str) -> None:
    step = in_room(room, key)
    fields = words_fields(room, step)
    phone = seated(room, step, 0) if step_type(key).by_group else Client()
    long, sample = "å" * 20_000, sample_of(key).answers[0]
    sent = send(room, step, phone, sample | dict.fromkeys(fields[:1] or sample, long))
    assert sent.status_code == 422
    if fields:
        page = sent.content.decode()
        assert long in page
        assert "20000 tecken" in page.replace("\xa0", "") and "högst" in page
    with room.world.acting(room.world.owner):
        assert not Answer.objects.filter(step=step).exists()


def test_a_wrong_a_closed_and_a_paused_code_are_each_explained(room: Room) -> None:
    early, late = Client(), Client()
    send(room, room.step, early, {"answer": "Trygghet"})
    code = room.session.code
    for typed, said in (("", "koden"), ("12", "fyra siffror"), ("12345", "fyra siffror"), ("abcd", "fyra siffror")):
        found = late.post("/tanum/delta", {"code": typed})
        assert (found.status_code, said in found.content.decode()) == (422, True), typed
    with room.world.acting(room.world.owner) as by:
        pause_session(room.session, by=by, continues_on=today_here())
    assert "Mötet är pausat" in page_of(room, early)
    with room.world.acting(room.world.owner) as by:
        end_session(LiveSession.objects.get(), by=by)
    assert "Tack, mötet är slut" in page_of(room, early)
    for found in (late.post("/tanum/delta", {"code": code}), late.get(f"/tanum/delta/{code}")):
        assert f"Inget öppet möte har koden {code}" in found.content.decode()
        assert found.status_code in (404, 422)
    # A phone that has stood with its page open all the while.
    sent = send(room, room.step, early, {"answer": "För sent"})
    assert (sent.status_code, "För sent</textarea>" in sent.content.decode()) == (409, True)
    assert take_answers([sending(room, "För sent")])[0].status in (404, 409)


def test_the_same_form_sent_twice_is_one_answer_and_one_note(room: Room) -> None:
    with room.world.acting(room.world.owner) as by:
        notes = add_step(room.session, by=by, text="Lappar", kind="post_its")
    for step, field in ((room.step, "answer"), (notes, "text_1")):
        with room.world.acting(room.world.owner) as by:
            open_step(step, by=by)
        phone, form = Client(), {field: "Bredband", "submission_key": str(uuid4())}
        codes = [phone.post(f"/tanum/delta/{room.session.code}/svar/{step.id}", form).status_code for _ in range(3)]
        assert codes == [302] * 3
        with room.world.acting(room.world.owner):
            assert Answer.objects.filter(step=step).count() == 1


def test_a_vote_and_a_taking_back_after_closing_change_nothing_and_say_so(room: Room) -> None:
    with room.world.acting(room.world.owner) as by:
        floor = add_step(room.session, by=by, text="Vad undrar ni?", kind="question_list")
        open_step(floor, by=by)
    ada, bo = Client(), Client()
    for phone, text in ((ada, "Vem betalar?"), (bo, "När?")):
        send(room, floor, phone, {"text_1": text})
    with room.world.acting(room.world.owner) as by:
        one = Answer.objects.get(text="Vem betalar?")
        close_step(floor, by=by)
    delta = f"/tanum/delta/{room.session.code}"
    for rost in ("ja", "nej"):
        bo.post(f"{delta}/fraga/{floor.id}/{one.id}", {"rost": rost})
        assert "Frågan har stängt, så rösterna kan inte ändras längre." in page_of(room, bo)
    ada.post(f"{delta}/eget/{one.id}/atertagande")
    assert "Frågan har stängt, så det du skrev kan inte tas tillbaka längre." in page_of(room, ada)
    with room.world.acting(room.world.owner):
        one.refresh_from_db()
        assert (one.withdrawn_at, one.up_votes.count()) == (None, 0)


def test_a_facilitator_who_lost_the_net_presses_again_and_nothing_is_doubled(room: Room) -> None:
    with room.world.acting(room.world.owner) as by:
        second = add_step(room.session, by=by, text="Vad börjar vi med?")
    staff = room.world.client(room.world.owner)

    def press(address: str, **form: str) -> str:
        done = staff.post(f"{LISTEN}/{address}", {"fran": "styrning", **form})
        assert done.status_code == 302, address
        return staff.get(done["Location"]).content.decode()

    for _again in range(2):
        assert "Steget är öppet." in press(f"steg/{second.id}/oppning")
    with room.world.acting(room.world.owner):
        assert StepOpening.objects.filter(step=second).count() == 1
        assert open_step_of(room.session) == second
    send(room, second, Client(), {"answer": "Trygghet"})
    for _again in range(2):
        assert "Steget är stängt." in press(f"steg/{second.id}/stangning")
    # A late press of closing the step before does not close what is open now.
    press(f"steg/{second.id}/oppning")
    press(f"steg/{room.step.id}/stangning")
    with room.world.acting(room.world.owner):
        assert open_step_of(room.session) == second
        assert StepOpening.objects.filter(step=second).count() == 2
        assert Answer.objects.filter(step=second).count() == 1
    for _again in range(2):
        press(f"moten/{room.session.pk}/oppning")
    for _again in range(2):
        assert "Mötet är genomfört" in press(f"moten/{room.session.pk}/avslut")
    with room.world.acting(room.world.owner):
        session = LiveSession.objects.get()
        assert (session.state, session.transitions.filter(to_state=LiveSession.HELD).count()) == (LiveSession.HELD, 1)

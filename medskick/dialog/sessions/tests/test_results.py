"""What phones see of a result, the report for staff and for everybody, and the raw data."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from medskick.dialog.sessions.actions.asking import add_step, close_step, hide_answer, open_step, show_result
from medskick.dialog.sessions.actions.planning import cancel_session, end_session, plan_session
from medskick.dialog.sessions.models import (
    Answer,
    Attendance,
    Cluster,
    Group,
    GroupSeat,
    Participant,
    StepOpening,
    Submission,
    Summary,
)
from medskick.dialog.sessions.queries import last_step_of, voices_at_address
from medskick.dialog.sessions.raw_data import told_with_channel
from medskick.dialog.sessions.showing import tells_of_person
from medskick.dialog.sessions.tests.conftest import DAY, Room
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.tests.world import World

STAFF = "/tanum/arbete/lyssna/moten"
OPEN = "/tanum/tyck-till/moten"


def page(browser: Client, address: str) -> str:
    found = browser.get(address)
    assert found.status_code == 200, (address, found.status_code)
    return b"".join(found).decode() if found.streaming else found.content.decode()


def answer(room: Room, phone: Client, text: str) -> None:
    sent = phone.post(f"/tanum/delta/{room.session.code}/svar/{room.step.id}", {"answer": text})
    assert sent.status_code == 302


def phone_sees(room: Room, phone: Client) -> str:
    return page(phone, f"/tanum/delta/{room.session.code}")


def test_a_phone_that_has_answered_sees_what_all_said_and_another_does_not(room: Room) -> None:
    room.say("Ada", "Förmiddagskaffe")
    mine, other = Client(), Client()
    assert "förmiddagskaffe" not in phone_sees(room, other).lower()
    answer(room, mine, "Trygghet")
    seen = phone_sees(room, mine).lower()
    assert "förmiddagskaffe" in seen
    assert "data-result" in seen


def test_what_is_not_shown_is_not_sent_to_a_phone(room: Room, world: World) -> None:
    room.say("Ada", "Förmiddagskaffe")
    mine = Client()
    answer(room, mine, "Trygghet")
    with world.acting(world.owner):
        show_result(room.step, by=world.owner, shown=False)
    assert b"rmiddagskaffe" not in mine.get(f"/tanum/delta/{room.session.code}").content
    with world.acting(world.owner):
        close_step(room.step, by=world.owner)
    assert b"rmiddagskaffe" not in mine.get(f"/tanum/delta/{room.session.code}").content
    with world.acting(world.owner):
        show_result(room.step, by=world.owner)
    assert "förmiddagskaffe" in phone_sees(room, mine).lower()


def test_a_hidden_answer_leaves_the_phones_at_once(room: Room, world: World) -> None:
    said = room.say("Ada", "Förmiddagskaffe")
    mine = Client()
    answer(room, mine, "Trygghet")
    assert "förmiddagskaffe" in phone_sees(room, mine).lower()
    with world.acting(world.owner):
        hide_answer(Answer.objects.get(id=said.id), by=world.owner, reason="Hör inte hit")
    assert "förmiddagskaffe" not in phone_sees(room, mine).lower()


def test_waiting_phones_see_the_result_of_the_step_that_closed(room: Room, world: World) -> None:
    room.say("Ada", "Förmiddagskaffe")
    with world.acting(world.owner):
        close_step(room.step, by=world.owner)
    seen = phone_sees(room, Client())
    assert "Vänta på nästa fråga" in seen
    assert "förmiddagskaffe" in seen.lower()


def test_phones_and_screen_follow_when_the_facilitator_goes_back(room: Room, world: World) -> None:
    with world.acting(world.owner):
        second = add_step(room.session, by=world.owner, text="Vad börjar vi med?")
        open_step(second, by=world.owner)
    phone, staff = Client(), world.client(world.owner)
    assert "Vad börjar vi med?" in phone_sees(room, phone)
    staff.post(f"/tanum/arbete/lyssna/steg/{room.step.id}/oppning", {"fran": "styrning"})
    assert room.step.text in phone_sees(room, phone)
    assert room.step.text in page(staff, f"{STAFF}/{room.session.pk}/projektor")
    with world.acting(world.owner):
        assert last_step_of(room.session) == room.step


def test_the_facilitator_runs_the_session_from_her_phone(room: Room, world: World) -> None:
    with world.acting(world.owner):
        add_step(room.session, by=world.owner, text="Vad börjar vi med?")
    staff = world.client(world.owner)
    address = f"{STAFF}/{room.session.pk}/styrning"
    seen = page(staff, address)
    assert "Öppna nästa steg" in seen and "Vad börjar vi med?" in seen and "Stäng steget" in seen
    sent = staff.post(f"/tanum/arbete/lyssna/steg/{room.step.id}/stangning", {"fran": "styrning"})
    assert sent["Location"] == address
    assert "Öppna steget igen" in page(staff, address)
    assert world.client(world.stranger).get(address).status_code == 404
    assert Client().get(address).status_code in (302, 403)


def held(room: Room, world: World) -> None:
    with world.acting(world.owner):
        end_session(room.session, by=world.owner)
        room.session.refresh_from_db()


def test_the_report_says_how_it_went_and_what_was_said(room: Room, world: World) -> None:
    for number in range(5):
        room.say(f"phone {number}", f"Svar {number}")
    said = room.say("Bo", "Chefen heter Dumbom")
    with world.acting(world.owner):
        hide_answer(Answer.objects.get(id=said.id), by=world.owner, reason="Pekar ut en person")
        begun = timezone.now() - timedelta(minutes=12)
        StepOpening.objects.filter(step=room.step).update(opened_at=begun)
        never = add_step(room.session, by=world.owner, text="Hann vi inte")
        Attendance(
            session=room.session, owner=world.tanum, name="Anna Andersson", organisation=world.tanum, present=True
        ).save(force_insert=True)
        Submission(
            session=room.session,
            owner=world.tanum,
            received_on=DAY,
            text="Mer tid",
            sender="bo@a.example",
            channel="mail",
        ).save(force_insert=True)
        Summary(step=room.step, number=2, text="Vi vill ha trygghet").save(force_insert=True)
    held(room, world)
    seen = page(world.client(world.owner), f"{STAFF}/{room.session.pk}/rapport")
    for words in (
        "12\u00a0minuter",
        "steget öppnades inte",
        "Olle Ägare",
        "Anna Andersson",
        "Svar 3",
        "1\u00a0svar är dolt",
        "Pekar ut en person",
        "Mer tid",
        "bo@a.example",
        "Version 2",
        "Vi vill ha trygghet",
        never.text,
    ):
        assert words in seen, words
    assert "Dumbom" not in seen
    made = world.client(world.owner).get(f"{STAFF}/{room.session.pk}/rapport.pdf")
    assert made.content.startswith(b"%PDF-") and made["Content-Type"] == "application/pdf"
    assert world.client(world.stranger).get(f"{STAFF}/{room.session.pk}/rapport").status_code == 404


def test_the_open_report_names_nobody_and_shows_only_what_was_shown(rooms: Callable[..., Room], world: World) -> None:
    room = rooms(public=True)
    for number in range(5):
        room.say(f"phone {number}", f"Trygghet {number}")
    room.say("Bo", "Ring mig på 070-123 45 67")
    with world.acting(world.owner):
        secret = add_step(room.session, by=world.owner, text="Bara för oss", shows_results=False)
        open_step(secret, by=world.owner)
        room.step, first = secret, room.step
    room.say("phone 1", "Hemligheten")
    room.step = first
    with world.acting(world.owner):
        Attendance(
            session=room.session, owner=world.tanum, name="Anna Andersson", organisation=world.tanum, present=True
        ).save(force_insert=True)
    visitor = Client()
    assert visitor.get(f"{OPEN}/{room.session.pk}/rapport").status_code == 404
    held(room, world)
    seen = page(visitor, f"{OPEN}/{room.session.pk}/rapport")
    assert "Trygghet 3" in seen
    assert "Resultatet visas inte öppet" in seen
    assert "verkar innehålla personuppgifter" in seen
    for words in ("Hemligheten", "070-123", "Anna Andersson", "Olle Ägare"):
        assert words not in seen, words
    front = page(visitor, f"{OPEN}/{room.session.pk}")
    assert "trygghet" in front.lower() and "Hemligheten" not in front
    assert f"{OPEN}/{room.session.pk}/rapport" in front
    assert visitor.get(f"{OPEN}/{room.session.pk}/rapport.pdf").content.startswith(b"%PDF-")


def test_a_session_that_is_not_public_has_no_open_report(room: Room, world: World) -> None:
    held(room, world)
    for rest in ("rapport", "rapport.pdf"):
        assert Client().get(f"{OPEN}/{room.session.pk}/{rest}").status_code == 404


def test_a_cancelled_session_is_printed_with_its_reason_and_says_nothing_of_needs(world: World) -> None:
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Chefernas behov", held_on=DAY, public=True)
        cancel_session(session, by=world.owner, reason="Utgick på grund av tidsbrist")
    for browser, address in ((world.client(world.owner), STAFF), (Client(), OPEN)):
        seen = page(browser, f"{address}/{session.pk}/rapport")
        assert "Utgick på grund av tidsbrist" in seen
        assert "betyder inte att det saknas behov" in seen
        assert "Inget har gjorts" not in seen
        assert browser.get(f"{address}/{session.pk}/rapport.pdf").status_code == 200


def test_an_empty_step_is_a_result(room: Room, world: World) -> None:
    held(room, world)
    assert "Tomt: ingen svarade" in page(world.client(world.owner), f"{STAFF}/{room.session.pk}/rapport")


def test_raw_data_tell_neither_order_nor_time_nor_who(room: Room, world: World) -> None:
    for word in ("Ö", "=1+1", "A"):
        room.say(f"says {word}", word)
    staff = world.client(world.owner)
    raw = page(staff, f"{STAFF}/{room.session.pk}/radata.csv")
    rows = list(csv.DictReader(io.StringIO(raw.lstrip("\ufeff")), delimiter=";"))
    assert [row["Svar"] for row in rows] == ["'=1+1", "A", "Ö"]
    assert "När" not in rows[0] and {row["Kanal"] for row in rows} == {"telefon"}
    found = json.loads(page(staff, f"{STAFF}/{room.session.pk}/radata.json"))
    entries = found["steps"][0]["answers"]
    assert [one["text"] for one in entries] == ["=1+1", "A", "Ö"]
    assert not {"at", "called", "id"} & set(entries[0])
    assert world.client(world.stranger).get(f"{STAFF}/{room.session.pk}/radata.json").status_code == 404


def test_with_alias_the_raw_data_say_who_and_when(rooms: Callable[..., Room], world: World) -> None:
    room = rooms(anonymity="alias")
    room.say("Ada", "Trygghet", called="Uggla")
    found = json.loads(page(world.client(world.owner), f"{STAFF}/{room.session.pk}/radata.json"))
    one = found["steps"][0]["answers"][0]
    assert one["called"] == "Uggla" and one["at"]


def test_the_only_paper_of_a_municipality_is_not_told_apart(world: World) -> None:
    phones = [Participant(municipality_id=world.tanum.id, channel="phone", mode="anonymous") for _one in range(6)]
    paper = Participant(municipality_id=world.tanum.id, channel="paper", mode="anonymous")
    with world.acting(world.owner):
        told = told_with_channel([*phones, paper])
    assert told[paper.id].municipality == ""


def test_the_way_back_shows_all_slots_the_groups_note_and_the_cluster(room: Room, world: World) -> None:
    room.say("Ada", "Min lapp")
    room.say("Bo", "Bos lapp")
    with world.acting(world.owner):
        seats = {one.address: one for one in Participant.objects.all()}
        ada, bo = seats[reader_token("address of Ada")], seats[reader_token("address of Bo")]
        group, cluster = Group(step=room.step, number=3), Cluster(step=room.step, title="Tid och ork", position=1)
        group.save(force_insert=True)
        cluster.save(force_insert=True)
        for one in (ada, bo):
            GroupSeat(step=room.step, group=group, participant=one).save(force_insert=True)
        Answer.objects.filter(participant=ada).update(cluster=cluster)
        fresh = {"owner": world.tanum, "step": room.step, "participant": bo}
        Answer(**fresh, slot=1, text="Vår lapp", group=group, readers=[*ada.readers, *bo.readers]).save(
            force_insert=True
        )
        Answer(**fresh, slot=2, text="Bara Bos", readers=bo.readers).save(force_insert=True)
        Answer(**fresh, slot=3, text="Tillbakatagen", readers=bo.readers, withdrawn_at=timezone.now()).save(
            force_insert=True
        )
    for name, texts in (("Ada", {"Min lapp", "Vår lapp"}), ("Bo", {"Bos lapp", "Vår lapp", "Bara Bos"})):
        with scope(Scope(world.tanum.id)):
            assert {one.answer.text for one in voices_at_address(f"address of {name}") or []} == texts


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Ring 070-123 45 67", True),
        ("Skriv till anna@exempel.example", True),
        ("Det kostade 2026 kronor år 2025", False),
        ("Vi vill ha 1, 3, 5 och 10 år", False),
    ],
)
def test_what_seems_to_tell_of_a_person(text: str, tells: bool) -> None:
    assert tells_of_person(text) is tells

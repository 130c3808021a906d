"""Bikupa and joint summary, from the facilitator's button to the note on every phone of the group."""

import re
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.actions.asking import add_step, open_step, show_result
from medskick.dialog.sessions.actions.grouping import divide, seat_latecomers
from medskick.dialog.sessions.actions.summarising import SummaryChanged, write_summary
from medskick.dialog.sessions.groups import groups_of
from medskick.dialog.sessions.models import Answer, GroupSeat, Participant, Step
from medskick.dialog.sessions.queries import joint_summaries
from medskick.dialog.sessions.tests.conftest import Room

KEY = UUID("01890000-0000-7000-8000-000000000001")
NOTE = "Vi vill ha en gemensam e-tjänst."


def buzzing(room: Room, names: str, kind: str = "bikupa", **settings: object) -> Step:
    """The named phones are in the room, and a step of this kind is open."""
    for name in names:
        room.say(f"telefonen {name}", f"Här är {name}")
    with room.world.acting(room.world.owner):
        step = add_step(room.session, by=room.world.owner, text="Prata två och två", kind=kind, settings=settings)
        open_step(step, by=room.world.owner)
    return step


def browser(room: Room, name: str) -> Client:
    client = Client()
    client.cookies["medskick_telefon"] = f"token of telefonen {name}"
    return client


def page(room: Room, client: Client) -> str:
    return client.get(f"/tanum/delta/{room.session.code}").content.decode()


def test_a_group_writes_one_note_that_all_of_it_see_and_no_other(room: Room) -> None:
    step = buzzing(room, "ABCDE", size=2)
    with room.world.acting(room.world.owner):
        divide(step, by=room.world.owner, seed=1)
        seats = {
            one.participant_id: one.group.number for one in GroupSeat.objects.filter(step=step).select_related("group")
        }
        assert len(seats) == 5
    phones = [browser(room, f"{name}") for name in "ABCDE"]
    numbers = [page(room, one) for one in phones]
    assert all("Du är i grupp" in one for one in numbers)
    address = f"/tanum/delta/{room.session.code}/svar/{step.id}"
    first = phones[0]
    assert first.post(address, {"answer": NOTE, "seen": ""}).status_code == 302
    readers = [NOTE in page(room, one) for one in phones]
    group = next(number for number in (1, 2) if f"Du är i grupp {number}." in numbers[0])
    assert readers == [f"Du är i grupp {group}." in one for one in numbers]
    with room.world.acting(room.world.owner):
        (note,) = Answer.objects.filter(step=step)
        assert note.group is not None
        with pytest.raises(NotPossible, match="redan skrivit"):
            divide(step, by=room.world.owner)


@pytest.mark.parametrize(
    ("keep", "stands"), [("both", "Först\n\nSamtidigt"), ("mine", "Samtidigt"), ("theirs", "Först"), ("", "Först")]
)
def test_two_who_write_at_once_choose_what_holds(room: Room, keep: str, stands: str) -> None:
    step = buzzing(room, "AB", size=2)
    with room.world.acting(room.world.owner):
        divide(step, by=room.world.owner)
    one, other = browser(room, "A"), browser(room, "B")
    address = f"/tanum/delta/{room.session.code}/svar/{step.id}"
    one.post(address, {"answer": "Först", "seen": ""})
    both = other.post(address, {"answer": "Samtidigt", "seen": ""})
    assert both.status_code == 409
    form = both.context["form"]
    assert "<p>Först</p>" in both.content.decode()
    assert "Ditt svar är sparat" not in both.content.decode().partition("data-phone")[0]
    assert (form["answer"].value(), form["keep"].value()) == ("Samtidigt", "both")
    if keep:
        chosen = {"answer": "Samtidigt", "seen": form["seen"].value(), "keep": keep}
        assert [other.post(address, {**chosen, "submission_key": str(KEY)}).status_code for _ in range(2)] == [302, 302]
    with room.world.acting(room.world.owner):
        assert Answer.objects.get(step=step).text == stands


def test_a_choice_about_a_text_that_has_changed_again_is_asked_anew(room: Room) -> None:
    step = buzzing(room, "AB", size=2)
    with room.world.acting(room.world.owner):
        divide(step, by=room.world.owner)
    one, other = browser(room, "A"), browser(room, "B")
    address = f"/tanum/delta/{room.session.code}/svar/{step.id}"
    one.post(address, {"answer": "Först", "seen": ""})
    seen = other.post(address, {"answer": "Samtidigt", "seen": ""}).context["form"]["seen"].value()
    one.post(address, {"answer": "Först igen", "seen": seen})
    again = other.post(address, {"answer": "Samtidigt", "seen": seen, "keep": "mine"})
    assert again.status_code == 409
    assert "<p>Först igen</p>" in again.content.decode()
    long = {"answer": "x" * 1995, "seen": again.context["form"]["seen"].value(), "keep": "both"}
    refused = other.post(address, long)
    assert refused.status_code == 422
    assert "Korta den till högst 2000" in refused.content.decode()
    assert "<p>Först igen</p>" in refused.content.decode()


def test_the_facilitator_seats_who_came_late(room: Room) -> None:
    step = buzzing(room, "ABCD", size=2)
    by = room.world.owner
    staff, work = room.world.client(by), f"/tanum/arbete/lyssna/steg/{step.id}"
    with room.world.acting(by), pytest.raises(NotPossible, match="Dela in"):
        seat_latecomers(step, by=by)
    with room.world.acting(by):
        divide(step, by=by)
    assert "har ingen grupp än" not in staff.get(work).content.decode()
    first = browser(room, "A")
    first.post(f"/tanum/delta/{room.session.code}/svar/{step.id}", {"answer": NOTE, "seen": ""})
    for name in "EF":
        room.come_in(f"telefonen {name}")
    assert "2 telefoner har ingen grupp än." in staff.get(work).content.decode()
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        seat_latecomers(step, by=room.world.stranger)
    assert staff.post(f"{work}/sena", {"fran": "steg"}).status_code == 302
    assert "har ingen grupp än" not in staff.get(work).content.decode()
    with room.world.acting(by):
        assert sorted(one.members for one in groups_of(step)) == [3, 3]
        note = Answer.objects.get(step=step)
        held = Participant.objects.filter(seats__group=note.group_id)
        assert {token for one in held for token in one.readers} == set(note.readers)
    pages = [page(room, browser(room, name)) for name in "ABCDEF"]
    mine = re.search(r"Du är i grupp \d\.", pages[0])
    assert mine
    assert [NOTE in one for one in pages] == [mine[0] in one for one in pages]


def test_a_latecomer_takes_a_seat_by_herself(room: Room) -> None:
    step = buzzing(room, "AB", size=2)
    with room.world.acting(room.world.owner):
        divide(step, by=room.world.owner)
    late = Client()
    assert "Ta en plats i en grupp" in page(room, late)
    answer = late.post(f"/tanum/delta/{room.session.code}/grupp/{step.id}")
    assert answer.status_code == 302
    assert "Du är i grupp 1." in page(room, late)
    with room.world.acting(room.world.owner):
        assert GroupSeat.objects.filter(step=step).count() == 3


def test_one_phone_is_no_group_and_a_stranger_divides_nobody(room: Room) -> None:
    step = buzzing(room, "A", size=2)
    with room.world.acting(room.world.owner), pytest.raises(NotPossible, match="minst två"):
        divide(step, by=room.world.owner)
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        divide(step, by=room.world.stranger)


def test_a_summary_is_shown_confirmed_and_asked_about_anew(room: Room) -> None:
    step = buzzing(room, "AB", kind="joint_summary")
    by, phone = room.world.owner, browser(room, "A")
    with room.world.acting(by):
        show_result(step, by=by, shown=False)
        assert write_summary(step, by=by, text="Tre kommuner vill.").number == 1
    assert "Tre kommuner vill." not in page(room, phone)
    with room.world.acting(by):
        show_result(step, by=by)
    assert "Tre kommuner vill." in page(room, phone)
    address = f"/tanum/delta/{room.session.code}/svar/{step.id}"
    assert phone.post(address, {"answer": "agrees", "version": "1"}).status_code == 302
    staff = room.world.client(by)
    work = f"/tanum/arbete/lyssna/steg/{step.id}"
    assert "1 av 1 säger att version 1 stämmer" in staff.get(work).content.decode()
    assert staff.post(f"{work}/sammanfattning", {"text": "Fyra kommuner vill.", "seen": "1"}).status_code == 302
    assert "checked" not in page(room, phone).partition('id="svar"')[2]
    with room.world.acting(by):
        with pytest.raises(SummaryChanged):
            write_summary(step, by=by, text="Någon annans text", seen=1)
        assert [one.number for one in joint_summaries(room.session)] == [2]

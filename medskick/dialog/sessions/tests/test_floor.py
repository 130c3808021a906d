"""Questions from the floor: votes that count once, an order that is fair, and never who asked."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.dialog.sessions.actions.asking import add_step, close_step, hide_answer, open_step, show_result
from medskick.dialog.sessions.actions.floor import mark_answered, mark_waiting
from medskick.dialog.sessions.floor_queries import shown_floor
from medskick.dialog.sessions.models import Answer, Step, UpVote
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.kernel.tests.world import make_staff

WORK = "/arbete/lyssna"


@pytest.fixture
def floor(room: Room) -> Step:
    with room.world.acting(room.world.owner):
        step = add_step(room.session, by=room.world.owner, text="Vad undrar ni?", kind="question_list")
        open_step(step, by=room.world.owner)
    return step


def ask(room: Room, step: Step, phone: Client, text: str) -> Answer:
    given = {"text_1": text, "submission_key": str(uuid4())}
    assert phone.post(f"/tanum/delta/{room.session.code}/svar/{step.id}", given).status_code == 302
    with room.world.acting(room.world.owner):
        return Answer.objects.get(step=step, text=text)


def vote(room: Room, step: Step, phone: Client, question: Answer, rost: str = "ja") -> str:
    phone.post(f"/tanum/delta/{room.session.code}/fraga/{step.id}/{question.id}", {"rost": rost})
    return page_of(room, phone)


def page_of(room: Room, phone: Client) -> str:
    return phone.get(f"/tanum/delta/{room.session.code}").content.decode().replace("\xa0", " ")


def votes(room: Room, step: Step) -> list[tuple[str, int]]:
    with room.world.acting(room.world.owner):
        return [(one.text, one.votes) for one in shown_floor(step)]


def test_questions_stand_by_votes_and_then_by_time(room: Room, floor: Step) -> None:
    ada, bo, cia = (room.world.client() for _ in range(3))
    first, second = ask(room, floor, ada, "Vem betalar?"), ask(room, floor, bo, "När börjar vi?")
    assert votes(room, floor) == [("Vem betalar?", 0), ("När börjar vi?", 0)]
    # A phone that has said nothing yet joins by its vote.
    assert "Ta tillbaka din röst" in vote(room, floor, cia, second)
    for _ in range(2):
        vote(room, floor, ada, second)
    assert votes(room, floor) == [("När börjar vi?", 2), ("Vem betalar?", 0)]
    vote(room, floor, cia, second, "nej")
    vote(room, floor, cia, second, "nej")
    vote(room, floor, cia, first)
    vote(room, floor, ada, second, "nej")
    assert votes(room, floor) == [("Vem betalar?", 1), ("När börjar vi?", 0)]


def test_ones_own_question_takes_no_vote_of_ones_own(room: Room, floor: Step) -> None:
    phone = room.world.client()
    own = ask(room, floor, phone, "Vem betalar?")
    assert "Det är din egen fråga" in vote(room, floor, phone, own)
    assert votes(room, floor) == [("Vem betalar?", 0)]


def test_a_phone_reads_others_questions_and_never_who_asked(room: Room, floor: Step) -> None:
    ada, bo = room.world.client(), room.world.client()
    ask(room, floor, ada, "Vem betalar?")
    page = page_of(room, bo)
    assert "Vem betalar?" in page and "Din fråga" not in page
    assert "Din fråga" in page_of(room, ada)
    with room.world.acting(room.world.owner):
        known = Answer.objects.get(step=floor).participant
        assert not [one for one in (known.id, known.device, known.address) if str(one) in page]
        show_result(floor, by=room.world.owner, shown=False)
    assert "Vem betalar?" not in page_of(room, bo)
    assert "Vem betalar?" in page_of(room, ada)
    part = f"/tanum/delta/{room.session.code}/nytt/{floor.id}"
    assert "Vem betalar?" not in bo.get(part).content.decode()


def test_votes_on_what_cannot_be_voted_on_are_explained(room: Room, floor: Step) -> None:
    ada, bo = room.world.client(), room.world.client()
    one = ask(room, floor, ada, "Vem betalar?")
    ask(room, floor, bo, "När?")
    with room.world.acting(room.world.owner):
        hide_answer(one, by=room.world.owner, reason="Frågan pekar ut någon.")
    page = vote(room, floor, bo, one)
    assert "Frågan finns inte kvar i listan." in page
    assert "Vem betalar?" not in page
    assert "Frågan pekar ut någon." in page_of(room, ada)
    with room.world.acting(room.world.owner):
        close_step(floor, by=room.world.owner)
    with room.world.acting(room.world.owner):
        last = Answer.objects.get(text="När?")
    vote(room, floor, ada, last)
    assert votes(room, floor) == [("När?", 0)]


def test_a_question_that_others_voted_for_is_not_rewritten(room: Room, floor: Step) -> None:
    ada, bo = room.world.client(), room.world.client()
    one = ask(room, floor, ada, "Vem betalar?")
    own = f"/tanum/delta/{room.session.code}/eget/{one.id}"
    assert ada.post(own, {"text_1": "Vem betalar vad?"}).status_code == 302
    vote(room, floor, bo, one)
    refused = ada.post(own, {"text_1": "Ska vi höja skatten?"})
    assert refused.status_code == 422
    assert "Andra har röstat" in refused.content.decode() and "höja skatten?</textarea>" in refused.content.decode()
    assert votes(room, floor) == [("Vem betalar vad?", 1)]


def test_what_was_answered_goes_last_with_its_words(room: Room, floor: Step) -> None:
    ada, bo = room.world.client(), room.world.client()
    one = ask(room, floor, ada, "Vem betalar?")
    ask(room, floor, bo, "När börjar vi?")
    vote(room, floor, bo, one)
    client = room.world.client(room.world.owner)
    client.post(f"{WORK}/svar/{one.id}/besked", {"words": "Kommunerna, efter storlek."})
    assert [text for text, _ in votes(room, floor)] == ["När börjar vi?", "Vem betalar?"]
    assert "Kommunerna, efter storlek." in page_of(room, bo)
    step = client.get(f"{WORK}/steg/{floor.id}").content.decode()
    assert "besvarad" in step
    assert client.post(f"{WORK}/svar/{one.id}/besked", {"words": "å" * 501}).status_code == 422
    client.post(f"{WORK}/svar/{one.id}/besked", {"besvarad": "nej"})
    assert [text for text, _ in votes(room, floor)] == ["Vem betalar?", "När börjar vi?"]
    csv = client.get(f"{WORK}/steg/{floor.id}/resultat.csv").content.decode("utf-8-sig")
    assert csv.splitlines()[:2] == ["Fråga;Röster;Besvarad;Svar", "Vem betalar?;1;nej;"]


def test_only_who_leads_or_records_marks_as_answered(room: Room, floor: Step) -> None:
    one = ask(room, floor, room.world.client(), "Vem betalar?")
    officer = make_staff(room.world.tanum, "Ola Handläggare", unit=room.world.unit, roles=[CASE_OFFICER])
    for actor in (officer, room.world.stranger):
        with room.world.acting(actor), pytest.raises(PermissionDenied):
            mark_answered(one, by=actor)
    assert room.world.client(room.world.stranger).get(f"{WORK}/svar/{one.id}/besked").status_code == 404
    with room.world.acting(room.world.owner):
        mark_answered(one, by=room.world.owner)
        mark_waiting(one, by=room.world.owner)
        assert [one.answered for one in shown_floor(floor)] == [False]


def test_the_log_of_votes_knows_no_phone(room: Room, floor: Step) -> None:
    one = ask(room, floor, room.world.client(), "Vem betalar?")
    vote(room, floor, room.world.client(), one)
    with room.world.acting(room.world.owner):
        entry = LogEntry.objects.get(verb="question.voted")
        assert entry.person is None
        assert UpVote.objects.count() == 1
        assert str(UpVote.objects.get().participant.device) not in str(vars(entry))


def test_the_wall_shows_those_that_wait_with_their_votes(room: Room, floor: Step) -> None:
    phones = [room.world.client() for _ in range(3)]
    asked = [ask(room, floor, phone, f"Fråga nummer {place}") for place, phone in enumerate(phones)]
    with room.world.acting(room.world.owner):
        mark_answered(asked[0], by=room.world.owner)
    page = room.world.client(room.world.owner).get(f"{WORK}/moten/{room.session.pk}/projektor").content.decode()
    assert "Fråga nummer 1" in page and "Fråga nummer 0" not in page
    assert re.search(r"1\s+är besvarad", page.replace("\xa0", " "))

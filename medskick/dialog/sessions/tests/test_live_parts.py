"""What screens and phones fetch while a session goes on: only what has changed, and never what is not shown to them."""

import gzip
import json
import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medskick.dialog.sessions import phone_state
from medskick.dialog.sessions.actions.asking import add_step, hide_answer, open_step, show_answer, show_result
from medskick.dialog.sessions.actions.clustering import make_cluster, rename_cluster
from medskick.dialog.sessions.actions.grouping import divide
from medskick.dialog.sessions.actions.planning import end_session
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.phone_state import PhoneState, read_state_ticket, state_for_phones, state_ticket
from medskick.dialog.sessions.progress import progress_of
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.organisations.scope import Scope, scope

STAFF = "/arbete/lyssna"


def fetch(browser: Client, address: str, tag: str = "") -> tuple[int, str, str]:
    """Status, tag and content of a part, as screen.js asks for it."""
    found = browser.get(address, headers={"HX-Request": "true", **({"If-None-Match": tag} if tag else {})})
    assert found["Cache-Control"] == "private, no-cache"
    assert "HX-Request" in found["Vary"]
    return found.status_code, found["ETag"], found.content.decode()


def told(work: Callable[[], object]) -> list[tuple[str, str, str]]:
    """Channel, event and data of what is published."""
    with patch("medskick.dialog.sessions.live.publish") as publish:
        work()
    return [(call.args[0], call.args[1], call.args[2] if len(call.args) > 2 else "") for call in publish.call_args_list]


def phone_page(room: Room, phone: Client) -> str:
    return phone.get(f"/tanum/delta/{room.session.code}").content.decode()


def state_of(page: str) -> PhoneState | None:
    """What the phone with this page is told when it asks."""
    (ticket,) = re.findall(r'data-state="([^"]+)"', page)
    opened = read_state_ticket(ticket)
    assert opened is not None
    return state_for_phones(opened)


def answered(room: Room, text: str) -> Client:
    phone = Client()
    sent = phone.post(f"/tanum/delta/{room.session.code}/svar/{room.step.id}", {"answer": text})
    assert sent.status_code == 302
    return phone


@pytest.mark.parametrize(
    "place", ["/moten/{session}", "/moten/{session}/projektor", "/moten/{session}/styrning", "/steg/{step}"]
)
def test_a_part_is_made_again_only_when_something_happened(room: Room, place: str) -> None:
    browser, address = (
        room.world.client(room.world.owner),
        STAFF + place.format(session=room.session.pk, step=room.step.pk),
    )
    room.say("Ada", "Trygghet")
    status, tag, part = fetch(browser, address)
    assert (status, "<html" in part) == (200, False)
    with CaptureQueriesContext(connection) as captured:
        assert fetch(browser, address, tag) == (304, tag, "")
    asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    # Whose session cookie, who acts, the scope, which session; as its holder, how many acts; back, and the scope's end.
    assert len(asked) == 8, asked
    assert not any("dialog_answer" in one for one in asked)
    room.say("Bo", "Tid")
    changed, later, _part = fetch(browser, address, tag)
    assert (changed, later == tag) == (200, False)


def test_a_whole_page_is_made_as_ever_and_a_stranger_gets_none(room: Room) -> None:
    address = f"{STAFF}/moten/{room.session.pk}/projektor"
    whole = room.world.client(room.world.owner).get(address)
    assert not whole.has_header("ETag")
    assert room.world.client(room.world.stranger).get(address, headers={"HX-Request": "true"}).status_code == 404


def test_another_language_or_colleague_is_another_part(room: Room) -> None:
    address = f"{STAFF}/moten/{room.session.pk}/projektor"
    browser = room.world.client(room.world.owner)
    _status, tag, _part = fetch(browser, address)
    browser.cookies["django_language"] = "en"
    assert fetch(browser, address, tag)[0] == 200
    assert fetch(room.world.client(room.world.colleague), address, tag)[0] == 200


def test_what_has_no_time_of_its_own_is_seen_too(room: Room) -> None:
    by, address = room.world.owner, f"{STAFF}/moten/{room.session.pk}/projektor"
    with room.world.acting(by):
        step = add_step(room.session, by=by, text="Vart ska vi?", kind="post_its", settings={"most": 3})
        open_step(step, by=by)
        show_result(step, by=by)
    room.step = step
    note = room.say("Ada", "Bredband")
    with room.world.acting(by):
        cluster = make_cluster(step, by=by, title="Nät", notes=[note.id])
    browser = room.world.client(by)
    _status, tag, part = fetch(browser, address)
    assert "Nät" in part
    with room.world.acting(by):
        rename_cluster(cluster, by=by, title="Fiber till alla")
    status, _tag, part = fetch(browser, address, tag)
    assert (status, "Fiber till alla" in part) == (200, True)


def test_screens_hear_how_many_and_phones_only_that_a_shown_result_grew(room: Room) -> None:
    screen, phones = f"screen:{room.session.pk}", f"session:{room.session.pk}"
    room.come_in("Bo")
    events = told(lambda: room.say("Ada", "Trygghet"))
    assert [one[:2] for one in events] == [(screen, "answers"), (phones, "result")]
    delta = json.loads(events[0][2])
    assert delta.pop("number").isdecimal()
    assert delta == {"step": str(room.step.pk), "answered": 1, "phones": 2}
    assert events[1][2] == ""
    with room.world.acting(room.world.owner):
        show_result(room.step, by=room.world.owner, shown=False)
    assert [one[:2] for one in told(lambda: room.say("Bo", "Tid"))] == [(screen, "answers")]


def test_the_number_that_is_told_is_the_number_that_is_fetched(room: Room) -> None:
    by = room.world.owner
    answers = [room.say(name, f"Ord av {name}") for name in ("Ada", "Bo", "Cia")]
    room.come_in("Disa")

    def counts() -> tuple[int, int]:
        with room.world.acting(by):
            progress, shown = progress_of(room.step)
            assert shown
            assert result_of(room.step).progress == progress
            return progress.answered, progress.phones

    assert counts() == (3, 4)
    with room.world.acting(by):
        hide_answer(answers[0], by=by, reason="Nämner en person.")
    assert counts() == (2, 4)
    with room.world.acting(by):
        show_answer(answers[0], by=by)
    assert counts() == (3, 4)


def test_a_phone_is_sent_the_result_only_when_it_has_answered_and_while_it_is_shown(room: Room) -> None:
    ada, silent = answered(room, "Trygghet"), Client()
    seen, unseen = phone_page(room, ada), phone_page(room, silent)
    answered(room, "Tillit")
    found, nothing = state_of(seen), state_of(unseen)
    assert found is not None and nothing is not None
    assert found.now == nothing.now == f"{room.step.pk} shown"
    part = gzip.decompress(found.result).decode()
    assert "tillit" in part.lower() and "2\xa0telefoner har svarat" in part
    assert nothing.result == b""
    with room.world.acting(room.world.owner):
        show_result(room.step, by=room.world.owner, shown=False)
    hidden = state_of(seen)
    assert hidden is not None
    assert (hidden.now, hidden.result) == (str(room.step.pk), b"")
    with room.world.acting(room.world.owner):
        show_result(room.step, by=room.world.owner)
        end_session(room.session, by=room.world.owner)
    over = state_of(seen)
    assert over is not None
    assert (over.now, over.result) == ("over", b"")


def test_a_result_is_drawn_once_for_a_hall_and_anew_after_each_change(room: Room) -> None:
    page = phone_page(room, answered(room, "Trygghet"))
    with patch("medskick.dialog.sessions.phone_state.result_of", wraps=result_of) as drawn:
        first = [state_of(page) for _phone in range(5)]
        assert len(set(first)) == 1
        assert drawn.call_count == 1
        room.say("Bo", "Tid")
        later = state_of(page)
        assert drawn.call_count == 2
    assert first[0] is not None and later is not None
    assert first[0].tag != later.tag


def test_a_ticket_for_the_state_cannot_be_made_up_and_is_for_its_own_session(
    room: Room, rooms: Callable[..., Room]
) -> None:
    other = rooms()
    room.say("Ada", "Trygghet")
    with scope(Scope(None)):
        foreign = state_ticket(other.session, sees=room.step)
    opened = read_state_ticket(foreign)
    assert opened is not None
    found = state_for_phones(opened)
    assert found is not None and found.result == b""
    assert read_state_ticket(foreign[:-1] + ("a" if foreign[-1] != "a" else "b")) is None
    with patch.object(phone_state, "TICKET_SECONDS", -1), scope(Scope(None)):
        assert read_state_ticket(state_ticket(room.session)) is None


def test_who_asks_is_told_that_groups_were_divided(room: Room) -> None:
    by = room.world.owner
    for name in ("Ada", "Bo", "Cia"):
        room.say(name, "Här")
    with room.world.acting(by):
        step: Step = add_step(room.session, by=by, text="Prata", kind="bikupa", settings={"size": 2})
        open_step(step, by=by)
    phone = Client()
    phone.cookies["medskick_telefon"] = "token of Ada and more"
    page = phone_page(room, phone)
    before = state_of(page)
    with room.world.acting(by):
        divide(step, by=by, seed=1)
        assert Answer.objects.filter(step=step).count() == 0
    after, fresh = state_of(page), state_of(phone_page(room, phone))
    assert before is not None and after is not None and fresh is not None
    assert after.now == f"{before.now} again"
    assert fresh.now == before.now

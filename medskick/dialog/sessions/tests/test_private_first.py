"""What is private until it is shown stands nowhere before that: every such step type, every address, found by discovery."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver

from medskick.dialog.sessions.actions.asking import hide_answer, show_answer, show_result
from medskick.dialog.sessions.actions.planning import end_session
from medskick.dialog.sessions.actions.submitting import take_in
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.pasting import PastedNeed
from medskick.dialog.sessions.report import open_report, staff_report
from medskick.dialog.sessions.steps.registry import step_types
from medskick.dialog.sessions.steps.samples import sample_of
from medskick.dialog.sessions.tests.conftest import DAY, Room
from medskick.dialog.sessions.tests.test_step_types import in_room
from medskick.kernel.tests.world import World

PRIVATE = [one.key for one in step_types() if one.private_first]
MARK = "Kanariefågeln sjunger"
# Where the words must stand once they are shown, so that their absence before says something.
TOLD_LATER = {
    "answer", "answers_file", "board", "late_needs", "projector", "result_file", "session_answers", "session_data_csv",
    "open_report", "public_report", "public_session", "session_data_file", "session_report", "staff_report", "step",
}  # fmt: skip


def test_some_step_type_is_private_at_first() -> None:
    assert PRIVATE


@pytest.mark.parametrize("key", PRIVATE)
def test_what_is_private_stands_in_no_page_file_or_report(rooms: Callable[..., Room], key: str) -> None:
    room = rooms(public=True)
    step = in_room(room, key)
    written = write(room, step)
    with room.world.acting(room.world.owner) as by:
        # Somebody who mails the same afterwards makes the staff's page compare it with what was said.
        take_in(room.session, by=by, needs=[PastedNeed(f"{MARK} varje dag")], channel="mail", received_on=DAY)
    assert whoever_tells(room, step, written) == {}
    with room.world.acting(room.world.owner) as by:
        hide_answer(written, by=by, reason="Prov")  # what is hidden is counted in the report, with its reason
    assert whoever_tells(room, step, written) == {}
    with room.world.acting(room.world.owner) as by:
        show_answer(written, by=by)
        end_session(room.session, by=by)
    assert whoever_tells(room, step, written) == {}
    with room.world.acting(room.world.owner) as by:
        show_result(step, by=by)
    told = whoever_tells(room, step, written)
    assert set(told) >= TOLD_LATER, TOLD_LATER - set(told)


def write(room: Room, step: Step) -> Answer:
    """A phone writes the mark where the type's sample has its words."""
    sample = sample_of(step.kind).answers[0]
    given = {name: MARK if isinstance(value, str) else value for name, value in sample.items()}
    sent = Client().post(f"/tanum/delta/{room.session.code}/svar/{step.id}", given | {"submission_key": str(uuid4())})
    assert sent.status_code == 302, sent.content.decode()
    with room.world.acting(room.world.owner):
        return Answer.objects.get(step=step, text=MARK)


def whoever_tells(room: Room, step: Step, written: Answer) -> dict[str, str]:
    """By the name of each address, and of the report that is made into a file: who read the mark there."""
    world: World = room.world
    other = Client()
    other.post(
        f"/tanum/delta/{room.session.code}/svar/{step.id}", sample_of(step.kind).answers[1] | {"submission_key": ""}
    )
    readers = {"owner": world.client(world.owner), "colleague": world.client(world.colleague), "another phone": other}
    known = {
        "session_id": room.session.pk,
        "step_id": step.id,
        "answer_id": written.id,
        "code": room.session.code,
        "kind": step.kind,
    }
    found = {}
    for name, address in addresses(known):
        for who, browser in readers.items():
            answer = browser.get(f"/tanum/{address}")
            body = b"".join(answer) if answer.streaming else answer.content
            # The late need says it in its own words, and a page may say it again; the note is a line of its own.
            said = body.decode("utf-8", "replace").replace(f"{MARK} varje dag", "")
            if MARK in said or MARK.encode("unicode-escape").decode() in said:
                found[name] = who
    with world.acting(world.owner):
        for made in (staff_report, open_report):
            if MARK in repr(made(room.session)).replace(f"{MARK} varje dag", ""):
                found[made.__name__] = "file"
    return found


def addresses(known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and path of every view of the whole site whose address is made of what is known."""
    views = get_resolver().reverse_dict
    for name in views:
        if isinstance(name, str):
            for path, needs in views[name][0]:
                if needs and set(needs) <= set(known):
                    yield name, path % known

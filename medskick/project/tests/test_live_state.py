"""What phones ask for at /live/lage: read once for many, told in few bytes, and refused where the ticket is not good."""

import asyncio
import gzip
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import OperationalError

from medskick.dialog.api import PhoneState, StateTicket
from medskick.project import live_state
from medskick.project.live_state import StateApp, StateDesk

TICKET = StateTicket(UUID(int=1), UUID(int=2), UUID(int=3), 0, "sv")
STATE = PhoneState("3 shown", gzip.compress("<p>Örnar</p>".encode()), "abc-7")


class Asking:
    """One phone's request."""

    def __init__(self, **headers: str) -> None:
        said = {"x_ticket": "good", **headers}
        listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
        self.scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/live/lage", "headers": listed}
        self.start: Any = {}
        self.body = b""

    async def receive(self) -> Any:
        return {"type": "http.request"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message["body"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.start["headers"]}


def ask(read: Any, *phones: Asking) -> None:
    async def together() -> None:
        desk = StateDesk(read)
        app = StateApp(desk)
        await asyncio.gather(*(app(one.scope, one.receive, one.send) for one in phones))
        await desk.close()

    known = {"good": TICKET}
    with (
        patch.object(live_state.dialog, "read_state_ticket", known.get),
        patch.object(live_state, "GATHER_SECONDS", 0.01),
    ):
        asyncio.run(together())


@pytest.fixture(autouse=True)
def no_connections() -> Any:
    with patch.object(live_state.connections, "close_all"):
        yield


def test_a_hall_that_asks_at_once_has_it_read_once() -> None:
    read: list[StateTicket] = []
    phones = [Asking(accept_encoding="gzip, br") for _one in range(200)]
    ask(lambda ticket: read.append(ticket) or STATE, *phones)
    assert read == [TICKET]
    assert {(one.start["status"], one.body) for one in phones} == {(200, STATE.result)}
    assert phones[0].headers["content-encoding"] == "gzip"
    assert phones[0].headers["cache-control"] == "private, no-cache"
    assert phones[0].headers["x-now"] == "3 shown"


def test_who_asks_soon_after_a_reading_waits_for_the_next_together_with_others() -> None:
    read: list[StateTicket] = []

    async def one_after_another() -> None:
        desk = StateDesk(lambda ticket: read.append(ticket) or STATE)
        await desk.ask(TICKET)
        await asyncio.gather(desk.ask(TICKET), *(_later(desk, number) for number in range(5)))
        await desk.close()

    async def _later(desk: StateDesk, number: int) -> None:
        await asyncio.sleep(number * 0.02)
        await desk.ask(TICKET)

    with patch.multiple(live_state, GATHER_SECONDS=0.0, PACE_SECONDS=1.0):
        asyncio.run(one_after_another())
    assert len(read) == 2


def test_who_has_the_state_is_sent_nothing_and_who_reads_no_gzip_gets_plain_text() -> None:
    same, other, plain = Asking(if_none_match='W/"abc-7"'), Asking(if_none_match='"abc-6"'), Asking()
    ask(lambda _ticket: STATE, same, other, plain)
    assert (same.start["status"], same.body, same.headers["x-now"]) == (304, b"", "3 shown")
    assert other.start["status"] == 200
    assert plain.body.decode() == "<p>Örnar</p>"


def test_what_cannot_be_told_is_refused_in_plain_words() -> None:
    def away(_ticket: StateTicket) -> None:
        raise OperationalError

    forged, gone, down = Asking(x_ticket="bad"), Asking(), Asking()
    ask(lambda _ticket: None, forged, gone)
    ask(away, down)
    assert [one.start["status"] for one in (forged, gone, down)] == [403, 404, 503]
    assert "Ladda om sidan" in forged.body.decode()

"""Live streams: what is published arrives, what is forged is refused, and nobody is slowed by a sleeper."""

import asyncio
import http.client
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from medskick.kernel.notifications.live import Ticket, live_ticket, live_url, publish, read_ticket
from medskick.project import live
from medskick.project.live import Hub, LiveApp, encode


class Stream:
    """A browser's EventSource, as far as we need one."""

    def __init__(self, site: str, path: str, last_event_id: str = "") -> None:
        self.connection: Any = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
        self.connection.request("GET", path, headers={"Last-Event-ID": last_event_id} if last_event_id else {})
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self, *, resync: bool = False) -> dict[str, str]:
        """The next event. Heartbeats and retry hints are left out, and `resync` unless it is asked for."""
        while True:
            lines = list(iter(lambda: self.response.readline().decode().rstrip("\n"), ""))
            if not lines and self.response.isclosed():
                raise EOFError
            event = dict(line.split(": ", 1) for line in lines if ": " in line)
            if "event" in event and (resync or event["event"] != "resync"):
                return event

    def close(self) -> None:
        self.connection.close()


def _settle(site: str) -> None:
    """Wait until the server has listened for a while, after the database of the test before was taken away."""
    for _ in range(20):
        with listening(site, live_url("warm")) as stream, suppress(TimeoutError):
            stream.connection.sock.settimeout(0.5)
            publish("warm")
            stream.next()
            time.sleep(live.CLOCK_SLACK_SECONDS + 0.2)
            return
    raise AssertionError("the server does not listen to the database")


@contextmanager
def listening(site: str, path: str, last_event_id: str = "") -> Iterator[Stream]:
    stream = Stream(site, path, last_event_id)
    try:
        yield stream
    finally:
        stream.close()


def test_a_ticket_is_for_one_channel_and_a_time() -> None:
    ticket = live_ticket("session:4729")
    found = read_ticket(ticket)
    assert found is not None
    assert found.channel == "session:4729"
    assert abs(found.made_at - time.time()) < 5
    assert read_ticket(ticket[:-1] + ("A" if ticket[-1] != "A" else "B")) is None
    assert read_ticket("") is None
    assert read_ticket(live_ticket("session:4729", seconds=-1)) is None


def test_what_is_too_large_or_oddly_named_is_not_published() -> None:
    with pytest.raises(ValueError, match="6000 bytes"):
        publish("session:1", "changed", "x" * 6001)
    with pytest.raises(ValueError, match="under a name"):
        publish("session:1", "two words")


def test_what_is_committed_arrives_and_what_is_rolled_back_does_not(site: str) -> None:
    _settle(site)
    with listening(site, live_url("session:1")) as stream, listening(site, live_url("session:2")) as other:
        assert stream.status == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        with transaction.atomic():
            publish("session:1", "changed", "rolled back")
            transaction.set_rollback(True)
        with transaction.atomic():
            publish("session:1", "changed", "förenkling\ntid över")
        publish("session:2", "opened")
        event = stream.next()
        assert (event["event"], event["data"]) == ("changed", "tid över")  # two data lines; dict keeps the last
        assert other.next()["event"] == "opened"


def test_nothing_is_lost_between_page_and_stream_nor_in_a_break(site: str) -> None:
    _settle(site)
    page_made = live_url("session:3")
    publish("session:3", "first", "while the page loaded")
    time.sleep(0.3)
    with listening(site, page_made) as stream:
        seen = stream.next(resync=True)
        assert seen["data"] == "while the page loaded"
    publish("session:3", "second")
    time.sleep(0.3)
    with listening(site, page_made, seen["id"]) as stream:
        assert stream.next(resync=True)["event"] == "second"
    with listening(site, page_made, "another-process-7") as stream:
        assert stream.next(resync=True)["event"] == "resync"


@pytest.mark.parametrize("ticket", ["", "session:1", "W10:abc:def", live_ticket.__name__])
def test_a_forged_ticket_is_refused_in_plain_words(site: str, ticket: str) -> None:
    with listening(site, f"/live/{ticket}") as stream:
        assert stream.status == 403
        assert "Ladda om sidan" in stream.response.read().decode()


def test_only_reading_is_answered(site: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection.request("POST", live_url("session:1"), body=b"x")
    assert connection.getresponse().status == 405


# The hub by itself, without server and database.


class Browser:
    """The other end of one ASGI call: keeps what it gets, reads at its own pace."""

    def __init__(self, *, asleep: bool = False) -> None:
        self.got: list[dict[str, Any]] = []
        self.asleep = asleep
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.got.append(message)
        if self.asleep:
            await asyncio.sleep(3600)

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.got).decode()


def _scope(channel: str) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": f"/live/{live_ticket(channel)}", "headers": []}


def _with_hub(story: Callable[[Hub], Awaitable[None]]) -> None:
    async def tell() -> None:
        hub = Hub("")
        hub.since = 0
        await story(hub)

    asyncio.run(tell())


def test_a_burst_becomes_the_first_and_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.05)

    async def story(hub: Hub) -> None:
        browser = Browser()
        call = asyncio.create_task(LiveApp(hub)(_scope("s"), browser.receive, browser.send))
        await asyncio.sleep(0.01)
        for number in range(100):
            hub.receive(json.dumps(["s", "count", str(number), 0]))
            await asyncio.sleep(0)
        await asyncio.sleep(0.15)
        browser.left.set()
        await call
        first, last = [line for line in browser.text.splitlines() if line.startswith("data")]
        assert (first in ("data: 0", "data: 1"), last) == (True, "data: 99")
        assert hub.open == 0

    _with_hub(story)


def test_a_browser_that_does_not_read_is_dropped_and_the_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.0)
    monkeypatch.setattr(live, "SEND_SECONDS", 0.1)

    async def story(hub: Hub) -> None:
        awake, asleep = Browser(), Browser(asleep=True)
        calls = [asyncio.create_task(LiveApp(hub)(_scope("s"), one.receive, one.send)) for one in (awake, asleep)]
        for number in range(50):
            await asyncio.sleep(0.001)
            hub.receive(json.dumps(["s", f"e{number}", "", 0]))
        await asyncio.sleep(0.3)
        assert awake.text.count("event: ") == 50
        assert hub.open == 1
        hub.close_listeners()
        await asyncio.gather(*calls)
        assert awake.got[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    _with_hub(story)


def test_when_it_is_full_the_next_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_LISTENERS", 0)

    async def story(hub: Hub) -> None:
        browser = Browser()
        await LiveApp(hub)(_scope("s"), browser.receive, browser.send)
        assert browser.got[0]["status"] == 503

    _with_hub(story)


def test_forgotten_channels_cost_nothing_and_their_listeners_fetch_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CHANNELS_REMEMBERED", 10)

    async def story(hub: Hub) -> None:
        page_made = Ticket("c0", time.time() - 60)
        for number in range(100):
            hub.receive(json.dumps([f"c{number}", "changed", "", 0]))
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert len(hub.channels) <= 11
        with hub.listening(page_made, "") as listener:
            assert b"event: resync" in listener.take()

    _with_hub(story)


def test_events_are_numbered_one_after_another_in_each_channel() -> None:
    async def story(hub: Hub) -> None:
        with hub.listening(Ticket("a", time.time()), "") as listener:
            for channel, event in (("a", "one"), ("b", "one"), ("b", "two"), ("a", "two"), ("a", "three")):
                hub.receive(json.dumps([channel, event, "", 0]))
                await asyncio.sleep(0.001)
            hub.channels["a"].not_before.clear()
            hub._flush(hub.channels["a"])
            ids = [
                line.removeprefix("id: ") for line in listener.take().decode().splitlines() if line.startswith("id:")
            ]
        assert ids == [f"{hub.boot}-{number}" for number in (1, 2, 3)]
        del hub.channels["a"]
        with hub.listening(Ticket("a", time.time()), ids[-2]) as listener:
            assert b"event: resync" in listener.take()  # what came after it is not known any more

    _with_hub(story)


def test_a_paced_event_waits_and_lets_others_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.0)

    async def story(hub: Hub) -> None:
        with hub.listening(Ticket("a", time.time()), "") as listener:
            listener.take()
            for number in range(3):
                hub.receive(json.dumps(["a", "result", str(number), 0.15]))
                hub.receive(json.dumps(["a", "step", str(number), 0]))
                await asyncio.sleep(0.02)
            early = listener.take().decode()
            assert (early.count("event: result"), early.count("event: step")) == (1, 3)
            await asyncio.sleep(0.2)
            late = listener.take().decode()
            assert (late.count("event: result"), "data: 2" in late) == (1, True)

    _with_hub(story)


def test_an_event_is_written_as_the_standard_says() -> None:
    assert encode("changed", "a\nb", "x-1") == b"id: x-1\nevent: changed\ndata: a\ndata: b\n\n"
    assert encode("changed", "") == b"event: changed\ndata: \n\n"

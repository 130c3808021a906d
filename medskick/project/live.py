"""Live streams (server-sent events) at /live/<ticket>, as a small ASGI application outside Django's middleware.

One PostgreSQL connection per process listens; every event is fanned out to the browsers that hold a ticket for its
channel. Nothing is awaited per event and listener, so 2,000 open streams cost about 15 kB each and no threads.

What a listener can trust:
- an event published after its page was made arrives, also when the stream opens later (the ticket knows the age);
- the events of a channel are numbered one after another (`id: boot-number`): who sees a gap fetches everything again;
- after a break the browser says which event it saw last, and gets the newest of each kind that it missed;
- where that cannot be known (we restarted, or lost the database for a while) it gets `resync`: fetch everything again;
- one that does not read is dropped, and its browser comes back by itself.
"""

import asyncio
import contextlib
import json
import logging
import os
import random
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import psycopg

from medskick.kernel.notifications.live import LISTEN_ON, Ticket, read_ticket

log = logging.getLogger(__name__)

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

COALESCE_SECONDS = 0.25
HEARTBEAT_SECONDS = 20.0
SEND_SECONDS = 15.0  # a listener whose network takes longer is dropped
BACKLOG = 32  # chunks waiting for one listener before it is dropped
MAX_LISTENERS = int(os.environ.get("MEDSKICK_LIVE_LISTENERS", "10000"))
CHANNELS_REMEMBERED = 2000
CLOCK_STEP = 0.005  # a timer may go off a little early
CLOCK_SLACK_SECONDS = 2.0  # pages and streams may be made on two machines

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


def encode(event: str, data: str, event_id: str = "") -> bytes:
    lines = [f"id: {event_id}"] if event_id else []
    lines += [f"event: {event}", *(f"data: {line}" for line in data.splitlines() or [""])]
    return ("\n".join(lines) + "\n\n").encode()


class Listener:
    """One open stream: what waits to be sent, and whether it is over."""

    __slots__ = ("closed", "waiting", "wake")

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.wake = asyncio.Event()
        self.closed = False

    def give(self, chunk: bytes) -> None:
        self.waiting.append(chunk)
        if len(self.waiting) > BACKLOG:
            self.close()
        self.wake.set()

    def close(self) -> None:
        self.closed = True
        self.wake.set()

    def take(self) -> bytes:
        chunk = b"".join(self.waiting)
        self.waiting.clear()
        self.wake.clear()
        return chunk


class Channel:
    """The listeners of one channel and the newest event of each name.

    number: of its last event. begun: the number before its first; what was before that is not known here.
    """

    __slots__ = ("begun", "listeners", "newest", "not_before", "number", "pace", "pending", "timer")

    def __init__(self, number: int) -> None:
        self.listeners: set[Listener] = set()
        self.newest: dict[str, tuple[int, float, bytes]] = {}
        self.pending: dict[str, str] = {}
        self.pace: dict[str, float] = {}
        self.not_before: dict[str, float] = {}
        self.timer: asyncio.TimerHandle | None = None
        self.begun = self.number = number


class Hub:
    """All channels of this process, fed by one LISTEN connection."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.boot = secrets.token_hex(4)
        self.number = 0  # the highest of any channel: one that is forgotten and made anew goes on above it
        self.since = time.time()  # from when on we know of every event
        self.channels: OrderedDict[str, Channel] = OrderedDict()
        self.open = 0
        self.stopping = False
        self.tasks: list[asyncio.Task[None]] = []
        self.connected = asyncio.Event()

    def start(self) -> None:
        self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._heartbeat())]

    def close_listeners(self) -> None:
        """Let every stream end now; their browsers reconnect to whoever serves next."""
        self.stopping = True
        for listener in self._listeners():
            listener.close()

    async def stop(self) -> None:
        self.close_listeners()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @contextlib.contextmanager
    def listening(self, ticket: Ticket, last_event_id: str) -> Iterator[Listener]:
        channel = self._channel(ticket.channel)
        listener = Listener()
        listener.give(f"retry: {random.randint(1000, 4000)}\n\n".encode())  # noqa: S311 - spreads reconnects, no secret
        for chunk in self._missed(channel, ticket, last_event_id):
            listener.give(chunk)
        channel.listeners.add(listener)
        self.open += 1
        try:
            yield listener
        finally:
            self.open -= 1
            channel.listeners.discard(listener)

    def receive(self, payload: str) -> None:
        """One notification from PostgreSQL: kept for a quarter of a second, or longer where it says so, if the channel
        was just served."""
        name, event, data, *pace = json.loads(payload)
        channel = self._channel(name)
        channel.pending.pop(event, None)  # the newest comes last
        channel.pending[event] = data
        channel.pace[event] = pace[0] if pace else 0.0
        self._plan(channel)

    def _plan(self, channel: Channel) -> None:
        loop = asyncio.get_running_loop()
        at = max(loop.time(), min(self._may_go(channel, event) for event in channel.pending))
        if channel.timer is not None:
            if channel.timer.when() <= at:
                return
            channel.timer.cancel()
        channel.timer = loop.call_at(at, self._flush, channel)

    def _may_go(self, channel: Channel, event: str) -> float:
        return max(channel.not_before.get("", 0.0), channel.not_before.get(event, 0.0))

    def _flush(self, channel: Channel) -> None:
        now = asyncio.get_running_loop().time()
        channel.timer = None
        chunks = []
        for event in [one for one in channel.pending if self._may_go(channel, one) <= now + CLOCK_STEP]:
            chunk = encode(event, channel.pending.pop(event), self._next_id(channel))
            channel.newest[event] = (channel.number, time.time(), chunk)
            channel.not_before[event] = now + channel.pace[event]
            chunks.append(chunk)
        channel.not_before[""] = now + COALESCE_SECONDS
        for listener in channel.listeners:
            listener.give(b"".join(chunks))
        if channel.pending:
            self._plan(channel)

    def _next_id(self, channel: Channel) -> str:
        channel.number += 1
        self.number = max(self.number, channel.number)
        return f"{self.boot}-{channel.number}"

    def _missed(self, channel: Channel, ticket: Ticket, last_event_id: str) -> list[bytes]:
        newest = sorted(channel.newest.values())
        boot, _, number = last_event_id.partition("-")
        if boot == self.boot and number.isdigit() and int(number) >= channel.begun:
            return [chunk for seen, _, chunk in newest if seen > int(number)]
        page_made = ticket.made_at - CLOCK_SLACK_SECONDS
        if last_event_id or page_made < self.since:
            return [encode("resync", "", f"{self.boot}-{channel.number}")]
        return [chunk for _, at, chunk in newest if at >= page_made]

    def _channel(self, name: str) -> Channel:
        channel = self.channels.get(name)
        if channel is None:
            channel = self.channels[name] = Channel(self.number)
        self.channels.move_to_end(name)
        if len(self.channels) > CHANNELS_REMEMBERED:
            self._forget_idle()
        return channel

    def _forget_idle(self) -> None:
        """Drop the older half of the channels that nobody listens to; who comes back to one is told to fetch all."""
        idle = [name for name, channel in self.channels.items() if not channel.listeners and not channel.timer]
        for name in idle[: CHANNELS_REMEMBERED // 2]:
            del self.channels[name]
        self.since = time.time()

    def _listeners(self) -> list[Listener]:
        return [listener for channel in self.channels.values() for listener in channel.listeners]

    async def _heartbeat(self) -> None:
        """A comment now and then keeps proxies from closing the stream and finds out who is gone."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for listener in self._listeners():
                if not listener.waiting:
                    listener.give(b":\n\n")

    async def _listen(self) -> None:
        pause = 0.25
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.database_url, autocommit=True, connect_timeout=5
                ) as connection:
                    await connection.execute(f"LISTEN {LISTEN_ON}".encode())
                    pause = 0.25
                    self.connected.set()
                    self._resync_all()
                    while True:
                        async for notification in connection.notifies(timeout=HEARTBEAT_SECONDS):
                            self.receive(notification.payload)
                        await connection.execute("SELECT 1")  # finds a connection that died without a word
            except (psycopg.Error, OSError) as problem:
                log.warning("Live: the database connection was lost (%s); trying again.", type(problem).__name__)
            self.connected.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _resync_all(self) -> None:
        """At every (re)connection: events of the time before are not known here."""
        self.since = time.time()
        for channel in self.channels.values():
            chunk = encode("resync", "", self._next_id(channel))
            channel.newest = {"resync": (channel.number, self.since, chunk)}
            for listener in channel.listeners:
                listener.give(chunk)


class LiveApp:
    """The ASGI application for /live/<ticket>."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await answer(send, 405, "Den här adressen kan bara läsas.")
        ticket = read_ticket(scope["path"].removeprefix("/live/"))
        if ticket is None:
            return await answer(send, 403, "Biljetten gäller inte längre. Ladda om sidan, så får du en ny.")
        if self.hub.stopping or self.hub.open >= MAX_LISTENERS:
            return await answer(send, 503, "Just nu är det fullt. Sidan försöker igen.", [(b"retry-after", b"5")])
        with self.hub.listening(ticket, header(scope, b"last-event-id")) as listener:
            gone = asyncio.create_task(_watch(receive, listener))
            try:
                await self._serve(listener, send)
            finally:
                gone.cancel()
        return None

    async def _serve(self, listener: Listener, send: Send) -> None:
        # OSError: the listener hung up. TimeoutError: it does not read. Both end the stream and nothing else.
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            while not listener.closed:
                chunk = listener.take()
                if chunk:
                    async with asyncio.timeout(SEND_SECONDS):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await listener.wake.wait()
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _watch(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


def header(scope: Message, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def answer(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    start = [kind, (b"cache-control", b"no-store"), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": text.encode()})

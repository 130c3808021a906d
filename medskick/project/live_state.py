"""What phones ask for at /live/lage, as a small ASGI application beside the streams, outside Django's middleware.

A hall that asks at once has it read once: who asks within a twentieth of a second, or before a second has passed since
it was read last, shares what is read after that, so that nobody gets a state from before the asking. While answers come
a result is thus drawn once a second at most. Where a phone has the state already it costs neither rendering nor air.
"""

import asyncio
import gzip
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from django.db import DatabaseError, InterfaceError, connections

from medskick.dialog import api as dialog
from medskick.project.live import Message, Receive, Send, answer, header

log = logging.getLogger(__name__)

GATHER_SECONDS, PACE_SECONDS = 0.05, 1.0
MOST_TICKETS = 200

Read = Callable[[dialog.StateTicket], dialog.PhoneState | None]


class StateDesk:
    """Reads, in a thread of its own, what phones with the same ticket ask for together."""

    def __init__(self, read: Read = dialog.state_for_phones) -> None:
        self.read = read
        self.asked: dict[dialog.StateTicket, asyncio.Task[dialog.PhoneState | None]] = {}
        self.looked: dict[dialog.StateTicket, float] = {}
        self.pool = ThreadPoolExecutor(1, "state")

    async def ask(self, ticket: dialog.StateTicket) -> dialog.PhoneState | None:
        """None where the session is gone. Raises DatabaseError where the database is away."""
        if ticket not in self.asked:
            self.asked[ticket] = asyncio.create_task(self._look(ticket))
        return await asyncio.shield(self.asked[ticket])

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self.pool, connections.close_all)
        self.pool.shutdown()

    async def _look(self, ticket: dialog.StateTicket) -> dialog.PhoneState | None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(GATHER_SECONDS, self.looked.get(ticket, 0.0) + PACE_SECONDS - loop.time()))
        del self.asked[ticket]  # who asks from now on is answered by the next look
        self.looked = {one: at for one, at in self.looked.items() if at + PACE_SECONDS > loop.time()}
        self.looked[ticket] = loop.time()
        return await loop.run_in_executor(self.pool, self._read, ticket)

    def _read(self, ticket: dialog.StateTicket) -> dialog.PhoneState | None:
        try:
            return self.read(ticket)
        except (DatabaseError, InterfaceError):
            connections.close_all()  # the database was perhaps started again, and a new connection works
            return self.read(ticket)


class StateApp:
    """The ASGI application for GET /live/lage: the result as the body, what phones do now as the header X-Now."""

    def __init__(self, desk: StateDesk) -> None:
        self.desk = desk

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await answer(send, 405, "Den här adressen kan bara läsas.")
        ticket = dialog.read_state_ticket(header(scope, b"x-ticket"))
        if ticket is None:
            return await answer(send, 403, "Biljetten gäller inte längre. Ladda om sidan, så får du en ny.")
        if len(self.desk.asked) >= MOST_TICKETS and ticket not in self.desk.asked:
            return await answer(send, 503, "Det är många som frågar. Telefonen försöker igen.")
        try:
            state = await self.desk.ask(ticket)
        except (DatabaseError, InterfaceError) as problem:
            log.warning("State: the database did not answer (%s).", type(problem).__name__)
            return await answer(send, 503, "Just nu går det inte att läsa. Telefonen försöker igen.")
        if state is None:
            return await answer(send, 404, "Mötet finns inte.")
        return await _tell(scope, send, state)


async def _tell(scope: Message, send: Send, state: dialog.PhoneState) -> None:
    tag = f'"{state.tag}"'
    headers = [
        (b"etag", tag.encode()),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"X-Ticket, Accept-Encoding"),
        (b"x-now", quote(state.now, safe=" -").encode()),
    ]
    status, body = 200, state.result
    if tag in header(scope, b"if-none-match"):
        status, body = 304, b""
    elif body and "gzip" in header(scope, b"accept-encoding"):
        headers.append((b"content-encoding", b"gzip"))
    elif body:
        body = gzip.decompress(body)
    if status == 200:
        headers += [(b"content-type", b"text/html; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""Answers from phones at /live/svar, as a small ASGI application beside the streams, outside Django's middleware.

What comes while a batch is being stored, or within ten milliseconds, is stored together: a hall that answers at once
costs a few statements and one commit for many phones, and each phone is told only after that commit.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from medskick.dialog import api as dialog
from medskick.kernel.people.device import DEVICE_COOKIE, KEPT_SECONDS
from medskick.project import maintenance
from medskick.project.live import Message, Receive, Send, answer, header

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.01
MOST_AT_ONCE = 250
MOST_WAITING = 5000
LONGEST_BODY = 64 * 1024
UNREADABLE, ELSEWHERE, FULL = 400, 403, 503

Take = Callable[[Sequence[dialog.Sending]], list[dialog.Reply]]


class AnswerDesk:
    """Gathers sendings, stores them in a thread of its own, and hands each its reply."""

    def __init__(self, take: Take = dialog.take_answers, *, rests: Callable[[], bool] = maintenance.rests) -> None:
        self.take, self.rests = take, rests
        self.waiting: list[tuple[dialog.Sending, asyncio.Future[dialog.Reply]]] = []
        self.pool = ThreadPoolExecutor(1, "answers")
        self.work: asyncio.Task[None] | None = None

    async def hand_in(self, sending: dialog.Sending) -> dialog.Reply | None:
        """The reply, when the sending is stored or refused; None where too many wait."""
        if len(self.waiting) >= MOST_WAITING:
            return None
        reply: asyncio.Future[dialog.Reply] = asyncio.get_running_loop().create_future()
        self.waiting.append((sending, reply))
        if self.work is None or self.work.done():
            self.work = asyncio.create_task(self._work())
        return await reply

    async def close(self) -> None:
        if self.work is not None:
            await asyncio.gather(self.work, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self.pool, connections.close_all)
        self.pool.shutdown()

    async def _work(self) -> None:
        while self.waiting:
            await asyncio.sleep(GATHER_SECONDS)
            batch, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]
            replies = await asyncio.get_running_loop().run_in_executor(
                self.pool, self._store, [one for one, _ in batch]
            )
            for (_, waiting), reply in zip(batch, replies, strict=True):
                if not waiting.done():  # the phone may have hung up
                    waiting.set_result(reply)

    def _store(self, sendings: list[dialog.Sending], *, again: bool = True) -> list[dialog.Reply]:
        """One that brings the others down is refused alone; where the database is gone the phones try again."""
        try:
            if self.rests():
                return [dialog.Reply(FULL) for _ in sendings]
            return self.take(sendings)
        except (DatabaseError, InterfaceError) as problem:
            log.warning("Answers: the database refused a batch (%s).", type(problem).__name__)
            connections.close_all()
            if again and isinstance(problem, OperationalError | InterfaceError):
                # The connection may have died while nobody answered; nothing of the batch is stored.
                return self._store(sendings, again=False)
            return [self._alone(one) for one in sendings] if len(sendings) > 1 else [dialog.Reply(FULL)]
        except Exception:
            log.exception("Answers: a batch could not be stored.")
            return [self._alone(one) for one in sendings] if len(sendings) > 1 else [dialog.Reply(FULL)]

    def _alone(self, sending: dialog.Sending) -> dialog.Reply:
        return self._store([sending])[0]


class AnswerApp:
    """The ASGI application for POST /live/svar."""

    def __init__(self, desk: AnswerDesk) -> None:
        self.desk = desk

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            return await answer(send, 405, "Hit skickas svar.")
        if not _from_our_page(scope):
            return await answer(send, ELSEWHERE, "Svaret kom från en annan webbplats.")
        body = await _body(receive)
        ticket = dialog.read_answer_ticket(header(scope, b"x-ticket"))
        if body is None or ticket is None:
            return await answer(send, UNREADABLE, "Svaret gick inte att läsa.")
        client = scope.get("client") or ("",)
        reply = await self.desk.hand_in(dialog.Sending(ticket, _secret(scope), body, str(client[0])))
        if reply is None or reply.status == FULL:
            return await answer(
                send, FULL, "Det är många som svarar. Telefonen försöker igen.", [(b"retry-after", b"2")]
            )
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        if reply.secret:
            headers.append((b"set-cookie", _cookie(reply.secret)))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps({"number": reply.number}).encode()})
        return None


def _from_our_page(scope: Message) -> bool:
    """A browser says where a POST comes from; what does not say is no browser and holds no cookie of one."""
    origin = header(scope, b"origin")
    return not origin or urlsplit(origin).netloc == header(scope, b"host")


async def _body(receive: Receive) -> str | None:
    """The whole body; None where it is too long, breaks off or is no text."""
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        length += len(part)
        if length > LONGEST_BODY:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    try:
        return b"".join(parts).decode("ascii")
    except UnicodeDecodeError:
        return None


def _secret(scope: Message) -> str:
    try:
        cookie = SimpleCookie(header(scope, b"cookie")).get(DEVICE_COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie is not None and 16 <= len(cookie.value) <= 64 else ""


def _cookie(secret: str) -> bytes:
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    return f"{DEVICE_COOKIE}={secret}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}".encode()

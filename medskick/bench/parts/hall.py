"""A hall of phones and some screens, on raw sockets, in one process of its own beside the server's.

Each phone holds one stream and sends each answer on a new connection, as a browser behind a proxy does. Nothing of HTTP
is done beyond what the server looks at, so that the phones take as little as possible of the cores that are measured.
"""

import asyncio
import contextlib
import json
import multiprocessing
import random
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from medskick.bench.parts.load import Measured
from medskick.project.serve import allow_many_connections

SCREENS = 10
PATIENCE = 60.0
TRIES = 6


@dataclass(frozen=True, slots=True)
class Heard:
    """acknowledged: the words of answers that were. acks, screens: ms from sending to the reply, and to every screen."""

    acknowledged: list[str]
    refused: int
    seconds: float
    acks: Measured
    screens: Measured


class Hall:
    """The hall's process, asked over a pipe."""

    def __init__(self, port: int, meeting: Any) -> None:
        self.meeting = meeting
        here, there = multiprocessing.Pipe()
        self.pipe: Connection = here
        seats = [(one.ticket, one.secret) for one in meeting.seats]
        given = (there, port, meeting.phone_stream, meeting.screen_stream, seats)
        self.process = multiprocessing.get_context("spawn").Process(target=_run, args=given, daemon=True)

    def __enter__(self) -> "Hall":
        self.process.start()
        return self

    def __exit__(self, *fault: object) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(("leave", None))
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()

    def come_in(self) -> None:
        self._ask("come_in", None)

    def open_step(self, number: int) -> float:
        """Open a step; the milliseconds until the last phone has heard of it."""
        begun = time.time()
        self.pipe.send(("listen", str(self.meeting.steps[number].id)))
        self.meeting.open_step(number)
        return (self._answer() - begun) * 1000

    def answer(self, number: int, seconds: float) -> Heard:
        """All phones answer, each at a random moment of so many seconds."""
        bodies = [self.meeting.body(number, seat) for seat in range(self.meeting.phones)]
        told, refused, took, acks, screens = self._ask("answer", (bodies, seconds))
        words = [self.meeting.words(number, seat) for seat in told]
        return Heard(words, refused, took, Measured(0, acks), Measured(0, screens))

    def _ask(self, what: str, given: Any) -> Any:
        self.pipe.send((what, given))
        return self._answer()

    def _answer(self) -> Any:
        if not self.pipe.poll(4 * PATIENCE):
            raise TimeoutError("the hall does not answer")
        found = self.pipe.recv()
        if isinstance(found, Exception):
            raise found
        return found


def _run(pipe: Connection, port: int, phones: str, screens: str, seats: Sequence[tuple[str, str]]) -> None:
    allow_many_connections()
    asyncio.run(_Crowd(port, phones, screens, seats).serve(pipe))


class _Crowd:
    def __init__(self, port: int, phones: str, screens: str, seats: Sequence[tuple[str, str]]) -> None:
        self.port, self.streams, self.seats = port, {"phone": phones, "screen": screens}, seats
        self.known: set[int] = set()
        self.numbers: list[list[tuple[int, float]]] = [[] for _ in range(SCREENS)]
        self.heard_of: dict[str, int] = {}
        self.all_heard: dict[str, float] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.inside = 0

    async def serve(self, pipe: Connection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            what, given = await loop.run_in_executor(None, pipe.recv)
            if what == "leave":
                for task in self.tasks:
                    task.cancel()
                return
            try:
                pipe.send(await getattr(self, what)(given))
            except Exception as fault:
                pipe.send(RuntimeError(f"{type(fault).__name__}: {fault}"))

    async def come_in(self, _given: None) -> None:
        for place in range(SCREENS):
            self.tasks.append(asyncio.create_task(self._stream("screen", self._screen(place))))
        for _ in self.seats:
            self.tasks.append(asyncio.create_task(self._stream("phone", self._phone)))
            if len(self.tasks) % 50 == 0:
                await asyncio.sleep(0.02)
        await self._until(lambda: self.inside >= len(self.seats) + SCREENS)

    async def listen(self, step: str) -> float:
        await self._until(lambda: step in self.all_heard)
        return self.all_heard[step]

    async def answer(self, given: tuple[list[str], float]) -> Any:
        bodies, seconds = given
        for one in self.numbers:
            one.clear()
        begun = time.time()
        done = await asyncio.gather(*(self._send(seat, body, seconds) for seat, body in enumerate(bodies)))
        told = [(seat, sent, reply, number) for seat, sent, reply, number in done if number]
        last = max((number for *_, number in told), default=0)
        await self._until(lambda: all(one and one[-1][0] >= last for one in self.numbers))
        acks = sorted((reply - sent) * 1000 for _, sent, reply, _ in told)
        screens = sorted((self._on_every_screen(number) - sent) * 1000 for _, sent, _, number in told)
        took = max((reply for _, _, reply, _ in told), default=begun) - begun
        return [seat for seat, *_ in told], len(done) - len(told), took, acks, screens

    def _on_every_screen(self, number: int) -> float:
        """When the last screen had an event with at least this number."""
        return max(one[bisect_left(one, (number, 0.0))][1] for one in self.numbers)

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(0.005)

    async def _stream(self, which: str, hear: Callable[[str, str], None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {self.streams[which]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        event = ""
        try:
            async for line in reader:
                if line.startswith(b"retry:"):
                    self.inside += 1
                elif line.startswith(b"event: "):
                    event = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    hear(event, line[6:].decode().strip())
        finally:
            writer.close()

    def _phone(self, event: str, data: str) -> None:
        if event == "step":
            step = data.partition(" ")[0]
            self.heard_of[step] = self.heard_of.get(step, 0) + 1
            if self.heard_of[step] == len(self.seats):
                self.all_heard[step] = time.time()

    def _screen(self, place: int) -> Callable[[str, str], None]:
        def hear(event: str, data: str) -> None:
            if event == "answers":
                self.numbers[place].append((int(json.loads(data)["number"]), time.time()))

        return hear

    async def _send(self, seat: int, body: str, seconds: float) -> tuple[int, float, float, int]:
        """(seat, when sent, when acknowledged, the event's number; 0 where it was refused). Asked again when full."""
        await asyncio.sleep(random.random() * seconds)  # noqa: S311 - spreads the hall, no secret
        ticket, secret = self.seats[seat]
        cookie = f"Cookie: medskick_telefon={secret}\r\n" if seat in self.known else ""
        request = (
            f"POST /live/svar HTTP/1.1\r\nHost: localhost\r\nX-Ticket: {ticket}\r\n{cookie}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
        ).encode()
        sent = time.time()
        for attempt in range(TRIES):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(request)
                answer = await reader.read()
                writer.close()
            except OSError:
                answer = b""
            status = answer[9:12]
            if status == b"200":
                self.known.add(seat)
                number = answer.rpartition(b'"number": "')[2].partition(b'"')[0]
                return seat, sent, time.time(), int(number)
            if status not in (b"503", b""):
                break
            await asyncio.sleep(0.5 * (attempt + 1))
        return seat, sent, time.time(), 0

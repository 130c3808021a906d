"""The desk for answers is killed with kill -9 while a hall of phones sends: what it acknowledged is there, once.

A phone that heard nothing sends the same again when the server is back, as its page does, and is then there once.
"""

import itertools
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

import pytest

from medskick.bench.parts.victims import Victim, free_port, wait_for_port
from medskick.dialog import api as dialog
from medskick.dialog.sessions.models import Answer, Participant
from medskick.kernel.tests.world import World, make_world

# So many phones always wait for a reply; the next one comes as soon as one has it, until the server is killed.
AT_ONCE, KILLS, MOST_KILLS, MOST_REPLIES, PATIENCE = 20, 2, 6, 40, 60
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Phone:
    """What its page holds: a ticket with the phone's secret in it, and the form as it was filled in, with its key."""

    ticket: str
    words: str
    form: str


@dataclass(slots=True)
class Burst:
    """Phones that send at the same time, and what each knows afterwards.

    kill: called so many seconds (moment) after so many replies. unheard: the server was gone before they could send.
    """

    port: int
    kill: Callable[[], None]
    replies: int = 0
    moment: float = 0
    acknowledged: list[Phone] = field(default_factory=list)
    cut_off: list[Phone] = field(default_factory=list)
    unheard: list[Phone] = field(default_factory=list)
    killing: threading.Timer | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def until_killed(self, come: Callable[[], Phone]) -> None:
        """One place in the hall: one phone after the other, until nobody answers."""
        while self.send(come()):
            pass

    def send(self, phone: Phone) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", "/live/svar", phone.form, {"X-Ticket": phone.ticket, "Content-Type": FORM})
        except OSError:
            self.unheard.append(phone)
            return False
        try:
            status = connection.getresponse().status
        except (OSError, HTTPException):
            self.cut_off.append(phone)
            return False
        finally:
            connection.close()
        assert status == 200, status
        with self.lock:
            self.acknowledged.append(phone)
            if len(self.acknowledged) == self.replies:
                self.killing = threading.Timer(self.moment, self.kill)
                self.killing.start()
        return True


class Hall:
    """An open step of an anonymous meeting, and phones that open its page."""

    def __init__(self, world: World) -> None:
        self.world, self.numbers = world, itertools.count()
        with world.acting(world.owner) as by:
            session = dialog.plan_session(by=by, title="Hela hallen svarar", held_on=date(2026, 11, 24))
            self.step = dialog.add_step(session, by=by, text="Vad behövs på torget?")
            self.session = dialog.open_session(session, by=by)
            dialog.open_step(self.step, by=by)

    def phone(self) -> Phone:
        words = f"Bänk {next(self.numbers)}"
        form: dict[str, Any] = {"step": self.step.id, "answer": words, "submission_key": uuid.uuid4()}
        return Phone(dialog.answer_ticket(self.session, known=False), words, urlencode(form))

    def stored(self) -> list[str]:
        with self.world.acting(self.world.owner):
            return sorted(Answer.objects.filter(step=self.step).values_list("text", flat=True))

    def seats(self) -> int:
        with self.world.acting(self.world.owner):
            return Participant.objects.filter(session=self.session).count()


@pytest.fixture
def live(transactional_db: None) -> Iterator[tuple[Victim, int]]:
    """The live server as in production, and its port."""
    port = free_port()
    victim = Victim(["-m", "medskick.project.cli", "serve", "live", f"--port={port}"])
    victim.start()
    wait_for_port(port)
    yield victim, port
    victim.kill()


@pytest.mark.journey
def test_an_acknowledged_answer_is_there_once_and_one_that_was_not_can_be_sent_again(
    live: tuple[Victim, int],
) -> None:
    server, port = live
    hall, chance = Hall(make_world()), random.Random()  # noqa: S311 - the moments of the kills, no secret
    told: list[str] = []
    again: list[Phone] = []
    cut_off = kills = 0
    while kills < KILLS or (not cut_off and kills < MOST_KILLS):
        burst = Burst(port, server.kill, chance.randint(1, MOST_REPLIES), chance.random() * 0.02)
        with ThreadPoolExecutor(AT_ONCE) as places:
            list(places.map(burst.until_killed, [hall.phone] * AT_ONCE))
        assert burst.killing is not None
        burst.killing.join()
        told += [one.words for one in burst.acknowledged]
        again += burst.cut_off + burst.unheard
        cut_off, kills = cut_off + len(burst.cut_off), kills + 1
        there = hall.stored()
        # Some that were not told may be there as well: the kill came between the commit and the reply.
        assert set(told) <= set(there)
        assert len(there) == len(set(there))
        server.start()
        wait_for_port(port)
    assert told
    assert again
    assert cut_off, "nobody was waiting for a reply when the server was killed"
    second = Burst(port, server.kill)
    with ThreadPoolExecutor(AT_ONCE) as places:
        assert all(places.map(second.send, again))
    assert hall.stored() == sorted([*told, *(one.words for one in again)])
    assert hall.seats() == len(told) + len(again)

"""A session in Tanum with one open step, led by the owner, and phones to answer it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest

from medskick.dialog.sessions import limits
from medskick.dialog.sessions.access import code_token
from medskick.dialog.sessions.actions.answering import answer_step, join
from medskick.dialog.sessions.actions.asking import add_step, open_step
from medskick.dialog.sessions.actions.planning import open_session, plan_session
from medskick.dialog.sessions.models import Answer, LiveSession, Step
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.tests.world import World

DAY = date(2026, 9, 17)


@dataclass
class Room:
    """A meeting room: the session, its open step, and a way to say something in it from a phone."""

    world: World
    session: LiveSession
    step: Step
    phones: dict[str, UUID] = field(default_factory=dict)

    def phone(self, name: str) -> Actor:
        return self.world.phone(self.world.tanum, reader_token(f"token of {name}"))

    def come_in(self, name: str, **more: object) -> None:
        """The named phone types the code and joins."""
        by = self.phone(name)
        token = code_token(self.session.code, self.session.pk)
        address = reader_token(f"address of {name}")
        with scope(Scope(by.organisation, reach=frozenset({by.device, token, address}))):
            join(self.session, by=by, address=address, **more)

    def say(self, name: str, text: str, **more: object) -> Answer:
        """The named phone types the code, joins where it has not, and answers."""
        by = self.phone(name)
        token = code_token(self.session.code, self.session.pk)
        address = reader_token(f"address of {name}")
        with scope(Scope(by.organisation, reach=frozenset({by.device, token, address}))):
            join(self.session, by=by, address=address, **more)
            return answer_step(self.step, by=by, value=text)


def make_room(world: World, **more: object) -> Room:
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Vad är digitalisering?", held_on=DAY, **more)
        step = add_step(session, by=world.owner, text="Vad betyder digitalisering för dig?")
        session = open_session(session, by=world.owner)
        open_step(step, by=world.owner)
    return Room(world, session, step)


@pytest.fixture
def room(world: World) -> Room:
    limits.answers.forget()
    limits.new_phones.forget()
    return make_room(world)


@pytest.fixture
def rooms(world: World) -> Callable[..., Room]:
    """To make a room of a certain sort."""
    return lambda **more: make_room(world, **more)

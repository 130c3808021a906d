"""The municipality and the meeting of the session bench: made by the verbs, in a database of its own each time."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from medskick.bench.parts.kills_world import environment as environment_of
from medskick.bench.parts.kills_world import make_municipality
from medskick.lib.codes import device_token

NAME = "session"


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone's page holds: its ticket, and the secret that its cookie gets with the first answer."""

    ticket: str
    secret: str


@dataclass(slots=True)
class Meeting:
    phones: int
    environment: dict[str, str]
    server: Any
    leader: Any
    session: Any
    steps: Sequence[Any]
    seats: Sequence[Phone]

    @property
    def phone_stream(self) -> str:
        from medskick.dialog.sessions.live import phones_channel
        from medskick.kernel.notifications.live import live_url

        return live_url(phones_channel(self.session))

    @property
    def screen_stream(self) -> str:
        from medskick.dialog.sessions.live import screen_channel
        from medskick.kernel.notifications.live import live_url

        return live_url(screen_channel(self.session))

    def open_step(self, number: int) -> None:
        from medskick.dialog import api as dialog
        from medskick.kernel.organisations.scope import scope

        with scope(self.leader.scope()):
            dialog.open_step(self.steps[number], by=self.leader)

    def words(self, number: int, seat: int) -> str:
        return f"Ord {seat} i omgång {number}"

    def body(self, number: int, seat: int) -> str:
        key = str(uuid.uuid4())
        return urlencode({"step": self.steps[number].id, "answer": self.words(number, seat), "submission_key": key})

    def held_against(self, acknowledged: Sequence[str]) -> tuple[int, int]:
        """How many acknowledged answers are not there, and how many are there more than once or unasked."""
        with self.server.connect(NAME) as connection:
            there = Counter(
                text for (text,) in connection.execute("select text from dialog_answer where withdrawn_at is null")
            )
        told = Counter(acknowledged)
        return sum((told - there).values()), sum((there - told).values())


def fresh_meeting(server: Any, phones: int, rounds: int) -> Meeting:
    """A municipality, an open anonymous meeting with a step for each round, and so many phones with the page open."""
    leader = make_municipality(server, NAME)
    from medskick.dialog import api as dialog
    from medskick.kernel.organisations.scope import scope
    from medskick.lib.dates import today_here

    with scope(leader.scope()):
        session = dialog.plan_session(by=leader, title="Hela hallen svarar", held_on=today_here())
        steps = [dialog.add_step(session, by=leader, text=f"Fråga {number + 1}") for number in range(rounds)]
        session = dialog.open_session(session, by=leader)
    seats = [_phone(dialog, session) for _ in range(phones)]
    return Meeting(phones, environment_of(server, NAME), server, leader, session, steps, seats)


def _phone(dialog: Any, session: Any) -> Phone:
    ticket = dialog.answer_ticket(session, known=False)
    opened = dialog.read_answer_ticket(ticket)
    return Phone(ticket, opened.fresh_secret if opened else device_token())

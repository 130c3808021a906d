"""What the tests of mail have in common: followers with addresses, things that happen, a clock, and a postman."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from unittest import mock
from uuid import UUID

from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.actions import follow, tell_followers
from medskick.kernel.notifications.mail_actions import choose_mail, confirm_address, leave_address
from medskick.kernel.notifications.mail_secrets import confirm_secret
from medskick.kernel.notifications.models import Delivery, EmailAddress, Pace
from medskick.kernel.notifications.smtp import Outcome
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tests.world import World
from medskick.lib.dates import STOCKHOLM

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=STOCKHOLM).astimezone(UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=STOCKHOLM).astimezone(UTC)


@dataclass
class Post:
    """A postman of one's own: keeps what he was given, and answers as he was told to."""

    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answer: Callable[[str], Outcome] = lambda to: Outcome("sent", "250")

    def __call__(self, message: EmailMessage, sender: str, to: str) -> Outcome:
        outcome = self.answer(to)
        if outcome.fate == "sent":
            self.taken.append(message)
            self.to.append(to)
        return outcome


@dataclass
class Town:
    """Tanum, where things happen and people follow them."""

    world: World

    @property
    def tanum(self) -> UUID:
        return self.world.tanum.id

    def item(self, title: str = "Behovet", *, level: str = Level.PUBLIC, by: Actor | None = None) -> Item:
        actor = by or self.world.owner
        with self.world.acting(actor):
            return create_item(
                by=actor,
                kind="kernel.document",
                title=title,
                level=level,
                readers=[one for one in (actor.person, self.world.resident.person) if one],
            )

    def follow(self, item: Item, actor: Actor) -> None:
        with self.world.acting(self.world.owner):
            follow(item, by=self.world.owner, follower=actor.speaker)

    def happens(self, item: Item, at: datetime, *, what: str = "Det hände", by: Actor | None = None) -> int:
        """Tell the followers of the item, as if it were `at`."""
        actor = by or self.world.owner
        with at_time(at), self.world.acting(actor):
            return tell_followers(item, by=actor, what=what)

    def leaves(self, actor: Actor, address: str, at: datetime) -> EmailAddress:
        with self.world.acting(actor):
            return leave_address(by=actor, address=address, at=at)

    def confirmed(
        self, actor: Actor, address: str = "ingrid@exempel.example", *, at: datetime = TUESDAY - timedelta(hours=2),
        pace: str = Pace.AT_ONCE, quiet: tuple[int, int] = (21, 7), language: str = "",
    ) -> EmailAddress:  # fmt: skip
        """The actor's address, confirmed; its own first mail is out of the way."""
        left = self.leaves(actor, address, at)
        with self.world.acting(actor):
            done = confirm_address(confirm_secret(left.id, left.asked_at), by=actor, at=at)
            assert done is not None
            choose_mail(done, by=actor, pace=pace, quiet_from=quiet[0], quiet_until=quiet[1], language=language)
        assert actor.organisation is not None
        self.sends(Post(), at, organisation=actor.organisation)
        return done

    def writes(self, at: datetime, *, organisation: UUID | None = None) -> int:
        return delivering.write_mail(organisation or self.tanum, at)

    def sends(self, post: Post, at: datetime, *, organisation: UUID | None = None) -> int:
        return delivering.send_mail(organisation or self.tanum, lambda: at, send=post)

    def goes(self, post: Post, at: datetime, *, organisation: UUID | None = None) -> None:
        """The clock strikes: what is due is written and sent."""
        self.writes(at, organisation=organisation)
        self.sends(post, at, organisation=organisation)

    def states(self, kind: str = Delivery.NEWS) -> list[str]:
        with scope(self.world.owner.scope()):
            return list(Delivery.objects.filter(kind=kind).order_by("id").values_list("state", flat=True))


def at_time(moment: datetime) -> mock._patch:
    return mock.patch("django.utils.timezone.now", lambda: moment)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())

"""Whatever happens in whatever order, at whatever hour: each follower is told each thing once by mail, or not at all
where she had turned mail off before it was sent; and nobody at night."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medskick.kernel.notifications.delivering import owners_with_mail
from medskick.kernel.notifications.mail_actions import choose_mail, confirm_address, forget_address, leave_address
from medskick.kernel.notifications.mail_secrets import confirm_secret
from medskick.kernel.notifications.models import EmailAddress, Notification, Pace
from medskick.kernel.notifications.smtp import Outcome
from medskick.kernel.notifications.tests.mailing import TUESDAY, Post, Town, text_of
from medskick.kernel.notifications.timing import NEVER, Quiet
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token
from medskick.lib.codes import new_id

PACES = [one.value for one in Pace if one != NEVER]
STEPS = st.one_of(
    st.tuples(st.just("happens"), st.integers(0, 1)),
    st.tuples(st.just("clock"), st.integers(1, 30)),
    st.tuples(st.just("off"), st.just(0)),
    st.tuples(st.just("on"), st.integers(0, len(PACES) * 24 - 1)),
    st.tuples(st.just("server"), st.integers(0, 2)),
)
LAST_DAYS = 21  # after which every digest and every retry has had its turn


class Story:
    """One follower of two items, and what is to be expected of her mail, kept apart from the code that sends it."""

    def __init__(self, town: Town) -> None:
        self.town, self.now, self.post = town, TUESDAY, Post()
        self.items = [town.item(), town.item()]
        self.device = reader_token(f"phone {new_id()}")
        self.phone = Actor(kind="device", organisation=town.tanum, device=self.device, channel="phone")
        for item in self.items:
            town.follow(item, self.phone)
        self.quiet = Quiet()
        self.address: EmailAddress | None = None
        self.sent_at: list[datetime] = []
        self.told: Counter[Any] = Counter()
        self.owed: set[Any] = set()
        self.lost: set[Any] = set()
        self.unheard: set[Any] = set()

    def happens(self, which: int) -> None:
        before = set(self._all())
        self.town.happens(self.items[which], self.now, what=f"nr {len(before)}")
        fresh = set(self._all()) - before
        (self.owed if self.address else self.unheard).update(fresh)

    def on(self, choice: int) -> None:
        pace, hour = PACES[choice // 24], choice % 24
        with self.town.world.acting(self.phone) as by:
            left = leave_address(by=by, address="anon@exempel.example", at=self.now)
            if left.confirmed_at is None:
                left = confirm_address(confirm_secret(left.id, left.asked_at), by=by, at=self.now) or left
            choose_mail(left, by=by, pace=pace, quiet_from=21, quiet_until=hour, language="")
        self.quiet, self.address = Quiet(21, hour), left

    def off(self, _: int) -> None:
        if self.address is not None:
            with self.town.world.acting(self.phone) as by:
                forget_address(self.address, by=by)
            self.lost |= self.owed - set(self.told)
            self.owed, self.address = self.owed & set(self.told), None

    def server(self, fault: int) -> None:
        fates = [Outcome("sent", "250"), Outcome("later", "451 rcpt"), Outcome("later", "cut off")]
        self.post.answer = lambda to: fates[fault]

    def clock(self, hours: int) -> None:
        for _ in range(hours):
            self.now += timedelta(hours=1)
            self.strikes()

    def strikes(self) -> None:
        """What the jobs do: ask what there is to do, and do it."""
        many = len(self.post.taken)
        if self.town.tanum in owners_with_mail(self.now, unwritten=True):
            self.town.writes(self.now)
        if self.town.tanum in owners_with_mail(self.now, unwritten=False):
            self.sent_at += [self.now] * self.town.sends(self.post, self.now)
        for mail in self.post.taken[many:]:
            if mail["Subject"] == "Nytt om det du följer":
                self.told.update(self._in_mail(mail["Message-ID"].strip("<>").partition("@")[0]))

    def check(self) -> None:
        news = [mail for mail in self.post.taken if mail["Subject"] == "Nytt om det du följer"]
        ids = [mail["Message-ID"] for mail in news]
        assert len(set(ids)) == len(ids)
        assert all("Något nytt" in text_of(mail) for mail in news)
        assert self.told == Counter(dict.fromkeys(self.owed, 1)), "each thing once, while she had a confirmed address"
        assert not set(self.told) & (self.lost | self.unheard)

    def _all(self) -> Iterator[Any]:
        with self.town.world.acting(self.phone):
            yield from Notification.objects.filter(follower=self.device).values_list("id", flat=True)

    def _in_mail(self, delivery: str) -> list[Any]:
        """The messages that the mail told, as it stands in the moment that it is sent."""
        with self.town.world.acting(self.phone):
            mine = Notification.objects.filter(follower=self.device, delivery=delivery)
            return list(mine.values_list("id", flat=True))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=10))
@example([("server", 1), ("happens", 0), ("clock", 30)])  # the sixth try would come at midnight
@example([("happens", 0), ("clock", 2), ("happens", 0), ("off", 0), ("on", 30), ("happens", 1), ("clock", 30)])
def test_each_thing_is_told_once_or_not_at_all_and_nothing_at_night(town: Town, steps: list[tuple[str, int]]) -> None:
    story = Story(town)
    story.on(7)  # at once, quiet from 21 to 7
    for name, value in steps:
        story.now += timedelta(minutes=1)  # two things never happen in the same microsecond
        getattr(story, name)(value)
        assert [one for one in story.sent_at if story.quiet.covers(one)] == [], story.quiet
        story.sent_at.clear()
    story.server(0)
    for _ in range(LAST_DAYS):
        story.now = story.quiet.after(story.now + timedelta(days=1))
        story.strikes()
    story.check()

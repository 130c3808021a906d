"""When mail goes out: held against the clock on the wall in Sweden, at every hour of four years, also as clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.notifications.timing import (
    AT_ONCE,
    DAILY,
    NEVER,
    RETRY_MINUTES,
    WEEKLY,
    Quiet,
    due_at,
    is_due,
    next_try,
)
from medskick.lib.dates import STOCKHOLM

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
HOURS = st.integers(0, 23)
NEVER_QUIET = Quiet(0, 0)


def here(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pace", "first", "due"),
    [
        (AT_ONCE, here(2026, 11, 24, 12, 0), here(2026, 11, 24, 12, 0)),
        (AT_ONCE, here(2026, 11, 24, 21, 0), here(2026, 11, 25, 7, 0)),
        (AT_ONCE, here(2026, 11, 25, 6, 59), here(2026, 11, 25, 7, 0)),
        (DAILY, here(2026, 11, 24, 7, 59), here(2026, 11, 24, 8, 0)),
        (DAILY, here(2026, 11, 24, 8, 0), here(2026, 11, 25, 8, 0)),
        (WEEKLY, here(2026, 11, 24, 12, 0), here(2026, 11, 30, 8, 0)),
        (WEEKLY, here(2026, 11, 30, 7, 59), here(2026, 11, 30, 8, 0)),
        (WEEKLY, here(2026, 11, 30, 8, 1), here(2026, 12, 7, 8, 0)),
        # The night when summer time begins, and the one when it ends.
        (WEEKLY, here(2026, 3, 28, 12, 0), here(2026, 3, 30, 8, 0)),
        (AT_ONCE, here(2026, 3, 29, 1, 30), here(2026, 3, 29, 7, 0)),
        (AT_ONCE, here(2026, 10, 24, 23, 0), here(2026, 10, 25, 7, 0)),
    ],
)
def test_when_it_is_due(pace: str, first: datetime, due: datetime) -> None:
    assert due_at(pace, first, Quiet()) == due


def test_quiet_hours_over_eight_put_the_digest_off() -> None:
    assert due_at(DAILY, here(2026, 11, 24, 12, 0), Quiet(22, 10)) == here(2026, 11, 25, 10, 0)


def test_who_wants_none_gets_none() -> None:
    assert due_at(NEVER, here(2026, 11, 24, 12, 0), Quiet()) is None
    assert not is_due(NEVER, here(2020, 1, 1, 12, 0), Quiet(), here(2026, 1, 1, 12, 0))
    with pytest.raises(ValueError):
        due_at("sometimes", here(2026, 11, 24, 12, 0), Quiet())


@given(MOMENTS, HOURS, HOURS)
def test_the_hours_are_those_on_the_wall(moment: datetime, start: int, end: int) -> None:
    hour, quiet = moment.astimezone(STOCKHOLM).hour, set()
    turn = start
    while turn != end:  # by counting, not by comparing
        quiet.add(turn)
        turn = (turn + 1) % 24
    assert Quiet(start, end).covers(moment) == (hour in quiet)


@given(st.sampled_from([AT_ONCE, DAILY, WEEKLY]), MOMENTS, HOURS, HOURS)
def test_it_is_never_due_before_it_happened_nor_in_quiet_hours_nor_too_late(
    pace: str, first: datetime, start: int, end: int
) -> None:
    quiet = Quiet(start, end)
    due = due_at(pace, first, quiet)
    assert due is not None and due >= first and not quiet.covers(due)
    assert is_due(pace, first, quiet, due)
    longest = {AT_ONCE: 0, DAILY: 24, WEEKLY: 7 * 24}[pace] + 25  # the longest quiet time, and the hour of October
    assert due - first <= timedelta(hours=longest)


@given(MOMENTS)
def test_a_week_has_one_digest(first: datetime) -> None:
    due = due_at(WEEKLY, first, NEVER_QUIET)
    assert due is not None
    local = due.astimezone(STOCKHOLM)
    assert (local.weekday(), local.hour, local.minute) == (0, 8, 0)
    assert due_at(WEEKLY, due - timedelta(seconds=1), NEVER_QUIET) == due


def test_retries_wait_longer_each_time_and_end() -> None:
    now = here(2026, 11, 24, 12, 0)
    waits = [next_try(attempts, now) for attempts in range(1, len(RETRY_MINUTES) + 2)]
    assert waits[-1] is None
    known = [one for one in waits if one is not None]
    assert known == sorted(known) and len(known) == len(RETRY_MINUTES)
    assert timedelta(days=2) < sum((one - now for one in known), timedelta()) < timedelta(days=4)

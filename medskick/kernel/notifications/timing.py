"""When a mail may go out: how often the follower wants to hear, and the hours in which nothing is sent.

Pure functions; moments in and out are aware datetimes. Clock times are those of Sweden, also over the night when summer
time begins or ends.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from medskick.lib.dates import STOCKHOLM

AT_ONCE, DAILY, WEEKLY, NEVER = "at_once", "daily", "weekly", "never"
DIGEST_HOUR = 8
# A mail that could not be delivered is tried again after so many minutes, in all for about three days. Mail servers
# that greylist let a stranger in after 5 to 15 minutes.
RETRY_MINUTES = (5, 15, 45, 120, 360, 720, 1440, 1440)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, 0 to 23, in which nothing is sent: from `start` up to `end`. The same twice: no quiet hours."""

    start: int = 21
    end: int = 7

    def covers(self, moment: datetime) -> bool:
        hour = moment.astimezone(STOCKHOLM).hour
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    def after(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls in."""
        if not self.covers(moment):
            return moment
        local = moment.astimezone(STOCKHOLM)
        end = _at(local.date(), self.end)
        return end if end > moment else _at(local.date() + timedelta(days=1), self.end)


def due_at(pace: str, first: datetime, quiet: Quiet) -> datetime | None:
    """When what happened first at `first` is to be told by mail; None where the follower wants no mail.

    A digest goes out at 8 in the morning: daily the first one after `first`, weekly the first Monday's.
    Raises ValueError for an unknown pace.
    """
    if pace == NEVER:
        return None
    if pace == AT_ONCE:
        return quiet.after(first)
    if pace not in (DAILY, WEEKLY):
        raise ValueError(f"unknown pace {pace!r}")
    day = first.astimezone(STOCKHOLM).date()
    if pace == WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    if _at(day, DIGEST_HOUR) <= first:
        day += timedelta(days=7 if pace == WEEKLY else 1)
    return quiet.after(_at(day, DIGEST_HOUR))


def is_due(pace: str, first: datetime, quiet: Quiet, now: datetime) -> bool:
    """May a mail about what happened first at `first` go out now?"""
    due = due_at(pace, first, quiet)
    return due is not None and due <= now and not quiet.covers(now)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it is time to give up."""
    if attempts > len(RETRY_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_MINUTES[attempts - 1])


def _at(day: date, hour: int) -> datetime:
    # In UTC, since Python compares two moments of one time zone by the clock on the wall.
    return datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)

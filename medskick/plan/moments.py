"""When something happened: a day said by a person becomes a moment that steps can be ordered by."""

from datetime import date, datetime, time

from django.utils import timezone

from medskick.lib.dates import STOCKHOLM


def moment_of(day: date | None) -> datetime:
    """Now for today (or no day), else noon in Sweden that day, so that the order of days is the order of moments."""
    now = timezone.now()
    if day is None or day == now.astimezone(STOCKHOLM).date():
        return now
    return datetime.combine(day, time(12), tzinfo=STOCKHOLM)

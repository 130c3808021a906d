import time
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

TOLD_FOR_SECONDS = 60.0
_told: dict[tuple[UUID, date], tuple[float, dict[str, int]]] = {}


def answer_debt_told(organisation: UUID, today: date) -> dict[str, int]:
    """The answer debt as the start page tells it: counted anew once a minute in each process, not for every visitor."""
    counted_at, debt = _told.get((organisation, today), (float("-inf"), {}))
    if time.monotonic() - counted_at > TOLD_FOR_SECONDS:
        debt = answer_debt(organisation, today)
        for old in [key for key in _told if key[1] != today]:
            del _told[old]
        _told[organisation, today] = (time.monotonic(), debt)
    return debt


def answer_debt(organisation: UUID, today: date, *, days: int = 365) -> dict[str, int]:
    """How many voices of the last `days` were answered in time, late, wait, or wait too long: for everyone to see.

    A task that is paused, because the speaker was asked something back, waits but is not overdue. One query.
    """
    since = today - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            "select answered_in_time, answered_late, waiting, overdue from answer_debt(%s, %s, %s, %s)",
            [organisation, since, today, settings.TIME_ZONE],
        )
        counts = cursor.fetchone()
    return dict(zip(("answered_in_time", "answered_late", "waiting", "overdue"), counts, strict=True))

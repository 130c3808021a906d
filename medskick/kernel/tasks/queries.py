from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection


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

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from medskick.kernel.tasks.models import Task


def answer_debt(organisation: UUID, today: date, *, days: int = 365) -> dict[str, int]:
    """How many voices of the last `days` were answered in time, late, wait, or wait too long. One query."""
    since = today - timedelta(days=days)
    owed = Task.objects.owed_answers().of(organisation).filter(since__gte=since)
    return owed.aggregate(
        answered_in_time=Count("id", filter=Q(done_at__date__lte=F("due"))),
        answered_late=Count("id", filter=Q(done_at__date__gt=F("due"))),
        waiting=Count("id", filter=Q(done_at__isnull=True, due__gte=today)),
        overdue=Count("id", filter=Q(done_at__isnull=True, due__lt=today)),
    )

"""Keeping the public figures, one row a month, inside the verbs' own transactions."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from medskick.services.cases.models import CaseTally


def count(organisation: UUID, submitted_at: datetime, **added: int) -> None:
    """Add to the figures of the month in which the case came in."""
    month = timezone.localtime(submitted_at).date().replace(day=1)
    CaseTally.objects.bulk_create([CaseTally(owner_id=organisation, month=month)], ignore_conflicts=True)
    CaseTally.objects.filter(owner_id=organisation, month=month).update(
        **{name: F(name) + number for name, number in added.items()}
    )

"""What every decision row of plan has: who, and when (house.md section 3)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.actor import Actor
from medskick.lib.codes import new_id


class Decided(models.Model):
    """A decision: a row with who and when. The name is a member of staff's, never a resident's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Replaceable(Decided):
    """A decision that another may replace: the one that stands has no `replaced_at`."""

    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def decided_by(by: Actor, at: datetime | None = None) -> dict[str, Any]:
    """The who and when of a decision row."""
    return {"by_person": by.person, "by_name": by.name if by.staff else "", "at": at or timezone.now()}


def replace_standing(rows: models.QuerySet[Any]) -> None:
    """Let the decision that stands among these rows stand no more; it stays in the history."""
    rows.filter(replaced_at__isnull=True).update(replaced_at=timezone.now())

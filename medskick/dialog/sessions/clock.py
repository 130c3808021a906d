"""A step's clock, as pages show it: the server's time and the end, so that a device whose own clock is wrong counts right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from medskick.dialog.sessions.models import StepOpening


@dataclass(frozen=True, slots=True)
class Clock:
    """When an open step's time is out, if ever, and what the server's clock was when the page was made."""

    step: UUID
    ends_at: datetime | None
    now: datetime

    @property
    def is_out(self) -> bool:
        return self.ends_at is not None and self.ends_at <= self.now


def clock_of(opening: StepOpening | None, *, at: datetime | None = None) -> Clock | None:
    """The clock of a step that is open. Without a time it is hidden on the page, until the facilitator gives one."""
    return Clock(opening.step_id, opening.ends_at, at or timezone.now()) if opening else None

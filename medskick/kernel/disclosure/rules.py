"""What law and the authority's own plans say, as dated data in content/: grounds, how to appeal, how long to keep.

The grounds have not been read by a lawyer until `checked_by` says by whom; pages for staff tell so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parents[2] / "content"


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule that something may be kept secret by. about: what it protects."""

    key: str
    paragraph: str
    about: str

    def __str__(self) -> str:
        return f"{self.paragraph} ({self.about})"


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """proposals: from why something was found (masking.Why) to the ground that is proposed for it."""

    valid_from: date
    source: str
    checked_by: str
    grounds: Mapping[str, Ground]
    proposals: Mapping[str, str]
    court: str
    weeks: int
    appeal_text: str

    def proposed(self, why: str) -> Ground | None:
        return self.grounds.get(self.proposals.get(why, ""))

    def appeal(self, authority: str) -> str:
        """How to appeal a decision of the authority."""
        return self.appeal_text.format(court=self.court, weeks=self.weeks, authority=authority)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """years: how long after registration a record is kept; None is for good."""

    retention: str
    label: str
    years: int | None

    def due(self, registered: date) -> date | None:
        """The first day on which the record may be disposed of."""
        if self.years is None:
            return None
        # One day late rather than early: 29 February lasts until 1 March.
        leap = registered.month == 2 and registered.day == 29
        return date(registered.year + self.years, 3 if leap else registered.month, 1 if leap else registered.day)


@dataclass(frozen=True, slots=True)
class Schedule:
    valid_from: date
    source: str
    rules: Mapping[str, RetentionRule]


def disclosure_rules(day: date) -> DisclosureRules:
    """The rules in force on a day. Raise LookupError where none is old enough."""
    return _in_force(_disclosure_rules(), day)


def retention_schedule(day: date) -> Schedule:
    """The retention schedule in force on a day. Raise LookupError where none is old enough."""
    return _in_force(_schedules(), day)


def _in_force[T: (DisclosureRules, Schedule)](editions: tuple[T, ...], day: date) -> T:
    for one in reversed(editions):
        if one.valid_from <= day:
            return one
    raise LookupError(f"No rules are in force on {day}")


@cache
def _disclosure_rules() -> tuple[DisclosureRules, ...]:
    return tuple(
        DisclosureRules(
            valid_from=date.fromisoformat(one["valid_from"]),
            source=one["source"],
            checked_by=one["checked_by"],
            grounds={ground["key"]: Ground(**ground) for ground in one["grounds"]},
            proposals=one["proposals"],
            court=one["appeal"]["court"],
            weeks=one["appeal"]["weeks"],
            appeal_text=one["appeal"]["text"],
        )
        for one in _editions("disclosure")
    )


@cache
def _schedules() -> tuple[Schedule, ...]:
    return tuple(
        Schedule(
            valid_from=date.fromisoformat(one["valid_from"]),
            source=one["source"],
            rules={rule["retention"]: RetentionRule(**rule) for rule in one["rules"]},
        )
        for one in _editions("retention")
    )


def _editions(folder: str) -> list[dict[str, Any]]:
    read = [json.loads(path.read_text()) for path in (CONTENT / folder).glob("*.json")]
    return sorted(read, key=lambda one: one["valid_from"])

"""Spåret: what became of an item, and what it came from, as a list of steps for any reader (kernel.md F).

One query walks the links, whatever the reader may read; what she may not read is told as such, by kind, owner and date.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.kinds import Kind, kind_of
from medskick.kernel.records.models import Item

DEEPEST, MOST = 12, 400


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step. A step that the reader may not read has an empty title and number, but says who and when."""

    item: UUID
    depth: int
    kind: Kind
    owner: UUID
    owner_name: str
    at: datetime
    relation: str
    linked_at: datetime
    linked_by: str
    reason: str
    readable: bool
    number: str
    title: str
    summary: str

    @property
    def told(self) -> bool:
        return not self.readable


def steps_after(item: Item) -> list[TraceStep]:
    """What became of it, in the order in which it happened."""
    return _walk(item.id, upward=False)


def steps_before(item: Item) -> list[TraceStep]:
    """What it came from: needs, voices. Nearest first in depth, then by time."""
    return _walk(item.id, upward=True)


@dataclass(frozen=True, slots=True)
class Sources:
    """The voices behind something: how many of each kind, and those that the reader may open."""

    counts: list[tuple[Kind, int]]
    readable: list[TraceStep]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


def sources(item: Item) -> Sources:
    """Which voices led here? Counted by kind; those that may not be read are counted and no more."""
    voices = [step for step in steps_before(item) if step.kind.voice]
    distinct = {step.item: step for step in voices}
    counts = Counter(step.kind.key for step in distinct.values())
    return Sources(
        counts=[(kind_of(key), count) for key, count in counts.most_common()],
        readable=[step for step in distinct.values() if step.readable],
    )


def _walk(start: UUID, *, upward: bool) -> list[TraceStep]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select depth, item, kind, owner, at, relation, linked_at, linked_by, reason, readable, number, title,"
            " summary from trace_walk(%s, %s, %s, %s)",
            [start, upward, DEEPEST, MOST],
        )
        found = cursor.fetchall()
    steps: dict[UUID, TraceStep] = {}
    for depth, item, kind, owner, at, relation, linked_at, by, reason, readable, number, title, summary in found:
        place = place_of(owner)
        steps.setdefault(
            item,
            TraceStep(
                item=item,
                depth=depth,
                kind=kind_of(kind),
                owner=owner,
                owner_name=place.short_name if place else "",
                at=at,
                relation=relation,
                linked_at=linked_at,
                linked_by=by,
                reason=reason or "",
                readable=readable,
                number=number or "",
                title=title or "",
                summary=summary or "",
            ),
        )
    return sorted(steps.values(), key=lambda step: (step.depth, step.at) if upward else (step.at, step.depth))

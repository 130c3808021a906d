"""Spåret: what became of an item, and what it came from, as a list of steps for any reader (kernel.md F).

One query walks the links, whatever the reader may read; what she may not read is told as such, by kind, owner and date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
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
    steps = _walk("trace_after", item.id)
    return sorted(steps, key=lambda step: (step.at, step.depth))


def steps_after_each(items: Sequence[Item]) -> dict[UUID, list[TraceStep]]:
    """What became of each of several items, by the item's id, in one query."""
    if not items:
        return {}
    after: dict[UUID, list[TraceStep]] = {item.id: [] for item in items}
    with connection.cursor() as cursor:
        cursor.execute(
            "select start, item, depth, kind, owner, at, relation, linked_at, linked_by, reason, readable, number, title,"
            " summary from unnest(%s::uuid[]) as start, lateral trace_after(start, %s, %s)",
            [list(after), DEEPEST, MOST],
        )
        for start, *row in cursor.fetchall():
            after[start].append(_step(*row))
    return {start: sorted(steps, key=lambda step: (step.at, step.depth)) for start, steps in after.items()}


def steps_before(item: Item) -> list[TraceStep]:
    """What it came from: needs, voices. Nearest first in depth, then by time."""
    return _walk("trace_before", item.id)


@dataclass(frozen=True, slots=True)
class Sources:
    """The voices behind something: how many of each kind, and those that the reader may open."""

    counts: list[tuple[Kind, int]]
    readable: list[TraceStep]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


def sources(item: Item) -> Sources:
    """Which voices led here? All are counted by kind; of those that the reader may open, the nearest are given."""
    with connection.cursor() as cursor:
        cursor.execute("select kind, many from trace_origins(%s, %s) order by many desc, kind", [item.id, DEEPEST])
        counts = [(kind_of(key), many) for key, many in cursor.fetchall()]
    voices = [(kind, many) for kind, many in counts if kind.voice]
    readable = [step for step in steps_before(item) if step.kind.voice and step.readable] if voices else []
    return Sources(counts=voices, readable=readable)


def _walk(function: Literal["trace_after", "trace_before"], start: UUID) -> list[TraceStep]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select item, depth, kind, owner, at, relation, linked_at, linked_by, reason, readable, number, title,"
            f" summary from {function}(%s, %s, %s)",
            [start, DEEPEST, MOST],
        )
        return [_step(*row) for row in cursor.fetchall()]


def _step(item: UUID, depth: int, kind: str, owner: UUID, at: datetime, relation: str, *told: Any) -> TraceStep:
    linked_at, linked_by, reason, readable, number, title, summary = told
    place = place_of(owner)
    return TraceStep(
        item=item,
        depth=depth,
        kind=kind_of(kind),
        owner=owner,
        owner_name=place.short_name if place else "",
        at=at,
        relation=relation,
        linked_at=linked_at,
        linked_by=linked_by or "",
        reason=reason or "",
        readable=readable,
        number=number or "",
        title=title or "",
        summary=summary or "",
    )

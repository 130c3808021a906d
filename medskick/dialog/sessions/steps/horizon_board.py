"""The board of a step that puts proposals under horizons: the proposals, each phone's vote, and what the group agreed.

A horizon means "to be started within", never "to be finished within". An empty horizon is a result.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from medskick.dialog.sessions.models import Answer, Cluster, Placing, Step
from medskick.dialog.sessions.steps.sources import source_of, with_clusters

HORIZONS = (1, 3, 5, 10)
MOST_ENTRIES = 40
OWN_LINE = "rad-"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is put under a horizon: a cluster of notes, or a line that somebody typed.

    key: stable in votes. cluster: None for a typed line that nobody has placed together yet. notes: how many notes.
    """

    key: str
    title: str
    cluster: UUID | None = None
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """An entry on the board. votes: how many phones want to start it within each horizon."""

    entry: Entry
    votes: Mapping[int, int]
    placing: Placing | None = None

    @property
    def voters(self) -> int:
        return sum(self.votes.values())

    @property
    def counts(self) -> list[int]:
        return [self.votes[years] for years in HORIZONS]

    @property
    def vote_list(self) -> list[tuple[int, int]]:
        return [(years, self.votes[years]) for years in HORIZONS if self.votes[years]]


@dataclass(frozen=True, slots=True)
class Column:
    years: int
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """columns: the four horizons, as the group agreed. waiting: not placed yet. aside: placed under none of them."""

    columns: list[Column]
    waiting: list[Card]
    aside: list[Card]

    @property
    def agreed(self) -> bool:
        """Whether the group has placed anything together."""
        return bool(self.aside) or any(one.cards for one in self.columns)

    @property
    def cards(self) -> list[Card]:
        return [card for column in self.columns for card in column.cards] + self.aside + self.waiting

    @property
    def empty(self) -> list[int]:
        """Horizons with nothing in them, once the group has begun to place."""
        return [one.years for one in self.columns if not one.cards] if self.agreed else []


def entries_of(step: Step) -> list[Entry]:
    """The proposals in order: the clusters of the earlier step, then the step's own lines."""
    source = None if step.settings.get("lines") else source_of(step, with_clusters)
    notes = Count("answers", filter=Q(answers__withdrawn_at__isnull=True))
    counted = Cluster.objects.filter(step__in=[one for one in (source, step) if one]).annotate(notes=notes)
    clusters = list(counted.order_by("position", "id"))
    entries = [Entry(str(one.id), one.title, one.id, one.notes) for one in clusters if one.step_id != step.id]
    own = {one.position: one for one in clusters if one.step_id == step.id}
    lines = dict(enumerate(step.settings.get("lines", ()), start=1)) | {at: one.title for at, one in own.items()}
    entries += [
        Entry(f"{OWN_LINE}{at}", lines[at], own[at].id if at in own else None, own[at].notes if at in own else 0)
        for at in sorted(lines)
    ]
    return entries[:MOST_ENTRIES]


def loose_notes(step: Step) -> tuple[Step, int] | None:
    """The earlier step, and how many of its notes lie in no cluster and so are no proposals; None where there are none."""
    source = None if step.settings.get("lines") else source_of(step, with_clusters)
    count = Answer.objects.filter(step=source, cluster__isnull=True).shown().count() if source else 0
    return (source, count) if source and count else None


def standing_placings(step: Step, *, until: datetime | None = None) -> dict[UUID, Placing]:
    """The latest placing of each cluster, by cluster; `until` gives what stood at a moment."""
    placings = Placing.objects.filter(step=step)
    if until is not None:
        placings = placings.filter(at__lt=until)
    return {one.cluster_id: one for one in placings.order_by("cluster_id", "-at", "-id").distinct("cluster_id")}


def board_of(step: Step, answers: Sequence[Answer], *, until: datetime | None = None) -> Board:
    """The board with the votes of these answers; three queries."""
    votes: dict[str, Counter[int]] = {}
    for answer in answers:
        for key, years in _placed(answer).items():
            votes.setdefault(key, Counter())[years] += 1
    standing = standing_placings(step, until=until)
    cards = [
        Card(one, votes.get(one.key, Counter()), standing.get(one.cluster) if one.cluster else None)
        for one in entries_of(step)
    ]
    columns = [Column(years, _in_order(cards, years)) for years in HORIZONS]
    aside = [one for one in cards if one.placing is not None and one.placing.horizon is None]
    return Board(columns, [one for one in cards if one.placing is None], aside)


def _placed(answer: Answer) -> dict[str, int]:
    given = answer.value.get("placed", {}) if isinstance(answer.value, dict) else {}
    return {key: years for key, years in given.items() if years in HORIZONS}


def _in_order(cards: Sequence[Card], years: int) -> list[Card]:
    placed = [(one.placing.order, one.placing.at, one) for one in cards if one.placing and one.placing.horizon == years]
    return [one for _order, _at, one in sorted(placed, key=lambda found: found[:2])]

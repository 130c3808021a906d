"""The board of a step: its clusters with their notes, and how many notes there are before anybody may read them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medskick.dialog.sessions.models import Answer, Cluster, Step
from medskick.lib.swedish import sort_key


@dataclass(frozen=True, slots=True)
class BoardCluster:
    """A cluster and its notes in the order of their words; `voices` is how many people they are from."""

    cluster: Cluster
    notes: Sequence[Answer] = ()

    @property
    def voices(self) -> int:
        return len({one.participant_id for one in self.notes})

    @property
    def led_on(self) -> int:
        """How many of the notes something has been made of."""
        return sum(one.item_id is not None for one in self.notes)


@dataclass(frozen=True, slots=True)
class Board:
    clusters: Sequence[BoardCluster]
    loose: Sequence[Answer] = field(default_factory=list)
    hidden: int = 0

    @property
    def notes(self) -> int:
        return len(self.loose) + sum(len(one.notes) for one in self.clusters)


def count_notes(step: Step) -> int:
    return Answer.objects.filter(step=step).shown().count()


def told_board(step: Step) -> Board:
    """The clusters in order and the notes in none. Hidden notes are counted and never given."""
    standing = Answer.objects.standing().filter(step=step).with_visibility()
    notes = sorted(standing, key=lambda one: (sort_key(one.text), one.id))
    within: dict[UUID | None, list[Answer]] = defaultdict(list)
    for one in notes:
        if not one.hidden:
            within[one.cluster_id].append(one)
    clusters = [BoardCluster(one, within[one.id]) for one in Cluster.objects.filter(step=step)]
    return Board(clusters, within[None], sum(one.hidden for one in notes))


def notes_in(cluster: Cluster) -> list[Answer]:
    """The notes of a cluster that are neither taken back nor hidden."""
    notes = Answer.objects.filter(cluster=cluster).shown().select_related("participant", "step__session")
    return sorted(notes, key=lambda one: (sort_key(one.text), one.id))

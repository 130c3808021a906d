"""The board of a step: its clusters with their notes, and how many notes there are before anybody may read them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medskick.dialog.sessions.models import Answer, Cluster, Step
from medskick.kernel.records.kinds import item_url, kind_of
from medskick.kernel.records.models import Link, Relation
from medskick.kernel.records.offers import OfferLink
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


def led_to(clusters: Collection[UUID]) -> dict[UUID, list[OfferLink]]:
    """Links to the needs that notes of each cluster have become, and to what came of those. Three queries."""
    lifted = Answer.objects.filter(cluster__in=clusters, item__isnull=False).values_list("item_id", "cluster_id")
    made: dict[UUID, dict[UUID, OfferLink]] = defaultdict(dict)
    within = dict(lifted)
    for _generation in ("of the notes", "of what they have become"):
        links = Link.objects.filter(from_item__in=within, relation=Relation.GAVE_RISE_TO, ended_at__isnull=True)
        found = list(links.select_related("to_item").order_by("at"))
        for one in found:
            label = f"{kind_of(one.to_item.kind).label}: {one.to_item.title}"
            made[within[one.from_item_id]][one.to_item_id] = OfferLink(label, item_url(one.to_item, staff=True))
        within = {one.to_item_id: within[one.from_item_id] for one in found}
    return {cluster: list(links.values()) for cluster, links in made.items()}


def notes_in(cluster: Cluster) -> list[Answer]:
    """The notes of a cluster that are neither taken back nor hidden."""
    notes = Answer.objects.filter(cluster=cluster).shown().select_related("participant", "step__session")
    return sorted(notes, key=lambda one: (sort_key(one.text), one.id))

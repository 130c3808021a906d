"""What flows above make something of: a cluster of notes or a proposal under a horizon, with the voices behind it."""

from dataclasses import dataclass
from uuid import UUID

from medskick.dialog.sessions.models import Answer, Cluster, LiveSession, Placing
from medskick.lib.swedish import sort_key


@dataclass(frozen=True, slots=True)
class Gathered:
    """answers: those in it that nobody has hidden or taken back. years, motivation: where it was placed last, if at all."""

    cluster: Cluster
    session: LiveSession
    answers: list[Answer]
    years: int | None = None
    motivation: str = ""

    @property
    def title(self) -> str:
        return self.cluster.title


def gathered_in(cluster_id: UUID) -> Gathered | None:
    """A cluster with its answers, or None where there is none that the scope may read."""
    cluster = Cluster.objects.select_related("step__session__item").filter(id=cluster_id).first()
    if cluster is None:
        return None
    answers = sorted(Answer.objects.filter(cluster=cluster).shown().select_related("step", "item"), key=_by_words)
    placing = Placing.objects.filter(cluster=cluster).order_by("-at", "-id").first()
    return Gathered(
        cluster,
        cluster.step.session,
        answers,
        placing.horizon if placing else None,
        placing.motivation if placing else "",
    )


def _by_words(answer: Answer) -> tuple[object, UUID]:
    """Not in the order of writing, which tells who was quick."""
    return sort_key(answer.text), answer.id


def area_of(answer: Answer) -> str:
    """The goal area that a need was written under, or that a draft was placed in; empty where there is none."""
    return str(answer.value.get("area", "")) if isinstance(answer.value, dict) else ""

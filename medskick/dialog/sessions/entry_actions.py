"""What can be done with a cluster of notes, or a proposal under a horizon: links to pages of flows above.

They are registered through dialog.api, as those of answers are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from medskick.dialog.sessions.models import Step
from medskick.dialog.sessions.steps.horizon_board import Entry
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.offers import OfferLink
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class ClusterAction:
    """A link to a page with a form, never a button that writes. url: its address for a cluster's id."""

    label: Text
    url: Callable[[UUID], str]
    allowed: Callable[[Actor], bool]
    order: int = 50


_actions: list[ClusterAction] = []


def register_cluster_action(action: ClusterAction) -> None:
    """Offer `action` beside every cluster of notes and every proposal under a horizon."""
    _actions.append(action)
    _actions.sort(key=lambda one: one.order)


def actions_for_cluster(actor: Actor, cluster: UUID, owner: UUID) -> list[OfferLink]:
    """What this actor may go on to do with a cluster; only the organisation that asked makes something of it."""
    if actor.organisation != owner:
        return []
    return [OfferLink(one.label, one.url(cluster)) for one in _actions if one.allowed(actor)]


def actions_for_entry(actor: Actor, step: Step, entry: Entry) -> list[OfferLink]:
    """The same for a proposal; a typed line that nobody has placed has nothing to link to yet."""
    return actions_for_cluster(actor, entry.cluster, step.session.owner_id) if entry.cluster else []

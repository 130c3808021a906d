"""Who may do what with needs."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, ANALYST, FACILITATOR, PROCESS_LEADER
from medskick.plan.needs.models import Need

SORTERS = (PROCESS_LEADER, FACILITATOR, ANALYST)
DECIDERS = (PROCESS_LEADER, FACILITATOR)
IMPORTERS = (PROCESS_LEADER, FACILITATOR, ANALYST, ADMINISTRATOR)


def may_sort(actor: Actor, need: Need) -> bool:
    """Choose the goal area of a need of one's own organisation."""
    return actor.staff and actor.organisation == need.owner_id and actor.has(*SORTERS)


def may_decide(actor: Actor, need: Need) -> bool:
    """Accept, reject or merge a need of one's own organisation."""
    return actor.staff and actor.organisation == need.owner_id and actor.has(*DECIDERS)

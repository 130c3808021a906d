"""Who may do what with initiatives."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import CASE_OFFICER, FACILITATOR, PROCESS_LEADER
from medskick.plan.initiatives.models import Initiative

PROPOSERS = (PROCESS_LEADER, FACILITATOR, CASE_OFFICER)
LEADERS = (PROCESS_LEADER,)


def may_describe(actor: Actor, initiative: Initiative) -> bool:
    """Write in an initiative of one's own organisation."""
    return actor.staff and actor.organisation == initiative.owner_id and actor.has(*PROPOSERS)


def may_lead(actor: Actor, initiative: Initiative) -> bool:
    """Choose its horizon, waive a gate."""
    return actor.staff and actor.organisation == initiative.owner_id and actor.has(*LEADERS)

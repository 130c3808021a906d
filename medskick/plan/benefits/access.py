"""Who may promise and follow up."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ANALYST, CASE_OFFICER, PROCESS_LEADER
from medskick.plan.benefits.models import Benefit

PROMISERS = (PROCESS_LEADER,)
MEASURERS = (PROCESS_LEADER, ANALYST, CASE_OFFICER)


def may_measure(actor: Actor, benefit: Benefit) -> bool:
    """Record an outcome of a benefit that one's own organisation promised."""
    return actor.staff and actor.organisation == benefit.owner_id and actor.has(*MEASURERS)

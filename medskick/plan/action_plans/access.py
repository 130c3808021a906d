"""Who may do what with action plans."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import PROCESS_LEADER, REGISTRAR
from medskick.plan.action_plans.models import ActionPlan

PLANNERS = (PROCESS_LEADER,)
DECISION_KEEPERS = (PROCESS_LEADER, REGISTRAR)


def may_plan(actor: Actor, plan: ActionPlan) -> bool:
    """Write in a plan of one's own organisation."""
    return actor.staff and actor.organisation == plan.owner_id and actor.has(*PLANNERS)


def may_keep_decision(actor: Actor, plan: ActionPlan) -> bool:
    """Enter that a body has decided a plan of one's own organisation."""
    return actor.staff and actor.organisation == plan.owner_id and actor.has(*DECISION_KEEPERS)

"""The tables of plan, feature by feature."""

from medskick.plan.action_plans.models import ActionPlan, Activity, PlanDecision, PlanVersion, Progress
from medskick.plan.benefits.models import Benefit, Outcome
from medskick.plan.initiatives.models import HorizonChoice, Initiative, Waiver
from medskick.plan.needs.models import GoalAreaChoice, Need, NeedDecision

__all__ = [
    "ActionPlan",
    "Activity",
    "Benefit",
    "GoalAreaChoice",
    "HorizonChoice",
    "Initiative",
    "Need",
    "NeedDecision",
    "Outcome",
    "PlanDecision",
    "PlanVersion",
    "Progress",
    "Waiver",
]

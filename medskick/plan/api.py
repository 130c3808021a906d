"""The front door of plan: the only module that flows, demo and project may import.

Every verb takes the actor as `by=`, checks what the actor may do (PermissionDenied) and raises ValueError, in plain
Swedish, for what cannot be done. Reads see what the open scope sees.

Needs. record_need writes one down, in words that stand, from the `sources` (kernel items) that it came from;
choose_goal_area, accept_need, reject_need and merge_need are decisions with who and when; open_need
opens it for everyone. needs_that_came_of gives what items have become. read_needs_file reads a file
(pure), check_import says what importing would do, import_needs does it: all or nothing. propose_networks gives the
network of each name, proposing those that nobody knows.

Initiatives. propose_initiative from needs; describe_initiative fills VAD, VEM, HUR by template field ids;
choose_horizon 1, 3, 5 or 10 years; waive_gate.

Action plans. start_plan gives a working version 0.1, add_activity puts a line in it (VagueActivity where owner, verb,
dates or measure are missing), revise_plan makes the next working version, decide_plan the whole number: locked,
registered and public. report_progress says that a decided activity began or was finished.

Benefits. promise_benefit with baseline, target and due day; record_outcome what it came to; find_benefits_for_indicator
and benefits_with_indicator are for whoever brings measured values.
"""

from medskick.plan.action_plans.actions import (
    LockedPlan,
    VagueActivity,
    add_activity,
    decide_plan,
    remove_activity,
    report_progress,
    revise_plan,
    start_plan,
)
from medskick.plan.action_plans.models import ActionPlan, Activity, PlanDecision, PlanVersion, Progress
from medskick.plan.action_plans.queries import newest_version, version_in_force
from medskick.plan.benefits.actions import promise_benefit, record_outcome, remind_of_due_benefits
from medskick.plan.benefits.forms import offer_indicators
from medskick.plan.benefits.models import Benefit, Outcome
from medskick.plan.benefits.queries import benefits_with_indicator, find_benefits_for_indicator
from medskick.plan.benefits.verdict import Finding, Verdict
from medskick.plan.initiatives.actions import (
    choose_horizon,
    connect_needs,
    describe_initiative,
    propose_initiative,
    rename_initiative,
    waive_gate,
)
from medskick.plan.initiatives.descriptions import templates
from medskick.plan.initiatives.models import Initiative
from medskick.plan.initiatives.queries import horizon_counts
from medskick.plan.needs.actions import (
    ImportResult,
    NotAllowedNow,
    accept_need,
    check_import,
    choose_goal_area,
    import_needs,
    merge_need,
    open_need,
    propose_networks,
    record_need,
    reject_need,
)
from medskick.plan.needs.goal_areas import goal_areas, suggest_goal_area
from medskick.plan.needs.importing import ParsedNeed, ParsedNeeds, read_needs_file
from medskick.plan.needs.models import GoalAreaChoice, Need, NeedDecision
from medskick.plan.needs.queries import needs_that_came_of, similar_needs

__all__ = [
    "ActionPlan",
    "Activity",
    "Benefit",
    "Finding",
    "GoalAreaChoice",
    "ImportResult",
    "Initiative",
    "LockedPlan",
    "Need",
    "NeedDecision",
    "NotAllowedNow",
    "Outcome",
    "ParsedNeed",
    "ParsedNeeds",
    "PlanDecision",
    "PlanVersion",
    "Progress",
    "VagueActivity",
    "Verdict",
    "accept_need",
    "add_activity",
    "benefits_with_indicator",
    "check_import",
    "choose_goal_area",
    "choose_horizon",
    "connect_needs",
    "decide_plan",
    "describe_initiative",
    "find_benefits_for_indicator",
    "goal_areas",
    "horizon_counts",
    "import_needs",
    "merge_need",
    "needs_that_came_of",
    "newest_version",
    "offer_indicators",
    "open_need",
    "promise_benefit",
    "propose_initiative",
    "propose_networks",
    "read_needs_file",
    "record_need",
    "record_outcome",
    "reject_need",
    "remind_of_due_benefits",
    "remove_activity",
    "rename_initiative",
    "report_progress",
    "revise_plan",
    "similar_needs",
    "start_plan",
    "suggest_goal_area",
    "templates",
    "version_in_force",
    "waive_gate",
]

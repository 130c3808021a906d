"""Reads of action plans that pages and other features ask for."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch

from medskick.plan.action_plans.models import ActionPlan, Activity, PlanDecision, PlanVersion
from medskick.plan.initiatives.models import Initiative, InitiativeQuerySet


def newest_version(plan: ActionPlan) -> PlanVersion | None:
    """The version that was made last, decided or not."""
    return plan.versions.select_related("item__record", "decision").newest_first().first()


def versions_of(plan: ActionPlan) -> list[PlanVersion]:
    """All versions that the reader may read, the newest first. One query."""
    return list(plan.versions.select_related("item", "decision").newest_first())


def working_version(plan: ActionPlan) -> PlanVersion | None:
    """The working paper that is written in now; None when the newest version is decided."""
    newest = newest_version(plan)
    return newest if newest is not None and decision_of(newest) is None else None


def decision_of(version: PlanVersion) -> PlanDecision | None:
    try:
        found: PlanDecision = version.decision
    except ObjectDoesNotExist:
        return None
    return found


def version_in_force(*organisations: UUID) -> PlanVersion | None:
    """The organisations' latest decided version. One query."""
    decided = PlanVersion.objects.decided().filter(owner_id__in=organisations)
    return decided.select_related("item", "plan", "decision").order_by("-decision__decided_on", "-pk").first()


def activities_of(version: PlanVersion) -> list[Activity]:
    """In order, with all that a page shows of each. Two queries."""
    found = version.activities.select_related("initiative__item", "unit", "lead", "item").prefetch_related("progress")
    return list(found.in_order())


def total_cost(activities: Iterable[Activity]) -> int | None:
    """What the activities cost together, in kronor; None where one has not been calculated, so that no sum misleads."""
    costs = [one.cost for one in activities]
    return None if not costs or None in costs else sum(one for one in costs if one is not None)


def running_initiatives(*organisations: UUID) -> InitiativeQuerySet:
    """The organisations' public initiatives, each with its activities in force and what they promised."""
    activities = Activity.objects.in_force().select_related("unit", "lead", "version").in_order()
    return (
        Initiative.objects.of(*organisations)
        .public()
        .select_related("item", "owner")
        .prefetch_related(
            Prefetch("activities", queryset=activities, to_attr="in_force"), "benefits__outcomes", "benefits__item"
        )
        .newest_first()
    )

"""The verbs of action plans."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.records.actions import change_item, create_item, link, publish, register
from medskick.kernel.records.models import Item, Level, Relation
from medskick.lib.dates import say_date, say_period
from medskick.lib.text import clean_text
from medskick.plan.action_plans.access import DECISION_KEEPERS, PLANNERS
from medskick.plan.action_plans.models import (
    ACTIVITY_KIND,
    KIND,
    ActionPlan,
    Activity,
    PlanDecision,
    PlanVersion,
    Progress,
)
from medskick.plan.action_plans.queries import newest_version, working_version
from medskick.plan.action_plans.vagueness import Points, vague_points
from medskick.plan.benefits.actions import publish_benefits
from medskick.plan.decided import decided_by
from medskick.plan.initiatives.models import Initiative
from medskick.plan.moments import moment_of

Changes = dict[str, object]


class VagueActivity(ValueError):
    """Nobody could carry this activity out as it stands. `points`: what is vague, by field."""

    def __init__(self, points: Points) -> None:
        super().__init__(" ".join(points.values()))
        self.points = points


class LockedPlan(ValueError):
    """The version is decided, and what is decided does not change."""


def start_plan(
    *, by: Actor, title: str, start: date, end: date, started_on: date | None = None, submission_key: UUID | None = None
) -> ActionPlan:
    """Begin a plan for a period, with an empty working version 0.1."""
    require_staff(by, *PLANNERS)
    standing = ActionPlan.objects.filter(owner_id=by.organisation, submission_key=submission_key).first()
    if submission_key is not None and standing is not None:
        return standing
    called = " ".join(clean_text(title, max_length=120).split())
    if not called:
        raise ValueError(_("Planen behöver ett namn."))
    if end < start:
        raise ValueError(_("Planens period slutar innan den börjar. Byt plats på dagarna."))
    plan = ActionPlan(owner_id=by.organisation, title=called, start=start, end=end, submission_key=submission_key)
    plan.save(force_insert=True)
    _make_version(by, plan, 0, 1, "Första utkastet", moment_of(started_on))
    return plan


def revise_plan(*, by: Actor, plan: ActionPlan, reason: str, revised_on: date | None = None) -> PlanVersion:
    """Make the next working version (0.2 after 0.1, 1.1 after 1.0) with the same activities; the earlier one stays as it is."""
    require_staff(by, *PLANNERS)
    require_same_organisation(by, plan.owner_id)
    if not reason.strip():
        raise ValueError(_("Skriv vad som är nytt i den här versionen."))
    before = _newest(plan)
    version = _make_version(by, plan, before.major, before.minor + 1, reason.strip(), moment_of(revised_on))
    _copy_activities(before, version)
    link(by=by, from_item=before.item, to_item=version.item, relation=Relation.REPLACES, reason=reason)
    return version


def add_activity(
    *,
    by: Actor,
    plan: ActionPlan,
    initiative: Initiative,
    title: str,
    unit: Unit | None,
    lead: Organisation,
    start: date | None,
    end: date | None,
    measure: str,
    cost: int | None = None,
) -> Activity:
    """Put an activity in the plan's working version.

    cost: kronor over the whole time. Errors: VagueActivity where owner, verb, dates or measure are missing; LockedPlan.
    """
    require_staff(by, *PLANNERS)
    require_same_organisation(by, plan.owner_id)
    require_same_organisation(by, initiative.owner_id)
    version = _open_version(plan)
    said, counted = _refuse_vague(title=title, unit=unit, start=start, end=end, measure=measure)
    activity = Activity(
        version=version,
        initiative=initiative,
        position=version.activities.count() + 1,
        title=said,
        unit=unit,
        lead=lead,
        start=start,
        end=end,
        cost=cost,
        measure=counted,
    )
    activity.save(force_insert=True)
    log("plan.activity_added", by=by, item=version.pk, references=[activity.id])
    return activity


def change_activity(
    *,
    by: Actor,
    activity: Activity,
    title: str,
    unit: Unit | None,
    lead: Organisation,
    start: date | None,
    end: date | None,
    measure: str,
    cost: int | None = None,
) -> Activity:
    """Say an activity in other words, in the working version only."""
    require_staff(by, *PLANNERS)
    _require_open(by, activity)
    said, counted = _refuse_vague(title=title, unit=unit, start=start, end=end, measure=measure)
    after: Changes = {
        "title": said,
        "unit": unit,
        "lead": lead,
        "start": start,
        "end": end,
        "measure": counted,
        "cost": cost,
    }
    changed = [name for name, value in after.items() if getattr(activity, name) != value]
    for name in changed:
        setattr(activity, name, after[name])
    if changed:
        activity.save(update_fields=changed)
        log("plan.activity_changed", by=by, item=activity.version_id, fields=changed, references=[activity.id])
    return activity


def remove_activity(*, by: Actor, activity: Activity) -> None:
    """Take an activity out of the working version; earlier versions keep it."""
    require_staff(by, *PLANNERS)
    _require_open(by, activity)
    log("plan.activity_removed", by=by, item=activity.version_id, references=[activity.id])
    activity.delete()


def decide_plan(*, by: Actor, plan: ActionPlan, decided_on: date, body: str, decision_text: str) -> PlanVersion:
    """Enter that a body decided the plan: the working version becomes the next whole number.

    It is registered in the diary and locked; it, its initiatives, their promises and its activities open for everyone,
    and the trace goes from each initiative to the decision and on to its activities.
    Errors: LockedPlan when nothing is open to decide; ValueError for an empty plan, no body or a day to come.
    """
    require_staff(by, *DECISION_KEEPERS)
    require_same_organisation(by, plan.owner_id)
    draft = _open_version(plan)
    who, text = body.strip(), clean_text(decision_text, max_length=5000).strip()
    _refuse_decision(draft, decided_on, who, text)
    at = moment_of(decided_on)
    version = _make_version(by, plan, draft.major + 1, 0, f"Beslut av {who}", at)
    _copy_activities(draft, version)
    link(by=by, from_item=draft.item, to_item=version.item, relation=Relation.REPLACES)
    register(version.item, by=by, party=who, registered_at=at)
    _carry_out(by, version, at)
    decision = PlanDecision(version=version, decided_on=decided_on, body=who, text=text, **decided_by(by))
    decision.save(force_insert=True)
    change_item(version.item, by=by, verb="plan.decided", summary=f"{who} beslutade: {text}")
    publish(version.item, by=by)
    return version


def report_progress(*, by: Actor, activity: Activity, step: str, day: date | None = None, note: str = "") -> Progress:
    """Say that a decided activity has begun, is finished or was stopped."""
    require_staff(by)
    item = activity.item
    if item is None:
        raise ValueError(_("Aktiviteten är inte beslutad än. Den kan börja när planen är beslutad."))
    require_same_organisation(by, item.owner_id)
    last = activity.progress.order_by("day", "at").last()
    if step not in Progress.ALLOWED[last.step if last else ""]:
        said = dict(Progress.STEPS)
        raise ValueError(
            f"Aktiviteten är {said[last.step] if last else 'inte påbörjad'} och kan inte bli {said[step]}."
        )
    made = Progress(activity=activity, step=step, day=day or timezone.localdate(), note=note, **decided_by(by))
    made.save(force_insert=True)
    change_item(item, by=by, verb=f"activity.{step}", summary=activity_summary(activity, made))
    return made


def activity_summary(activity: Activity, last: Progress | None = None) -> str:
    """The one line that the trace shows of an activity: how far it is, when, and who does it."""
    who = f"{activity.unit.name}, {activity.lead.short_name}."
    if last is None:
        return f"Planerat: {say_period(activity.start, activity.end)}. {who}"
    day = say_date(last.day, weekday=False)
    said = {
        Progress.STARTED: f"Pågår sedan {day}, klart senast {say_date(activity.end, weekday=False)}.",
        Progress.FINISHED: f"Klart {day}.",
        Progress.STOPPED: f"Avbrutet {day}.",
    }
    return f"{said[last.step]} {who}"


def _make_version(by: Actor, plan: ActionPlan, major: int, minor: int, reason: str, at: datetime) -> PlanVersion:
    item = create_item(
        by=by, kind=KIND, title=f"{plan.title} {major}.{minor}", summary=reason, unit=by.unit, occurred_at=at
    )
    version = PlanVersion(
        item=item,
        owner_id=item.owner_id,
        plan=plan,
        major=major,
        minor=minor,
        reason=reason[:300],
        by_name=by.name if by.staff else "",
    )
    version.save(force_insert=True)
    return version


def _newest(plan: ActionPlan) -> PlanVersion:
    newest = newest_version(plan)
    if newest is None:
        raise LookupError("a plan has a version from its first moment")
    return newest


def _open_version(plan: ActionPlan) -> PlanVersion:
    # Two who write at once take turns on the plan, so that nothing slips into a version while it is being decided.
    ActionPlan.objects.select_for_update().get(pk=plan.pk)
    version = working_version(plan)
    if version is None:
        raise LockedPlan(_("Planen är beslutad och låst. Gör en ny arbetsversion om något ska ändras."))
    return version


def _require_open(by: Actor, activity: Activity) -> None:
    require_same_organisation(by, activity.version.owner_id)
    version = _open_version(activity.version.plan)
    if version.pk != activity.version_id:
        raise LockedPlan(_("Det finns en nyare version av planen. Ändra i den."))


def _refuse_vague(
    *, title: str, unit: Unit | None, start: date | None, end: date | None, measure: str
) -> tuple[str, str]:
    said = " ".join(clean_text(title, max_length=200).split())
    counted = clean_text(measure, max_length=300).strip()
    points = vague_points(title=said, has_owner=unit is not None, start=start, end=end, measure=counted)
    if points:
        raise VagueActivity(points)
    return said, counted


def _refuse_decision(draft: PlanVersion, decided_on: date, body: str, text: str) -> None:
    if not draft.activities.exists():
        raise ValueError(_("Planen har inga aktiviteter. Lägg in minst en innan den beslutas."))
    if not body or not text:
        raise ValueError(_("Skriv vem som beslutade, och vad beslutet säger."))
    if decided_on > timezone.localdate():
        raise ValueError(_("Beslutet kan inte ha fattats i framtiden."))


def _copy_activities(before: PlanVersion, after: PlanVersion) -> None:
    kept = ("initiative_id", "position", "title", "unit_id", "lead_id", "start", "end", "cost", "measure")
    Activity.objects.bulk_create(
        Activity(version=after, **{name: getattr(one, name) for name in kept}) for one in before.activities.in_order()
    )


def _carry_out(by: Actor, version: PlanVersion, at: datetime) -> None:
    """Open what the decision is about, and lead the trace through it."""
    activities = list(version.activities.select_related("initiative__item", "unit", "lead").in_order())
    for initiative in dict.fromkeys(one.initiative for one in activities):
        item = Item.objects.get(pk=initiative.pk)
        if item.level != Level.PUBLIC:
            publish(item, by=by)
        publish_benefits(by=by, initiative=initiative)
        link(by=by, from_item=item, to_item=version.item, relation=Relation.DECIDED_IN)
    for activity in activities:
        activity.item = create_item(
            by=by,
            kind=ACTIVITY_KIND,
            title=activity.title,
            summary=activity_summary(activity),
            level=Level.PUBLIC,
            unit=activity.unit_id,
            occurred_at=_carried_out_at(activity, at),
            search_text=activity.measure,
        )
        activity.save(update_fields=["item"])
        link(by=by, from_item=activity.initiative.item, to_item=activity.item, relation=Relation.CARRIED_OUT_BY)


def _carried_out_at(activity: Activity, decided_at: datetime) -> datetime:
    """Its first day, but never before the decision nor in a time to come, so that the trace reads in order."""
    planned = min(moment_of(activity.start), timezone.now())
    return max(planned, decided_at + timedelta(seconds=1))

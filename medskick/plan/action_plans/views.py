from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.design.forms import PlainForm
from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.places import with_region
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts
from medskick.kernel.trace.queries import sources
from medskick.lib.dates import say_period
from medskick.plan.action_plans import actions
from medskick.plan.action_plans.access import DECISION_KEEPERS, PLANNERS, may_keep_decision, may_plan
from medskick.plan.action_plans.forms import ActivityForm, DecisionForm, PlanForm, ProgressForm, ReasonForm
from medskick.plan.action_plans.models import ActionPlan, Activity, PlanVersion, Progress
from medskick.plan.action_plans.queries import (
    activities_of,
    decision_of,
    newest_version,
    total_cost,
    versions_of,
    working_version,
)
from medskick.plan.initiatives.models import Initiative
from medskick.plan.sharing import shared_by


@audience(STAFF)
@require_safe
def action_plans(request: HttpRequest) -> HttpResponse:
    """The organisation's plans and its region's, with the newest version of each."""
    mine = (
        ActionPlan.objects.of(*with_region(request.actor.organisation))
        .prefetch_related("versions__decision")
        .newest_first()
    )
    page = page_of(mine, request.GET.get("sida"))
    context = {
        "title": _("Handlingsplaner"),
        "page": page,
        "rows": [_row(plan, request.actor.organisation) for plan in page],
        "may_start": request.actor.has(*PLANNERS),
    }
    return render(request, "plan/action_plans/list.html", context)


def _row(plan: ActionPlan, reader: UUID) -> Row:
    newest = max(plan.versions.all(), key=lambda one: (one.major, one.minor))
    decided = decision_of(newest)
    return Row(
        title=f"{plan.title} {newest.number}",
        url=plan.get_absolute_url(),
        meta=[
            say_period(plan.start, plan.end),
            *([decided.body, decided.decided_on] if decided else [newest.reason]),
            *shared_by(plan.owner_id, reader),
        ],
        status=_("beslutad") if decided else _("arbetsversion"),
        tone="done" if decided else "neutral",
    )


@audience(STAFF)
@require_safe
def action_plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan as it is now: its newest version."""
    plan = get_object_or_404(ActionPlan, pk=plan_id)
    newest = newest_version(plan)
    return _version_page(request, plan, newest)


@audience(STAFF)
@require_safe
def plan_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version of a plan."""
    readable = PlanVersion.objects.select_related("item__record", "plan", "decision")
    version = get_object_or_404(readable, pk=version_id)
    return _version_page(request, version.plan, version)


def _version_page(request: HttpRequest, plan: ActionPlan, version: PlanVersion | None) -> HttpResponse:
    if version is None:
        raise PermissionDenied(_("Planen är en annan organisations arbetsversion."))
    item, decided, history = version.item, decision_of(version), versions_of(plan)
    writable = decided is None and history[0] == version and may_plan(request.actor, plan)
    activities = activities_of(version)
    context = {
        "title": f"{plan.title} {version.number}",
        "plan": plan,
        "version": version,
        "decision": decided,
        "activities": activities,
        "total_cost": total_cost(activities),
        "history": history,
        "crumbs": [(_("Handlingsplaner"), reverse("action_plans")), (plan.title, "")],
        "facts": record_facts(item, getattr(item, "record", None)),
        "offers": offers_for(request.actor, item),
        "sources": sources(item),
        "writable": writable,
        "newest": history[0] == version,
        "may_plan": may_plan(request.actor, plan),
        "may_decide": decided is None and history[0] == version and may_keep_decision(request.actor, plan),
    }
    return render(request, "plan/action_plans/version.html", context)


@audience(staff_with(*PLANNERS))
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.start_plan(by=request.actor, **form.cleaned_data))
    return _form_page(request, form, _("Börja på en handlingsplan"), reverse("action_plans"))


@audience(staff_with(*PLANNERS))
@require_http_methods(["GET", "POST"])
def new_activity(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Put an activity in the working version."""
    plan = _own_plan(request, plan_id)
    form = _activity_form(request, {"lead": plan.owner_id, "start": plan.start, "end": plan.end})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given.pop("submission_key", None)
        if _tried(form, lambda: actions.add_activity(by=request.actor, plan=plan, **given)):
            return redirect(plan)
    return _form_page(request, form, _("Lägg till en aktivitet"), plan.get_absolute_url(), plan.title)


@audience(staff_with(*PLANNERS))
@require_http_methods(["GET", "POST"])
def activity(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Say an activity of the working version in other words."""
    one = _own_activity(request, activity_id)
    names = ("initiative", "title", "unit", "lead", "start", "end", "cost", "measure")
    form = _activity_form(request, {name: getattr(one, name) for name in names})
    form.fields["initiative"].disabled = True
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in names if name != "initiative"}
        if _tried(form, lambda: actions.change_activity(by=request.actor, activity=one, **given)):
            return redirect(one.version.plan)
    context = {
        "title": _("Ändra aktiviteten"),
        "form": form,
        "back": one.version.plan.get_absolute_url(),
        "removal": reverse("activity_removal", args=[one.pk]),
    }
    return render(request, "plan/action_plans/form_page.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*PLANNERS))
@require_POST
def removal(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Take an activity out of the working version."""
    one = _own_activity(request, activity_id)
    try:
        actions.remove_activity(by=request.actor, activity=one)
    except ValueError as fault:
        messages.error(request, str(fault))
    return redirect(one.version.plan)


@audience(staff_with(*PLANNERS))
@require_http_methods(["GET", "POST"])
def new_version(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Make the next working version."""
    plan = _own_plan(request, plan_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revise_plan(by=request.actor, plan=plan, reason=form.cleaned_data["reason"])
        return redirect(plan)
    return _form_page(request, form, _("Gör en ny arbetsversion"), plan.get_absolute_url(), plan.title)


@audience(staff_with(*DECISION_KEEPERS))
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Enter that a body decided the plan; it is locked, registered and opened for everyone."""
    plan = get_object_or_404(ActionPlan, pk=plan_id)
    if not may_keep_decision(request.actor, plan):
        raise PermissionDenied(_("Planen tillhör en annan organisation, eller så har du en annan roll."))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("decided_on", "body", "decision_text")}
        if _tried(form, lambda: actions.decide_plan(by=request.actor, plan=plan, **given)):
            messages.success(request, _("Planen är beslutad, diarieförd och öppen för alla."))
            return redirect(plan)
    draft = working_version(plan)
    context = {"title": _("För in beslutet"), "plan": plan, "form": form, "draft": draft}
    return render(request, "plan/action_plans/decision.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Say how far a decided activity is."""
    one = _own_activity(request, activity_id)
    last = one.progress.order_by("day", "at").last()
    allowed = Progress.ALLOWED[last.step if last else ""]
    form = ProgressForm(request.POST or None, steps=[step for step in Progress.STEPS if step[0] in allowed])
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("step", "day", "note")}
        if _tried(form, lambda: actions.report_progress(by=request.actor, activity=one, **given)):
            return redirect("plan_version", one.version_id)
    back = reverse("plan_version", args=[one.version_id])
    return _form_page(request, form, _("Hur långt är aktiviteten?"), back, one.title)


def _activity_form(request: HttpRequest, initial: dict[str, object]) -> ActivityForm:
    organisation = request.actor.organisation
    return ActivityForm(
        request.POST or None,
        initial=initial,
        initiatives=Initiative.objects.of(organisation).select_related("item").order_by("item__title_key"),
        units=Unit.objects.filter(organisation_id=organisation).order_by("name"),
        leads=Organisation.objects.in_order(),
    )


def _tried(form: PlainForm, work: Callable[[], object]) -> bool:
    """Do the work; what the verb refuses is told on the form."""
    try:
        work()
    except ValueError as fault:
        form.add_error(None, str(fault))
        return False
    return True


def _form_page(request: HttpRequest, form: PlainForm, title: str, back: str, kicker: str = "") -> HttpResponse:
    context = {"title": title, "form": form, "back": back, "kicker": kicker}
    return render(request, "plan/action_plans/form_page.html", context, status=422 if form.is_bound else 200)


def _own_plan(request: HttpRequest, plan_id: UUID) -> ActionPlan:
    plan: ActionPlan = get_object_or_404(ActionPlan, pk=plan_id)
    if not may_plan(request.actor, plan):
        raise PermissionDenied(_("Planen tillhör en annan organisation, eller så har du en annan roll."))
    return plan


def _own_activity(request: HttpRequest, activity_id: UUID) -> Activity:
    readable = Activity.objects.select_related("version__plan", "initiative__item", "item", "unit", "lead")
    one: Activity = get_object_or_404(readable, pk=activity_id)
    if one.version.owner_id != request.actor.organisation:
        raise PermissionDenied(_("Planen tillhör en annan organisation."))
    return one

"""The public side of plan: Det här gör vi."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medskick.design.paging import page_of
from medskick.kernel.organisations.places import Place
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.trace.presenting import thread
from medskick.kernel.trace.queries import sources, steps_after, steps_before
from medskick.plan.action_plans.models import Activity, PlanVersion
from medskick.plan.action_plans.queries import activities_of, running_initiatives, total_cost, version_in_force
from medskick.plan.benefits.models import Benefit
from medskick.plan.benefits.queries import chart_of
from medskick.plan.benefits.views import shown_benefit
from medskick.plan.initiatives.descriptions import KEYS
from medskick.plan.initiatives.models import Initiative
from medskick.plan.initiatives.queries import needs_behind, part_of


def whose(place: Place) -> list[UUID]:
    """What is done for a municipality's people is done by itself and by the region that it is part of."""
    return list(dict.fromkeys((place.id, place.region_id)))


@audience(PUBLIC)
@require_safe
def what_we_do(request: HttpRequest) -> HttpResponse:
    """The place's and its region's decided initiatives, how each goes, and the plans that they stand in."""
    if request.place is None:
        raise Http404
    today, places = timezone.localdate(), whose(request.place)
    page = page_of(running_initiatives(*places), request.GET.get("sida"), size=12)
    shown = [(one, [(benefit, benefit.verdict(today)) for benefit in one.benefits.all()]) for one in page]
    context = {
        "title": _("Det här gör vi"),
        "page": page,
        "initiatives": shown,
        "versions": [version for version in map(version_in_force, places) if version is not None],
    }
    return render(request, "plan/public/what_we_do.html", context)


@audience(PUBLIC)
@require_safe
def public_initiative(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """One initiative for everyone: why, what, for whom, how, and did it help."""
    initiative = get_object_or_404(Initiative.objects.public().select_related("item"), pk=initiative_id)
    item, today = initiative.item, timezone.localdate()
    promised = list(initiative.benefits.public().with_outcomes().order_by("due"))
    context = {
        "title": item.title,
        "lead": item.summary,
        "initiative": initiative,
        "crumbs": [(_("Det här gör vi"), reverse("what_we_do")), (item.title, "")],
        "parts": [part_of(initiative, key) for key in KEYS],
        "needs": needs_behind(initiative),
        "sources": sources(item),
        "steps": thread(item, steps_after(item), before=steps_before(item)),
        "activities": list(initiative.activities.in_force().select_related("unit", "lead").in_order()),
        "benefits": [(one, chart_of(one.promise, one.measured, today)) for one in promised],
    }
    return render(request, "plan/public/initiative.html", context)


@audience(PUBLIC)
@require_safe
def public_plan(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A decided plan, made to be printed as well."""
    readable = PlanVersion.objects.decided().select_related("item__record", "plan", "decision")
    version = get_object_or_404(readable, pk=version_id)
    activities = activities_of(version)
    context = {
        "title": f"{version.plan.title} {version.number}",
        "version": version,
        "decision": version.decision,
        "record": getattr(version.item, "record", None),
        "activities": activities,
        "total_cost": total_cost(activities),
        "crumbs": [(_("Det här gör vi"), reverse("what_we_do")), (version.plan.title, "")],
    }
    return render(request, "plan/public/plan.html", context)


@audience(PUBLIC)
@require_safe
def public_benefit(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """A promise and how it went, for everyone."""
    benefit = get_object_or_404(Benefit.objects.public().with_outcomes(), pk=benefit_id)
    return render(request, "plan/public/benefit.html", shown_benefit(benefit))


@audience(PUBLIC)
@require_safe
def activity_of(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """From an activity's item to the initiative that it carries out."""
    one = get_object_or_404(Activity, item_id=item_id)
    return redirect("initiative" if request.actor.staff else "public_initiative", one.initiative_id)

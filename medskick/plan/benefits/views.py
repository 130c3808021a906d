from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.organisations.places import with_region
from medskick.kernel.people.audience import PUBLIC, STAFF, audience, staff_with
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts, thread
from medskick.kernel.trace.queries import steps_after
from medskick.plan.benefits import actions
from medskick.plan.benefits.access import MEASURERS, PROMISERS, may_measure
from medskick.plan.benefits.forms import BenefitForm, OutcomeForm
from medskick.plan.benefits.models import Benefit, Outcome
from medskick.plan.benefits.queries import chart_of
from medskick.plan.initiatives.access import may_lead
from medskick.plan.initiatives.models import Initiative
from medskick.plan.sharing import shared_by


@audience(STAFF)
@require_safe
def benefits(request: HttpRequest) -> HttpResponse:
    """What the organisation and its region have promised, the one due first on top."""
    today, reader = timezone.localdate(), request.actor.organisation
    promised = Benefit.objects.of(*with_region(reader)).with_outcomes().order_by("due", "pk")
    page = page_of(promised, request.GET.get("sida"))
    rows = []
    for one in page:
        verdict = one.verdict(today)
        rows.append(
            Row(
                title=one.sentence,
                url=one.get_absolute_url(),
                text=verdict.sentence,
                meta=[one.initiative.item.title, _("ska vara nått"), one.due, *shared_by(one.owner_id, reader)],
                status=verdict.label,
                tone=verdict.tone,
            )
        )
    context = {"title": _("Nytta"), "page": page, "rows": rows}
    return render(request, "plan/benefits/list.html", context)


@audience(STAFF)
@require_safe
def benefit_page(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """One promise: from what, to what, by when, and how it went."""
    benefit = _benefit(benefit_id)
    item, today = benefit.item, timezone.localdate()
    context = {
        **shown_benefit(benefit),
        "crumbs": [(_("Nytta"), reverse("benefits")), (benefit.sentence, "")],
        "facts": record_facts(item, getattr(item, "record", None)),
        "offers": offers_for(request.actor, item),
        "steps": thread(item, steps_after(item)),
        "may_measure": may_measure(request.actor, benefit),
        "waits": benefit.due <= today,
    }
    return render(request, "plan/benefits/benefit.html", context)


def shown_benefit(benefit: Benefit) -> dict[str, object]:
    """What the staff's and everyone's page of a promise have in common."""
    today = timezone.localdate()
    chart = chart_of(benefit.promise, benefit.measured, today)
    chart.csv_url = reverse("benefit_csv", args=[benefit.pk])
    return {"title": benefit.sentence, "benefit": benefit, "verdict": benefit.verdict(today), "chart": chart}


@audience(PUBLIC)
@require_safe
def benefit_csv(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """The values behind the chart, for whoever may read the promise."""
    benefit = _benefit(benefit_id)
    data = chart_of(benefit.promise, benefit.measured, timezone.localdate()).csv()
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nytta-{benefit.item.number}.csv"'
    return response


@audience(staff_with(*PROMISERS))
@require_http_methods(["GET", "POST"])
def promise_benefit(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """Promise what an initiative makes better."""
    initiative = get_object_or_404(Initiative.objects.select_related("item"), pk=initiative_id)
    if not may_lead(request.actor, initiative):
        raise PermissionDenied(_("Insatsen tillhör en annan organisation."))
    form = BenefitForm(request.POST or None, owner=initiative.owner_id)
    if request.method == "POST" and form.is_valid():
        made = actions.promise_benefit(by=request.actor, initiative=initiative, **form.cleaned_data)
        messages.success(request, _("Löftet är sparat. Vi påminner när det är dags att mäta."))
        return redirect(made)
    context = {"title": _("Lova en nytta"), "form": form, "initiative": initiative}
    return render(request, "plan/benefits/promise.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*MEASURERS))
@require_http_methods(["GET", "POST"])
def new_outcome(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """Write down what was measured."""
    benefit = _benefit(benefit_id)
    if not may_measure(request.actor, benefit):
        raise PermissionDenied(_("Löftet tillhör en annan organisation, eller så har du en annan roll."))
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("value", "period", "measured_on", "note")}
        actions.record_outcome(by=request.actor, benefit=benefit, **given)
        messages.success(request, _("Utfallet är infört."))
        return redirect(benefit)
    context = {"title": _("För in ett utfall"), "form": form, "benefit": benefit}
    return render(request, "plan/benefits/new_outcome.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@require_safe
def outcome_of(request: HttpRequest, outcome_id: UUID) -> HttpResponse:
    """From an outcome's item to the promise that it answers."""
    outcome = get_object_or_404(Outcome, pk=outcome_id)
    return redirect("benefit" if request.actor.staff else "public_benefit", outcome.benefit_id)


def _benefit(benefit_id: UUID) -> Benefit:
    readable = Benefit.objects.select_related("item__record", "initiative__item").prefetch_related("outcomes")
    found: Benefit = get_object_or_404(readable, pk=benefit_id)
    return found

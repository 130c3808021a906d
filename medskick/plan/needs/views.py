from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.organisations.places import with_region
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.models import Level
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts, thread
from medskick.kernel.trace.queries import sources, steps_after
from medskick.plan.needs import actions
from medskick.plan.needs.access import DECIDERS, SORTERS, may_decide, may_sort
from medskick.plan.needs.forms import AreaForm, DecisionForm, FilterForm, NeedForm
from medskick.plan.needs.goal_areas import area_label, suggest_goal_area
from medskick.plan.needs.models import Need, NeedDecision, NeedQuerySet
from medskick.plan.needs.queries import MOST_COUNTED, known_networks, similar_needs, unmapped_count
from medskick.plan.sharing import shared_by

TONES = {
    NeedDecision.CAPTURED: "neutral",
    NeedDecision.ACCEPTED: "done",
    NeedDecision.REJECTED: "stop",
    NeedDecision.MERGED: "wait",
}


@audience(STAFF)
@require_safe
def planning(request: HttpRequest) -> HttpResponse:
    """The room Planera begins with the needs."""
    return redirect("needs")


@audience(STAFF)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The organisation's needs and its region's, newest first, filtered by goal area, network and state."""
    organisation = request.actor.organisation
    form = FilterForm(request.GET or None, networks=known_networks(organisation))
    mine = Need.objects.of(*with_region(organisation))
    shown = _filtered(mine, form.cleaned_data if form.is_valid() else {})
    page = page_of(shown.select_related("network").newest_first(), request.GET.get("sida"))
    context = {
        "title": _("Behov"),
        "form": form,
        "page": page,
        "rows": [row_of(need, organisation) for need in page],
        "unmapped": unmapped_count(organisation),
        "many_unmapped": MOST_COUNTED,
        "filtered": bool(request.GET),
    }
    return render(request, "plan/needs/list.html", context)


def _filtered(needs: NeedQuerySet, given: dict[str, str]) -> NeedQuerySet:
    if given.get("area") == FilterForm.UNMAPPED:
        needs = needs.unmapped()
    elif given.get("area"):
        needs = needs.for_area(given["area"])
    if given.get("network"):
        needs = needs.filter(network_id=given["network"])
    return needs.in_state(given["state"]) if given.get("state") else needs


def row_of(need: Need, reader: UUID) -> Row:
    """A need as a line of a list."""
    area = area_label(need.area) if need.area else _("ej fördelat")
    place = need.network.name if need.network else need.get_channel_display()
    return Row(
        title=need.text if len(need.text) <= 160 else f"{need.text[:157].rstrip()}…",
        url=need.get_absolute_url(),
        meta=[
            area,
            place,
            need.said_on,
            *shared_by(need.owner_id, reader),
            *([need.get_need_kind_display()] if need.need_kind != Need.NEED else []),
        ],
        status=NeedDecision.STATES[need.state],
        tone=TONES[need.state],
    )


@audience(STAFF)
@require_safe
def need_page(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """One need: its words, where it came from, what became of it, and what can be done with it."""
    need = _need(need_id)
    item, actor = need.item, request.actor
    context = {
        "title": _("Behov"),
        "need": need,
        "crumbs": [(_("Behov"), reverse("needs")), (_("Behovet"), "")],
        "area": area_label(need.area) if need.area else "",
        "suggestion": None if need.area else suggest_goal_area(need.text, need.heading),
        "state": NeedDecision.STATES[need.state],
        "tone": TONES[need.state],
        "steps": thread(item, steps_after(item)),
        "sources": sources(item),
        "facts": record_facts(item, getattr(item, "record", None)),
        "offers": offers_for(actor, item),
        "choices": list(need.area_choices.order_by("at")),
        "decisions": list(need.decisions.order_by("at")),
        "may_sort": may_sort(actor, need),
        "may_open": item.level != Level.PUBLIC and need.state != NeedDecision.REJECTED and may_decide(actor, need),
        "may_decide": may_decide(actor, need) and bool(NeedDecision.ALLOWED[need.state]),
    }
    return render(request, "plan/needs/need.html", context)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def new_need(request: HttpRequest) -> HttpResponse:
    """Write down a need that came by e-mail, telephone or paper."""
    form = NeedForm(request.POST or None, networks=known_networks(request.actor.organisation))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        area = given.pop("area")
        need = actions.record_need(by=request.actor, **given)
        if area and may_sort(request.actor, need):
            actions.choose_goal_area(by=request.actor, need=need, area=area)
        messages.success(request, _("Behovet är nedskrivet."))
        return redirect(need)
    context = {
        "title": _("Skriv ner ett behov"),
        "form": form,
        "crumbs": [(_("Behov"), reverse("needs")), (_("Nytt"), "")],
    }
    return render(request, "plan/needs/new.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def alike(request: HttpRequest) -> HttpResponse:
    """Needs that may say the same as what is being written; a part of the page for a new need."""
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("text", "").replace("\0", "")[:5000]
    found = similar_needs(text, organisation=request.actor.organisation)
    context = {"rows": [row_of(need, request.actor.organisation) for need in found], "asked": bool(text.strip())}
    return render(request, "plan/needs/alike.html", context)


@audience(staff_with(*SORTERS))
@require_http_methods(["GET", "POST"])
def goal_area(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Choose the goal area of a need."""
    need = _need(need_id)
    _require(may_sort(request.actor, need))
    suggestion = suggest_goal_area(need.text, need.heading)
    initial = need.area or (suggestion.area.key if suggestion else "")
    form = AreaForm(request.POST or None, initial={"area": initial})
    if request.method == "POST" and form.is_valid():
        actions.choose_goal_area(by=request.actor, need=need, area=form.cleaned_data["area"])
        messages.success(request, _("Målområdet är valt."))
        return redirect(need)
    context = {"title": _("Välj målområde"), "form": form, "need": need, "suggestion": suggestion}
    return render(request, "plan/needs/goal_area.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Accept, reject or merge a need."""
    need = _need(need_id)
    _require(may_decide(request.actor, need))
    found = similar_needs(need.text, organisation=need.owner_id, apart_from=need.pk)
    form = DecisionForm(request.POST or None, state=need.state, alike=found)
    if request.method == "POST" and form.is_valid() and _decided(request, need, form):
        return redirect(need)
    context = {
        "title": _("Besluta om behovet"),
        "form": form,
        "need": need,
        "alike": [row_of(one, need.owner_id) for one in found],
    }
    return render(request, "plan/needs/decision.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*DECIDERS))
@require_POST
def publication(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Open a need for everyone."""
    need = _need(need_id)
    _require(may_decide(request.actor, need))
    try:
        actions.open_need(by=request.actor, need=need)
    except ValueError as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("Behovet är öppet för alla."))
    return redirect(need)


def _decided(request: HttpRequest, need: Need, form: DecisionForm) -> bool:
    given = form.cleaned_data
    try:
        if given["decision"] == NeedDecision.ACCEPTED:
            actions.accept_need(by=request.actor, need=need)
        elif given["decision"] == NeedDecision.REJECTED:
            actions.reject_need(by=request.actor, need=need, reason=given["reason"])
        else:
            actions.merge_need(by=request.actor, need=need, into=given["into"], reason=given["reason"])
    except ValueError as fault:
        form.add_error(None, str(fault))
        return False
    messages.success(request, _("Beslutet är sparat."))
    return True


def _need(need_id: UUID) -> Need:
    """Readable by the actor's scope, or 404: a stranger is not told that it exists."""
    readable = Need.objects.select_related("item__record", "network")
    found: Need = get_object_or_404(readable, pk=need_id)
    return found


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Behovet tillhör en annan organisation, eller så har du en annan roll."))

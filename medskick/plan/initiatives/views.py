from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medskick.design.forms import PlainForm
from medskick.design.paging import page_of
from medskick.design.parts import Link, Row
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.places import with_region
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts, thread
from medskick.kernel.trace.queries import steps_after
from medskick.plan.initiatives import actions
from medskick.plan.initiatives.access import LEADERS, PROPOSERS, may_describe, may_lead
from medskick.plan.initiatives.descriptions import KEYS, template_of
from medskick.plan.initiatives.forms import HorizonForm, InitiativeForm, RenameForm, WaiverForm, part_form
from medskick.plan.initiatives.gates import GATES, WAIVABLE
from medskick.plan.initiatives.models import HORIZONS, Initiative, InitiativeQuerySet
from medskick.plan.initiatives.queries import gates_of, horizon_counts, needs_behind, part_of, standing_horizon
from medskick.plan.needs.models import Need, NeedDecision
from medskick.plan.needs.queries import similar_needs
from medskick.plan.sharing import shared_by


@audience(STAFF)
@require_safe
def initiatives(request: HttpRequest) -> HttpResponse:
    """The organisation's initiatives and its region's, by the horizon within which they need to begin."""
    owners, chosen = with_region(request.actor.organisation), request.GET.get("horisont", "")
    counts = horizon_counts(*owners)
    shown = _within(Initiative.objects.of(*owners), chosen)
    page = page_of(shown.with_horizon().select_related("item").newest_first(), request.GET.get("sida"))
    context = {
        "title": _("Insatser"),
        "tabs": _horizon_tabs(counts, chosen),
        "page": page,
        "rows": [_row(one, request.actor.organisation) for one in page],
        "chosen": chosen,
        "may_propose": request.actor.has(*PROPOSERS),
        "empty_horizon": chosen.isdecimal(),
    }
    return render(request, "plan/initiatives/list.html", context)


def _within(shown: InitiativeQuerySet, chosen: str) -> InitiativeQuerySet:
    if chosen in {str(years) for years in HORIZONS}:
        return shown.within(int(chosen))
    return shown.without_horizon() if chosen == "ej" else shown


def _horizon_tabs(counts: dict[int | None, int], chosen: str) -> list[Link]:
    everything = Link(_("Alla"), "?", not chosen, sum(counts.values()))
    years = [
        Link(_("Inom %(years)s år") % {"years": one}, f"?horisont={one}", chosen == str(one), counts[one])
        for one in HORIZONS
    ]
    return [everything, *years, Link(_("Inte valt"), "?horisont=ej", chosen == "ej", counts[None])]


def _row(one: Initiative, reader: UUID) -> Row:
    missing = [part.template.short for part in one.completeness if not part.complete]
    return Row(
        title=one.item.title,
        url=one.get_absolute_url(),
        text=one.item.summary,
        meta=[
            _("påbörjas inom %(years)s år") % {"years": one.years} if one.years else _("tidshorisont inte vald"),
            _("saknar: %(parts)s") % {"parts": ", ".join(missing)} if missing else _("beskriven"),
            *shared_by(one.owner_id, reader),
        ],
        status=_("öppen för alla") if one.public else "",
        tone="done",
    )


@audience(STAFF)
@require_safe
def initiative_page(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """One initiative: where it comes from and where it is, VAD VEM HUR, the gates, the benefit in one sentence."""
    initiative = _initiative(initiative_id)
    item, actor, today = initiative.item, request.actor, timezone.localdate()
    behind, horizon = needs_behind(initiative), standing_horizon(initiative)
    promised = [(one, one.verdict(today)) for one in initiative.benefits.with_outcomes().order_by("due")]
    lines = list(initiative.activities.filter(item__isnull=False).select_related("unit", "item").in_order())
    steps = steps_after(item)
    context = {
        "title": item.title,
        "initiative": initiative,
        "crumbs": [(_("Insatser"), reverse("initiatives")), (item.title, "")],
        "parts": [part_of(initiative, key) for key in KEYS],
        "needs": behind,
        "steps": thread(item, steps),
        "horizon": horizon,
        "benefits": promised,
        "activities": lines,
        "gates": gates_of(initiative, needs=len(behind), horizon=horizon, in_plan=bool(lines), benefits=len(promised)),
        "waivable": WAIVABLE,
        "facts": record_facts(item, getattr(item, "record", None)),
        "offers": offers_for(actor, item),
        "may_describe": may_describe(actor, initiative),
        "may_lead": may_lead(actor, initiative),
    }
    return render(request, "plan/initiatives/initiative.html", context)


@audience(staff_with(*PROPOSERS))
@require_http_methods(["GET", "POST"])
def new_initiative(request: HttpRequest) -> HttpResponse:
    """Propose an initiative, from needs or from nothing."""
    organisation = request.actor.organisation
    units = Unit.objects.filter(organisation_id=organisation).order_by("name")
    choices = Need.objects.filter(pk__in=_offered(request, organisation)).newest_first()
    form = InitiativeForm(
        request.POST or None, units=units, needs=choices, initial={"needs": request.GET.getlist("behov")}
    )
    if request.method == "POST" and form.is_valid():
        made = actions.propose_initiative(by=request.actor, **form.cleaned_data)
        messages.success(request, _("Insatsen är föreslagen. Beskriv nu vad, för vem och hur."))
        return redirect(made)
    context = {"title": _("Föreslå en insats"), "form": form}
    return render(request, "plan/initiatives/new.html", context, status=422 if form.is_bound else 200)


def _offered(request: HttpRequest, organisation: UUID) -> list[UUID]:
    """The needs to choose among: the one that was asked for and those that are likest it, or else the newest accepted."""
    standing = Need.objects.of(organisation).still_counting()
    asked = [one for one in map(_uuid, request.GET.getlist("behov") + request.POST.getlist("needs")) if one]
    named = list(standing.filter(pk__in=asked))
    near = [
        one for need in named[:1] for one in similar_needs(need.text, organisation=organisation, apart_from=need.pk)
    ]
    newest = standing.in_state(NeedDecision.ACCEPTED).newest_first()[:20]
    return list(dict.fromkeys([one.pk for one in (*named, *near, *newest)]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@audience(staff_with(*PROPOSERS))
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, initiative_id: UUID, key: str) -> HttpResponse:
    """Write VAD, VEM or HUR."""
    initiative = _initiative(initiative_id)
    _require(may_describe(request.actor, initiative))
    if key not in KEYS:
        raise Http404
    template = template_of(key)
    form = part_form(template)(request.POST or None, initial=initiative.values.get(key, {}))
    context = {"title": template.question, "initiative": initiative, "form": form}
    if request.method == "POST" and form.is_valid():
        actions.describe_initiative(by=request.actor, initiative=initiative, part=key, values=form.values)
        messages.success(request, _("Sparat."))
        return redirect(f"{initiative.get_absolute_url()}#{key}")
    return render(request, "plan/initiatives/part_page.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*PROPOSERS))
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """Give it another name."""
    initiative = _initiative(initiative_id)
    _require(may_describe(request.actor, initiative))
    now = {"title": initiative.item.title, "summary": initiative.item.summary}
    form = RenameForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.rename_initiative(
            by=request.actor, initiative=initiative, title=given["title"], summary=given["summary"]
        )
        return redirect(initiative)
    return _form_page(request, initiative, form, _("Byt namn på insatsen"))


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def horizon(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """Choose within how many years it needs to begin."""
    initiative = _initiative(initiative_id)
    _require(may_lead(request.actor, initiative))
    standing = standing_horizon(initiative)
    form = HorizonForm(request.POST or None, initial={"years": standing.years if standing else None})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.choose_horizon(
            by=request.actor, initiative=initiative, years=given["years"], motivation=given["motivation"]
        )
        messages.success(request, _("Tidshorisonten är vald."))
        return redirect(initiative)
    return _form_page(request, initiative, form, _("Välj tidshorisont"))


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def waiver(request: HttpRequest, initiative_id: UUID, gate: str) -> HttpResponse:
    """Pass a gate that is not met, and say why."""
    initiative = _initiative(initiative_id)
    _require(may_lead(request.actor, initiative))
    if gate not in GATES or gate not in WAIVABLE:
        raise Http404
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.waive_gate(by=request.actor, initiative=initiative, gate=gate, reason=form.cleaned_data["reason"])
        messages.success(request, _("Avsteget är noterat."))
        return redirect(initiative)
    return _form_page(request, initiative, form, _("Gå vidare fast något saknas"))


def _form_page(request: HttpRequest, initiative: Initiative, form: PlainForm, title: str) -> HttpResponse:
    context = {"title": title, "initiative": initiative, "form": form}
    return render(request, "plan/initiatives/form_page.html", context, status=422 if form.is_bound else 200)


def _initiative(initiative_id: UUID) -> Initiative:
    found: Initiative = get_object_or_404(Initiative.objects.select_related("item__record"), pk=initiative_id)
    return found


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Insatsen tillhör en annan organisation, eller så har du en annan roll."))

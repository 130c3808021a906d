"""Mandates: the resident's own page, and the organisation's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.kernel.assistance import queries
from medskick.kernel.assistance.access import KEEPERS, NotPossible, may_end
from medskick.kernel.assistance.actions.mandates import (
    Firm,
    Named,
    Terms,
    end_mandate,
    give_proxy,
    register_mandate,
)
from medskick.kernel.assistance.forms import EndMandateForm, MandateForm, ProxyForm
from medskick.kernel.assistance.models import Mandate, MandateKind
from medskick.kernel.assistance.presenting import crumbs, mandate_row, validity
from medskick.kernel.files.actions import store_file
from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import ONESELF, audience, staff_with
from medskick.kernel.people.roles import REGISTRAR


@audience(ONESELF)
def my_mandates(request: HttpRequest) -> HttpResponse:
    """Ombud: who may do things for me, and for whom I may."""
    given, held = queries.mandates_of(request.actor.person)
    today = timezone.localdate()

    def rows(mandates: list[Mandate], whose: str) -> list[Any]:
        return [mandate_row(one, today, whose=whose, url=_end_url(request, one)) for one in mandates]

    context = {
        "given": rows(given, "agent"),
        "held": rows(held, "principal"),
        "crumbs": crumbs("my_pages", _("Mina sidor"), _("Ombud")),
    }
    return render(request, "kernel/assistance/my_mandates.html", context)


def _end_url(request: HttpRequest, mandate: Mandate) -> str:
    return reverse("end_my_mandate", args=[mandate.id]) if may_end(request.actor, mandate) else ""


@audience(ONESELF)
@require_http_methods(["GET", "POST"])
def new_proxy(request: HttpRequest) -> HttpResponse:
    """Let somebody act for me."""
    form = ProxyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            give_proxy(by=request.actor, to=Named(given["number"], given["name"]), terms=_terms(given))
            messages.success(request, _("Ombudet kan nu göra saker åt dig. Du ser allt som görs."))
            return HttpResponseRedirect(reverse("my_mandates"))
        except NotPossible as fault:
            form.add_error(None, str(fault))
    context = {"form": form, "crumbs": crumbs("my_mandates", _("Ombud"), _("Nytt ombud"))}
    return render(request, "kernel/assistance/new_proxy.html", context, status=422 if form.is_bound else 200)


@audience(ONESELF)
@require_http_methods(["GET", "POST"])
def end_my_mandate(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    mandate = get_object_or_404(Mandate, id=mandate_id)
    return _end(request, mandate, "kernel/assistance/end_my_mandate.html", "my_mandates", required=False)


@audience(staff_with(REGISTRAR))
def mandates(request: HttpRequest) -> HttpResponse:
    """What the organisation has taken in on paper or by a register."""
    page = page_of(queries.mandates_kept_at(request.actor.organisation), request.GET.get("sida"))
    today = timezone.localdate()
    rows = [mandate_row(one, today, whose="both", url=reverse("end_mandate", args=[one.id])) for one in page]
    log_read(request.actor, "mandate", [one.id for one in page])
    context = {"page": page, "rows": rows, "crumbs": crumbs("assistance", _("Hjälpa"), _("Uppdrag"))}
    return render(request, "kernel/assistance/mandates.html", context)


@audience(staff_with(*KEEPERS))
@require_http_methods(["GET", "POST"])
def new_mandate(request: HttpRequest) -> HttpResponse:
    """Take in a mandate on paper, or by a register."""
    form = MandateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _take_in(request, form.cleaned_data)
            messages.success(request, _("Uppdraget är infört."))
            return HttpResponseRedirect(reverse("mandates" if request.actor.has(REGISTRAR) else "assistance"))
        except (NotPossible, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
    context = {"form": form, "crumbs": crumbs("assistance", _("Hjälpa"), _("För in ett uppdrag"))}
    return render(request, "kernel/assistance/new_mandate.html", context, status=422 if form.is_bound else 200)


def _take_in(request: HttpRequest, given: dict[str, Any]) -> None:
    firm = given["kind"] == MandateKind.COMPANY
    principal = (Firm if firm else Named)(given["principal_number"], given["principal_name"])
    agent = Named(given["agent_number"], given["agent_name"]) if given["to"] == "person" else None
    paper = store_file(given["paper"], by=request.actor) if given.get("paper") else None
    register_mandate(
        by=request.actor,
        kind=given["kind"],
        ground=given["ground"],
        principal=principal,
        agent=agent,
        terms=_terms(given),
        reason=given["reason"],
        paper_reference=given["paper_reference"],
        paper=paper,
    )


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def end_kept_mandate(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    kept = queries.mandates_kept_at(request.actor.organisation)
    mandate = get_object_or_404(kept, id=mandate_id)
    log_read(request.actor, "mandate", [mandate.id])
    return _end(request, mandate, "kernel/assistance/end_mandate.html", "mandates", required=True)


def _end(request: HttpRequest, mandate: Mandate, template: str, back: str, *, required: bool) -> HttpResponse:
    form = EndMandateForm(request.POST if request.method == "POST" else None, required=required)
    may = may_end(request.actor, mandate)
    if request.method == "POST" and not may:
        raise PermissionDenied(_("Det här uppdraget kan inte du avsluta."))
    if request.method == "POST" and form.is_valid():
        end_mandate(mandate, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Uppdraget är avslutat och ger ingenting längre."))
        return HttpResponseRedirect(reverse(back))
    today = timezone.localdate()
    above = _("Uppdrag som vi har fört in") if required else _("Ombud")
    context = {
        "form": form,
        "mandate": mandate,
        "row": mandate_row(mandate, today, whose="both"),
        "validity": validity(mandate, today),
        "may_end": may,
        "crumbs": crumbs(back, above, _("Avsluta")),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def _terms(given: dict[str, Any]) -> Terms:
    return Terms(given["valid_from"], given["valid_until"], tuple(given.get("covers") or ()))

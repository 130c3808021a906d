"""Medarbetare: who works here, who waits to be let in, and what each may do."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.kernel.log.actions import log_read
from medskick.kernel.menu import administration_crumbs
from medskick.kernel.people.actions import (
    ChangedMeanwhile,
    Refused,
    add_employee,
    change_employment,
    end_employment,
    let_in,
    turn_away,
)
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.forms import ChangeEmploymentForm, EmploymentForm, NewEmployeeForm, SoughtForm, TurnAwayForm
from medskick.kernel.people.models import AccessRequest, Employment
from medskick.kernel.people.queries import (
    employees,
    employees_named,
    employment_state,
    last_sign_ins,
    open_requests,
    roles_over_time,
)
from medskick.kernel.people.roles import ADMINISTRATOR, LABELS

ADMINISTRATORS = staff_with(ADMINISTRATOR)
PAGE = 50


@audience(ADMINISTRATORS)
def employee_list(request: HttpRequest) -> HttpResponse:
    """Who works here, those who wait to be let in first."""
    actor, sought = request.actor, request.GET.get("sok", "")[:100].strip()
    waiting = list(open_requests(actor.organisation)[:PAGE])
    log_read(actor, "access", [one.id for one in waiting])
    page = page_of(employees_named(actor.organisation, sought), request.GET.get("sida"), size=PAGE)
    seen = last_sign_ins()
    rows = [_shown_row(one, seen.get(one.id)) for one in page]
    context = {"waiting": waiting, "rows": rows, "page": page, "sought": sought, "form": SoughtForm({"sok": sought})}
    return render(
        request, "kernel/people/employees.html", {**context, "crumbs": administration_crumbs((_("Medarbetare"), ""))}
    )


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new_employee(request: HttpRequest) -> HttpResponse:
    """Add somebody, before her first log-in or after."""
    form = NewEmployeeForm(request.POST or None, organisation=request.actor.organisation)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "number", "email", "title", "unit", "roles")}
        try:
            made = add_employee(by=request.actor, **said)
            messages.success(request, _("Medarbetaren är tillagd. Hen kan logga in nu."))
            return redirect("employee", made.id)
        except Refused as fault:
            form.add_error(None, str(fault))
    return _form(request, "kernel/people/new_employee.html", form, _("Lägg till"))


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def employee(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """One employment: title, unit and roles, and how the roles have been."""
    actor = request.actor
    shown = get_object_or_404(employees(actor.organisation), id=employment_id)
    state = employment_state(shown, [one.role for one in shown.given])
    form = ChangeEmploymentForm(
        request.POST or None, organisation=actor.organisation, initial=ChangeEmploymentForm.initial_of(shown, state)
    )
    meanwhile = False
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "unit", "roles", "seen")}
        try:
            change_employment(shown, by=actor, **said)
            messages.success(request, _("Ändringen är sparad och gäller från nästa klick."))
            return redirect("employee", shown.id)
        except Refused as fault:
            meanwhile = isinstance(fault, ChangedMeanwhile)
            form.count_from(state)
            form.add_error(None, str(fault))
    context = {
        "employment": shown,
        "roles": _role_words(shown),
        "history": roles_over_time(shown),
        "meanwhile": meanwhile,
    }
    return _form(request, "kernel/people/employee.html", form, shown.person.name or _("En medarbetare"), context)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def employment_ended(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """End an employment, after a look at what that means."""
    shown = get_object_or_404(employees(request.actor.organisation), id=employment_id)
    refused = ""
    if request.method == "POST":
        try:
            end_employment(shown, by=request.actor)
            messages.success(request, _("Anställningen är avslutad, och personen är utloggad."))
            return redirect("employees")
        except Refused as fault:
            refused = str(fault)
    context = {
        "employment": shown,
        "roles": _role_words(shown),
        "refused": refused,
        "crumbs": employee_crumbs(_("Avsluta")),
    }
    return render(request, "kernel/people/end_employment.html", context, status=422 if refused else 200)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def access_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Somebody waits: let her in, with title, unit and roles."""
    asked = _asked(request, request_id)
    form = EmploymentForm(request.POST or None, organisation=request.actor.organisation)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "unit", "roles")}
        try:
            made = let_in(asked, by=request.actor, **said)
            messages.success(request, _("Insläppt. Personen kan logga in nu."))
            return redirect("employee", made.id)
        except Refused as fault:
            form.add_error(None, str(fault))
    return _form(
        request, "kernel/people/access_request.html", form, _("Väntar"), {"asked": asked, "no": TurnAwayForm()}
    )


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def access_refused(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Somebody waits: say no, with the reason that she reads."""
    asked = _asked(request, request_id)
    form = TurnAwayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            turn_away(asked, by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, _("Svaret är sparat. Personen ser det på sin sida."))
            return redirect("employees")
        except Refused as fault:
            form.add_error(None, str(fault))
    return _form(request, "kernel/people/access_refused.html", form, _("Svara nej"), {"asked": asked})


def employee_crumbs(here: str) -> list[tuple[str, str]]:
    """The way to a page about employees, which is called `here`."""
    return administration_crumbs((_("Medarbetare"), reverse("employees")), (here, ""))


def _asked(request: HttpRequest, request_id: UUID) -> AccessRequest:
    asked: AccessRequest = get_object_or_404(
        AccessRequest, id=request_id, organisation_id=request.actor.organisation, decided_at__isnull=True
    )
    log_read(request.actor, "access", [asked.id])
    return asked


def _shown_row(employment: Employment, seen: datetime | None) -> dict[str, object]:
    """Days are enough: the hour of a log-in is nobody's business."""
    return {
        "employment": employment,
        "roles": _role_words(employment),
        "since": localdate(employment.since),
        "seen": localdate(seen) if seen else None,
    }


def _role_words(employment: Employment) -> str:
    return ", ".join(str(LABELS[one.role]) for one in employment.given) or _("inga roller")


def _form(
    request: HttpRequest, template: str, form: Any, here: str, more: dict[str, object] | None = None
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "crumbs": employee_crumbs(here), **(more or {})},
        status=422 if form.is_bound else 200,
    )

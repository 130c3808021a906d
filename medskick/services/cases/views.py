"""The officers' side of cases. Who may read a case is told by row security; who may act, by access.handles."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.forms import PlainForm
from medskick.design.paging import page_of
from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.roles import CASE_OFFICER, REGISTRAR
from medskick.services.cases import access, actions, presenting, queries
from medskick.services.cases.downloads import download
from medskick.services.cases.forms import AnswerForm, CloseForm, NoteForm, ReassignForm
from medskick.services.cases.models import Case
from medskick.services.cases.moves import KIND, TransitionRefused

OFFICERS = staff_with(CASE_OFFICER, REGISTRAR)


@audience(OFFICERS)
def cases(request: HttpRequest) -> HttpResponse:
    """The unit's cases, the most urgent first."""
    view = request.GET.get("visa", "")
    view = view if view in dict(presenting.VIEWS) else queries.OPEN
    today = timezone.localdate()
    page = page_of(queries.cases_for(request.actor, view=view, today=today), request.GET.get("sida"))
    context = {
        "page": page,
        "rows": [presenting.case_row(case, today) for case in page],
        "tabs": presenting.view_tabs(view),
        "view": view,
    }
    return render(request, "services/cases.html", context)


@audience(OFFICERS)
def case(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _case_page(request, _readable(item_id))


@audience(OFFICERS)
@require_POST
def case_take(request: HttpRequest, item_id: UUID) -> HttpResponse:
    _readable(item_id)
    try:
        actions.take_case(item_id, by=request.actor)
    except TransitionRefused as fault:
        messages.warning(request, str(fault))
    return HttpResponseRedirect(reverse("case", args=[item_id]))


@audience(OFFICERS)
@require_http_methods(["GET", "POST"])
def case_answer(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Answer the sender. The form stands on the case's own page; what was typed comes back there."""
    found = _readable(item_id)
    form = AnswerForm(request.POST or None)
    if not form.is_valid():
        return _case_page(request, found, form=form)
    said = {name: form.cleaned_data[name] for name in ("text", "outcome", "reason")}
    done = _try(form, lambda: actions.answer_case(item_id, by=request.actor, **said))
    if not done:
        return _case_page(request, _readable(item_id), form=form)
    messages.success(request, _("Svaret är skickat. Avsändaren har fått veta det."))
    return HttpResponseRedirect(reverse("case", args=[item_id]))


@audience(OFFICERS)
@require_http_methods(["GET", "POST"])
def case_reassign(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Pass the case on to another unit."""
    found = _acted_on(request, item_id)
    form = ReassignForm(request.POST or None, organisation=found.owner_id, but=found.unit_id)
    if form.is_valid():
        unit, why = form.cleaned_data["unit"], form.cleaned_data["reason"]
        if _try(form, lambda: actions.reassign_case(item_id, by=request.actor, unit=unit, reason=why)):
            messages.success(request, _("Ärendet är överlämnat till %(unit)s.") % {"unit": unit.name})
            return HttpResponseRedirect(reverse("cases"))
    return _form_page(request, found, form, _("Lämna över till en annan enhet"), _("Lämna över"))


@audience(OFFICERS)
@require_http_methods(["GET", "POST"])
def case_note(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Write a note between officers."""
    found = _acted_on(request, item_id)
    form = NoteForm(request.POST or None)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if _try(form, lambda: actions.note_on_case(item_id, by=request.actor, text=text)):
            return HttpResponseRedirect(reverse("case", args=[item_id]))
    return _form_page(request, found, form, _("Skriv en anteckning"), _("Spara anteckningen"))


@audience(OFFICERS)
@require_http_methods(["GET", "POST"])
def case_close(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Close an answered case."""
    found = _acted_on(request, item_id)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if _try(form, lambda: actions.close_case(item_id, by=request.actor, reason=reason)):
            return HttpResponseRedirect(reverse("case", args=[item_id]))
    return _form_page(request, found, form, _("Avsluta ärendet"), _("Avsluta"))


@audience(OFFICERS)
def case_file(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponseBase:
    found = _readable(item_id)
    log_read(request.actor, KIND, [file_id])
    return download(found, file_id)


def _case_page(request: HttpRequest, found: Case, form: AnswerForm | None = None) -> HttpResponse:
    log_read(request.actor, KIND, [found.item_id])
    context = presenting.for_officer(request.actor, found)
    context["form"] = form or AnswerForm()
    context["crumbs"] = [(_("Ärenden"), reverse("cases")), (context["number"], "")]
    status = 422 if form is not None and form.errors else 200
    return render(request, "services/case.html", context, status=status)


def _form_page(request: HttpRequest, found: Case, form: PlainForm, title: str, submit: str) -> HttpResponse:
    back = reverse("case", args=[found.item_id])
    number = presenting.case_number(found)
    context = {"title": title, "form": form, "submit": submit, "back": back, "case": found, "number": number}
    context["crumbs"] = [(_("Ärenden"), reverse("cases")), (number, back), (title, "")]
    return render(request, "services/case_form.html", context, status=422 if form.errors else 200)


def _readable(item_id: UUID) -> Case:
    """The case, or 404 for one that is not hers to read: whether it exists is told to nobody else."""
    try:
        return queries.case_by_item(item_id)
    except Case.DoesNotExist:
        raise Http404 from None


def _acted_on(request: HttpRequest, item_id: UUID) -> Case:
    found = _readable(item_id)
    if not access.handles(request.actor, found):
        raise PermissionDenied(_("Ärendet hör till en annan enhet."))
    return found


def _try(form: PlainForm, verb: Callable[[], Any]) -> bool:
    """Do it, or say in the form why it cannot be done."""
    try:
        verb()
    except ValueError as fault:
        form.add_error(None, str(fault))
        return False
    return True

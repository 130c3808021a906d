"""Paper: printing sheets with a stub, and typing in what came back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from medskick.design.forms import PlainForm
from medskick.dialog.sessions import around
from medskick.dialog.sessions.access import may_record
from medskick.dialog.sessions.actions.typing_in import TYPED_IN, type_in_sheet
from medskick.dialog.sessions.forms_planning import PrintForm, SheetForm
from medskick.dialog.sessions.models import Participant, Step
from medskick.dialog.sessions.paper import Sheet, new_sheets
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.views.around import own_session
from medskick.kernel.people.audience import STAFF, audience
from medskick.lib.codes import group_code


@audience(STAFF)
def papers(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Choose what to print, and find the steps to type in."""
    found = own_session(request, session_id)
    steps = around.steps_that_ask(found)
    context = {
        "title": _("Papper"),
        "session": found,
        "steps": steps,
        "form": PrintForm(steps=steps) if steps else None,
        "types_in": may_record(request.actor, found) and found.state in TYPED_IN,
    }
    return render(request, "dialog/sessions/papers.html", context)


@audience(STAFF)
@never_cache
def printing(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The sheets. Each time they have other codes, so a page that is printed is not shown again."""
    found = own_session(request, session_id)
    if not may_record(request.actor, found):
        raise PermissionDenied(_("Det gör mötesledaren eller antecknaren."))
    steps = around.steps_that_ask(found)
    form = PrintForm(request.GET, steps=steps)
    if not steps or not form.is_valid():
        context = {"title": _("Papper"), "session": found, "steps": steps, "form": form if steps else None}
        return render(request, "dialog/sessions/papers.html", context, status=422)
    context = {
        "title": _("%(count)s blad att skriva ut") % {"count": form.cleaned_data["count"]},
        "session": found,
        "parts": [_part(one) for one in form.chosen],
        "sheets": [_with_address(request, one) for one in new_sheets(found.pk, form.cleaned_data["count"])],
        "short_address": request.get_host() + reverse("find_trace"),
    }
    response = render(request, "dialog/sessions/sheets.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def typing_in(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """One form for each sheet; after it is saved comes the next."""
    step = get_object_or_404(Step.objects.select_related("session"), id=step_id)
    session = own_session(request, step.session_id)
    asked = step_type(step.kind).question
    if asked is None:
        raise Http404
    if not may_record(request.actor, session):
        raise PermissionDenied(_("Det gör mötesledaren eller antecknaren."))
    data = request.POST if request.method == "POST" else None
    sheet, form = SheetForm(data, session=session), asked.answer_form(step, data)
    if data is not None and sheet.is_valid() and form.is_valid():
        try:
            answers = type_in_sheet(
                step,
                by=request.actor,
                values=asked.values(step, form),
                submission_key=UUID(form.submission_key),
                **sheet.cleaned_data,
            )
        except PermissionDenied:
            raise
        except ValueError as fault:
            form.add_error(None, str(fault))
        else:
            said = "; ".join(one.text for one in answers)
            messages.success(request, _("Sparat: %(said)s") % {"said": said[:120]})
            return HttpResponseRedirect(reverse("typing_in", args=[step.id]))
    return _typing_page(request, step, sheet, form)


def _typing_page(request: HttpRequest, step: Step, sheet: SheetForm, form: PlainForm) -> HttpResponse:
    typed = Participant.objects.filter(session=step.session_id, channel=Participant.PAPER, answers__step=step)
    context: dict[str, Any] = {
        "title": step.text,
        "session": step.session,
        "step": step,
        "sheet": sheet,
        "form": form,
        "typed": typed.distinct().count(),
        "steps": around.steps_that_ask(step.session),
        "open": step.session.state in TYPED_IN,
    }
    return render(request, "dialog/sessions/typing_in.html", context, status=422 if form.is_bound else 200)


def _part(step: Step) -> dict[str, Any]:
    """A step as it stands on a sheet."""
    shown_as = step_type(step.kind)
    return {"step": step, "template": shown_as.paper_template, "more": shown_as.paper_context(step)}


def _with_address(request: HttpRequest, sheet: Sheet) -> dict[str, str]:
    url = request.build_absolute_uri(reverse("own_trace", args=[sheet.address]))
    return {"code": sheet.grouped, "url": url, "address": group_code(sheet.address)}

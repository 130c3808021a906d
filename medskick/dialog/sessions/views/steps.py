"""The steps of a session as the facilitator meets them: the programme, each step's own page, and its buttons."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.dialog.sessions.access import LEADERS, NotPossible, may_lead
from medskick.dialog.sessions.actions.asking import (
    add_step,
    change_step,
    close_step,
    copy_step,
    extend_step,
    move_step,
    open_step,
    remove_step,
    show_result,
)
from medskick.dialog.sessions.actions.grouping import divide, seat_latecomers
from medskick.dialog.sessions.actions.summarising import SummaryChanged, write_summary
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.forms import MinutesForm, StepForm
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.queries import is_shown, opening_of
from medskick.dialog.sessions.results import Result, result_of
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.registry import step_type, step_types
from medskick.dialog.sessions.steps.types.joint_summary import SummaryForm
from medskick.dialog.sessions.views.parts import is_part, part_if_changed
from medskick.dialog.sessions.views.staff import change_session, form_page
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import STAFF, audience, staff_with


@audience(STAFF)
@part_if_changed
def step(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """One step: its result, what its type lets the facilitator do with it, and its buttons."""
    found = _step(step_id)
    session = found.session
    shown_as = step_type(found.kind)
    context = {
        "title": found.text,
        "lead": found.help_text,
        "step": found,
        "session": session,
        "step_type": shown_as,
        "template": shown_as.facilitator_template,
        "leads": may_lead(request.actor, session),
        "clock": clock_of(opening_of(found)),
        "is_shown": is_shown(found),
        "result": result_of(found),
        "minutes_form": MinutesForm(),
        "live": live_url(screen_channel(session)) if session.state == LiveSession.OPEN else "",
        "background": _background(found),
        "ours": session.owner_id == request.actor.organisation,
        **shown_as.facilitator_context(request, found),
    }
    part = "#result" if is_part(request) else ""
    return render(request, f"dialog/sessions/step.html{part}", context)


@audience(staff_with(*LEADERS))
def choose_step_type(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What sort of step to add."""
    found = get_object_or_404(LiveSession, pk=session_id)
    context = {"title": _("Lägg till ett steg"), "session": found, "step_types": list(step_types())}
    return render(request, "dialog/sessions/step_types.html", context)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def new_step(request: HttpRequest, session_id: UUID, kind: str) -> HttpResponse:
    """Put a step in the session's programme."""
    found = get_object_or_404(LiveSession, pk=session_id)
    form = StepForm(request.POST or None, step_type=_type(kind), session=found)
    if request.method == "POST" and form.is_valid():
        key = UUID(form.submission_key)
        return change_session(
            request,
            session_id,
            lambda one: add_step(one, by=request.actor, kind=kind, submission_key=key, **form.given),
            _("Steget ligger sist i programmet."),
        )
    back = reverse("choose_step_type", args=[found.pk])
    chosen = str(form.step_type.label)
    return form_page(
        request, form, chosen, submit=_("Lägg till steget"), cancel=back, lead=str(form.step_type.explained)
    )


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def changing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Change what a step asks."""
    found = _step(step_id)
    form = StepForm(request.POST or None, step_type=step_type(found.kind), session=found.session, step=found)
    if request.method == "POST" and form.is_valid():
        done = _("Steget är ändrat.")
        return change_session(
            request, found.session_id, lambda _one: change_step(found, by=request.actor, **form.given), done
        )
    back = reverse("session", args=[found.session_id])
    return form_page(request, form, _("Ändra steget"), submit=_("Spara"), cancel=back)


@audience(staff_with(*LEADERS))
@require_POST
def copying(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The same step once more."""
    return _press(request, step_id, copy_step, _("Kopian ligger direkt efter."))


@audience(staff_with(*LEADERS))
@require_POST
def moving(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Put a step at another place."""
    found = _step(step_id)
    place = request.POST.get("plats", "")
    if not (place.isascii() and place.isdecimal() and len(place) < 4):
        messages.error(request, _("Skriv platsen som ett tal, till exempel 2."))
        return HttpResponseRedirect(reverse("session", args=[found.session_id]))
    done = _("Steget är flyttat.")
    return change_session(
        request, found.session_id, lambda _one: move_step(found, by=request.actor, to=int(place)), done
    )


@audience(staff_with(*LEADERS))
@require_POST
def removing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Take a step out of the programme."""
    found = _step(step_id)
    try:
        remove_step(found, by=request.actor)
        messages.success(request, _("Steget är borttaget."))
    except NotPossible as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect(reverse("session", args=[found.session_id]))


@audience(staff_with(*LEADERS))
@require_POST
def step_opening(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Let phones answer this step now."""
    return _press(request, step_id, open_step, _("Steget är öppet."))


@audience(staff_with(*LEADERS))
@require_POST
def step_closing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Take no more answers to this step."""
    return _press(request, step_id, close_step, _("Steget är stängt."))


@audience(staff_with(*LEADERS))
@require_POST
def step_extending(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Give an open step more time."""
    found = _step(step_id)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Skriv antalet minuter, mellan 1 och 240."))
        return HttpResponseRedirect(reverse("step", args=[found.id]))
    minutes = form.cleaned_data["minutes"]
    done = _("Klockan är framflyttad.")
    return change_session(
        request, found.session_id, lambda _one: extend_step(found, by=request.actor, minutes=minutes), done
    )


@audience(staff_with(*LEADERS))
@require_POST
def result_showing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Show the step's result to everybody, or hide it."""
    found = _step(step_id)
    shown = request.POST.get("visa", "") == "ja"
    done = _("Resultatet visas.") if shown else _("Resultatet är dolt.")
    return change_session(
        request, found.session_id, lambda _one: show_result(found, by=request.actor, shown=shown), done
    )


@audience(staff_with(*LEADERS))
@require_POST
def dividing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Divide everybody in the room into the step's groups."""
    return _press(request, step_id, divide, _("Grupperna är indelade. Telefonerna visar vem som sitter med vem."))


@audience(staff_with(*LEADERS))
@require_POST
def seating(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Give those who came after the division a seat in a group."""
    return _press(request, step_id, seat_latecomers, _("Alla har en grupp nu. Telefonerna visar vilken."))


@audience(staff_with(*LEADERS))
@require_POST
def summarising(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Save a version of what the group says together."""
    found = _step(step_id)
    form = SummaryForm(request.POST)
    back = reverse("step", args=[found.id])
    if form.is_valid():
        try:
            given = form.cleaned_data
            saved = write_summary(found, by=request.actor, text=given["text"], seen=given["seen"] or 0)
        except SummaryChanged as fault:
            both = f"{fault.standing.text}\n\n{given['text']}"
            form = SummaryForm(initial={"text": both, "seen": fault.standing.number})
            messages.error(request, str(fault))
        except NotPossible as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Version %(number)s är sparad.") % {"number": saved.number})
            return HttpResponseRedirect(back)
    page = form_page(request, form, found.text, submit=_("Spara sammanfattningen"), cancel=back)
    page.status_code = 422
    return page


def _background(step: Step) -> tuple[Step, Result] | None:
    """The earlier step that people talk about in this one, and what it gave as far as she who leads may read it."""
    source = step_type(step.kind).looks_back_at(step)
    return (source, result_of(source)) if source else None


def _press(request: HttpRequest, step_id: UUID, verb: Callable[..., object], done: str) -> HttpResponse:
    """A button of a step: do it, say so, and go back to the page that the button stood on."""
    found = _step(step_id)
    return change_session(request, found.session_id, lambda _one: verb(found, by=request.actor), done)


def _step(step_id: UUID) -> Step:
    return get_object_or_404(Step.objects.select_related("session__item", "session__owner"), id=step_id)


def _type(kind: str) -> StepType:
    try:
        return step_type(kind)
    except LookupError:
        raise Http404 from None

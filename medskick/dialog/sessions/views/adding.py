"""A phone's own notes and questions after they are sent: change, take back; and the list that others share with it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from medskick.dialog.sessions import limits
from medskick.dialog.sessions.actions.adding import change_added, take_back
from medskick.dialog.sessions.actions.floor import mark_answered, mark_waiting
from medskick.dialog.sessions.forms import ReplyForm
from medskick.dialog.sessions.models import Answer, LiveSession, Step
from medskick.dialog.sessions.queries import (
    get_answer,
    open_step_of,
    participant_of,
    session_of_code,
    session_taken_part_in,
)
from medskick.dialog.sessions.steps.lists import FIRST, ListQuestion
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.audience import PUBLIC, STAFF, audience


@audience(PUBLIC)
@never_cache
@require_http_methods(["GET"])
def fresh_part(request: HttpRequest, code: str, step_id: UUID) -> HttpResponse:
    """The part of the phone's page that changes while the phone stays on the step."""
    session = _session(request, code)
    step = get_object_or_404(Step, id=step_id, session=session)
    shown_as = step_type(step.kind)
    if not shown_as.fresh_template or open_step_of(session) != step:
        raise Http404
    participant = participant_of(session, request.actor.device)
    context = {"session": session, "step": step, "code": code, "participant": participant}
    return render(request, shown_as.fresh_template, context | dict(shown_as.phone_context(request, step, participant)))


@audience(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def changing_own(request: HttpRequest, code: str, answer_id: UUID) -> HttpResponse:
    """Write an own note or question anew."""
    session = _session(request, code)
    answer = _own(request, session, answer_id)
    asked = _asked(answer.step)
    form = asked.one_form(request.POST or None, text=answer.text)
    if request.method == "POST" and _too_fast(request):
        form.add_error(None, _("Det gick lite för fort. Vänta en minut och skicka igen. Det du skrev står kvar."))
    if request.method == "POST" and form.is_valid():
        try:
            change_added(
                answer, by=_phone(request), value=form.cleaned_data[FIRST], submission_key=UUID(form.submission_key)
            )
            return HttpResponseRedirect(reverse("take_part", args=[code]))
        except ValueError as fault:
            form.add_error(None, str(fault))
    context = {"form": form, "session": session, "code": code, "answer": answer, "title": answer.step.text}
    return render(request, "dialog/sessions/change_own.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@never_cache
@require_POST
def taking_back(request: HttpRequest, code: str, answer_id: UUID) -> HttpResponse:
    """Take an own note or question back."""
    answer = _own(request, _session(request, code), answer_id)
    return _say(request, code, lambda: take_back(answer, by=_phone(request)))


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def replying(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Mark a question from the floor as answered, with a few words if somebody writes them, or as waiting again."""
    answer = get_answer(answer_id)
    if answer is None or answer.step.kind != "question_list":
        raise Http404
    back = HttpResponseRedirect(reverse("step", args=[answer.step_id]))
    if request.method == "POST" and request.POST.get("besvarad") == "nej":
        mark_waiting(answer, by=request.actor)
        messages.success(request, _("Frågan väntar på svar igen."))
        return back
    quick = request.POST.get("besvarad") == "ja"
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and (quick or form.is_valid()):
        mark_answered(answer, by=request.actor, words="" if quick else form.cleaned_data["words"])
        messages.success(request, _("Frågan är markerad som besvarad."))
        return back
    context = {
        "form": form,
        "title": _("Svaret på frågan"),
        "lead": f"”{answer.text}”",
        "submit": _("Markera som besvarad"),
        "cancel": reverse("step", args=[answer.step_id]),
    }
    return render(request, "dialog/sessions/form.html", context, status=422 if form.is_bound else 200)


def _session(request: HttpRequest, code: str) -> LiveSession:
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        raise Http404
    return session


def _own(request: HttpRequest, session: LiveSession, answer_id: UUID) -> Answer:
    """One of the phone's own, in a step where several are written; 404 for anything else."""
    participant = participant_of(session, request.actor.device)
    found = Answer.objects.standing().select_related("step__session").filter(id=answer_id, participant=participant)
    answer = found.first() if participant is not None else None
    if answer is None or not step_type(answer.step.kind).adds:
        raise Http404
    return answer


def _asked(step: Step) -> ListQuestion:
    asked = step_type(step.kind).question
    if not isinstance(asked, ListQuestion):
        raise Http404
    return asked


def _phone(request: HttpRequest) -> Actor:
    return replace(request.actor, channel="phone")


def _too_fast(request: HttpRequest) -> bool:
    return request.actor.device is not None and limits.answers.count(str(request.actor.device))


def _say(request: HttpRequest, code: str, verb: Callable[[], None]) -> HttpResponse:
    """Do it, and say only what went wrong: that it went well is seen on the page."""
    if _too_fast(request):
        messages.error(request, _("Det gick lite för fort. Vänta en minut och försök igen."))
        return HttpResponseRedirect(reverse("take_part", args=[code]))
    try:
        verb()
    except ValueError as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect(reverse("take_part", args=[code]))

"""Lyssna: the pages of those who plan and lead sessions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.design.parts import Link
from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import LEADERS, NotPossible, may_lead
from medskick.dialog.sessions.actions.asking import add_question, close_question, open_question
from medskick.dialog.sessions.actions.planning import cancel_session, end_session, open_session, plan_session
from medskick.dialog.sessions.forms import QuestionForm, ReasonForm, SessionForm
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession, Question
from medskick.dialog.sessions.queries import last_question_of, result_of, sessions_for
from medskick.kernel.menu import panels_for
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts

TABS = [
    ("", gettext_lazy("Alla")),
    (LiveSession.OPEN, gettext_lazy("Pågår")),
    (LiveSession.PLANNED, gettext_lazy("Planerade")),
    (LiveSession.HELD, gettext_lazy("Genomförda")),
    (LiveSession.CANCELLED, gettext_lazy("Inställda")),
]


@audience(STAFF)
def listen(request: HttpRequest) -> HttpResponse:
    """What people say, and where we ask: the room Lyssna."""
    nearest = sessions_for(request.actor.organisation).in_state(LiveSession.OPEN, LiveSession.PLANNED)[:6]
    latest = sessions_for(request.actor.organisation).in_state(LiveSession.HELD)[:4]
    context = {
        "title": _("Lyssna"),
        "lead": _("Vad säger människor, och var frågar vi?"),
        "nearest": [presenting.session_row(one) for one in nearest],
        "latest": [presenting.session_row(one) for one in latest],
        "panels": panels_for("listen", request),
        "may_plan": request.actor.has(*LEADERS),
    }
    return render(request, "dialog/sessions/listen.html", context)


@audience(STAFF)
def sessions(request: HttpRequest) -> HttpResponse:
    """All sessions that one may read."""
    state = request.GET.get("lage", "")
    found = sessions_for(request.actor.organisation)
    if state in dict(LiveSession.STATES):
        found = found.in_state(state)
    page = page_of(found, request.GET.get("sida"))
    here = reverse("sessions")
    tabs = [Link(str(label), f"{here}?lage={key}" if key else here, current=key == state) for key, label in TABS]
    context = {
        "title": _("Möten"),
        "page": page,
        "rows": [presenting.session_row(one) for one in page],
        "tabs": tabs,
        "may_plan": request.actor.has(*LEADERS),
    }
    return render(request, "dialog/sessions/list.html", context)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def new_session(request: HttpRequest) -> HttpResponse:
    """Plan a session."""
    form = SessionForm(request.POST or None, organisation=request.actor.organisation)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "submission_key"}
        session = plan_session(by=request.actor, submission_key=UUID(form.submission_key), **given)
        messages.success(request, _("Mötet är planerat. Skriv den första frågan."))
        return HttpResponseRedirect(reverse("session", args=[session.pk]))
    return _form(request, form, _("Nytt möte"), submit=_("Planera mötet"), cancel=reverse("sessions"))


@audience(STAFF)
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session, with the facilitator's controls."""
    found = get_object_or_404(
        LiveSession.objects.select_related("item__record", "network", "owner").with_counts(), pk=session_id
    )
    shown = last_question_of(found) if found.state != LiveSession.PLANNED else None
    context = {
        "title": found.title,
        "lead": found.purpose,
        "session": found,
        "leads": may_lead(request.actor, found),
        "facts": [*record_facts(found.item, getattr(found.item, "record", None)), *presenting.session_facts(found)],
        "offers": offers_for(request.actor, found.item),
        "questions": found.questions.with_state().with_answer_count().in_order(),
        "events": presenting.session_events(found),
        "shown": shown,
        "result": result_of(shown) if shown else None,
        "join_url": presenting.join_url(request, found),
        "live": live_url(screen_channel(found)) if found.state == LiveSession.OPEN else "",
    }
    part = "#result" if request.headers.get("HX-Request") else ""
    return render(request, f"dialog/sessions/session.html{part}", context)


@audience(staff_with(*LEADERS))
@require_POST
def opening(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Open a session: phones come in."""
    return _change(request, session_id, lambda one: open_session(one, by=request.actor), _("Mötet är öppet."))


@audience(staff_with(*LEADERS))
@require_POST
def ending(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End a session: it is held and registered."""
    done = _("Mötet är genomfört och diariefört.")
    return _change(request, session_id, lambda one: end_session(one, by=request.actor), done)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def cancelling(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Cancel a session, with a reason."""
    found = get_object_or_404(LiveSession, pk=session_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Mötet är inställt.")
        return _change(request, session_id, lambda one: cancel_session(one, by=request.actor, reason=reason), done)
    back = reverse("session", args=[found.pk])
    lead = _("”%(title)s” hålls inte. De som skulle ha kommit får läsa varför.") % {"title": found.title}
    return _form(request, form, _("Ställ in mötet"), submit=_("Ställ in mötet"), cancel=back, lead=lead)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def new_question(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Put a question in the session's programme."""
    found = get_object_or_404(LiveSession, pk=session_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "submission_key"}
        key = UUID(form.submission_key)
        return _change(
            request,
            session_id,
            lambda one: add_question(one, by=request.actor, submission_key=key, **given),
            _("Frågan ligger sist i programmet."),
        )
    back = reverse("session", args=[found.pk])
    return _form(request, form, _("Ny fråga"), submit=_("Lägg till frågan"), cancel=back, lead=found.title)


@audience(staff_with(*LEADERS))
@require_POST
def question_opening(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Let phones answer this question now."""
    question = get_object_or_404(Question, id=question_id)
    done = _("Frågan är öppen.")
    return _change(request, question.session_id, lambda _one: open_question(question, by=request.actor), done)


@audience(staff_with(*LEADERS))
@require_POST
def question_closing(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Take no more answers to this question."""
    question = get_object_or_404(Question, id=question_id)
    done = _("Frågan är stängd.")
    return _change(request, question.session_id, lambda _one: close_question(question, by=request.actor), done)


def _change(
    request: HttpRequest, session_id: UUID, verb: Callable[[LiveSession], object], done: str
) -> HttpResponseRedirect:
    """Do a verb to a session, say how it went, and go back to the session's page."""
    found = get_object_or_404(LiveSession, pk=session_id)
    try:
        verb(found)
        messages.success(request, done)
    except NotPossible as fault:
        messages.error(request, str(fault))
    back = "projector" if request.POST.get("fran") == "projektor" else "session"
    return HttpResponseRedirect(reverse(back, args=[found.pk]))


def _form(request: HttpRequest, form: Any, title: str, **context: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "dialog/sessions/form.html", {"form": form, "title": title, **context}, status=status)

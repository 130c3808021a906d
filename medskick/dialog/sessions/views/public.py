"""Tyck till: where residents find what they can answer and say."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.queries import coming_public_sessions, latest_public_sessions, open_public_sessions
from medskick.dialog.sessions.showing import count_of_participants, open_results_of
from medskick.kernel.menu import panels_for
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.records.kinds import trace_url
from medskick.kernel.records.models import Level


@audience(PUBLIC)
def speak(request: HttpRequest) -> HttpResponse:
    """Open steps, coming meetings, and what else one can say."""
    place = request.place
    context = {
        "title": _("Tyck till"),
        "lead": _("Svara på en fråga eller säg det du vill. Du kan följa vad det leder till."),
        "open": open_public_sessions(place) if place else [],
        "coming": coming_public_sessions(place) if place else [],
        "latest": latest_public_sessions(place) if place else [],
        "panels": panels_for("tyck_till", request),
    }
    return render(request, "dialog/sessions/speak.html", context)


@audience(PUBLIC)
def public_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session, for anyone who may read of it."""
    session = get_object_or_404(LiveSession.objects.select_related("item", "network", "owner"), pk=session_id)
    is_reported = session.item.level == Level.PUBLIC and session.state in LiveSession.OVER
    context = {
        "title": session.title,
        "lead": session.purpose,
        "session": session,
        "facts": presenting.public_facts(session, count_of_participants(session) if is_reported else 0),
        "steps": session.steps.with_state().in_order() if session.state != LiveSession.PLANNED else [],
        "results": open_results_of(session) if is_reported else [],
        "is_reported": is_reported,
        "last": session.transitions.order_by("-at").first(),
        "trace": trace_url(session.item),
    }
    return render(request, "dialog/sessions/public_session.html", context)

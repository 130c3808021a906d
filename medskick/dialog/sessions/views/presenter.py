"""The presenter screen: a bare page for a projector, read from the back row."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import may_lead
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.queries import last_question_of, result_of
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import STAFF, audience


@audience(STAFF)
def projector(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The question, its word cloud as it grows, and how to join. Paused, it shows what was there at that moment."""
    session = get_object_or_404(LiveSession.objects.select_related("item"), pk=session_id)
    question = last_question_of(session)
    paused = _moment(request.GET.get("pausad", ""))
    context = {
        "title": question.text if question else session.title,
        "session": session,
        "now": f"{session.state} {question.id if question else ''}",
        "question": question,
        "result": result_of(question, size="projector", until=paused) if question else None,
        "join_url": presenting.join_url(request, session),
        "short_address": presenting.short_address(request),
        "paused": paused,
        "pause_at": f"{timezone.now().timestamp():.3f}",
        "leads": may_lead(request.actor, session),
        "live": live_url(screen_channel(session)) if session.state == LiveSession.OPEN and not paused else "",
        "empty_text": _("Skriv ditt svar på telefonen, så växer molnet fram här."),
    }
    part = "#live" if request.headers.get("HX-Request") else ""
    return render(request, f"dialog/sessions/projector.html{part}", context)


def _moment(text: str) -> datetime | None:
    """When the screen was paused; None for anything that is no moment."""
    try:
        return datetime.fromtimestamp(float(text), UTC) if text else None
    except (ValueError, OverflowError, OSError):
        return None

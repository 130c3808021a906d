"""The presenter screen: a bare page for a projector, read from the back row."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import may_lead
from medskick.dialog.sessions.around import continues_on
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.queries import is_shown, last_step_of, opening_of
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.views.parts import is_part, part_if_changed
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import STAFF, audience

# A question of more letters than this is set smaller, so that it stands in two or three lines and leaves room below.
LONG_QUESTION = 70


@audience(STAFF)
@part_if_changed
def projector(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The step, its word cloud as it grows, and how to join. Paused, it shows what was there at that moment."""
    session = get_object_or_404(LiveSession.objects.select_related("item"), pk=session_id)
    step = last_step_of(session)
    shown_as = step_type(step.kind) if step else None
    shown = step is not None and is_shown(step)
    paused = _moment(request.GET.get("pausad", ""))
    context = {
        "title": step.text if step else session.title,
        "session": session,
        "now": f"{session.state} {step.id if step else ''}",
        "step": step,
        "template": shown_as.presenter_template if shown_as else "",
        "is_shown": shown,
        "pictured": shown or (shown_as is not None and shown_as.presenter_template != StepType.presenter_template),
        "clock": clock_of(opening_of(step)) if step else None,
        "result": result_of(step, size="projector", until=paused) if step else None,
        "before_first": step is None and session.state == LiveSession.OPEN,
        "long_question": step is not None and len(step.text) > LONG_QUESTION,
        "join_url": presenting.join_url(request, session),
        "over": session.state in LiveSession.OVER,
        "continues_on": continues_on(session),
        "short_address": presenting.short_address(request),
        "paused": paused,
        "pause_at": f"{timezone.now().timestamp():.3f}",
        "leads": may_lead(request.actor, session),
        "live": live_url(screen_channel(session)) if session.state == LiveSession.OPEN and not paused else "",
        "empty_text": _("Svara på telefonen, så växer resultatet fram här."),
    }
    if step is not None and shown_as is not None:
        context |= {"hides_progress": shown_as.question is None, "background": _background(request, step)}
        context |= shown_as.presenter_context(step)
    part = "#live" if is_part(request) else ""
    return render(request, f"dialog/sessions/projector.html{part}", context)


def _background(request: HttpRequest, step: Step) -> str:
    """What an earlier step gave, as the wall showed it: for one in which people talk about that."""
    source = step_type(step.kind).looks_back_at(step)
    if source is None or not is_shown(source):
        return ""
    shown_as = step_type(source.kind)
    context = {"step": source, "is_shown": True, "result": result_of(source, size="projector")}
    return render_to_string(shown_as.presenter_template, context | dict(shown_as.presenter_context(source)), request)


def _moment(text: str) -> datetime | None:
    """When the screen was paused; None for anything that is no moment."""
    try:
        return datetime.fromtimestamp(float(text), UTC) if text else None
    except (ValueError, OverflowError, OSError):
        return None

"""The facilitator's own phone: what is open, what comes next, and the buttons for it, beside the presenter screen."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import LEADERS, may_lead
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.groups import groups_of
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession, Participant
from medskick.dialog.sessions.progress import progress_of
from medskick.dialog.sessions.queries import is_shown, last_step_of, opening_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.views.parts import is_part, part_if_changed
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import audience, staff_with

MORE_MINUTES = (1, 2, 5)


@audience(staff_with(*LEADERS))
@part_if_changed
@never_cache
def remote(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Run a session from a phone: one step at a time, with large buttons."""
    session = get_object_or_404(LiveSession.objects.select_related("item"), pk=session_id)
    steps = presenting.programme(session.steps.with_state().with_answer_count().in_order())
    last = last_step_of(session)
    shown = next((one for one in steps if last and one.id == last.id), None)
    before, after = _beside(steps, shown)
    context = {
        "title": _("Styr mötet"),
        "session": session,
        "leads": may_lead(request.actor, session),
        "steps": steps,
        "shown": shown,
        "before": before,
        "after": after,
        "clock": clock_of(opening_of(shown)) if shown else None,
        "is_shown": shown is not None and is_shown(shown),
        "progress": progress_of(shown)[0] if shown else None,
        "phones": Participant.objects.filter(session=session).count(),
        "divides": shown is not None and step_type(shown.kind).by_group and not groups_of(shown),
        "more_minutes": MORE_MINUTES,
        "live": live_url(screen_channel(session)) if session.state == LiveSession.OPEN else "",
    }
    part = "#live" if is_part(request) else ""
    return render(request, f"dialog/sessions/remote.html{part}", context)


def _beside(steps: list[Any], shown: Any) -> tuple[Any, Any]:
    """The step before the one that is shown, and the one that comes next."""
    if shown is None:
        return None, next(iter(steps), None)
    before = [one for one in steps if one.position < shown.position]
    return (before[-1] if before else None), next((one for one in steps if one.position > shown.position), None)

"""Parts of pages that screens fetch again while a session goes on, and that cost next to nothing when nothing happened."""

import hashlib
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import etag

from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.showing import as_holder
from medskick.kernel.log.queries import acts_on
from medskick.kernel.people.audience import View


def is_part(request: HttpRequest) -> bool:
    """Whether only the part that changes is asked for, by screen.js."""
    return bool(request.headers.get("HX-Request"))


def part_if_changed(view: View) -> View:
    """Answer 304 where nothing has been done in the session since the part that the screen has. Whole pages are made
    as ever. Stands under @audience, which decides who may ask."""
    checked = etag(_tag)(view)

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = checked(request, *args, **kwargs)
        if is_part(request):
            response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["HX-Request"])
        return response

    return answered


def _tag(request: HttpRequest, session_id: UUID | None = None, step_id: UUID | None = None) -> str | None:
    """Whatever changes a session is logged on it, so the number of its acts says whether anything has; the rest is who
    asks, for what, in which language."""
    if not is_part(request):
        return None
    if step_id is not None:
        session = get_object_or_404(Step.objects.select_related("session"), pk=step_id).session
    else:
        session = get_object_or_404(LiveSession, pk=session_id)
    with as_holder(session):  # others in its network read the session, not the holder's log
        acts = acts_on(session.pk)
    by = request.actor
    said = [acts, get_language(), request.get_full_path(), by.organisation, by.person, sorted(by.roles)]
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:24]}"'

"""The phone's own way back: whoever holds the personal trace address sees own answers and their traces."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.actions.answering import claim_voices
from medskick.dialog.sessions.queries import Voice, is_claimed, voices_at_address, voices_behind
from medskick.dialog.sessions.showing import is_open_to_all
from medskick.kernel.notifications.mail_box import mail_box
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.trace.queries import TraceStep, steps_after_each
from medskick.lib.codes import group_code, parse_trace_address
from medskick.lib.text import shorten


@audience(PUBLIC)
@never_cache
def own_trace(request: HttpRequest, code: str) -> HttpResponse:
    """Own answers, and what became of each."""
    attempt = throttle.guard(request, "trace")
    address = _address(code)
    voices = voices_at_address(address) if address else None
    if voices is None:
        attempt.failed()
        return _private(render(request, "dialog/sessions/no_trace.html", {"title": _("Vi hittar inget")}, status=404))
    after = steps_after_each([one.answer.item for one in voices if one.answer.item is not None])
    alike = voices_behind(after, [one.answer.owner_id for one in voices])
    context = {
        "title": _("Det du skickade med"),
        "voices": _by_question(voices, after, alike),
        "told": Notification.objects.filter(follower=reader_token(address)).newest_first()[:10],
        "code": address,
        "grouped": group_code(address),
        "trace_path": reverse("own_trace", args=[address]),
        "trace_url": request.build_absolute_uri(reverse("own_trace", args=[address])),
        "mail": mail_box(address, back=request.path),
        "claimed": is_claimed(address),
    }
    return _private(render(request, "dialog/sessions/own_trace.html", context))


@audience(RESIDENT)
@require_POST
def claiming(request: HttpRequest, code: str) -> HttpResponse:
    """Put one's answers under Mina sidor."""
    address = _address(code)
    if not address or voices_at_address(address) is None:
        return _private(render(request, "dialog/sessions/no_trace.html", {"title": _("Vi hittar inget")}, status=404))
    claim_voices(by=request.actor, tokens=[reader_token(address)])
    messages.success(request, _("Svaren finns nu under Mina sidor. Vi hör av oss när något händer."))
    return _private(HttpResponseRedirect(reverse("my_pages")))


def _address(code: str) -> str:
    try:
        return parse_trace_address(code)
    except ValueError:
        return ""


def _by_question(
    voices: list[Voice], after: dict[UUID, list[TraceStep]], alike: dict[UUID, int]
) -> list[dict[str, object]]:
    """One part for each question, newest first, with all that was answered to it."""
    parts = []
    for step, given in groupby(sorted(voices, key=_newest_step_first), key=lambda voice: voice.step):
        answers = [_shown(voice, after, alike) for voice in given]
        nothing_yet = all(len(one["steps"]) == 1 for one in answers)
        part = {"step": step, "session": step.session, "answers": answers, "nothing_yet": nothing_yet}
        parts.append(part | {"is_open": is_open_to_all(step.session)})
    return parts


def _newest_step_first(voice: Voice) -> tuple[int, int, str, int]:
    return (-voice.session.held_on.toordinal(), -voice.step.position, str(voice.step.id), voice.answer.slot)


def _shown(voice: Voice, after: dict[UUID, list[TraceStep]], alike: dict[UUID, int]) -> dict[str, Any]:
    answer = voice.answer
    steps = after.get(answer.item_id, []) if answer.item_id else []
    said = _("Spåret av ”%(text)s”") % {"text": shorten(answer.text, 60)}
    notes = []
    if answer.group is not None:
        notes.append(_("Er lapp i bikupa %(number)s.") % {"number": answer.group.number})
    if answer.cluster is not None:
        notes.append(_("Ligger i gruppen av lappar ”%(title)s”.") % {"title": answer.cluster.title})
    return {
        "answer": answer,
        "steps": presenting.own_thread_of(answer, steps, alike),
        "label": said,
        "note": " ".join(notes),
    }


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site hears of it, and no search engine keeps it.

    Not `no-referrer`: with it browsers send the page's own forms as from nowhere, and they would be refused.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

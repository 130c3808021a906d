"""What came out of a session: its report for staff and for everybody, as page and file, and the raw data."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from medskick.dialog.sessions import raw_data
from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.report import SessionReport, open_report, staff_report
from medskick.dialog.sessions.report_file import (
    came_words,
    hidden_words,
    made_words,
    places_words,
    protected_words,
    report_pdf,
)
from medskick.kernel.people.audience import PUBLIC, STAFF, audience
from medskick.lib.text import slug

REPORTED = (*LiveSession.OVER, LiveSession.CANCELLED)


@audience(STAFF)
def session_report(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The whole report, for the organisation that holds the session."""
    session = _held_here(request, session_id)
    context = {
        **_shown(staff_report(session)),
        "session": session,
        "file": reverse("session_report_file", args=[session.pk]),
    }
    return render(request, "dialog/sessions/report.html", context)


@audience(STAFF)
def session_report_file(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The report as PDF."""
    return _pdf(staff_report(_held_here(request, session_id)))


@audience(STAFF)
def session_data_csv(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """The whole session's raw data as CSV."""
    return _raw(request, session_id, raw_data.csv_portions, "text/csv; charset=utf-8", "csv")


@audience(STAFF)
def session_data_file(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """The same as JSON."""
    return _raw(request, session_id, raw_data.json_portions, "application/json", "json")


@audience(PUBLIC)
def public_report(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The report for everybody."""
    session = _open_to_all(session_id)
    context = {
        **_shown(open_report(session)),
        "session": session,
        "file": reverse("public_report_file", args=[session.pk]),
    }
    return render(request, "dialog/sessions/public_report.html", context)


@audience(PUBLIC)
def public_report_file(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The report for everybody, as PDF."""
    return _pdf(open_report(_open_to_all(session_id)))


def _held_here(request: HttpRequest, session_id: UUID) -> LiveSession:
    """A session of the reader's own organisation: another's staff may read that it was held, and not who said what."""
    asked = LiveSession.objects.select_related("item", "network", "owner")
    session = get_object_or_404(asked, pk=session_id)
    if session.owner_id != request.actor.organisation:
        raise PermissionDenied(
            _("Rapporten och svaren läses av den organisation som höll mötet. Fråga den om du behöver dem.")
        )
    return session


def _open_to_all(session_id: UUID) -> LiveSession:
    asked = LiveSession.objects.select_related("item", "network", "owner").public()
    session = get_object_or_404(asked, pk=session_id)
    if session.state not in REPORTED:
        raise Http404
    return session


def _shown(report: SessionReport) -> dict[str, object]:
    return {
        "title": report.title,
        "report": report,
        "parts": [(one, hidden_words(one)) for one in report.parts if one.asks or one.agreed],
        "came_words": came_words(report),
        "places_words": places_words(report) if report.only_places else "",
        "protected_words": protected_words(),
        "made_words": made_words(report),
    }


def _pdf(report: SessionReport) -> HttpResponse:
    name = f"rapport-{slug(report.session.title)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(report_pdf(report), content_type="application/pdf", headers=headers)


def _raw(
    request: HttpRequest, session_id: UUID, write: Callable[[raw_data.Raw], Iterator[bytes]], kind: str, ending: str
) -> HttpResponseBase:
    session = _held_here(request, session_id)
    raw = raw_data.read_raw(session, reader=request.actor.scope(), language=get_language() or "sv")
    response = StreamingHttpResponse(write(raw), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="radata-{slug(session.title)}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response

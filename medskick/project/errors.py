"""What people see when something goes wrong, in plain words, and with what they typed given back.

The 500 and maintenance pages are made without database, session or request context: those may be what is broken.
"""

import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from medskick.kernel.assistance.access import OwnSignatureNeeded

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
# PostgreSQL's classes of error that mean "not now": connection lost, operator intervention, out of resources,
# and a standby that takes no writes while another server takes over.
DOWN = ("08", "57P", "53", "25006")
NOT_TYPED = {"csrfmiddlewaretoken", "password"}


@dataclass(frozen=True)
class Typed:
    """One thing that somebody typed, to be shown again and sent again."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Words, as against a ticked box or a hidden number."""
        return len(self.value) > 20 or " " in self.value.strip()


def typed(request: HttpRequest) -> list[Typed]:
    """What came with the request, so that nothing typed is lost; empty when even that cannot be read."""
    try:
        fields = request.POST.lists()
    except Exception:
        return []
    return [Typed(name, value) for name, values in fields if name not in NOT_TYPED for value in values]


def is_database_down(problem: BaseException | None) -> bool:
    """True for "cannot reach it now", False for a slow query, a deadlock or a mistake of ours."""
    if not isinstance(problem, DatabaseError | InterfaceError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    if state is None:  # never reached the server, or lost it
        return isinstance(problem, OperationalError | InterfaceError)
    return state.startswith(DOWN)


def given_back(request: HttpRequest, *, token: str = "") -> dict[str, Any]:
    """What an error page needs to show the typed words, and with a token to send them again."""
    if request.method != "POST":
        return {"typed": []}
    kept = typed(request)
    return {"typed": kept, "path": request.get_full_path(), "token": token, "had_files": bool(kept and request.FILES)}


def _same_token(request: HttpRequest) -> str:
    """The token that came with the form: checked again when it is sent again."""
    return request.POST.get("csrfmiddlewaretoken", "") if typed(request) else ""


def resting(
    request: HttpRequest, *, seconds: int, message: str = "", until: datetime | None = None, read_only: bool = False
) -> HttpResponse:
    """503 that somebody has ordered: with their words, when to come back, and what was typed."""
    context = given_back(request, token=_same_token(request)) | {
        "message": message,
        "until": timezone.localtime(until) if until else None,
        "read_only": read_only,
    }
    response = _without_database("maintenance", 503, context)
    response["Retry-After"] = str(seconds)
    return response


def maintenance(request: HttpRequest) -> HttpResponse:
    """503: nothing was saved, and the page says so. A form's words are given back to be copied or sent again."""
    response = _without_database("maintenance", 503, given_back(request, token=_same_token(request)))
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, OwnSignatureNeeded):
        return _page(request, "own_signature", 403, {"reason": str(exception)})
    return _page(request, "403", 403, {"reason": str(exception)})


def closed(request: HttpRequest) -> HttpResponse:
    """403: the organisation has left and takes nothing in here; where to turn, and what was typed."""
    return _page(request, "left", 403, given_back(request) | {"token": ""})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404", 404)


def too_many_requests(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429, with how long to wait and what was typed."""
    context = given_back(request, token=_same_token(request)) | {"seconds": seconds}
    response = _page(request, "429", 429, context)
    response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The handler for everything unforeseen; called while the exception is being handled."""
    if is_database_down(sys.exc_info()[1]):
        return maintenance(request)
    return _without_database("500", 500, given_back(request, token=_same_token(request)))


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection token no longer fits: an old tab, a new log-in, or cookies switched off.

    What was typed is shown, with a button that sends it again, except when the form came from another site: then the
    words may be an attacker's, and a button would do the attacker's work.
    """
    from_elsewhere = reason.startswith(("Origin checking", "Referer checking"))  # Django's words
    token = "" if from_elsewhere else get_token(request)
    context = given_back(request, token=token) | {"may_send_again": not from_elsewhere}
    return _page(request, "stale", 403, context)


def _page(request: HttpRequest, name: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    try:
        response = render(request, f"design/errors/{name}.html", context, status=status)
    except Exception as problem:
        if is_database_down(problem):
            return maintenance(request)
        log.exception("The page for error %s could not be made.", status)
        response = _bare(status, (context or {}).get("typed"))
    response["Cache-Control"] = "no-store"
    return response


def _without_database(name: str, status: int, context: dict[str, Any]) -> HttpResponse:
    try:
        response = HttpResponse(render_to_string(f"design/errors/{name}.html", context), status=status)
    except Exception:
        log.exception("The page for error %s could not be made.", status)
        response = _bare(status, context["typed"])
    response["Cache-Control"] = "no-store"
    return response


def _bare(status: int, kept: list[Typed] | None = None) -> HttpResponse:
    """The last resort, without template: still plain words, still what was typed."""
    words = "".join(f"<p><textarea readonly rows=5 cols=60>{escape(item.value)}</textarea></p>" for item in kept or [])
    body = (
        "<!doctype html><html lang=sv><meta charset=utf-8><title>Sidan går inte att visa just nu</title>"
        "<h1>Sidan går inte att visa just nu</h1>"
        "<p>Felet är vårt. Det du skickade är inte sparat. Vänta en stund och försök igen.</p>"
        f"{words}"
    )
    return HttpResponse(body, status=status)

"""A log without people in it: addresses lose what could be a secret, database errors lose the values they quote."""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

# A trace address, a live ticket or a kept form's secret is a long segment of a path; a query can hold anything.
_LONG_SEGMENT = re.compile(r"(?<=/)[^/\s?]{14,}")
_QUERY = re.compile(r"\?\S+")
# PostgreSQL quotes rows and keys: "DETAIL:  Key (email)=(a@b.se) already exists."
_QUOTED_BY_DATABASE = re.compile(r"^\s*(DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)
_SECRET_ADDRESSES = ("django.request", "django.security", "uvicorn", "granian")


class PrivateFormatter(logging.Formatter):
    """Formats like the standard one, then takes out what must not be kept."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        text = super().formatMessage(record)
        if record.name.startswith(_SECRET_ADDRESSES):
            text = _QUERY.sub("?…", _LONG_SEGMENT.sub("…", text))
        return text

    def formatException(  # noqa: N802 - the standard library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return _QUOTED_BY_DATABASE.sub(r"\1: (left out)", super().formatException(ei))


REQUEST_HEADER = "X-Request-ID"
# A request's number is taken over from the proxy only where it is a UUID: anything else could be somebody's words.
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# These loggers put addresses, hosts and headers into their sentences.
_ABOUT_REQUESTS = ("django.request", "django.security", "django.server")
_current: ContextVar[str] = ContextVar("medskick_request", default="")
_requests = logging.getLogger("medskick.request")


class JsonFormatter(PrivateFormatter):
    """One JSON object a line, for a program to read. Of an error it keeps the kind and the places in the code: what an
    exception says can be what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if _current.get():
            line["request"] = _current.get()
        line |= getattr(record, "told", None) or {"message": self._said(record)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)

    def _said(self, record: logging.LogRecord) -> str:
        if record.name.startswith(_ABOUT_REQUESTS):
            return f"{getattr(record, 'status_code', '')} {route_of(getattr(record, 'request', None))}".strip()
        text = record.getMessage()
        if record.name.startswith(_SECRET_ADDRESSES):
            text = _QUERY.sub("?…", _LONG_SEGMENT.sub("…", text))
        return _QUOTED_BY_DATABASE.sub(r"\1: (left out)", text)


def route_of(request: Any) -> str:
    """The name of the request's route, never its address."""
    match = getattr(request, "resolver_match", None)
    return str(match.view_name) if match is not None else ""


class RequestLogMiddleware:
    """Gives each request a number, in and out, and writes one line about it: route, status, time, organisation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_HEADER, "").lower()
        number = given if _UUID.fullmatch(given) else str(uuid4())
        token, begun = _current.set(number), time.perf_counter()
        try:
            response = self.get_response(request)
            response[REQUEST_HEADER] = number
            _requests.info("request", extra={"told": _told(request, response, begun)})
        finally:
            _current.reset(token)
        return response


def _told(request: HttpRequest, response: HttpResponse, begun: float) -> dict[str, Any]:
    place = getattr(request, "place", None)
    return {
        "method": request.method if request.method in _METHODS else "OTHER",
        "route": route_of(request),
        "status": response.status_code,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
        "organisation": place.slug if place is not None else "",
    }

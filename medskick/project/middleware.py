"""The outermost layer: a database that cannot be reached becomes a maintenance page, never a false receipt."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from medskick.kernel.people.throttle import TooManyTries
from medskick.project.errors import closed, is_database_down, maintenance, too_many_requests

log = logging.getLogger(__name__)


class DatabaseDownMiddleware:
    """Views that fail because the database is gone answer 503.

    Layers that fail the same way end in errors.server_error: Django makes responses of their exceptions before any
    outer layer could catch them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_database_down(exception):
            return None
        log.error("The database cannot be reached (%s).", type(exception).__name__)
        return maintenance(request)


class TooManyTriesMiddleware:
    """Whoever has guessed wrong too often gets the 429 page, with what was typed and how long to wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyTries):
            return None
        return too_many_requests(request, seconds=exception.seconds)


class LeftMiddleware:
    """The site of an organisation that has left the region is read and never written to."""

    STILL_POSTED = frozenset({"language", "login", "test_eid", "choose_role", "logout", "notifications_read"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        place = getattr(request, "place", None)
        if place is None or place.left_at is None or request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        return None if request.resolver_match.url_name in self.STILL_POSTED else closed(request)

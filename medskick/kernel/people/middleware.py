from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import abandon, reader_token, scope
from medskick.kernel.people import login
from medskick.kernel.people.queries import Acting, acting_person
from medskick.kernel.people.throttle import count_failures

DEVICE_COOKIE = "medskick_telefon"


class ScopeMiddleware:
    """Sets request.actor and runs the request in one transaction under that actor's scope.

    An error anywhere rolls the whole request back; nothing is half saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting = _acting(request)
        request.actor, request.unread = acting.actor, acting.unread
        with scope(request.actor.scope()):
            response = self.get_response(request)
            if response.status_code >= 500:
                abandon()
        count_failures(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What a view wrote before it raised, be it only a 404, is not kept: its reader was shown nothing."""
        abandon()


def _acting(request: HttpRequest) -> Acting:
    who, device = login.signed_in(request), _device(request)
    if who is not None:
        acting = acting_person(who.person, who.employment, place=request.place, assurance=who.assurance, device=device)
        if acting is not None:
            return acting
        # The employment has ended, or the person is gone: the session is over at once.
        login.forget(request)
    organisation = request.place.id if request.place else None
    return Acting(Actor(kind="device", organisation=organisation, device=device), 0)


def _device(request: HttpRequest) -> UUID | None:
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    return reader_token(token) if 16 <= len(token) <= 64 else None

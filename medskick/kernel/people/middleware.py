from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, abandon, reader_token, scope, set_scope
from medskick.kernel.people import login
from medskick.kernel.people.queries import resident_actor, staff_actor

DEVICE_COOKIE = "medskick_telefon"


class ScopeMiddleware:
    """Sets request.actor and runs the request in one transaction under that actor's scope.

    An error anywhere rolls the whole request back; nothing is half saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = login.signed_in(request)
        first = Scope(request.place.id if request.place else None, reach=frozenset({who.person} if who else ()))
        with scope(first):
            request.actor = self._actor(request, who)
            set_scope(request.actor.scope())
            response = self.get_response(request)
            if response.status_code >= 500:
                abandon()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        abandon()

    def _actor(self, request: HttpRequest, who: login.SignedIn | None) -> Actor:
        actor: Actor | None = None
        if who is not None:
            actor = (
                staff_actor(who.person, who.employment, who.assurance)
                if who.employment
                else resident_actor(who.person, request.place, who.assurance)
            )
            if actor is None:
                login.forget(request)
        if actor is None:
            actor = Actor(kind="device", organisation=request.place.id if request.place else None)
        return replace(actor, device=_device(request))


def _device(request: HttpRequest) -> UUID | None:
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    return reader_token(token) if 16 <= len(token) <= 64 else None

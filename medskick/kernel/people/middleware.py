from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from medskick.kernel.organisations.actor import Actor, AssuranceTooLow
from medskick.kernel.organisations.scope import abandon, reader_token, scope
from medskick.kernel.people import login
from medskick.kernel.people.actions import seen_again
from medskick.kernel.people.device import DEVICE_COOKIE
from medskick.kernel.people.models import this_hour
from medskick.kernel.people.queries import Acting, acting_person
from medskick.kernel.people.throttle import count_failures


class ScopeMiddleware:
    """Sets request.actor and runs the request in one transaction under that actor's scope.

    An error anywhere rolls the whole request back; nothing is half saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting = _acting(request)
        request.actor, request.unread = acting.actor, acting.unread
        if acting.over:
            # Nothing that was meant to be done for another is done as her own.
            login.be_oneself(request)
            return _elsewhere(request, f"{reverse('acting_over')}?{acting.over}")
        with scope(request.actor.scope()):
            _see(request, acting)
            response = self.get_response(request)
            if response.status_code >= 500:
                abandon()
        count_failures(request)
        return _step_up(request) or response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a view wrote before it raised, be it only a 404, is not kept: its reader was shown nothing."""
        abandon()
        if isinstance(exception, AssuranceTooLow) and request.actor.signed_in:
            request.__dict__["must_step_up"] = exception.level
            return HttpResponse(status=403)
        return None


def _step_up(request: HttpRequest) -> HttpResponse | None:
    """Ask for a surer log-in, in a transaction of its own: what was typed is kept, and nothing else."""
    level = request.__dict__.pop("must_step_up", None)
    if level is None:
        return None
    with scope(request.actor.scope()):
        return login.ask_to_step_up(request, level)


def _see(request: HttpRequest, acting: Acting) -> None:
    """Once an hour: the sign-in is in use."""
    if acting.seen is not None and acting.seen < this_hour():
        who = login.signed_in(request)
        if who is not None:
            seen_again(who.sign_in)


def _elsewhere(request: HttpRequest, url: str) -> HttpResponse:
    """The whole page goes there, also where only a part of it was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _acting(request: HttpRequest) -> Acting:
    who, device = login.signed_in(request), _device(request)
    if who is not None:
        acting = acting_person(
            who.person,
            who.employment,
            place=request.place,
            assurance=who.assurance,
            device=device,
            sign_in=who.sign_in,
            mandate=who.mandate,
            assistance=who.assistance,
        )
        if acting is not None:
            return acting
        # The sign-in or the employment has ended, or the person is gone: the session is over at once.
        login.forget(request)
    organisation = request.place.id if request.place else None
    return Acting(Actor(kind="device", organisation=organisation, device=device), 0)


def _device(request: HttpRequest) -> UUID | None:
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    return reader_token(token) if 16 <= len(token) <= 64 else None

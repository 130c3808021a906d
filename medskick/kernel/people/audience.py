"""Every view declares whom it is for; one that does not fails a test, and one that is not for you says so plainly."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.login import ask_to_log_in

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may open a view: everybody, the signed-in resident, or staff (with one of the roles, where any are named)."""

    name: str
    signed_in: bool = False
    staff: bool = False
    roles: tuple[str, ...] = ()

    def admits(self, actor: Actor) -> bool:
        if self.roles:
            return actor.staff and actor.has(*self.roles)
        if self.staff:
            return actor.staff
        return actor.signed_in if self.signed_in else True


PUBLIC = Audience("public")
RESIDENT = Audience("resident", signed_in=True)
STAFF = Audience("staff", staff=True)


def staff_with(*roles: str) -> Audience:
    """Staff that has at least one of these roles."""
    return Audience("staff", staff=True, roles=roles)


def audience(who: Audience) -> Callable[[View], View]:
    """Declare and enforce whom a view is for. A stranger is asked to log in; the wrong role gets a plain 403."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor
            if who.admits(actor):
                return view(request, *args, **kwargs)
            if not actor.signed_in:
                return ask_to_log_in(request, staff=who.staff)
            raise PermissionDenied(_("Den här sidan är för medarbetare med en annan roll än din."))

        guarded.__dict__["audience"] = who
        return guarded

    return declare

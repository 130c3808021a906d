"""Every view declares whom it is for; one that does not fails a test, and one that is not for you says so plainly."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor, Assurance, require_assurance
from medskick.kernel.people.login import ask_to_log_in

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may open a view: everybody, the signed-in resident, or staff (with one of the roles, where any are named)."""

    name: str
    signed_in: bool = False
    staff: bool = False
    roles: tuple[str, ...] = ()
    assurance: Assurance = "none"
    oneself: bool = False
    helping: bool = False

    def admits(self, actor: Actor) -> bool:
        if self.roles:
            return actor.staff and actor.has(*self.roles)
        if self.staff:
            return actor.staff
        if self.helping:
            return actor.assistance is not None
        if self.oneself:
            return actor.signed_in and actor.tie is None
        return actor.principal is not None if self.signed_in else True

    def refusal(self, actor: Actor) -> str:
        """Why somebody who is signed in may not open the view."""
        if self.oneself and actor.tie is not None:
            return _("Det här gör bara personen själv, med sin egen inloggning.")
        if actor.assistance is not None and not self.staff:
            return _("Den du hjälper har inte sagt vem hen är, så det finns inga egna sidor att visa.")
        if actor.tie is not None:
            return _("Du gör något åt någon annan nu. Sluta med det först, så är du på jobbet igen.")
        return _("Den här sidan är för medarbetare med en annan roll än din.")


PUBLIC = Audience("public")
RESIDENT = Audience("resident", signed_in=True)
# Not for a helper or a proxy: what concerns the person's own log-in, her mandates, and what others did for her.
ONESELF = Audience("resident", signed_in=True, oneself=True)
HELPING = Audience("helper", signed_in=True, helping=True)
STAFF = Audience("staff", staff=True)


def staff_with(*roles: str) -> Audience:
    """Staff that has at least one of these roles."""
    return Audience("staff", staff=True, roles=roles)


def audience(who: Audience, *, assurance: Assurance = "none") -> Callable[[View], View]:
    """Declare and enforce whom a view is for. A stranger is asked to log in; the wrong role gets a plain 403.

    assurance: how surely she must have logged in. Who has not is sent to do so, and comes back with what she typed. A
    level that depends on what is shown (an e-service's own) is asked for in the view or verb, by require_assurance().
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor
            if who.admits(actor):
                require_assurance(actor, assurance)
                return view(request, *args, **kwargs)
            if not actor.signed_in:
                return ask_to_log_in(request, staff=who.staff)
            raise PermissionDenied(who.refusal(actor))

        guarded.__dict__["audience"] = replace(who, assurance=assurance)
        return guarded

    return declare

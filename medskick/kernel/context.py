"""What every page template can count on: the place, the viewer, the menu (see design/README.md)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from medskick.kernel.menu import menu_for
from medskick.kernel.organisations.actor import Actor


@dataclass(frozen=True, slots=True)
class Viewer:
    signed_in: bool
    staff: bool
    name: str
    organisation_name: str
    assisting: str
    unread: int
    # Somebody is helped who has not said who she is: there are no pages of hers to lead to.
    nameless: bool = False


def _shown_name(actor: Actor) -> str:
    """Whose pages these are, and who acts there."""
    if actor.assistance:
        return actor.acting_for_name
    if actor.acting_for:
        return _("%(agent)s för %(principal)s") % {"agent": actor.name, "principal": actor.acting_for_name}
    return actor.name


def place_and_viewer(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    place = getattr(request, "place", None)
    if actor is None:
        return {"place": place, "viewer": Viewer(False, False, "", "", "", 0), "menu": []}
    viewer = Viewer(
        signed_in=actor.signed_in,
        staff=actor.staff,
        name=_shown_name(actor),
        organisation_name=actor.organisation_name,
        assisting=(actor.acting_for_name or _("någon utan namn")) if actor.assistance else "",
        unread=request.unread,
        nameless=actor.assistance is not None and actor.acting_for is None,
    )
    return {"place": place, "viewer": viewer, "actor": actor, "menu": menu_for(actor, request.path_info)}

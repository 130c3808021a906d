"""What every page template can count on: the place, the viewer, the menu (see design/README.md)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

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


def place_and_viewer(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    place = getattr(request, "place", None)
    if actor is None:
        return {"place": place, "viewer": Viewer(False, False, "", "", "", 0), "menu": []}
    viewer = Viewer(
        signed_in=actor.signed_in,
        staff=actor.staff,
        name=actor.name,
        organisation_name=actor.organisation_name,
        assisting="",
        unread=request.unread,
    )
    return {"place": place, "viewer": viewer, "actor": actor, "menu": menu_for(actor, request.path_info)}

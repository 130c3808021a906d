"""What people has on the pages that are put together from all: administration, Min dag, Mina sidor."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import AdministrationLink, Panel, register_administration, register_panel
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.queries import open_requests
from medskick.kernel.people.roles import ADMINISTRATOR

COUNTED_FOR_SECONDS = 60


def register_people_pages() -> None:
    register_administration(
        AdministrationLink(
            _("Medarbetare"),
            _("Vilka som arbetar här, vad de får göra, och vilka som väntar på att släppas in."),
            "employees",
            (ADMINISTRATOR,),
            order=10,
            waiting=_waiting,
        )
    )
    register_administration(
        AdministrationLink(
            _("Inloggning"),
            _("Hur medarbetare loggar in: koppla in er egen inloggning, prova den, ta bort den."),
            "providers",
            (ADMINISTRATOR,),
            order=20,
        )
    )
    register_panel(Panel("my_day", "access_requests", "kernel/people/panel_waiting.html", _waiting_panel, order=5))
    register_panel(Panel("account", "sign_ins", "kernel/people/panel_sign_ins.html", lambda request: {}, order=95))


def _waiting(actor: Actor) -> int:
    return open_requests(actor.organisation).count()


def _waiting_panel(request: HttpRequest) -> dict[str, object] | None:
    """For administrators, and only where somebody waits; counted once a minute, for Min dag is opened all the time."""
    actor = request.actor
    if not actor.has(ADMINISTRATOR):
        return None
    waiting = cache.get_or_set(f"access_requests:{actor.organisation}", lambda: _waiting(actor), COUNTED_FOR_SECONDS)
    return {"waiting": waiting} if waiting else None

"""What the room makes known upwards: a part of Mina sidor, and a row on the page Administration."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import AdministrationLink, Panel, register_administration, register_panel
from medskick.kernel.notifications.models import Subscription
from medskick.kernel.people.roles import ADMINISTRATOR


def following(request: HttpRequest) -> dict[str, object] | None:
    """How much the person follows; nothing where it is nothing."""
    many = Subscription.objects.followed_by(request.actor).count()
    return {"many": many} if many else None


def register_notifications() -> None:
    register_panel(
        Panel(
            page="mine",
            name="following",
            template="kernel/notifications/following_panel.html",
            load=following,
            order=90,
        )
    )
    register_administration(
        AdministrationLink(
            label=_("Utskick"),
            explained=_("Hur det går för mejlen till dem som följer något, och vem som står som avsändare."),
            url_name="mail_status",
            roles=(ADMINISTRATOR,),
            order=60,
        )
    )

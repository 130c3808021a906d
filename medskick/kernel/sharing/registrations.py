"""What the room of sharing tells the kernel: its kind, offers, menu entry, and what it listens to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.documents.listeners import version_fixed
from medskick.kernel.documents.models import KIND as DOCUMENT
from medskick.kernel.menu import MenuEntry, register_menu
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.kinds import Kind, register_kind, trace_url
from medskick.kernel.records.listeners import audience_changed
from medskick.kernel.records.models import Item, Level
from medskick.kernel.records.offers import Offer, register_offer
from medskick.kernel.sharing.access import may_decide, may_share
from medskick.kernel.sharing.actions.sharing import follow_the_document
from medskick.kernel.sharing.actions.telling import on_version_fixed
from medskick.kernel.sharing.models import KIND


def _url(item: Item, staff: bool) -> str:
    if staff:
        return reverse("adoption", args=[item.id])
    return reverse("public_adoption", args=[item.number]) if item.level == Level.PUBLIC else trace_url(item)


def _others_may_adopt(by: Actor, item: Item) -> bool:
    return may_decide(by) and by.organisation != item.owner_id


def register_sharing() -> None:
    register_kind(
        Kind(
            key=KIND,
            label=_("användning av andras dokument"),
            trace_step=_("Används här"),
            url=_url,
            phrases={
                f"{KIND}.created": _("tog ställning till någon annans dokument"),
                "adoption.considered": _("övervägde dokumentet"),
                "adoption.adopted": _("antog dokumentet"),
                "adoption.declined": _("avböjde dokumentet"),
                "adoption.ended": _("slutade följa dokumentet"),
                "adoption.overridden": _("skrev en egen lydelse"),
                "adoption.back_to_source": _("gick tillbaka till källans lydelse"),
                "adoption.version_changed": _("antog en ny version"),
            },
        )
    )
    register_offer(
        Offer(
            DOCUMENT,
            "share",
            _("Dela"),
            lambda item: reverse("item_shares", args=[item.id]),
            may_share,
            order=20,
            explained=_(
                "När det är fastställt: de ni väljer, eller hela regionen, läser den fastställda texten och kommande"
                " versioner och kan få använda den hos sig."
            ),
        )
    )
    register_offer(
        Offer(
            DOCUMENT,
            "follow_up_shared",
            _("Se i katalogen"),
            lambda item: reverse("shared_document", args=[item.id]),
            _others_may_adopt,
            order=30,
        )
    )
    register_menu(MenuEntry(_("Gemensamt"), "shared", "/arbete/gemensamt", 62, staff=True))
    audience_changed.append(follow_the_document)
    version_fixed.append(on_version_fixed)

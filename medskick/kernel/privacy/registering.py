"""What privacy tells the rest of the kernel: its kind, its rows on the page Administration, its panel and offers."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import AdministrationLink, Panel, register_administration, register_panel
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.kernel.privacy.actions.disputes import KIND
from medskick.kernel.privacy.processings import PUBLIC_TASK, register_own_processings
from medskick.kernel.privacy.purposes import register_own_purposes
from medskick.kernel.records.kinds import Kind, kinds, register_kind
from medskick.kernel.records.models import Item
from medskick.kernel.records.offers import Offer, register_offer


def register_privacy() -> None:
    register_own_processings()
    register_own_purposes()
    register_kind(
        Kind(
            key=KIND,
            label=_("begäran om rättelse"),
            trace_step=_("Sagt"),
            url=_dispute_url,
            phrases={
                "kernel.dispute.created": _("sade att en uppgift inte stämmer"),
                "dispute.answered": _("svarade på en begäran om rättelse"),
                "dispute.told": _("berättade svaret"),
            },
            purpose=_("Att pröva det som du säger inte stämmer, och att rätta det."),
            legal_basis=PUBLIC_TASK,
        )
    )
    for link in _administration():
        register_administration(link)
    register_panel(Panel("mine", "kernel.my_data", "kernel/privacy/panel.html", _panel, order=90))


def register_privacy_offers() -> None:
    """On every voice, whatever engine it is of; called when all engines have told their kinds."""
    for kind in kinds():
        if kind.voice:
            register_offer(Offer(kind.key, "ask_again", _("Fråga personen igen"), _to("ask_again"), _owns, order=70))
            register_offer(
                Offer(kind.key, "protect", _("Inför skyddad identitet"), _to("protect_voice"), _is_registrar, order=90)
            )


def _administration() -> tuple[AdministrationLink, ...]:
    return (
        AdministrationLink(
            _("Behandlingar av personuppgifter"),
            _("Registret: vad som sparas, varför, hur länge och vem som får ta del av det."),
            "processing_register",
            (ADMINISTRATOR,),
            order=60,
        ),
        AdministrationLink(
            _("Begäran om rättelse"),
            _("Det som någon säger inte stämmer om henne."),
            "disputes",
            (REGISTRAR,),
            order=61,
        ),
        AdministrationLink(
            _("Skyddade personuppgifter"),
            _("De som har skyddad identitet, och vem som handlägger deras ärenden."),
            "protected_persons",
            (REGISTRAR,),
            order=62,
        ),
    )


def _dispute_url(item: Item, staff: bool) -> str:
    return reverse("answer_dispute", args=[item.id]) if staff else reverse("my_data")


def _panel(request: HttpRequest) -> dict[str, object] | None:
    return {} if request.actor.signed_in else None


def _to(name: str) -> Callable[[Item], str]:
    return lambda item: reverse(name, args=[item.id])


def _owns(actor: Actor, item: Item) -> bool:
    return actor.staff and actor.organisation == item.owner_id


def _is_registrar(actor: Actor, item: Item) -> bool:
    return actor.has(REGISTRAR) and actor.organisation == item.owner_id

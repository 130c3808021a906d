"""Offers: links from above the engines to a flow's own form page, shown on the record bar of any page (kernel.md J)."""

from collections.abc import Callable
from dataclasses import dataclass

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done with an item of a kind: a link to a page with a form, never a button that writes.

    on_kind: the kind's key, or EVERY_KIND.
    explained: one sentence of what it does and when, where a page sets the offer among others that are like it.
    """

    on_kind: str
    name: str
    label: Text
    url: Callable[[Item], str]
    allowed: Callable[[Actor, Item], bool]
    order: int = 50
    explained: Text = ""


@dataclass(frozen=True, slots=True)
class OfferLink:
    label: Text
    url: str
    name: str = ""
    explained: Text = ""


EVERY_KIND = "*"

_offers: dict[str, list[Offer]] = {}


def register_offer(offer: Offer) -> None:
    """Make an offer known. Raise ValueError where the kind has one of that name already."""
    standing = _offers.setdefault(offer.on_kind, [])
    if any(one.name == offer.name for one in standing):
        raise ValueError(f"Offer {offer.name} on {offer.on_kind} is registered already")
    standing.append(offer)
    standing.sort(key=lambda one: (one.order, one.name))


def offers_for(actor: Actor, item: Item) -> list[OfferLink]:
    """What this actor may go on to do with this item, in order."""
    standing = [*_offers.get(item.kind, []), *_offers.get(EVERY_KIND, [])]
    standing.sort(key=lambda one: (one.order, one.name))
    return [
        OfferLink(one.label, one.url(item), one.name, one.explained) for one in standing if one.allowed(actor, item)
    ]

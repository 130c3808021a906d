"""Who wants to know of items: the rooms above records (search, notifications) register here."""

from collections.abc import Callable
from uuid import UUID

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item, Link

index_item: list[Callable[[Item, str, bool], None]] = []
forget_item: list[Callable[[UUID], None]] = []
link_made: list[Callable[[Link, Item, Item], None]] = []
audience_changed: list[Callable[[Item, Actor], None]] = []


def tell_indexers(item: Item, text: str, *, known: bool = False) -> None:
    """`known`: only bring up to date what is findable already; what was never to be found stays unfindable."""
    for listener in index_item:
        listener(item, text, known)


def tell_forgetters(item: UUID) -> None:
    for listener in forget_item:
        listener(item)


def tell_followers(made: Link, from_item: Item, to_item: Item) -> None:
    for listener in link_made:
        listener(made, from_item, to_item)


def tell_audience_changed(item: Item, by: Actor) -> None:
    """A share of the item began or ended: what is read together with it follows."""
    for listener in audience_changed:
        listener(item, by)

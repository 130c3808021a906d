"""Who wants to know of items: the rooms above records (search, notifications) register here."""

from collections.abc import Callable
from uuid import UUID

from medskick.kernel.records.models import Item, Link

index_item: list[Callable[[Item, str], None]] = []
forget_item: list[Callable[[UUID], None]] = []
link_made: list[Callable[[Link, Item, Item], None]] = []


def tell_indexers(item: Item, text: str) -> None:
    for listener in index_item:
        listener(item, text)


def tell_forgetters(item: UUID) -> None:
    for listener in forget_item:
        listener(item)


def tell_followers(made: Link, from_item: Item, to_item: Item) -> None:
    for listener in link_made:
        listener(made, from_item, to_item)

"""Searching: lemmas and compound parts first, and spelling that is nearly right where those give too little."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from medskick.kernel.records.models import Item
from medskick.lib.swedish import fold, query_lexemes, tsquery

PAGE = 20
SHORTEST_GUESSED, MOST_GUESSED = 4, 6


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `near` says that the spelling was guessed; `more` that another page follows."""

    items: list[Item]
    more: bool
    near: bool


def search(
    text: str, *, owner: UUID | None = None, kinds: list[str] | None = None, page: int = 1, size: int = PAGE
) -> Found:
    """Items that the open scope may read and that match `text`, best first.

    owner: only this organisation's. kinds: only these. page: 1 and up. Two queries, whatever the number of hits.
    """
    words = tsquery(text)
    if not words:
        return Found([], more=False, near=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "select item, near from search_find(%s, %s, %s, %s, %s, %s)",
            [words, _guessable(text), owner, kinds, size + 1, (page - 1) * size],
        )
        hits = cursor.fetchall()
    order = {item: position for position, (item, _) in enumerate(hits[:size])}
    items = sorted(Item.objects.filter(id__in=order), key=lambda item: order[item.id])
    return Found(items, more=len(hits) > size, near=bool(hits) and hits[0][1])


def _guessable(text: str) -> list[str]:
    """The words that may be taken for others: in small plain letters; a short one looks like too many."""
    return [folded for word in query_lexemes(text) if len(folded := fold(word)) >= SHORTEST_GUESSED][:MOST_GUESSED]

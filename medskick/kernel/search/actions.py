"""Putting items into search, and taking them out, through functions that check the scope inside."""

from uuid import UUID

from django.db import connection

from medskick.kernel.records.models import Item
from medskick.lib.swedish import search_lexemes


def index_item(item: Item, text: str = "", known: bool = False) -> None:
    """Make the item findable by its title, summary and `text`, to those who may read it, from this commit on.

    With no `text` the body words that search already knows are kept. With `known` an item that search does not know
    stays unknown to it.
    """
    title_words = " ".join(search_lexemes(f"{item.title} {item.summary}"))
    body_words = " ".join(search_lexemes(text)) if text else None
    with connection.cursor() as cursor:
        cursor.execute("select search_put(%s, %s, %s, %s)", [item.id, title_words, body_words, known])


def forget_item(item: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select search_forget(%s)", [item])


def learn_words(most: int = 1000) -> int:
    """Let misspelt words be taken for those of new items, `most` items at a time. Returns how many items are left."""
    with connection.cursor() as cursor:
        cursor.execute("select search_learn(%s)", [most])
        return int(cursor.fetchone()[0])

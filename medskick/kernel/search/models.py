from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import Closed
from medskick.kernel.records.models import Item, Level


class SearchEntry(models.Model):
    """What search knows of an item (kernel.md L). The app role has no right here: it asks search_find(), which applies
    the scope inside, because row-level security would switch off the GIN indexes."""

    row_policy: ClassVar = Closed()
    definer_rights = "select, insert, update, delete"

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, choices=Level.choices)
    readers = ArrayField(models.UUIDField(), default=list)
    kind = models.CharField(max_length=60)
    lexemes = SearchVectorField(help_text="Rubrikens ord (vikt A), textens (vikt C), och vems den är (vikt D)")
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["lexemes"], name="search_lexemes"),
            models.Index(fields=["-occurred_at"], name="search_newest"),
            models.Index(fields=["owner", "-occurred_at"], name="search_newest_of_owner"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class SearchWord(models.Model):
    """A word that stands somewhere, so that a misspelt one can be taken for it. It never says where, and is not shown."""

    row_policy: ClassVar = Closed()
    definer_rights = "select, insert"

    word = models.CharField(primary_key=True, max_length=100)

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")]

    def __str__(self) -> str:
        return self.word


class SearchUnlearned(models.Model):
    """An item whose words search_learn() has still to look through.

    Not done in the writer's own transaction: two that met the same new words in other order would wait for each other.
    """

    row_policy: ClassVar = Closed()
    definer_rights = "select, insert, update, delete"

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.item_id)

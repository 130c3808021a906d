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
    title_folded = models.CharField(max_length=600, help_text="Rubriken i små bokstäver utan accenter, för stavfel")
    title_lexemes = SearchVectorField()
    body_lexemes = SearchVectorField()
    lexemes = SearchVectorField(help_text="Rubrikens (vikt A) och textens (vikt C) ord tillsammans")
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["lexemes"], name="search_lexemes"),
            GinIndex(fields=["title_folded"], opclasses=["gin_trgm_ops"], name="search_title_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title_folded

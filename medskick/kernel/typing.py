"""What the type checker should know of Django's parts that ship without types; at run time they are Django's own."""

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise

type Text = str | Promise
"""Words for people: translated now, or when they are shown."""

if TYPE_CHECKING:

    class TextChoices(StrEnum):
        """django.db.models.TextChoices: each member is its stored value, with a label beside."""

        choices: ClassVar[list[tuple[str, str]]]
        values: ClassVar[list[str]]
        labels: ClassVar[list[str]]

        @property
        def label(self) -> str: ...

else:
    from django.db.models import TextChoices

__all__ = ["Text", "TextChoices"]

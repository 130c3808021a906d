"""A field of a row, in plain words, for the person whom the row is about."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from medskick.lib.dates import say_date, say_datetime


def in_words(row: Model, name: str | Callable[[Any], object]) -> list[str]:
    """The value as lines of text; an empty list where there is nothing to tell."""
    if callable(name):
        return _lines(name(row))
    if hasattr(row, f"get_{name}_display"):
        return _lines(getattr(row, f"get_{name}_display")())
    return _lines(getattr(row, name))


def as_data(value: object) -> object:
    """The value as JSON can hold it, exactly."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [as_data(one) for one in value]
    if isinstance(value, dict):
        return {str(key): as_data(one) for key, one in value.items()}
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def _lines(value: object) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [_("Ja") if value else _("Nej")]
    if isinstance(value, datetime):
        return [say_datetime(value, year=True)]
    if isinstance(value, date):
        return [say_date(value, year=True)]
    if isinstance(value, UUID):
        return []
    if isinstance(value, list | tuple):
        return [line for one in value for line in _lines(one)]
    return [str(value)]

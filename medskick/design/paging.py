"""Pages of a long list without counting it: one row more than a page is read, which says whether there are more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HIGHEST = 10_000  # page numbers above this are typing errors or scrapers


@dataclass(frozen=True)
class Page[T]:
    """One page of rows; iterate over it."""

    items: list[T]
    number: int
    has_next: bool
    size: int

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def first(self) -> int:
        """The number of the page's first row, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1


def page_of(rows: Any, asked: str | int | None, size: int = 25) -> Page[Any]:
    """The asked page of a QuerySet or list. What cannot be read as a page number is page 1."""
    number = int(asked) if asked is not None and str(asked).isascii() and str(asked).isdigit() else 1
    number = min(max(number, 1), HIGHEST)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(items=found[:size], number=number, has_next=len(found) > size, size=size)

"""Small typed things that pages hand to the components. Any object or dict with the same names does as well."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

type When = date | datetime | str | None
type State = Literal["done", "now", "coming", "told"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A knot on the thread. ``told`` is a step that the reader may not see but is told of."""

    label: str
    title: str = ""
    when: When = None
    text: str = ""
    url: str = ""
    action: str = ""  # words of the link; without them the title is the link
    facts: Sequence[str] = ()
    state: State = "done"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in a timeline."""

    title: str
    when: When = None
    text: str = ""
    who: str = ""
    url: str = ""


@dataclass(frozen=True)
class Link:
    """A place to go: menu entry, tab, offer."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list page."""

    title: str
    url: str = ""
    text: str = ""
    meta: Sequence[str] = ()
    status: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One row of Min dag: what it is and the one verb to do about it."""

    title: str
    url: str
    verb: str
    text: str = ""
    due: When = None
    late: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a data table; numeric ones are set to the right with tabular figures."""

    label: str
    numeric: bool = False
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    """A table of values. The first column heads its row; ``None`` is a missing value and says so."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    emphasis: frozenset[int] = field(default_factory=frozenset)  # indexes of rows to set in bold

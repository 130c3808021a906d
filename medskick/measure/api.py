"""The front door of measure: the only module that flows, demo and project may import.

All reads see what the open scope may read; all writes take the actor as `by` and raise PermissionDenied for those who
may not. `Refused` (a ValueError with plain Swedish words) is raised for what cannot be.

Indicators
    create_indicator(by=, title=, theme=, ...) -> Indicator: a new indicator of the acting organisation.
    find_indicator(key, owner=None) -> Indicator | None: the owner's own (left out: the acting organisation's), else its
        region's. `indicator.item` is the kernel's Item, to link to ("mäts av").
    indicators_to_choose(owner) -> [(key, title)]: the owner's and its region's, for a form.
    record_value(by=, indicator=, period=, value=, about=None, missing="", learned_at=None, note="") -> Value
    record_values(by=, indicator=, values=[NewValue(...)]) -> Recorded: many at once.
    value(indicator, period, about=None, known=None) -> Value | None: one cell; `.value` is None where it is missing and
        `.missing` says why. `period` is "2025" or "2025-05"; `about` an organisation's id or About(code=, name=);
        `known` a day: the value as it was known then.
    series(indicator, about=None, known=None) -> list[Value], oldest first.
    said(indicator, decimal) -> "94 %"; finding_sentence(indicator, about=None) -> the finding in one sentence.

Import
    read_kolada_values(bytes) -> Parsed; raises medskick.lib.csv_rows.CsvError when the file cannot be read at all.
    read_kolada_catalogue(bytes) -> dict: titles and units for indicators that the import makes (optional).
    import_values(by=, parsed=, catalogue=None, dry_run=False) -> ImportResult; `.line()` is the last line to print,
        `.problems` the faults by line; with any of them nothing was saved.
"""

from uuid import UUID

from medskick.measure.indicators import presenting
from medskick.measure.indicators.actions import (
    NewValue,
    Recorded,
    Refused,
    create_indicator,
    record_value,
    record_values,
)
from medskick.measure.indicators.importing import (
    ImportResult,
    Parsed,
    import_values,
    read_kolada_catalogue,
    read_kolada_values,
)
from medskick.measure.indicators.models import Direction, Gender, Indicator, Missing, Value
from medskick.measure.indicators.presenting import said
from medskick.measure.indicators.queries import (
    About,
    find_indicator,
    get_indicator,
    indicators_to_choose,
    series,
    value,
)


def finding_sentence(indicator: Indicator, about: About | UUID | None = None) -> str:
    """What the series shows, in one sentence: "Fiber når 94 % av hushållen, upp från 81 % 2019"."""
    return presenting.sentence(indicator, presenting.finding_of(indicator, series(indicator, about)))


__all__ = [
    "About",
    "Direction",
    "Gender",
    "ImportResult",
    "Indicator",
    "Missing",
    "NewValue",
    "Parsed",
    "Recorded",
    "Refused",
    "Value",
    "create_indicator",
    "finding_sentence",
    "find_indicator",
    "get_indicator",
    "import_values",
    "indicators_to_choose",
    "read_kolada_catalogue",
    "read_kolada_values",
    "record_value",
    "record_values",
    "said",
    "series",
    "value",
]

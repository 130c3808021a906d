"""What a series shows, computed honestly: the finding that stands as the title of its chart. Pure, without Django.

A direction is claimed only where the numbers carry it. The rule, in words that fit on the page:

* the latest value is held against the first known one within five years (for months: within one year);
* both are rounded as they are shown, so that nothing is claimed which the reader cannot see;
* the change must be larger than the largest movement the other way between any two values in between. A series that
  wobbles as much as it moves has "no clear change".

A finding is never drawn over a missing latest value: then that it is missing is the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from medskick.lib.numbers import round_half_up
from medskick.measure.indicators.periods import is_month

YEARS_BACK, MONTHS_BACK = 5, 12

type Kind = Literal["nothing", "missing", "first", "unclear", "up", "down"]


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series; a missing value is None, never zero."""

    period: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    kind: nothing (no value at all), missing (the latest period lacks its value), first (only one value to go by),
    unclear (values, but no direction), up or down.
    latest: the latest known point; base: the one it is held against; missing: the period that lacks its value.
    """

    kind: Kind
    latest: Point | None = None
    base: Point | None = None
    missing: str = ""

    @property
    def change(self) -> Decimal | None:
        if self.latest is None or self.base is None or self.latest.value is None or self.base.value is None:
            return None
        return self.latest.value - self.base.value


def find(points: Sequence[Point], *, decimals: int = 0) -> Finding:
    """Return the finding of a series.

    Parameters: `points` in any order, one a period; `decimals` as the values are shown (0 or more).
    """
    ordered = _one_kind(sorted(points, key=lambda point: point.period))
    known = [Point(point.period, round_half_up(point.value, decimals)) for point in ordered if point.value is not None]
    if not known:
        return Finding("nothing", missing=ordered[-1].period if ordered else "")
    latest = known[-1]
    if ordered[-1].value is None:
        return Finding("missing", latest=latest, missing=ordered[-1].period)
    window = [point for point in known if _distance(point.period, latest.period) <= _back(latest.period)]
    if len(window) < 2:
        return Finding("first", latest=latest)
    return Finding(_direction([point.value for point in window if point.value is not None]), latest, window[0])


def _one_kind(ordered: list[Point]) -> list[Point]:
    """Years or months, whichever the latest point is of: the two are not compared with each other."""
    if not ordered:
        return ordered
    latest = max(ordered, key=lambda point: (point.period[:4], is_month(point.period), point.period))
    return [point for point in ordered if is_month(point.period) == is_month(latest.period)]


def _direction(values: Sequence[Decimal]) -> Literal["unclear", "up", "down"]:
    change = values[-1] - values[0]
    sign = 1 if change > 0 else -1
    if abs(change) <= _largest_movement_against([sign * value for value in values]):
        return "unclear"
    return "up" if change > 0 else "down"


def _largest_movement_against(values: Sequence[Decimal]) -> Decimal:
    """How far the series falls at most from any earlier value to any later one; 0 where it never falls."""
    highest, fall = values[0], Decimal(0)
    for value in values:
        highest = max(highest, value)
        fall = max(fall, highest - value)
    return fall


def _back(period: str) -> int:
    return MONTHS_BACK if is_month(period) else YEARS_BACK


def _distance(earlier: str, later: str) -> int:
    return _ordinal(later) - _ordinal(earlier)


def _ordinal(period: str) -> int:
    year = int(period[:4])
    return year * 12 + int(period[5:]) if is_month(period) else year


def is_jump(before: Decimal | None, value: Decimal | None) -> bool:
    """Whether a value differs so much from the one before (more than half of it) that it may be a typing error."""
    if before is None or value is None or before == 0:
        return False
    return abs(value - before) * 2 > abs(before)

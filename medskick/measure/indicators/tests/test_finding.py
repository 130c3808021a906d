"""What a series may be said to show. The properties hold for any numbers, not for chosen ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib.numbers import round_half_up
from medskick.measure.indicators.finding import Point, find, is_jump

NUMBERS = st.decimals(-1000, 1000, places=2)
SERIES = st.lists(st.one_of(st.none(), NUMBERS), max_size=12).map(
    lambda values: [Point(str(2010 + place), value) for place, value in enumerate(values)]
)


def years(*values: str | None) -> list[Point]:
    return [Point(str(2019 + place), Decimal(one) if one else None) for place, one in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((), "nothing"),
        ((None, None), "nothing"),
        (("81",), "first"),
        (("81", "84", "94"), "up"),
        (("94", "84", "81"), "down"),
        (("81", "81", "81"), "unclear"),
        (("81.2", "81.4"), "unclear"),  # the reader sees 81 and 81
        (("60", "90", "65"), "unclear"),  # it fell by 25 on the way to 5 more
        (("60", "58", "90"), "up"),
        (("81", "94", None), "missing"),
        (("81", None, "94"), "up"),
    ],
)
def test_the_kind_of_finding(values: tuple[str | None, ...], kind: str) -> None:
    assert find(years(*values)).kind == kind


def test_the_base_is_at_most_five_years_back() -> None:
    found = find([Point(str(year), Decimal(year)) for year in range(1996, 2025)])
    assert (found.base.period, found.latest.period) == ("2019", "2024")


def test_months_and_years_are_not_compared_with_each_other() -> None:
    found = find(
        [
            Point("2023", Decimal(90)),
            Point("2024", Decimal(80)),
            Point("2025-03", Decimal(9)),
            Point("2025-04", Decimal(3)),
        ]
    )
    assert (found.kind, found.base.period, found.latest.period) == ("down", "2025-03", "2025-04")


@given(SERIES, st.integers(0, 2))
def test_no_direction_is_claimed_that_the_numbers_lack(points: list[Point], decimals: int) -> None:
    found = find(points, decimals=decimals)
    if found.kind not in ("up", "down"):
        return
    known = [
        round_half_up(point.value, decimals)
        for point in points
        if point.value is not None and found.base.period <= point.period <= found.latest.period
    ]
    sign = 1 if found.kind == "up" else -1
    assert points[-1].value is not None
    assert known[0] == found.base.value
    assert known[-1] == found.latest.value
    change = sign * (known[-1] - known[0])
    assert change > 0
    # No movement the other way, between any two values in between, is as large as the change.
    assert all(sign * (early - late) < change for i, early in enumerate(known) for late in known[i:])


@given(SERIES, st.integers(0, 2))
def test_turned_upside_down_it_says_the_opposite(points: list[Point], decimals: int) -> None:
    opposite = {"up": "down", "down": "up"}
    turned = find([Point(one.period, None if one.value is None else -one.value) for one in points], decimals=decimals)
    kind = find(points, decimals=decimals).kind
    assert turned.kind == opposite.get(kind, kind)


@given(SERIES)
def test_the_order_in_which_points_are_given_does_not_matter(points: list[Point]) -> None:
    assert find(points[::-1]) == find(points)


@given(st.lists(NUMBERS, min_size=2, max_size=6, unique=True).map(sorted))
def test_a_series_that_only_rises_is_said_to_rise(values: list[Decimal]) -> None:
    found = find([Point(str(2019 + place), value) for place, value in enumerate(values)], decimals=2)
    assert (found.kind, found.change) == ("up", values[-1] - values[0])


@pytest.mark.parametrize(
    ("before", "value", "jump"), [("9", "90", True), ("9", "8", False), ("0", "5", False), ("-4", "4", True)]
)
def test_what_is_a_jump(before: str, value: str, jump: bool) -> None:
    assert is_jump(Decimal(before), Decimal(value)) is jump

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import numbers

exact_numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (0, None, "0"),
        (1234.5, None, "1\u00a0234,5"),
        (-3, None, "−3"),
        (1_000_000, None, "1\u00a0000\u00a0000"),
        (3.0, None, "3"),
        (Decimal("2.50"), None, "2,50"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0,0"),
        (0.1 + 0.2, 2, "0,30"),
        (1e22, None, "10\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000"),
    ],
)
def test_numbers_are_written_in_swedish(value, decimals, said):
    assert numbers.say_number(value, decimals) == said


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_no_number_is_not_written_as_one(value):
    with pytest.raises(ValueError, match="finite"):
        numbers.say_number(value)


def test_percent_share_and_change():
    assert numbers.say_percent(94) == "94\u00a0%"
    assert numbers.say_percent(0.5, 1) == "0,5\u00a0%"
    assert numbers.percent_of(3, 14) == "21\u00a0%"
    assert numbers.say_share(3, 14) == "3\u00a0av\u00a014"
    assert numbers.say_share(3, 14, "kommuner") == "3\u00a0av\u00a014 kommuner"
    assert [numbers.say_change(value) for value in (3, 0, -3)] == ["+3", "±0", "−3"]
    assert numbers.say_change(0.01, 1) == "±0,0"
    with pytest.raises(ValueError, match="nothing"):
        numbers.percent_of(1, 0)


@given(exact_numbers)
def test_a_written_number_is_read_back_exactly(value):
    assert numbers.parse_number(numbers.say_number(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_can_be_written(value):
    assert float(numbers.parse_number(numbers.say_number(value))) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1234.5", "1234.5"),
        ("0.125", "0.125"),
        ("−7", "-7"),
        ("-7,0", "-7.0"),
        ("+12", "12"),
        ("1,234", "1.234"),
    ],
)
def test_typed_numbers(typed, value):
    assert numbers.parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["", "-", "1 23", "12 34 567", "1,2,3", "1,", "tolv", "1e5", "NaN", "٣", "--1", "1 234.567.8"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match="är inte ett tal"):
        numbers.parse_number(typed)


def test_a_number_that_reads_two_ways_is_asked_about():
    with pytest.raises(ValueError, match="på två sätt"):
        numbers.parse_number("1.234")

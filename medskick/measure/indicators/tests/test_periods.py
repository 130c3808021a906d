from datetime import date

import pytest

from medskick.measure.indicators.periods import has_begun, read_period, say_period


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" 2023 ", "2023"), ("2023-05", "2023-05"), ("maj 2023", "2023-05"), ("December  2019", "2019-12")],
)
def test_a_period_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert read_period(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "23", "2023-13", "2023-5", "1899", "2101", "mai 2023", "٢٠٢٣", "2023-05-01", "maj"]
)
def test_what_is_no_period_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(ValueError, match="varken ett år eller en månad"):
        read_period(typed)


def test_a_period_is_said_as_people_say_it() -> None:
    assert [say_period(one) for one in ("2023", "2023-05")] == ["2023", "maj 2023"]


def test_a_period_has_begun_on_its_first_day() -> None:
    day = date(2026, 5, 1)
    assert [has_begun(one, day) for one in ("2026", "2026-05", "2026-06", "2027")] == [True, True, False, False]

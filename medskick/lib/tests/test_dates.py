from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import dates

TODAY = date(2026, 11, 24)
any_day = st.dates(date(1990, 1, 1), date(2150, 12, 31))


def test_a_date_is_said_with_its_year_only_when_it_is_another_year():
    assert dates.say_date(date(2026, 12, 12), TODAY) == "lördag 12 december"
    assert dates.say_date(date(2019, 9, 17), TODAY) == "tisdag 17 september 2019"
    assert dates.say_date(date(2026, 12, 12), TODAY, weekday=False) == "12 december"
    assert dates.say_date(date(2026, 12, 12), TODAY, weekday=False, year=True) == "12 december 2026"


def test_a_moment_is_said_in_swedish_time():
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert dates.say_datetime(moment, TODAY) == "fredag 1 januari 2027 kl.\u00a000.30"
    assert dates.say_date(moment, TODAY) == "fredag 1 januari 2027"
    assert dates.say_datetime(datetime(2026, 6, 1, 9, 5), TODAY) == "måndag 1 juni kl.\u00a009.05"


def test_months_and_periods():
    assert dates.say_month(date(2026, 5, 9), TODAY) == "maj"
    assert dates.say_month(date(2027, 5, 9), TODAY) == "maj 2027"
    assert dates.say_period(date(2026, 12, 12), date(2026, 12, 14), TODAY) == "12–14 december"
    assert dates.say_period(date(2027, 11, 30), date(2027, 12, 2), TODAY) == "30 november – 2 december 2027"
    assert dates.say_period(date(2026, 12, 30), date(2027, 1, 2), TODAY) == "30 december 2026 – 2 januari 2027"
    assert dates.say_period(date(2026, 12, 12), date(2026, 12, 12), TODAY) == "12 december"
    assert dates.say_period(date(2026, 12, 12), None, TODAY) == "från 12 december"
    assert dates.say_period(None, date(2026, 12, 12), TODAY) == "till och med 12 december"
    assert dates.say_period(None, None, TODAY) == "tills vidare"
    with pytest.raises(ValueError, match="slutar innan den börjar"):
        dates.say_period(date(2026, 12, 12), date(2026, 12, 11), TODAY)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1990, 4, 15),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2019, 4, 21),
        (2024, 3, 31),
        (2026, 4, 5),
        (2038, 4, 25),
    ],
)
def test_easter(year, month, day):
    assert dates.easter_sunday(year) == date(year, month, day)


def test_the_public_holidays_of_2026():
    assert {str(day): name for day, name in sorted(dates.holidays(2026).items())} == {
        "2026-01-01": "nyårsdagen",
        "2026-01-06": "trettondedag jul",
        "2026-04-03": "långfredagen",
        "2026-04-05": "påskdagen",
        "2026-04-06": "annandag påsk",
        "2026-05-01": "första maj",
        "2026-05-14": "Kristi himmelsfärdsdag",
        "2026-05-24": "pingstdagen",
        "2026-06-06": "Sveriges nationaldag",
        "2026-06-20": "midsommardagen",
        "2026-10-31": "alla helgons dag",
        "2026-12-25": "juldagen",
        "2026-12-26": "annandag jul",
    }


def test_whit_monday_was_free_until_the_national_day_became_so():
    assert date(2004, 5, 31) in dates.holidays(2004)
    assert date(2004, 6, 6) not in dates.holidays(2004)
    assert date(2005, 5, 16) not in dates.holidays(2005)


def test_working_days_jump_over_weekends_holidays_and_eves():
    assert dates.add_working_days(date(2026, 6, 18), 1) == date(2026, 6, 22)  # Midsummer Eve is the 19th
    assert dates.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert dates.add_working_days(date(2026, 12, 30), 1) == date(2027, 1, 4)
    assert dates.add_working_days(date(2026, 6, 22), -1) == date(2026, 6, 18)
    assert dates.next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert dates.next_working_day(date(2026, 4, 7)) == date(2026, 4, 7)
    assert dates.working_days_between(date(2026, 12, 21), date(2027, 1, 1)) == 6 - 1


@given(any_day, st.integers(-60, 60))
def test_added_working_days_can_be_counted_again(day, count):
    moved = dates.add_working_days(day, count)
    if count > 0:
        assert dates.is_working_day(moved)
        assert dates.working_days_between(day, moved) == count
    if count < 0:
        assert dates.add_working_days(moved, -count) == (
            day if dates.is_working_day(day) else dates.add_working_days(moved, -count)
        )
        assert sum(dates.is_working_day(moved + timedelta(days=n)) for n in range((day - moved).days)) == -count


@given(any_day)
def test_counting_backwards_is_the_same_count_negative_for_working_days(day):
    later = dates.add_working_days(day, 5)
    start = dates.next_working_day(day)
    assert dates.working_days_between(later, start) == -dates.working_days_between(start, later)


@given(any_day)
def test_every_written_form_is_read_back(day):
    for form in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.day}/{day.month} {day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"  {day.day}  {dates.MONTHS[day.month - 1].upper()} {day.year} ",
        f"{day.day} {dates.MONTHS[day.month - 1][:3]}. {day.year}",
        dates.say_date(day, date(1900, 1, 1)),
    ):
        assert dates.parse_date(form) == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Datumet saknas"),
        ("2019-02-29", "finns inte i kalendern"),
        ("31/4 2019", "finns inte i kalendern"),
        ("2019-13-01", "månad 13"),
        ("17/9", "saknar årtal"),
        ("17 september", "saknar årtal"),
        ("17/9 19", "fyra siffror"),
        ("19-09-17", "fyra siffror"),
        ("17 juno 2019", "månad som vi inte känner igen"),
        ("i morgon", "inte ett datum"),
        ("0000-01-01", "finns inte i kalendern"),
    ],
)
def test_what_is_no_date_is_explained(typed, reason):
    with pytest.raises(ValueError, match=reason):
        dates.parse_date(typed)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_an_explained_error(text):
    try:
        assert isinstance(dates.parse_date(text), date)
    except ValueError as error:
        assert "Skriv" in str(error)

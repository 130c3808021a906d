"""Dates as people say them, Swedish working days, and dates as people type them.

Pure functions without Django. Public holidays follow lag (1989:253) om allmänna helgdagar; Midsummer
Eve, Christmas Eve and New Year's Eve are not public holidays but offices are closed, so they are not
working days here.
"""

import calendar
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)

_NUMERIC = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/. -]\s*(\d{4})")
_WORDED = re.compile(r"(?:(?:den|" + "|".join(WEEKDAYS) + r")\s+)*(\d{1,2})(?::e)?\s+([a-zåäö]{3,})\.?,?\s+(\d{4})")
_HINT = "Skriv till exempel 2019-09-17, 17/9 2019 eller 17 september 2019."


def today_here() -> date:
    """Return today's date in Sweden, whatever clock the server keeps."""
    return datetime.now(STOCKHOLM).date()


def _local_date(day: date) -> date:
    if isinstance(day, datetime):
        return (day.astimezone(STOCKHOLM) if day.tzinfo else day).date()
    return day


def _year_when_needed(day: date, today: date | None, *, always: bool = False) -> str:
    return "" if not always and day.year == (today or today_here()).year else f" {day.year}"


def say_date(day: date, today: date | None = None, *, weekday: bool = True, year: bool = False) -> str:
    """Return the date as people say it: "fredag 12 december", with the year when it is not this year.

    Parameters: `day` a date or datetime (aware ones are moved to Swedish time); `today` for tests;
    `weekday` False leaves the weekday out; `year` True always says the year, as a register or a source must.
    """
    local = _local_date(day)
    start = f"{WEEKDAYS[local.weekday()]} " if weekday else ""
    return f"{start}{local.day} {MONTHS[local.month - 1]}{_year_when_needed(local, today, always=year)}"


def say_datetime(moment: datetime, today: date | None = None, *, year: bool = False) -> str:
    """Return date and clock: "fredag 12 december kl. 14.05", in Swedish time when `moment` is aware.

    `year` as in say_date.
    """
    local = moment.astimezone(STOCKHOLM) if moment.tzinfo else moment
    return f"{say_date(local, today, year=year)} kl.\u00a0{local:%H.%M}"


def say_month(day: date, today: date | None = None) -> str:
    """Return the month: "december", with the year when it is not this year."""
    local = _local_date(day)
    return MONTHS[local.month - 1] + _year_when_needed(local, today)


def say_period(start: date | None, end: date | None, today: date | None = None) -> str:
    """Return a period, both ends included: "12–14 december", "30 november – 2 december 2027".

    An open end reads "från 12 december" or "till och med 12 december"; both open reads "tills vidare".
    Errors: ValueError when the end is before the start.
    """
    if start is None or end is None:
        if start is not None:
            return f"från {say_date(start, today, weekday=False)}"
        return f"till och med {say_date(end, today, weekday=False)}" if end is not None else "tills vidare"
    first, last = _local_date(start), _local_date(end)
    if last < first:
        raise ValueError("Perioden slutar innan den börjar. Byt plats på datumen.")
    last_said = say_date(last, today, weekday=False)
    if first == last:
        return last_said
    if first.year != last.year:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year} – {last.day} {MONTHS[last.month - 1]} {last.year}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {last_said}"
    return f"{first.day}–{last_said}"


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a Gregorian year, by the anonymous (Meeus, Jones, Butcher) rule."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - skipped + 15) % 30
    to_sunday = (32 + 2 * century_rest + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(calendar.SATURDAY - day.weekday()) % 7)


@lru_cache(maxsize=512)
def holidays(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their Swedish names. Do not change the dict: it is cached.

    Valid from 1990; from 2005 the national day is free instead of Whit Monday.
    """
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1): "nyårsdagen",
        date(year, 1, 6): "trettondedag jul",
        easter - timedelta(days=2): "långfredagen",
        easter: "påskdagen",
        easter + timedelta(days=1): "annandag påsk",
        easter + timedelta(days=39): "Kristi himmelsfärdsdag",
        easter + timedelta(days=49): "pingstdagen",
        _saturday_from(date(year, 6, 20)): "midsommardagen",
        _saturday_from(date(year, 10, 31)): "alla helgons dag",
        date(year, 12, 25): "juldagen",
        date(year, 12, 26): "annandag jul",
    }
    if year >= 2005:
        days.setdefault(date(year, 6, 6), "Sveriges nationaldag")
    else:
        days[easter + timedelta(days=50)] = "annandag pingst"
    days.setdefault(date(year, 5, 1), "första maj")
    return days


@lru_cache(maxsize=512)
def closed_eves(year: int) -> dict[date, str]:
    """Return the eves when offices are closed though they are no public holidays."""
    return {
        _saturday_from(date(year, 6, 20)) - timedelta(days=1): "midsommarafton",
        date(year, 12, 24): "julafton",
        date(year, 12, 31): "nyårsafton",
    }


def is_working_day(day: date) -> bool:
    """Is it Monday to Friday and neither a public holiday nor one of the three closed eves?"""
    return day.weekday() < calendar.SATURDAY and day not in holidays(day.year) and day not in closed_eves(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself when it is a working day, else the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the date `count` working days after `day` (before it when negative).

    `day` itself is not counted, so 1 is the next working day. 0 returns `day` unchanged.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Return the number of working days after `start` up to and including `end`; negative when end is before."""
    if end < start:
        return -working_days_between(end - timedelta(days=1), start - timedelta(days=1))
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def parse_date(text: str) -> date:
    """Return the date that a person typed: 2019-09-17, 20190917, 17/9 2019, 17.9.2019, 17 september 2019.

    Errors: ValueError in plain Swedish: not a date, no such day, unknown month, or a year without century.
    """
    typed = " ".join(text.split())
    if not typed:
        raise ValueError(f"Datumet saknas. {_HINT}")
    if iso := re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", typed):
        return _existing(int(iso[1]), int(iso[2]), int(iso[3]), typed)
    if numeric := _NUMERIC.fullmatch(typed):
        return _existing(int(numeric[3]), int(numeric[2]), int(numeric[1]), typed)
    if worded := _WORDED.fullmatch(typed.casefold()):
        return _existing(int(worded[3]), _month_number(worded[2], typed), int(worded[1]), typed)
    if re.fullmatch(r"\d{1,2}\s*[/.]\s*\d{1,2}|\d{1,2} [^\W\d]+", typed):
        raise ValueError(f"”{typed}” saknar årtal. {_HINT}")
    if re.search(r"(?<!\d)\d{2}$|^\d{2}-\d{2}-\d{2}$|^\d{6}$", typed):
        raise ValueError(f"Skriv årtalet i ”{typed}” med fyra siffror. {_HINT}")
    raise ValueError(f"”{typed}” är inte ett datum som vi förstår. {_HINT}")


def _month_number(name: str, typed: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if name == month or (len(name) in (3, 4) and month.startswith(name)):
            return number
    raise ValueError(f"”{typed}” har en månad som vi inte känner igen. {_HINT}")


def _existing(year: int, month: int, day: int, typed: str) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"”{typed}” har månad {month}, men månaderna går från 1 till 12. {_HINT}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"”{typed}” finns inte i kalendern. {_HINT}") from None

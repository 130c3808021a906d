"""Periods of a series: a year ("2023") or a month ("2023-05"). Pure functions without Django.

Periods are kept as text in the form that sorts rightly. An indicator may hold both; a finding compares one kind only.
"""

import re
from datetime import date

from medskick.lib.dates import MONTHS

FIRST_YEAR, LAST_YEAR = 1900, 2100
_FORM = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


def read_period(text: str) -> str:
    """Return the period as it is kept: " 2023 " -> "2023", "2023-05" -> "2023-05", "maj 2023" -> "2023-05".

    Errors: ValueError in plain Swedish when the text is no year or month between 1900 and 2100.
    """
    typed = " ".join(text.split()).casefold()
    month, _, year = typed.partition(" ")
    if month in MONTHS and year.isascii() and year.isdigit():
        typed = f"{year}-{MONTHS.index(month) + 1:02d}"
    found = _FORM.fullmatch(typed) if typed.isascii() else None
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(f"”{text.strip()}” är varken ett år eller en månad. Skriv till exempel 2023 eller 2023-05.")
    return typed


def is_month(period: str) -> bool:
    return len(period) > 4


def say_period(period: str) -> str:
    """Return the period as people say it: "2023", "maj 2023"."""
    return f"{MONTHS[int(period[5:]) - 1]} {period[:4]}" if is_month(period) else period


def has_begun(period: str, today: date) -> bool:
    """Whether there can be a value for the period yet."""
    return period <= f"{today:%Y-%m}"[: len(period)]

"""Values in templates: numbers, days, periods, addresses."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from medskick.lib.dates import STOCKHOLM, say_date, say_datetime, say_period
from medskick.lib.numbers import say_number, say_percent

register = template.Library()
PARTS = "design/components/"


def number(value: Any, decimals: Any, say: Any = say_number) -> str:
    """A number in words of ours; a missing value says so, and what is no number passes through."""
    if value is None or value == "":
        return gettext("uppgift saknas")
    try:
        return say(value, None if decimals is None else int(decimals))
    except (TypeError, ValueError, ArithmeticError):
        return str(value)


@register.filter
def number_sv(value: Any, decimals: Any = None) -> str:
    """12345.5 -> "12 345,5"; None -> "uppgift saknas"."""
    return number(value, decimals, say_number)


@register.filter
def percent_sv(value: Any, decimals: Any = None) -> str:
    """83 -> "83 %"."""
    return number(value, decimals, say_percent)


@register.filter
def date_sv(value: Any, year: str = "") -> str:
    """A date as people say it; text passes through, nothing gives nothing. `|date_sv:"year"` always says the year."""
    if not isinstance(value, date):
        return str(value or "")
    return say_date(value, year=bool(year))


@register.filter
def datetime_sv(value: Any, year: str = "") -> str:
    """Day and clock; a date without clock gives the day. The year as for date_sv."""
    return say_datetime(value, year=bool(year)) if isinstance(value, datetime) else date_sv(value, year)


@register.filter
def time_sv(value: Any) -> str:
    """The clock: 14.05."""
    if isinstance(value, datetime):
        value = value.astimezone(STOCKHOLM) if value.tzinfo else value
    return f"{value:%H.%M}" if isinstance(value, datetime | time) else str(value or "")


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """A period, both ends included: "12–14 december"."""
    return say_period(start, end)


@register.simple_tag
def when(value: Any, css: str = "", weekday: bool = True, year: bool = False) -> str:
    """A day or a moment, said as people say it and marked up for machines. `year=True` always says the year."""
    if not isinstance(value, date):
        return format_html('<span class="{}">{}</span>', css, value) if value else ""
    if isinstance(value, datetime):
        machine, said = value.isoformat(timespec="minutes"), say_datetime(value, year=year)
    else:
        machine, said = value.isoformat(), say_date(value, weekday=weekday, year=year)
    if isinstance(value, datetime) and not weekday:
        said = said.split(" ", 1)[1]
    return format_html('<time class="{}" datetime="{}">{}</time>', css, machine, said)


@register.simple_tag(takes_context=True)
def if_url(context: Context, name: str) -> str:
    """The address of a named page, or nothing where the project has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.filter
def phone_digits(number: str) -> str:
    """A telephone number as a link needs it."""
    return "".join(sign for sign in str(number) if sign.isdigit() or sign == "+")


@register.filter
def as_list(value: Any) -> list[Any]:
    """One text or several, as a list."""
    return [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)


@register.filter
def as_words(text: str) -> list[str]:
    """The words of a text, one by one."""
    return text.split()

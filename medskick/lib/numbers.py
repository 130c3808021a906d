"""Numbers as Swedes write them: decimal comma, hard space between thousands, true minus.

Pure functions without Django. Floats are taken at their shortest decimal form, so 0.1 is one tenth;
Decimal is never turned into float. Rounding is half away from zero, as people round by hand.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

HARD_SPACE = "\u00a0"
TRUE_MINUS = "\u2212"

Number = int | float | Decimal

# A float may have 309 digits before the comma; quantize refuses to lose any.
_WIDE = Context(prec=400)

_SPACES = re.compile(r"[ \u00a0\u202f\u2009]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009]\d{3})+")
_DOT_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def to_decimal(value: Number) -> Decimal:
    """Return the value as an exact Decimal. Errors: ValueError when it is not a finite number."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("only finite numbers can be written out; say in words that a value is missing")
    return number


def round_half_up(value: Number, decimals: int) -> Decimal:
    """Return the value rounded to `decimals` (0 or more), halves away from zero."""
    return to_decimal(value).quantize(Decimal((0, (1,), -decimals)), rounding=ROUND_HALF_UP, context=_WIDE)


def say_number(value: Number, decimals: int | None = None) -> str:
    """Return the number in Swedish: 1234.5 -> "1 234,5", -3 -> "−3".

    Parameters: `decimals` fixes the number of decimals; None keeps those that the value has.
    Errors: ValueError for NaN and infinity.
    """
    number = to_decimal(value) if decimals is None else round_half_up(value, decimals)
    if decimals is None and isinstance(value, float) and number == number.to_integral_value():
        number = number.quantize(Decimal(1)) if abs(number) < Decimal(10) ** 27 else number
    whole, _, fraction = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", HARD_SPACE)
    return (TRUE_MINUS if number < 0 else "") + grouped + (f",{fraction}" if fraction else "")


def say_change(value: Number, decimals: int | None = None) -> str:
    """Return a change with its sign always shown: 3 -> "+3", 0 -> "±0", -3 -> "−3"."""
    text = say_number(value, decimals)
    if text.startswith(TRUE_MINUS):
        return text
    return ("±" if not text.strip("0,") else "+") + text


def say_percent(percent: Number, decimals: int | None = None) -> str:
    """Return a percentage: 94 -> "94 %". The value is in percent (94, not 0.94)."""
    return say_number(percent, decimals) + HARD_SPACE + "%"


def percent_of(part: Number, whole: Number, decimals: int = 0) -> str:
    """Return what `part` is of `whole`: (3, 14) -> "21 %". Errors: ValueError when `whole` is zero."""
    if not whole:
        raise ValueError("there is no percentage of nothing")
    return say_percent(to_decimal(part) * 100 / to_decimal(whole), decimals)


def say_share(part: int, whole: int, noun: str = "") -> str:
    """Return a share in counts, which people read better than percent: (3, 14) -> "3 av 14".

    Parameters: `noun` is put last when given: (3, 14, "kommuner") -> "3 av 14 kommuner".
    """
    share = f"{say_number(part)}{HARD_SPACE}av{HARD_SPACE}{say_number(whole)}"
    return f"{share} {noun}" if noun else share


def parse_number(text: str) -> Decimal:
    """Return the number that a person typed, exactly: "1 234,5" -> Decimal("1234.5").

    Takes spaces of every kind between thousands, comma or dot for decimals, and both minus signs.
    Errors: ValueError in plain Swedish; "1.234" is refused since it can be read in two ways.
    """
    typed = text.strip()
    sign = "-" if typed[:1] in ("-", TRUE_MINUS, "\u2013") else ""
    digits = typed[1:].lstrip() if sign or typed[:1] == "+" else typed
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        raise ValueError(
            f"”{typed}” kan läsas på två sätt. Skriv ”{digits.replace('.', ' ')}” för tusental "
            f"eller ”{digits.replace('.', ',')}” för decimaler."
        )
    whole, comma, fraction = digits.partition(",")
    if not comma and not _DOT_GROUPED.fullmatch(whole):
        whole, _, fraction = digits.partition(".")
    if _GROUPED.fullmatch(whole):
        whole = _SPACES.sub("", whole)
    elif _DOT_GROUPED.fullmatch(whole):
        whole = whole.replace(".", "")
    has_digits = re.fullmatch(r"[0-9]+", whole) and re.fullmatch(r"[0-9]*", fraction)
    if not has_digits or digits.endswith((",", ".")):
        raise ValueError(f"”{typed}” är inte ett tal. Skriv till exempel 1 234,5.")
    return Decimal(f"{sign}{whole}.{fraction or 0}") if fraction else Decimal(sign + whole)

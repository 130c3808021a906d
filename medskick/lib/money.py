"""Amounts in Swedish kronor, exact to the öre.

Pure functions without Django. Amounts are Decimal (or int) kronor; float is refused with TypeError,
because it cannot hold every öre.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from medskick.lib.numbers import HARD_SPACE, parse_number, round_half_up, say_number

Amount = Decimal | int

_UNITS = {"": 1, "kr": 1, "kronor": 1, "krona": 1, "sek": 1, ":-": 1, "tkr": 10**3, "mnkr": 10**6, "mkr": 10**6}
_UNITS |= {"mdkr": 10**9, "miljoner": 10**6, "miljoner kronor": 10**6, "miljarder": 10**9, "miljarder kronor": 10**9}


def exact(amount: Amount) -> Decimal:
    """Return the amount as Decimal rounded to whole öre. Errors: TypeError for float and bool."""
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise TypeError("an amount must be Decimal or int kronor, never float")
    return round_half_up(amount, 2)


def say_kronor(amount: Amount, *, ore: bool | None = None) -> str:
    """Return the amount in kronor: Decimal("1234.50") -> "1 234,50 kr", 1234 -> "1 234 kr".

    Parameters: `ore` True always shows öre, False rounds to whole kronor, None shows öre when there are any.
    """
    value = exact(amount)
    show = ore if ore is not None else value != value.to_integral_value()
    return say_number(value, 2 if show else 0) + HARD_SPACE + "kr"


def say_large_kronor(amount: Amount, decimals: int = 1) -> str:
    """Return a large amount in the units of budgets: 12400000 -> "12,4 mnkr".

    tkr from 10 000 kronor, mnkr from a million, mdkr from a billion; smaller ones in whole kronor.
    A value that rounds up to the next unit moves there (999 999 -> "1,0 mnkr", 999 499 -> "999 tkr").
    """
    value = exact(amount)
    if round_half_up(abs(value), 0) < 10_000:
        return say_kronor(value, ore=False)
    unit, scale, digits = "mdkr", 10**9, decimals
    for name, smaller, shown in (("tkr", 10**3, 0), ("mnkr", 10**6, decimals)):
        if round_half_up(abs(value) / smaller, shown) < 1000:
            unit, scale, digits = name, smaller, shown
            break
    return say_number(value / scale, digits) + HARD_SPACE + unit


def parse_kronor(text: str) -> Decimal:
    """Return the kronor that a person typed: "1 234,50 kr", "500:-", "12,4 mnkr" -> Decimal.

    Errors: ValueError in plain Swedish when it is no amount or has parts of an öre.
    """
    typed = text.strip()
    found = re.fullmatch(r"(.*?\d)\s*([a-zåäö ]*|:-)", typed, re.IGNORECASE | re.DOTALL)
    unit = " ".join(found[2].casefold().split()) if found else ""
    if found is None or unit not in _UNITS:
        raise ValueError(f"”{typed}” är inte ett belopp. Skriv till exempel 1 234,50 kr eller 12,4 mnkr.")
    amount = parse_number(found[1]) * _UNITS[unit]
    if amount != round_half_up(amount, 2):
        raise ValueError(f"”{typed}” har fler än två decimaler. Skriv beloppet i hela ören.")
    return round_half_up(amount, 2)


def to_ore(amount: Amount) -> int:
    """Return the amount in whole öre, the form to store in an integer column."""
    return int(exact(amount) * 100)


def from_ore(ore: int) -> Decimal:
    """Return the kronor of a whole number of öre."""
    return round_half_up(Decimal(ore) / 100, 2)


def share_out(amount: Amount, weights: Sequence[Amount]) -> list[Decimal]:
    """Return the amount split by weight so that the parts sum to it exactly, to the öre.

    Largest remainder: each gets its share rounded down, the öre left over go to the largest
    remainders (first come first served when equal). Used when municipalities share a cost by population.
    Errors: ValueError when a weight is negative or all are zero.
    """
    total = sum(weights, Decimal(0))
    if any(weight < 0 for weight in weights) or total <= 0:
        raise ValueError("weights must not be negative and not all zero")
    ore = to_ore(amount)
    sign, ore = (-1, -ore) if ore < 0 else (1, ore)
    exact_shares = [Decimal(ore) * weight / total for weight in weights]
    parts = [int(share) for share in exact_shares]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact_shares[index])
    for index in by_remainder[: ore - sum(parts)]:
        parts[index] += 1
    return [from_ore(sign * part) for part in parts]

"""Swedish personal numbers (personnummer) and coordination numbers (samordningsnummer).

Pure functions without Django. The rule: year, month, day (day + 60 in a coordination number), three
digits of birth number and a check digit by the Luhn rule over the ten-digit form. "+" instead of "-"
marks the year a person turns 100 and later (folkbokföringslagen 1991:481, 18 §).
Nothing here writes a number to a log: repr() and every error message leave it out.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from medskick.lib.dates import today_here

Kind = Literal["personnummer", "samordningsnummer"]

# Birth numbers of the test series that Skatteverket publishes; no living person gets them.
EXAMPLE_BIRTH_NUMBERS = frozenset({238, 239, 980, 981})

_FORM = re.compile(r"(?P<century>\d{2})?(?P<ymd>\d{6})(?P<sign>[-+])?(?P<last>\d{4})", re.ASCII)
# Digits that could be a personal number, written in any of the usual ways, not inside a longer number.
_CANDIDATE = re.compile(r"(?<![\d])(?:\d{2})?\d{6}[ \u00a0]?[-+\u2010-\u2013\u2212]?[ \u00a0]?\d{4}(?!\d)", re.ASCII)
_HOW = "Skriv det med tolv siffror, till exempel ÅÅÅÅMMDD-NNNN."


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A checked number. Make it by `parse_personal_number`, never by hand."""

    number12: str
    kind: Kind
    birth_date: date

    def __repr__(self) -> str:
        return "PersonalNumber(****)"

    __str__ = __repr__

    @property
    def long(self) -> str:
        """The number as people write it in full: "ÅÅÅÅMMDD-NNNN"."""
        return f"{self.number12[:8]}-{self.number12[8:]}"

    def short(self, today: date | None = None) -> str:
        """The ten-digit form, with "+" from the year in which the person turns 100."""
        sign = "+" if (today or today_here()).year - self.birth_date.year >= 100 else "-"
        return f"{self.number12[2:8]}{sign}{self.number12[8:]}"

    @property
    def masked(self) -> str:
        """The number with its last four hidden: "19850709-****"."""
        return f"{self.number12[:8]}-****"

    @property
    def legal_sex(self) -> Literal["kvinna", "man"]:
        """What the number says: even third birth digit for a woman, odd for a man."""
        return "man" if int(self.number12[10]) % 2 else "kvinna"

    @property
    def is_example(self) -> bool:
        """Is it of Skatteverket's published test series, so that no living person has it?"""
        return int(self.number12[8:11]) in EXAMPLE_BIRTH_NUMBERS

    def age_on(self, day: date) -> int:
        """Whole years lived on `day`. Errors: ValueError when `day` is before birth."""
        if day < self.birth_date:
            raise ValueError("the day is before the birth date")
        birthday_to_come = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - birthday_to_come


def luhn_digit(digits: str) -> int:
    """Return the check digit that follows `digits` by the Luhn rule."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def parse_personal_number(text: str, today: date | None = None) -> PersonalNumber:
    """Return the checked number of a 10- or 12-digit text, with or without "-" or "+".

    A ten-digit number without "+" is taken as the latest century in which the birth date is not in the
    future. Blanks around the number are refused here: a form strips them knowingly before it calls.
    Errors: ValueError in plain Swedish, never repeating the number.
    """
    if not text:
        raise ValueError(f"Personnumret saknas. {_HOW}")
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(_why_malformed(text))
    now = today or today_here()
    if found["century"]:
        birth_date, coordination = _birth_date(found["century"] + found["ymd"])
    else:
        birth_date, coordination = _latest_birth_date(found["ymd"], found["sign"], now)
    if birth_date > now:
        raise ValueError("Personnumret har ett födelsedatum som inte har varit än. Kontrollera året.")
    if luhn_digit(found["ymd"] + found["last"][:3]) != int(found["last"][3]):
        raise ValueError("Personnumrets siffror stämmer inte med varandra. Kontrollera att alla siffror är rätt.")
    number12 = f"{birth_date.year:04d}{found['ymd'][2:]}{found['last']}"
    return PersonalNumber(number12, "samordningsnummer" if coordination else "personnummer", birth_date)


def _why_malformed(text: str) -> str:
    digits = sum(character in "0123456789" for character in text)
    if re.fullmatch(r"[0-9+-]+", text) and digits in (6, 8):
        return f"Personnumret saknar de fyra sista siffrorna. {_HOW}"
    if re.fullmatch(r"[0-9+-]+", text) and digits not in (10, 12):
        return f"Personnumret har {digits} siffror men ska ha tolv. {_HOW}"
    return f"Personnumret har tecken som inte hör dit. {_HOW}"


def _birth_date(year_month_day: str) -> tuple[date, bool]:
    """Return the birth date of eight digits and whether the day is that of a coordination number."""
    day = int(year_month_day[6:])
    coordination = day > 60
    try:
        birth_date = date(int(year_month_day[:4]), int(year_month_day[4:6]), day - 60 if coordination else day)
    except ValueError:
        raise ValueError("Personnumret har ett datum som inte finns i kalendern. Kontrollera siffrorna.") from None
    return birth_date, coordination


def _latest_birth_date(ymd: str, sign: str | None, now: date) -> tuple[date, bool]:
    """Return the birth date in the century that the sign points at.

    29 February exists only in some centuries, so an impossible date in one tries the one before.
    """
    last_error: ValueError | None = None
    latest = now.year - 100 if sign == "+" else now.year
    for century in range(latest // 100, latest // 100 - 3, -1):
        try:
            birth_date, coordination = _birth_date(f"{century:02d}{ymd}")
        except ValueError as error:
            last_error = error
            continue
        if birth_date <= now and birth_date.year <= latest:
            return birth_date, coordination
    raise last_error or ValueError("Personnumret har ett födelsedatum som inte har varit än. Kontrollera året.")


def mask_personal_number(text: str) -> str:
    """Return a valid number masked as "19850709-****", anything else as "****". Never raises."""
    try:
        return parse_personal_number(text).masked
    except ValueError:
        return "****"


# Digits that could be a personal number, written in any of the usual ways, not inside a longer number.
_CANDIDATE = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[ \u00a0]?[-+\u2010-\u2013\u2212]?[ \u00a0]?\d{4}(?!\d)", re.ASCII)


def without_personal_numbers(text: str) -> str:
    """Return the text with "****" for everything in it that is written as a personal number, valid or not."""
    return _CANDIDATE.sub("****", text)


def holds_personal_number(text: str) -> bool:
    """True where some digits of the text are a valid personal or coordination number (by its check digit)."""
    return any(_is_valid(re.sub(r"[^\d+]", "", found.group())) for found in _CANDIDATE.finditer(text))


def _is_valid(digits: str) -> bool:
    try:
        parse_personal_number(digits)
    except ValueError:
        return False
    return True


def example_number(birth_date: date, birth_number: int, *, coordination: bool = False) -> PersonalNumber:
    """Return a valid number of the published test series, for tests and example data.

    Parameters: `birth_number` one of EXAMPLE_BIRTH_NUMBERS (even ones are women's by their last digit).
    Errors: ValueError for another birth number, so that no living person's number can be made.
    """
    if birth_number not in EXAMPLE_BIRTH_NUMBERS:
        raise ValueError("only birth numbers of the published test series may be used")
    day = birth_date.day + (60 if coordination else 0)
    digits = f"{birth_date:%Y%m}{day:02d}{birth_number:03d}"
    kind: Kind = "samordningsnummer" if coordination else "personnummer"
    return PersonalNumber(f"{digits}{luhn_digit(digits[2:])}", kind, birth_date)


def parse_organisation_number(text: str) -> str:
    """Return the ten digits of an organisation number: ten digits, or "16" and ten, with or without "-".

    The third digit is at least 2, which tells it from a personal number; the last is a Luhn check digit.
    Errors: ValueError in plain Swedish.
    """
    found = re.fullmatch(r"(?:16)?(\d{6})-?(\d{4})", text, re.ASCII)
    if found is None:
        raise ValueError("Organisationsnumret ska ha tio siffror, till exempel NNNNNN-NNNN.")
    digits = found[1] + found[2]
    if int(digits[2]) < 2 or luhn_digit(digits[:9]) != int(digits[9]):
        raise ValueError("Organisationsnumrets siffror stämmer inte med varandra. Kontrollera att alla är rätt.")
    return digits

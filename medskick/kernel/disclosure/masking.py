"""A proposal of what to mask in a record before a stranger reads it, and the masking itself.

Pure functions over text. What is found is a proposal: the registrar takes away and adds, and decides on what ground.
What is masked in one place is masked everywhere in the record, and every mark is equally long, so that it tells nothing
of what stood there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from medskick.lib.personal_number import luhn_digit

MARK = "█████"

type Why = Literal[
    "personal_number", "coordination_number", "phone", "email", "address", "name", "plate", "account", "chosen"
]
type Fields = Sequence[tuple[str, str]]

# What people put between the parts of a number, and what comes along from a file: hyphens of all sorts, spaces, dots.
_GAP = "[\\s.+\\-\u00ad\u200b\u2010-\u2015\u2212]"
_DIGIT_RUN = re.compile(rf"\d(?:{_GAP}{{0,3}}\d)*")
# Interim numbers have a letter first in the last four.
_INTERIM = re.compile(rf"(?<!\d)(?:\d\d)?\d{{6}}{_GAP}{{1,3}}[A-Z]\d{{3}}(?!\d)")
_BLANK = "[ \t\u00a0]"
_PHONE = re.compile(r"(?<![\w+])(?:\+\d{1,3}|00[1-9]\d{0,2}|0)[\d \t\u00a0()/.\-\u2010-\u2015]{5,20}\d(?!\w)")
_EMAIL = re.compile(r"[^\s@<>\"(),;:]{1,64}@[^\s@<>\"(),;:]{1,200}\.[^\W\d_]{2,}")
_CAPITALISED = "[A-ZÅÄÖÉÜ][\\w'’.-]{0,40}"
_NUMBERED = rf"{_BLANK}+\d{{1,4}}(?:{_BLANK}?[A-Za-z](?!\w))?(?:,?{_BLANK}+(?:lgh|lägenhet){_BLANK}+\d{{1,4}})?"
_POSTCODE = rf"(?<!\d)\d{{3}}{_BLANK}?\d\d(?!\d){_BLANK}+{_CAPITALISED}"
_POSTAL = re.compile(
    rf"(?:(?<!\w)(?:{_CAPITALISED}{_BLANK}+){{0,2}}{_CAPITALISED}{_NUMBERED}{_BLANK}*[,\n]\s*)?{_POSTCODE}"
)
_STREET = re.compile(
    rf"(?<!\w)(?:{_CAPITALISED}{_BLANK}+){{0,2}}(?i:\w{{0,30}}(?:gatan?|vägen|väg|gränd|stigen|stig|backen|torget|allén|leden|"
    rf"platsen|plan|kajen|bryggan))(?!\w){_NUMBERED}"
)
_PLATE = re.compile(r"(?<![\w-])[A-HJ-PR-UW-Z]{3}[ \u00a0-]?\d\d[0-9A-HJ-PR-UW-Z](?![\w-])")
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d\d(?:{_BLANK}?[0-9A-Z]{{4}}){{3,7}}(?:{_BLANK}?[0-9A-Z]{{1,3}})?(?!\w)")
_GIRO = re.compile(r"(?<![\d-])(?:\d{3,4}-\d{4}|\d{1,2}(?:[ \u00a0]?\d\d){0,3}-\d)(?![\d-])")
_NAMED_ACCOUNT = re.compile(
    r"(?i:(?:bank|plus|post)giro\w{0,20}|(?<!\w)(?:bg|pg)|\w{0,20}konto\w{0,20}|clearing\w{0,20}|kortnummer)(?:[^\d\n]{0,12})"
    r"(\d(?:[ \t\u00a0,.\-]{0,2}\d){3,18})"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end of a text, and why they are proposed to be masked."""

    start: int
    end: int
    why: Why


@dataclass(frozen=True, slots=True)
class Finding:
    """One text that is proposed to be masked, why, and in how many places of the record it stands."""

    words: str
    why: Why
    places: int


def find(text: str, names: Iterable[str] = ()) -> list[Span]:
    """What a text has that may have to be masked, in order, none over another.

    names: of persons known to the record; each is found whole, and by each of its parts.
    Two findings that overlap become one, so that nothing of either is left.
    """
    found = sorted(
        (span for detector in _DETECTORS for span in detector(text)), key=lambda one: (one.start, -one.end, one.why)
    )
    found += sorted(_names(text, names), key=lambda one: one.start)
    found.sort(key=lambda one: (one.start, -one.end))
    apart: list[Span] = []
    for span in found:
        if apart and span.start < apart[-1].end:
            last = apart[-1]
            apart[-1] = Span(last.start, max(last.end, span.end), last.why)
        else:
            apart.append(span)
    return apart


def propose(fields: Fields, names: Iterable[str] = ()) -> list[Finding]:
    """What to propose for a record of (label, text) fields: each text once, in the order in which it first stands."""
    known = list(names)
    met: dict[str, Why] = {}
    for _label, text in fields:
        for span in find(text, known):
            met.setdefault(text[span.start : span.end], span.why)
    return [
        Finding(words, why, sum(len(occurrences(text, words)) for _label, text in fields)) for words, why in met.items()
    ]


def mask(fields: Fields, words: Iterable[str]) -> tuple[list[tuple[str, str]], int]:
    """The fields with every occurrence of each of the words replaced by the mark, and how many marks there are."""
    wanted = [one.strip() for one in words if one.strip()]
    masked, marks = [], 0
    for label, text in fields:
        new_label, in_label = _mask_text(label, wanted)
        new_text, in_text = _mask_text(text, wanted)
        masked.append((new_label, new_text))
        marks += in_label + in_text
    return masked, marks


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, whatever the case and the white space, also with a genitive s after."""
    return [found.span() for found in _pattern(words).finditer(text)] if words.strip() else []


def holds_personal_data(text: str) -> bool:
    """Does a text that everybody will read hold something that tells who a person is?"""
    return any(span.why in ("personal_number", "coordination_number", "phone", "email") for span in find(text))


def _mask_text(text: str, words: Sequence[str]) -> tuple[str, int]:
    spans = sorted(span for one in words for span in occurrences(text, one))
    joined: list[list[int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    for start, end in reversed(joined):
        text = text[:start] + MARK + text[end:]
    return text, len(joined)


def _pattern(words: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in words.split()]
    # A name must not be found inside another word; a number or an address may stand right beside anything.
    plain = re.fullmatch(r"[^\W\d]+(?:[^\w]+[^\W\d]+)*", words.strip()) is not None
    body = r"\s+".join(parts)
    return re.compile(rf"(?<!\w){body}s?(?!\w)" if plain else body, re.IGNORECASE)


def _numbers(text: str) -> Iterator[Span]:
    """Every ten or twelve digits, however they are written, that are a date and have the right check digit.

    Written as a number is, with its date and a hyphen before the last four, one with a wrong check digit is found too:
    whoever wrote it meant somebody.
    """
    for run in _DIGIT_RUN.finditer(text):
        places = [run.start() + at for at, letter in enumerate(run.group()) if letter.isdecimal()]
        digits = "".join(str(int(text[at])) for at in places)
        for length in (12, 10):
            for first in range(len(digits) - length + 1):
                number = digits[first : first + length]
                short = number[-10:]
                kind = _kind_of(number)
                if kind is None:
                    continue
                start, end = places[first], places[first + length - 1] + 1
                right = luhn_digit(short[:9]) == int(short[9])
                if right or (_as_written(text[start:end]) and _alone(text, start, end)):
                    yield Span(start, end, kind)
    for interim in _INTERIM.finditer(text):
        yield Span(*interim.span(), "personal_number")


def _kind_of(number: str) -> Literal["personal_number", "coordination_number"] | None:
    if len(number) == 12 and number[:2] not in ("18", "19", "20"):
        return None
    month, day = int(number[-8:-6]), int(number[-6:-4])
    coordination = day > 60
    try:
        date(2000, month, day - 60 if coordination else day)  # a leap year: 29 February is a birthday too
    except ValueError:
        return None
    return "coordination_number" if coordination else "personal_number"


def _as_written(text: str) -> bool:
    return re.fullmatch(r"(?:\d\d)?\d{6}\s?[-+\u2010-\u2015\u2212]\s?\d{4}", text) is not None


def _alone(text: str, start: int, end: int) -> bool:
    return not (text[max(0, start - 1) : start].isdecimal() or text[end : end + 1].isdecimal())


def _phones(text: str) -> Iterator[Span]:
    for found in _PHONE.finditer(text):
        digits = sum(letter.isdecimal() for letter in found.group())
        if 7 <= digits <= 15 and (not found.group().startswith("0") or digits >= 8):
            yield Span(*found.span(), "phone")


def _accounts(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        if _is_iban(re.sub(r"\s", "", found.group())):
            yield Span(*found.span(), "account")
    for found in _GIRO.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if luhn_digit(digits[:-1]) == int(digits[-1]) and len(digits) >= 5:
            yield Span(*found.span(), "account")
    for found in _NAMED_ACCOUNT.finditer(text):
        yield Span(*found.span(1), "account")


def _is_iban(account: str) -> bool:
    moved = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _names(text: str, names: Iterable[str]) -> Iterator[Span]:
    for name in names:
        for words in (name, *(part for part in re.split(r"[\s-]+", name) if len(part) > 1)):
            for start, end in occurrences(text, words):
                # A part alone counts where it is written as a name: "Ek" is one, "ek" is a tree.
                if words == name or text[start].isupper():
                    yield Span(start, end, "name")


def _each(pattern: re.Pattern[str], why: Why) -> Callable[[str], Iterator[Span]]:
    return lambda text: (Span(*found.span(), why) for found in pattern.finditer(text))


_DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _numbers,
    _phones,
    _accounts,
    _each(_EMAIL, "email"),
    _each(_POSTAL, "address"),
    _each(_STREET, "address"),
    _each(_PLATE, "plate"),
)

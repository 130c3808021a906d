"""Did it help? What can honestly be said of a promise and what has been measured. Pure, without Django.

The last measurement decides, never the best one, and one of a period before the promise proves nothing. A day that has
passed without the target being reached is said to have passed, also when it goes the right way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from medskick.lib.dates import say_date
from medskick.lib.numbers import HARD_SPACE, say_number

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Finding(StrEnum):
    """What the last measurement says of the promise."""

    NOT_YET = "not_yet"
    TOO_EARLY = "too_early"
    ON_THE_WAY = "on_the_way"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    REACHED = "reached"
    MISSED = "missed"


TONES = {
    Finding.NOT_YET: "neutral",
    Finding.TOO_EARLY: "neutral",
    Finding.ON_THE_WAY: "now",
    Finding.UNCHANGED: "wait",
    Finding.WORSE: "stop",
    Finding.REACHED: "done",
    Finding.MISSED: "stop",
}
LABELS = {
    Finding.NOT_YET: "inte mätt än",
    Finding.TOO_EARLY: "för tidigt att säga",
    Finding.ON_THE_WAY: "på väg",
    Finding.UNCHANGED: "oförändrat",
    Finding.WORSE: "sämre",
    Finding.REACHED: "målet är nått",
    Finding.MISSED: "målet nåddes inte i tid",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """From `baseline` to `target` in `unit`, by the day `due`. Lower is better where the target is lower.

    promised_on: what was measured over a period that had ended by then cannot be what the promise came to.
    """

    measured_as: str
    baseline: Decimal
    baseline_period: str
    target: Decimal
    unit: str
    due: date
    promised_on: date | None = None

    @property
    def said_baseline(self) -> str:
        return with_unit(self.baseline, self.unit)

    @property
    def said_target(self) -> str:
        return with_unit(self.target, self.unit)


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement."""

    value: Decimal
    period: str
    measured_on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding, the sentence that says it, and how much of the promised change has come (1 is all of it)."""

    finding: Finding
    sentence: str
    share: float | None

    @property
    def label(self) -> str:
        return LABELS[self.finding]

    @property
    def tone(self) -> str:
        return TONES[self.finding]


def judge(promise: Promise, measured: Sequence[Measured], today: date) -> Verdict:
    """What can be said today. measured: in the order in which they were measured."""
    target = with_unit(promise.target, promise.unit)
    if not measured:
        late = " Det skulle ha mätts" if promise.due < today else " Det mäts senast"
        said = f"Vi vet inte än. Målet är {target}.{late} {say_date(promise.due, today, weekday=False)}."
        return Verdict(Finding.NOT_YET, said, None)
    counted = [one for one in measured if not is_before(one.period, promise.promised_on)]
    if not counted:
        known = f"{with_unit(measured[-1].value, promise.unit)} ({measured[-1].period})"
        said = f"För tidigt att säga: det senaste värdet, {known}, är från tiden före löftet. Målet är {target}."
        return Verdict(Finding.TOO_EARLY, said, None)
    last = counted[-1]
    share = float((last.value - promise.baseline) / (promise.target - promise.baseline))
    now = f"{with_unit(last.value, promise.unit)} ({last.period})"
    before = with_unit(promise.baseline, promise.unit)
    if share >= 1:
        return Verdict(Finding.REACHED, f"Målet är nått: {now}, målet var {target}.", share)
    if share < 0:
        return Verdict(Finding.WORSE, f"Det har blivit sämre: {now}, det var {before} från början.", share)
    if last.measured_on >= promise.due:
        return Verdict(Finding.MISSED, f"Målet nåddes inte i tid: {now}, målet var {target}.", share)
    if share == 0:
        return Verdict(Finding.UNCHANGED, f"Inget har ändrats: {now}, precis som från början.", share)
    return Verdict(Finding.ON_THE_WAY, f"På väg: {now}, från {before}. Målet är {target}.", share)


def is_before(period: str, promised_on: date | None) -> bool:
    """Whether a year ("2025") or a month ("2025-11") had ended when the promise was made; other words are not judged."""
    found = _PERIOD.fullmatch(period)
    if found is None or promised_on is None:
        return False
    year, month = int(found[1]), int(found[2] or 12)
    return (year, month) < (promised_on.year, promised_on.month)


def change_in_words(promise: Promise, last: Measured) -> str:
    """The whole story in one line: "Väntetid 9 → 3 min (mål 4)"."""
    values = f"{say_number(_plain(promise.baseline))} → {with_unit(last.value, promise.unit)}"
    return f"{promise.measured_as} {values} (mål {say_number(_plain(promise.target))})"


def with_unit(value: Decimal, unit: str) -> str:
    """The value as people say it, with its unit after a hard space."""
    return say_number(_plain(value)) + (HARD_SPACE + unit if unit else "")


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that the column keeps after the comma."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()

"""This engine's part of the example year: eight invented series for the region and its municipalities, by the verbs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from medskick.kernel.organisations.actor import Actor
from medskick.lib.dates import STOCKHOLM
from medskick.measure.indicators.actions import NewValue, create_indicator, record_value, record_values
from medskick.measure.indicators.models import Direction, Indicator, Missing
from medskick.measure.indicators.queries import About

SOURCE = "Exempelregionen"
SOURCE_NOTE = "Påhittade uppgifter för exempelregionen"


@dataclass(frozen=True, slots=True)
class _Told:
    """One invented indicator. `course`: the region's values, oldest first; municipalities lie `spread` around it."""

    key: str
    title: str
    theme: str
    unit: str
    phrase: str
    direction: Direction
    course: tuple[str, ...]
    target: str | None = None
    spread: str = "0"
    decimals: int = 0
    highest: str | None = None
    monthly: bool = False
    description: str = ""
    method: str = ""


TOLD = (
    _Told(
        key="vantetid-telefon",
        title="Väntetid i telefon till färdtjänsten",
        theme="Kontakt med kommunen",
        unit="min",
        phrase="Den som ringer färdtjänsten väntar i {värde}",
        direction=Direction.LOWER,
        course=("9.1", "9.0", "9.4", "9.2", "9.0", "9.1", "8.7", "6.9", "5.4", "4.6", "3.8", "3.0"),
        target="4",
        monthly=True,
        description="Medianen av väntetiden innan en människa svarar, i de tre kommuner som provar Boka utan app.",
        method="Växelns egen statistik, vardagar klockan 8–16. Samtal som ringer av inom tio sekunder räknas inte.",
    ),
    _Told(
        key="fiber-hushall",
        title="Hushåll som kan få fiber",
        theme="Bredband",
        unit="%",
        phrase="Fiber når {värde} av hushållen",
        direction=Direction.HIGHER,
        course=("81", "84", "86", "89", "91", "93", "94"),
        target="98",
        spread="5",
        highest="100",
        description="Andelen hushåll som har fiber eller har det absolut nära.",
        method="Operatörernas uppgifter, en gång om året.",
    ),
    _Told(
        key="kvallsoppet-nojda",
        title="Nöjda med öppettiderna på återvinningen",
        theme="Avfall och återvinning",
        unit="%",
        phrase="{värde} är nöjda med öppettiderna på återvinningen",
        direction=Direction.HIGHER,
        course=("61", "60", "63", "62", "61", "60", "66", "71", "75", "74", "80", "83"),
        target="80",
        highest="100",
        monthly=True,
        description="Andelen som svarar 4 eller 5 på en femgradig skala.",
        method="Enkät vid infarten en vecka i månaden, ungefär 150 svar varje gång.",
    ),
    _Told(
        key="e-tjanster-andel",
        title="Ärenden som går att göra digitalt",
        theme="Kontakt med kommunen",
        unit="%",
        phrase="{värde} av ärendena går att göra digitalt",
        direction=Direction.HIGHER,
        course=("38", "44", "51", "55", "59", "64", "68"),
        target="80",
        spread="9",
        highest="100",
    ),
    _Told(
        key="digital-hjalp",
        title="Personer som fått digital hjälp på biblioteken",
        theme="Digital delaktighet",
        unit="personer",
        phrase="{värde} fick digital hjälp på biblioteken",
        direction=Direction.HIGHER,
        course=("90", "71", "95", "88", "90", "84", "97", "121", "104", "148", "186", "214"),
        target="200",
        monthly=True,
    ),
    _Told(
        key="deltagare-i-dialog",
        title="Invånare som svarat på en fråga från kommunen",
        theme="Dialog",
        unit="%",
        phrase="{värde} av invånarna svarade på minst en fråga från sin kommun",
        direction=Direction.HIGHER,
        course=("4", "6", "5", "7", "6", "8", "7"),
        target="12",
        spread="3",
        highest="100",
    ),
    _Told(
        key="personal-digital-trygghet",
        title="Medarbetare som känner sig trygga med digitala verktyg",
        theme="Digital delaktighet",
        unit="%",
        phrase="{värde} av medarbetarna känner sig trygga med sina digitala verktyg",
        direction=Direction.HIGHER,
        course=("", "58", "", "63", "", "66", ""),
        highest="100",
        description="Frågan ställs vartannat år.",
    ),
    _Told(
        key="fardtjanst-utan-app",
        title="Färdtjänstresor bokade utan app",
        theme="Kontakt med kommunen",
        unit="resor",
        phrase="{värde} med färdtjänst bokades utan app",
        direction=Direction.NONE,
        course=("5120", "4890", "4310", "4020", "3870", "4260", "5340"),
    ),
)


def build_indicators(*, by: Actor, municipalities: Sequence[UUID], today: date) -> dict[str, Indicator]:
    """Create the eight series for the region that `by` acts for, and for its municipalities where they differ.

    by: someone who keeps indicators, with channel "demo", which marks everything as invented. today: the last day of
    the example year; the series end with the latest period that is over. Returns the indicators by key.
    """
    made: dict[str, Indicator] = {}
    for told in TOLD:
        indicator = _create(by, told)
        values = list(_values(told, None, today))
        if told.spread != "0":
            values += [one for place in municipalities for one in _values(told, place, today)]
        record_values(by=by, indicator=indicator, values=values)
        made[told.key] = indicator
    _revise(by, made["fiber-hushall"], today)
    return made


def _create(by: Actor, told: _Told) -> Indicator:
    return create_indicator(
        by=by,
        key=told.key,
        title=told.title,
        theme=told.theme,
        unit=told.unit,
        phrase=told.phrase,
        direction=told.direction,
        decimals=told.decimals,
        target=Decimal(told.target) if told.target else None,
        lowest=Decimal(0),
        highest=Decimal(told.highest) if told.highest else None,
        description=told.description,
        method=told.method,
        source=SOURCE,
        source_note=SOURCE_NOTE,
    )


def _values(told: _Told, place: UUID | None, today: date) -> Iterator[NewValue]:
    periods = _months(len(told.course), today) if told.monthly else _years(len(told.course), today)
    for (period, over), text in zip(periods, told.course, strict=True):
        yield NewValue(
            period=period,
            value=_near(told, place, period, Decimal(text)) if text else None,
            missing="" if text else Missing.NOT_COLLECTED,
            about=About(organisation=place) if place else None,
            learned_at=min(_noon(over + timedelta(days=20)), _noon(today) - timedelta(days=1)),
        )


def _near(told: _Told, place: UUID | None, period: str, value: Decimal) -> Decimal:
    """The region's value, moved by a steady amount for the municipality and a small one for the period."""
    if place is None:
        return value
    steady, small = (_share(f"{told.key} {place}"), _share(f"{told.key} {place} {period}"))
    moved = value + Decimal(told.spread) * (2 * steady - 1) + Decimal(told.spread) / 4 * (2 * small - 1)
    moved = moved.quantize(Decimal(1).scaleb(-told.decimals))
    return min(max(moved, Decimal(0)), Decimal(told.highest or moved))


def _share(seed: str) -> Decimal:
    """The same number between 0 and 1 for the same words, every time."""
    return Decimal(int.from_bytes(sha256(seed.encode()).digest()[:4])) / Decimal(2**32)


def _years(count: int, today: date) -> list[tuple[str, date]]:
    """The latest `count` years that are over, each with its last day."""
    return [(str(year), date(year, 12, 31)) for year in range(today.year - count, today.year)]


def _months(count: int, today: date) -> list[tuple[str, date]]:
    """The latest `count` months that are over, each with its last day."""
    found: list[tuple[str, date]] = []
    last = today.replace(day=1) - timedelta(days=1)
    for _index in range(count):
        found.append((f"{last:%Y-%m}", last))
        last = last.replace(day=1) - timedelta(days=1)
    return found[::-1]


def _revise(by: Actor, fiber: Indicator, today: date) -> None:
    """A value that was counted wrong and put right, so that the page has something to say about what was known when."""
    year = str(today.year - 2)
    record_value(
        by=by,
        indicator=fiber,
        period=year,
        value=Decimal(92),
        learned_at=_noon(date(today.year, 3, 2)),
        note="En operatör hade räknat samma hus två gånger",
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), STOCKHOLM)

from datetime import datetime
from decimal import Decimal

from medskick.kernel.organisations.actor import Actor
from medskick.lib.dates import STOCKHOLM
from medskick.measure.indicators.actions import create_indicator, record_value
from medskick.measure.indicators.models import Direction, Indicator, Missing


def fibre(by: Actor, *values: str | None, first: int = 2019, **more: object) -> Indicator:
    """An indicator with a value a year; None is a year that was not measured."""
    given = {"title": "Hushåll med fiber", "theme": "Bredband", "unit": "%", "key": "fiber", "source": "Kommunens egen"}
    given |= {"phrase": "Fiber når {värde} av hushållen", "direction": Direction.HIGHER}
    given |= {"lowest": Decimal(0), "highest": Decimal(100)}
    made = create_indicator(by=by, **{**given, **more})
    for place, text in enumerate(values):
        record_value(
            by=by,
            indicator=made,
            period=str(first + place),
            value=Decimal(text) if text else None,
            missing="" if text else Missing.NOT_COLLECTED,
        )
    return made


def moment(year: int, month: int = 3, day: int = 4) -> datetime:
    return datetime(year, month, day, 12, tzinfo=STOCKHOLM)

"""Reads of benefits that pages and flows ask for."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from medskick.design.charts import Chart, Series, line_chart
from medskick.plan.benefits.models import Benefit, BenefitQuerySet
from medskick.plan.benefits.verdict import Measured, Promise, judge


def find_benefits_for_indicator(indicator_number: str) -> BenefitQuerySet:
    """The promises that the reader may read and that this indicator measures, the one due first on top."""
    return Benefit.objects.for_indicator(indicator_number).with_outcomes().order_by("due", "pk")


def benefits_with_indicator(owner: UUID | None) -> list[Benefit]:
    """An organisation's promises that some indicator measures, with what has been measured. Two queries."""
    measured = Benefit.objects.filter(owner_id=owner).exclude(indicator_number="")
    return list(measured.with_outcomes().order_by("due", "pk"))


def chart_of(promise: Promise, measured: Sequence[Measured], today: date) -> Chart:
    """Baseline and outcomes as a line with the target across it; the finding is the title."""
    points: list[tuple[int | date | str, float | None]] = [
        (f"{promise.baseline_period}, före", float(promise.baseline)),
        *((one.period, float(one.value)) for one in _last_of_each_period(measured)),
    ]
    if len(points) == 1:
        points.append(("nästa mätning", None))
    return line_chart(
        judge(promise, measured, today).sentence.rstrip("."),
        [Series(promise.measured_as, points)],
        unit=promise.unit,
        target=float(promise.target),
        y_from_zero=min(promise.baseline, promise.target) >= 0,
    )


def _last_of_each_period(measured: Sequence[Measured]) -> list[Measured]:
    """A period that was measured again counts as measured last."""
    return list({one.period: one for one in measured}.values())

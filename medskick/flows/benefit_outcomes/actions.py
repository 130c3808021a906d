"""What was measured tells whether what was promised came true: an indicator's newest value becomes a benefit's outcome."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope
from medskick.measure import api as measure
from medskick.plan import api as plan


@dataclass(frozen=True, slots=True)
class Fed:
    """How many promises were looked at, and the outcomes that were written down."""

    looked_at: int
    outcomes: list[plan.Outcome]


def feed_outcomes(*, by: Actor, measured_on: date | None = None, indicator: measure.Indicator | None = None) -> Fed:
    """Bring the newest value of each indicator to the acting organisation's promises that it measures.

    A value that is missing, or of a period that ended before the promise or has been written down, changes nothing.
    Only promises of the acting organisation are written to; the indicator may be anybody's that the scope reads.
    """
    promises = plan.benefits_with_indicator(owner=current_scope().acting)
    if indicator is not None:
        promises = [one for one in promises if one.indicator_number == indicator.key]
    outcomes = []
    for benefit in promises:
        source = indicator or measure.find_indicator(benefit.indicator_number, owner=benefit.owner_id)
        newest = newest_value(source, about=benefit.owner_id) if source is not None else None
        if source is None or newest is None or newest.value is None or _proves_nothing(newest.period, benefit):
            continue
        before = {one.pk for one in benefit.outcomes.all()}
        outcome = plan.record_outcome(
            by=by,
            benefit=benefit,
            value=newest.value,
            period=newest.period,
            measured_on=measured_on,
            measured_by_item=source.item,
        )
        if outcome.pk not in before:
            outcomes.append(outcome)
    return Fed(len(promises), outcomes)


def _proves_nothing(period: str, benefit: plan.Benefit) -> bool:
    return period == benefit.baseline_period or benefit.was_promised_after(period)


def newest_value(indicator: measure.Indicator, *, about: UUID | None) -> measure.Value | None:
    """The indicator's value of its latest period, about an organisation; where it has none of its own, the owner's."""
    values = measure.series(indicator, about) or measure.series(indicator)
    return values[-1] if values else None

"""A measured value becomes the outcome of a promise, once."""

from datetime import date
from decimal import Decimal

from medskick.flows.benefit_outcomes.actions import feed_outcomes
from medskick.kernel.tests.world import World
from medskick.measure import api as measure
from medskick.plan import api as plan


def promise(world: World) -> plan.Benefit:
    initiative = plan.propose_initiative(by=world.owner, title="Boka utan app", unit=world.unit)
    return plan.promise_benefit(
        by=world.owner,
        initiative=initiative,
        sentence="Kortare väntan i telefon",
        baseline=Decimal(9),
        baseline_period="2025",
        target=Decimal(4),
        unit="min",
        due=date(2027, 1, 1),
        indicator_number="vantetid",
    )


def test_the_newest_value_is_written_down_once(world: World) -> None:
    with world.acting(world.owner):
        promise(world)
        assert feed_outcomes(by=world.owner).outcomes == []
        indicator = measure.create_indicator(
            by=world.owner, key="vantetid", title="Väntetid", theme="Kontakt", unit="min"
        )
        measure.record_value(by=world.owner, indicator=indicator, period="2025", value=Decimal(9))
        assert feed_outcomes(by=world.owner).outcomes == []
        measure.record_value(by=world.owner, indicator=indicator, period="2026", value=Decimal(3))
        [outcome] = feed_outcomes(by=world.owner).outcomes
        assert (outcome.period, outcome.value) == ("2026", Decimal(3))
        assert feed_outcomes(by=world.owner).outcomes == []


def test_another_organisation_writes_to_no_promise_of_ours(world: World) -> None:
    with world.acting(world.owner):
        promise(world)
    with world.acting(world.stranger):
        assert feed_outcomes(by=world.stranger).looked_at == 0

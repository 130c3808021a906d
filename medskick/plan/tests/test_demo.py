"""Plan's part of the example year is built by the verbs and leaves something of every kind."""

from datetime import date

from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.demo import NEEDS, fill_out
from medskick.plan.models import Need, NeedDecision, PlanVersion
from medskick.plan.tests.factories import action_plan, activity, decided, initiative

TODAY = date(2026, 11, 24)


def test_the_year_has_needs_from_six_networks_in_every_state(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        for title in ("Den beslutade", "Nästa"):
            activity(world, action_plan(world.owner, title), made)
        decided(world.owner, plan.ActionPlan.objects.get(title="Den beslutade"))
        assert fill_out(by=world.owner, networks={"Socialnätverket": world.network}, today=TODAY) >= 34
        assert len(NEEDS) == 6
        states = set(Need.objects.values_list("state", flat=True))
        assert states == set(NeedDecision.STATES)
        assert Need.objects.unmapped().count() == 5
        assert {str(version.number) for version in PlanVersion.objects.all()} == {"0.1", "0.2", "0.3", "1.0"}
        assert plan.horizon_counts(world.tanum.id) == {1: 0, 3: 1, 5: 1, 10: 0, None: 1}
        assert plan.Activity.objects.in_force().get().last_progress.step == "started"

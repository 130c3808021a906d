"""One voice through plan: need, initiative, decision, activity, promise, outcome, read from both ends."""

from datetime import date
from decimal import Decimal

from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Notification
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after, steps_before
from medskick.plan import api as plan
from medskick.plan.moments import moment_of
from medskick.plan.tests.factories import action_plan, activity, benefit, decided, initiative, need


def a_voice(world: World) -> Item:
    return create_item(
        by=world.owner,
        kind="kernel.document",
        title="Rösten",
        level=Level.PARTIES,
        readers=[world.resident.person, world.owner.person],
        occurred_at=moment_of(date(2026, 9, 17)),
    )


def whole_chain(world: World) -> Item:
    """Everything that came of one voice, in the scope that is open."""
    voice = a_voice(world)
    follow(voice, by=world.owner, follower=world.resident.person)
    said = need(world.owner, sources=[voice], said_on=date(2026, 9, 18))
    made = initiative(world.owner, needs=[said])
    draft = action_plan(world.owner)
    activity(world, draft, made)
    decided(world.owner, draft)
    promise = benefit(world.owner, made)
    plan.record_outcome(
        by=world.owner, benefit=promise, value=Decimal(3), period="nov 2026", measured_on=date(2026, 11, 20)
    )
    return voice


def test_the_trace_of_a_voice_tells_the_whole_chain_in_order(world: World) -> None:
    with world.acting(world.owner):
        voice = whole_chain(world)
        steps = steps_after(voice)
        assert [str(step.kind.trace_step) for step in steps] == [
            "Samlat",
            "Insats",
            "Handlingsplan",
            "Genomförande",
            "Löfte om nytta",
            "Hjälpte det?",
        ]
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert steps[-1].title == "Väntetid 9 → 3 min (mål 4)"
        assert steps[2].summary == "E-rådet beslutade: Planen antas."


def test_the_one_who_spoke_reads_what_is_public_and_is_told_of_the_rest(world: World) -> None:
    with world.acting(world.owner):
        voice = whole_chain(world)
    with world.acting(world.resident):
        seen = {str(step.kind.trace_step): step.readable for step in steps_after(voice)}
        assert seen == {
            "Samlat": False,
            "Insats": True,
            "Handlingsplan": True,
            "Genomförande": True,
            "Löfte om nytta": True,
            "Hjälpte det?": True,
        }
        assert Notification.objects.count() >= 4


def test_from_the_outcome_one_reads_back_to_the_voice(world: World) -> None:
    with world.acting(world.owner):
        voice = whole_chain(world)
        outcome = plan.Outcome.objects.get()
        assert voice.pk in {step.item for step in steps_before(outcome.item)}


def test_a_stranger_reads_the_decision_and_not_the_working_paper(world: World) -> None:
    with world.acting(world.owner):
        whole_chain(world)
        assert plan.PlanVersion.objects.count() == 2
    with world.acting(world.stranger):
        assert [version.number for version in plan.PlanVersion.objects.all()] == ["1.0"]
        assert plan.Need.objects.count() == 0
        assert plan.Initiative.objects.count() == 1
        assert plan.Activity.objects.count() == 1
        assert plan.Benefit.objects.count() == plan.Outcome.objects.count() == 1

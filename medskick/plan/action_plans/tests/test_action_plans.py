"""Action plans: vague activities, versions, the decision that locks and opens, and how far an activity is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from medskick.kernel.records.models import Item, Level, Link, Record, Relation
from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.action_plans.vagueness import vague_points
from medskick.plan.models import Activity, PlanDecision, PlanVersion
from medskick.plan.tests.factories import action_plan, activity, benefit, decided, initiative

CLEAR = {
    "title": "Öppna telefontid på tre servicekontor",
    "has_owner": True,
    "start": date(2026, 1, 1),
    "end": date(2026, 6, 30),
    "measure": "Tre kontor öppna",
}


@pytest.mark.parametrize(
    ("change", "vague"),
    [
        ({}, []),
        ({"title": "Se över rutinerna"}, []),
        ({"title": "Digital kompetens"}, ["title"]),
        ({"title": "Verka för bättre samverkan"}, ["title"]),
        ({"title": "Öppna"}, ["title"]),
        ({"title": ""}, ["title"]),
        ({"has_owner": False}, ["unit"]),
        ({"start": None}, ["start"]),
        ({"end": None}, ["end"]),
        ({"end": date(2025, 12, 31)}, ["end"]),
        ({"measure": ""}, ["measure"]),
        ({"measure": "bättre"}, ["measure"]),
        (
            {"title": "Mod", "has_owner": False, "start": None, "end": None, "measure": ""},
            ["title", "unit", "start", "end", "measure"],
        ),
    ],
)
def test_what_makes_an_activity_vague_is_told_by_field(change: dict, vague: list[str]) -> None:
    points = vague_points(**{**CLEAR, **change})
    assert list(points) == vague
    assert all(point.endswith(".") for point in points.values())


def test_a_vague_activity_is_refused_with_every_reason_and_not_saved(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        with pytest.raises(plan.VagueActivity) as refused:
            activity(world, draft, made, title="Samverkan", unit=None, measure="")
        assert list(refused.value.points) == ["title", "unit", "measure"]
        assert Activity.objects.count() == 0


def test_working_versions_keep_what_they_said(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        first = activity(world, draft, made)
        plan.revise_plan(by=world.owner, plan=draft, reason="Efter remissen")
        with pytest.raises(plan.LockedPlan, match="nyare version"):
            plan.remove_activity(by=world.owner, activity=first)
        plan.remove_activity(by=world.owner, activity=plan.newest_version(draft).activities.get())
        said = {version.number: version.activities.count() for version in PlanVersion.objects.newest_first()}
        assert said == {"0.2": 0, "0.1": 1}
        assert [link.relation for link in Link.objects.filter(to_kind="plan.plan_version")] == [Relation.REPLACES]


def test_a_decision_registers_locks_and_opens(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        promise = benefit(world.owner, made)
        version = decided(world.owner, draft)
        assert (version.number, version.decision.body, version.decision.by_name) == ("1.0", "E-rådet", "Olle Ägare")
        opened = [version.pk, made.pk, promise.pk, version.activities.get().item_id]
        assert set(Item.objects.filter(pk__in=opened).values_list("level", flat=True)) == {Level.PUBLIC}
        working = PlanVersion.objects.get(major=0)
        assert working.item.level == Level.ORGANISATION
    with world.acting(world.owner):
        assert Record.objects.get(item=version.item).diary_number == "T 2026-00001"


def test_what_is_decided_is_changed_by_no_verb_and_no_statement(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        version = decided(world.owner, draft)
        line = version.activities.get()
        with pytest.raises(plan.LockedPlan, match="beslutad och låst"):
            activity(world, draft, made)
        with pytest.raises(plan.LockedPlan):
            plan.remove_activity(by=world.owner, activity=line)
        with pytest.raises(plan.LockedPlan):
            decided(world.owner, draft)
        statements = [
            lambda: Activity.objects.filter(pk=line.pk).update(cost=0),
            lambda: Activity.objects.filter(pk=line.pk).delete(),
            lambda: Activity.objects.filter(version__major=0).update(version=version),
            lambda: Activity.objects.bulk_create([replace_of(line)]),
            lambda: PlanVersion.objects.filter(pk=version.pk).update(reason="Ändrad"),
            lambda: PlanVersion.objects.filter(pk=version.pk).delete(),
            lambda: PlanDecision.objects.update(body="Någon annan"),
            lambda: PlanDecision.objects.all().delete(),
        ]
        for statement in statements:
            with pytest.raises(DatabaseError), transaction.atomic():
                statement()
        line.refresh_from_db()
        assert line.cost == 120_000


def replace_of(line: Activity) -> Activity:
    names = ("version_id", "initiative_id", "unit_id", "lead_id", "start", "end", "measure")
    return Activity(title="Smuggla in en rad", **{name: getattr(line, name) for name in names})


def test_after_a_decision_the_next_working_version_leads_to_the_next_whole_number(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        decided(world.owner, draft)
        assert plan.revise_plan(by=world.owner, plan=draft, reason="Nytt år").number == "1.1"
        activity(world, draft, made, title="Utbilda hemtjänsten i fem kommuner")
        second = decided(world.owner, draft, date(2026, 11, 1))
        assert (second.number, second.activities.count()) == ("2.0", 2)
        assert [version.number for version in PlanVersion.objects.in_force()] == ["2.0"]
        assert plan.version_in_force(world.tanum.id) == second


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decided_on": timezone.localdate() + timedelta(days=1)}, "framtiden"),
        ({"body": " "}, "vem som beslutade"),
        ({"decision_text": ""}, "vem som beslutade"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(world: World, change: dict, said: str) -> None:
    given = {"decided_on": date(2026, 10, 12), "body": "E-rådet", "decision_text": "Antas."}
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        with pytest.raises(ValueError, match="inga aktiviteter"):
            plan.decide_plan(by=world.owner, plan=draft, **given)
        activity(world, draft, made)
        with pytest.raises(ValueError, match=said):
            plan.decide_plan(by=world.owner, plan=draft, **{**given, **change})
        assert PlanDecision.objects.count() == 0


def test_a_stranger_and_a_politician_decide_nothing(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        with pytest.raises(PermissionDenied):
            decided(replace(world.owner, roles=frozenset({"politician"})), draft)
    with world.acting(world.stranger):
        assert plan.ActionPlan.objects.count() == Activity.objects.count() == 0
        with pytest.raises(PermissionDenied):
            decided(world.stranger, draft)


def test_an_activity_says_how_far_it_is_without_being_changed(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        line = activity(world, draft, made)
        with pytest.raises(ValueError, match="inte beslutad"):
            plan.report_progress(by=world.owner, activity=line, step="started")
        line = decided(world.owner, draft).activities.get()
        assert line.item.summary == "Planerat: 2 november 2026 – 31 mars 2027. Samhällsbyggnad, Tanum."
        with pytest.raises(ValueError, match="inte påbörjad"):
            plan.report_progress(by=world.owner, activity=line, step="finished")
        plan.report_progress(by=world.owner, activity=line, step="started")
        plan.report_progress(by=world.owner, activity=line, step="finished", note="Alla tre är öppna.")
        assert line.item.summary.startswith("Klart ")
        assert line.last_progress.step == "finished"

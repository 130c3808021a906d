"""Did it help? Promises, outcomes, what can honestly be said, and the reminder when the day has come."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Link, Relation
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.benefits.queries import chart_of
from medskick.plan.benefits.verdict import Finding, Measured, Promise, judge
from medskick.plan.models import Benefit, Outcome
from medskick.plan.tests.factories import action_plan, activity, benefit, decided, initiative

DUE = date(2026, 6, 30)
LOWER = Promise("Väntetid", Decimal(9), "våren 2026", Decimal(4), "min", DUE)
HIGHER = Promise("Nöjda", Decimal(61), "2025", Decimal(80), "%", DUE)


def at(value: float, day: date = date(2026, 5, 1)) -> Measured:
    return Measured(Decimal(str(value)), day.strftime("%Y-%m"), day)


@pytest.mark.parametrize(
    ("promise", "measured", "finding", "sentence"),
    [
        (LOWER, [], Finding.NOT_YET, "Vi vet inte än. Målet är 4\u00a0min. Det mäts senast 30 juni."),
        (LOWER, [at(6)], Finding.ON_THE_WAY, "På väg: 6\u00a0min (2026-05), från 9\u00a0min. Målet är 4\u00a0min."),
        (LOWER, [at(9)], Finding.UNCHANGED, "Inget har ändrats: 9\u00a0min (2026-05), precis som från början."),
        (
            LOWER,
            [at(9.5)],
            Finding.WORSE,
            "Det har blivit sämre: 9,5\u00a0min (2026-05), det var 9\u00a0min från början.",
        ),
        (LOWER, [at(4)], Finding.REACHED, "Målet är nått: 4\u00a0min (2026-05), målet var 4\u00a0min."),
        (
            LOWER,
            [at(3), at(7)],
            Finding.ON_THE_WAY,
            "På väg: 7\u00a0min (2026-05), från 9\u00a0min. Målet är 4\u00a0min.",
        ),
        (LOWER, [at(5, DUE)], Finding.MISSED, "Målet nåddes inte i tid: 5\u00a0min (2026-06), målet var 4\u00a0min."),
        (HIGHER, [at(83)], Finding.REACHED, "Målet är nått: 83\u00a0% (2026-05), målet var 80\u00a0%."),
        (HIGHER, [at(60)], Finding.WORSE, "Det har blivit sämre: 60\u00a0% (2026-05), det var 61\u00a0% från början."),
    ],
)
def test_what_is_said_is_what_was_measured_last(
    promise: Promise, measured: list[Measured], finding: Finding, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medskick.lib.dates.today_here", lambda: date(2026, 5, 2))
    verdict = judge(promise, measured, date(2026, 5, 2))
    assert (verdict.finding, verdict.sentence) == (finding, sentence)


def test_what_was_measured_before_the_promise_proves_nothing() -> None:
    promised = replace(HIGHER, promised_on=date(2026, 4, 18))
    early = [Measured(Decimal(83), period, date(2026, 5, 1)) for period in ("2025", "2026-03")]
    verdict = judge(promised, early, DUE)
    assert (verdict.finding, verdict.share) == (Finding.TOO_EARLY, None)
    assert "83\u00a0% (2026-03), är från tiden före löftet" in verdict.sentence
    for after in ("2026", "2026-04", "våren 2026"):
        later = [*early, Measured(Decimal(84), after, date(2026, 5, 2))]
        assert judge(promised, later, DUE).finding == Finding.REACHED


def test_a_day_that_has_passed_without_measuring_is_said_to_have_passed() -> None:
    assert "Det skulle ha mätts" in judge(LOWER, [], DUE + timedelta(days=1)).sentence


NUMBERS = st.decimals(-1000, 1000, places=2)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_reached_means_reached_whichever_way_is_better(baseline: Decimal, target: Decimal, value: Decimal) -> None:
    if baseline == target:
        return
    promise = Promise("Mått", baseline, "2025", target, "", DUE)
    reached = value >= target if target > baseline else value <= target
    assert (judge(promise, [Measured(value, "2026", date(2026, 1, 1))], DUE).finding is Finding.REACHED) == reached


def test_a_promise_that_changes_nothing_or_says_nothing_is_refused(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        for change in ({"target": Decimal(9)}, {"sentence": " "}):
            with pytest.raises(ValueError):
                benefit(world.owner, made, **change)
        assert Benefit.objects.count() == 0


def test_an_outcome_is_linked_written_once_and_never_changed(world: World) -> None:
    with world.acting(world.owner):
        promise = benefit(world.owner, initiative(world.owner))
        source = create_item(by=world.owner, kind="kernel.document", title="Telefonstatistik")
        given = {"by": world.owner, "benefit": promise, "value": Decimal(6), "period": "hösten 2026"}
        first = plan.record_outcome(**given, measured_by_item=source)
        assert plan.record_outcome(**given) == first
        links = {(one.from_item_id, one.relation) for one in Link.objects.filter(to_item_id=first.pk)}
        assert links == {(promise.pk, Relation.MEASURED_BY), (source.id, Relation.GAVE_RISE_TO)}
        for statement in (lambda: Outcome.objects.update(value=0), lambda: Outcome.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                statement()


def test_strangers_measure_nothing_and_read_only_what_is_public(world: World) -> None:
    with world.acting(world.owner):
        promise = benefit(world.owner, initiative(world.owner))
    with world.acting(world.stranger):
        assert Benefit.objects.count() == 0
        with pytest.raises(PermissionDenied):
            plan.record_outcome(by=world.stranger, benefit=promise, value=Decimal(1), period="2026")


def test_what_is_promised_after_the_decision_is_public_at_once(world: World) -> None:
    with world.acting(world.owner):
        draft, made = action_plan(world.owner), initiative(world.owner)
        activity(world, draft, made)
        decided(world.owner, draft)
        promise = benefit(world.owner, made)
        plan.record_outcome(by=world.owner, benefit=promise, value=Decimal(6), period="2026")
    with world.acting(world.stranger):
        assert Benefit.objects.count() == Outcome.objects.count() == 1


def test_a_follow_up_is_owed_on_the_day_once_and_done_by_the_outcome(world: World) -> None:
    with world.acting(world.owner):
        promise = benefit(world.owner, initiative(world.owner, unit=world.unit), due=DUE)
        benefit(world.owner, initiative(world.owner, "Senare"), due=DUE + timedelta(days=400))
        counts = [plan.remind_of_due_benefits(by=world.owner, today=DUE + timedelta(days=day)) for day in (-1, 0, 1)]
        assert counts == [0, 1, 0]
        task = Task.objects.get()
        assert (task.what, task.verb, task.due, task.unit_id) == (
            "Nytta att följa upp: Boka utan app",
            "för in",
            DUE,
            world.unit.id,
        )
        assert world.client(world.owner).get(task.url).status_code == 200
        plan.record_outcome(by=world.owner, benefit=promise, value=Decimal(3), period="juli 2026", measured_on=DUE)
        assert list(Task.objects.open()) == []
        assert plan.remind_of_due_benefits(by=world.owner, today=DUE + timedelta(days=2)) == 0


def test_an_indicator_finds_the_promises_that_it_measures(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        promise = benefit(world.owner, made, indicator_number="vantetid")
        benefit(world.owner, made, sentence="Utan nyckeltal")
        assert list(plan.find_benefits_for_indicator("vantetid")) == [promise]
        assert list(plan.find_benefits_for_indicator("")) == []
        assert plan.benefits_with_indicator(owner=world.tanum.id) == [promise]


def test_the_chart_says_the_finding_and_shows_every_value_in_its_table() -> None:
    chart = chart_of(HIGHER, [at(70, date(2026, 1, 1)), at(83, date(2026, 5, 1))], DUE)
    assert chart.title == "Målet är nått: 83\u00a0% (2026-05), målet var 80\u00a0%"
    assert list(chart.table.rows) == [["2025, före", 61.0], ["2026-01", 70.0], ["2026-05", 83.0]]
    assert list(chart_of(HIGHER, [], DUE).table.rows) == [["2025, före", 61.0], ["nästa mätning", None]]

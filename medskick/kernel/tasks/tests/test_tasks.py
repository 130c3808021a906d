"""Answer debt: the clock of a voice, from when it came to when it was answered, and four figures that all may see."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item
from medskick.kernel.tasks.actions import create_task, hand_over, owe_answer, settle
from medskick.kernel.tasks.models import Task
from medskick.kernel.tasks.queries import answer_debt
from medskick.kernel.tests.world import World

TODAY = date(2026, 11, 24)
ANSWERED = timezone.make_aware(datetime(2026, 11, 20, 23, 30))


def voice(world: World, *, days_ago: int) -> Item:
    item = create_item(by=world.owner, kind="kernel.document", title="En röst")
    owe_answer(item, by=world.owner, unit=world.unit, what="Svara", url="/x", since=TODAY - timedelta(days=days_ago))
    return item


def test_the_unit_s_own_number_of_days_says_when_an_answer_is_due(world: World) -> None:
    world.unit.answer_days = 10
    with world.acting(world.owner):
        item = voice(world, days_ago=3)
        task = Task.objects.get(item=item)
        assert (task.due, task.unit, task.relation) == (TODAY + timedelta(days=7), world.unit, Task.OWED_ANSWER)


def test_the_debt_is_counted_and_told_to_everyone_as_figures_only(world: World) -> None:
    with world.acting(world.owner):
        in_time, late, waiting, overdue, paused, long_ago = (
            voice(world, days_ago=days) for days in (10, 60, 5, 45, 46, 500)
        )
        for item in (in_time, late):
            assert settle(item, by=world.owner, relation=Task.OWED_ANSWER, at=ANSWERED) == 1
        Task.objects.filter(item=paused).update(paused_until=TODAY)
    expected = {"answered_in_time": 1, "answered_late": 1, "waiting": 2, "overdue": 1}
    for reach in (world.owner.scope(), world.stranger.scope(), Scope(world.sotenas.id)):
        with scope(reach):
            assert answer_debt(world.tanum.id, TODAY) == expected
            assert answer_debt(world.sotenas.id, TODAY) == dict.fromkeys(expected, 0)
    with scope(Scope(world.tanum.id)):
        assert Task.objects.count() == 0


def test_an_answer_late_in_the_evening_is_of_that_day_in_sweden(world: World) -> None:
    """23.30 in Sweden is the same day there, though the database counts in UTC; half past midnight is the next."""
    with world.acting(world.owner):
        for minutes, expected in ((0, "answered_in_time"), (60, "answered_late")):
            item = voice(world, days_ago=34)
            settle(item, by=world.owner, relation=Task.OWED_ANSWER, at=ANSWERED + timedelta(minutes=minutes))
            assert answer_debt(world.tanum.id, TODAY)[expected] == 1


def test_what_waits_for_a_person_is_hers_and_her_unit_s_by_day(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Ett ärende")
        common = {"by": world.owner, "verb": "läs", "url": "/x"}
        create_task(item, what="Enhetens", due=TODAY + timedelta(days=2), unit=world.unit.id, **common)
        create_task(item, what="Min", due=TODAY, person=world.owner.person, **common)
        create_task(item, what="Kollegans", due=TODAY, person=world.colleague.person, **common)
        mine = Task.objects.for_day(person=world.owner.person, units=world.owner.units)
        assert [task.what for task in mine] == ["Min", "Enhetens"]
        with pytest.raises(ValueError, match="enhet eller en person"):
            create_task(item, what="Ingens", due=TODAY, **common)
    page = world.client(world.owner).get("/arbete").content.decode()
    assert ("Min" in page, "Kollegans" in page) == (True, False)


def test_a_case_waits_on_the_day_of_those_who_may_answer_it(world: World) -> None:
    with world.acting(world.owner):
        voice(world, days_ago=3)
        waiting = Task.objects.for_day(person=world.owner.person, units=world.owner.units)
        assert (waiting.count(), waiting.without_owed_answers().count()) == (1, 0)


def test_a_task_handed_over_keeps_its_day(world: World) -> None:
    other = type(world.unit).objects.create(organisation=world.tanum, name="Skola")
    with world.acting(world.owner):
        item = voice(world, days_ago=3)
        before = Task.objects.get(item=item).due
        assert hand_over(item, by=world.owner, relation=Task.OWED_ANSWER, unit=other.id) == 1
        task = Task.objects.get(item=item)
        assert (task.unit_id, task.due) == (other.id, before)
        assert settle(item, by=world.owner, relation=Task.OWED_ANSWER) == 1
        assert settle(item, by=world.owner, relation=Task.OWED_ANSWER) == 0


def test_a_stranger_settles_nothing(world: World) -> None:
    with world.acting(world.owner):
        item = voice(world, days_ago=3)
    with world.acting(world.stranger):
        assert settle(item, by=world.stranger, relation=Task.OWED_ANSWER) == 0
        with pytest.raises(PermissionDenied):
            create_item(by=world.owner, kind="kernel.document", title="I fel hus")

"""What the clock does: each run with a day passed in, and a second run the same day does nothing more."""

from datetime import timedelta

from django.utils import timezone

from medskick.kernel.documents.actions import classify, fix_version, keep_unchanged, look_after
from medskick.kernel.documents.actions.watching import alarm_unpublished, ask_for_reviews, chase_referrals
from medskick.kernel.documents.jobs import look_after_documents
from medskick.kernel.documents.models import Document, VersionEvent
from medskick.kernel.documents.tests.making import make_draft, make_fixed
from medskick.kernel.documents.tests.test_referrals import DAY, answer, send
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import system
from medskick.kernel.people.actions import end_employment
from medskick.kernel.people.models import Employment
from medskick.kernel.records.classes import Classes
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World

TODAY = timezone.localdate()


def reviewed_by(world: World, days: int) -> Document:
    document = make_fixed(world).document
    with world.acting(world.owner):
        look_after(
            document,
            by=world.owner,
            review_by=TODAY + timedelta(days=days),
            responsible=world.owner.person,
            storage="platform",
        )
    return document


def test_a_review_day_becomes_a_task_for_whoever_is_responsible_once(world: World) -> None:
    document = reviewed_by(world, 10)
    machine = system(world.tanum.id)
    with world.acting(machine):
        assert ask_for_reviews(by=machine, today=TODAY + timedelta(days=9)) == 0
        assert ask_for_reviews(by=machine, today=TODAY + timedelta(days=10)) == 1
        assert ask_for_reviews(by=machine, today=TODAY + timedelta(days=11)) == 0
        task = Task.objects.open().get()
        assert (task.person_id, task.item_id) == (world.owner.person, document.pk)
    with world.acting(world.owner):
        keep_unchanged(document, by=world.owner, note="Stämmer", next_review=TODAY + timedelta(days=400))
        assert not Task.objects.open().exists()
        assert VersionEvent.objects.get(what="reviewed").note == "Ingen ändring: Stämmer"
        assert Document.objects.get().review_by == TODAY + timedelta(days=400)


def test_where_the_responsible_has_left_the_registrars_are_asked(world: World) -> None:
    reviewed_by(world, 1)
    machine = system(world.tanum.id)
    with world.acting(machine):
        end_employment(Employment.objects.get(pk=world.owner.employment), by=machine)
        ask_for_reviews(by=machine, today=TODAY + timedelta(days=1))
        assert Task.objects.open().get().person_id == world.colleague.person


def test_what_should_be_published_and_is_not_is_told_the_day_after_and_each_week(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        classify(draft.document.item, by=world.owner, classes=Classes(2, 1, 1), reason="Namn")
        fix_version(draft, by=world.owner, reason="Klar")
        due = Task.objects.open().first().due
    machine = system(world.tanum.id)
    told = {}
    with world.acting(machine):
        for days in (0, 1, 2, 8):
            told[days] = alarm_unpublished(by=machine, today=due + timedelta(days=days))
    assert told == {0: 0, 1: 1, 2: 0, 8: 1}
    with world.acting(world.owner):
        assert Notification.objects.filter(what__contains="fortfarande inte publicerad").count() == 2


def test_a_late_answer_becomes_one_task_for_the_sender(world: World) -> None:
    referral = send(world)
    machine = system(world.tanum.id)
    with world.acting(machine):
        assert chase_referrals(by=machine, today=DAY) == 0
        assert chase_referrals(by=machine, today=DAY + timedelta(days=1)) == 1
        assert chase_referrals(by=machine, today=DAY + timedelta(days=2)) == 0
        assert Task.objects.open().get(item=referral.item).person_id == world.owner.person


def test_an_answer_in_time_is_not_chased(world: World) -> None:
    send(world)
    answer(world)
    machine = system(world.tanum.id)
    with world.acting(machine):
        assert chase_referrals(by=machine, today=DAY + timedelta(days=1)) == 0


def test_the_nightly_job_does_all_three(world: World) -> None:
    reviewed_by(world, -1)
    machine = system(world.tanum.id)
    with world.acting(machine):
        look_after_documents.run_now(by=machine)
        assert Task.objects.open().count() == 1

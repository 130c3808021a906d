"""Remiss: registered at both ends, read by those who were asked, answered, delayed or declined; the log tells who did it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from medskick.kernel.documents.actions import (
    answer_referral,
    ask_more_time,
    change_draft,
    circulate,
    classify,
    decline_referral,
    fix_version,
    give_more_time,
    refuse_more_time,
    remind,
    share_working_paper,
)
from medskick.kernel.documents.actions.referrals import due_day, waits_for_more_time
from medskick.kernel.documents.models import (
    ANSWER_KIND,
    INCOMING_ANSWER_KIND,
    INCOMING_KIND,
    REFERRAL_KIND,
    DocumentVersion,
    IncomingReferral,
    Referral,
    ReferralAnswer,
    ReferralStep,
    VersionEvent,
)
from medskick.kernel.documents.tests.making import make_draft, make_fixed
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.people.actions import end_all_employments
from medskick.kernel.records.classes import Classes
from medskick.kernel.records.models import Item, Record
from medskick.kernel.search.queries import search
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World

DAY = timezone.localdate() + timedelta(days=20)


def send(world: World, version: DocumentVersion | None = None, day: date = DAY) -> Referral:
    version = version or make_draft(world)
    with world.acting(world.owner):
        return circulate(
            version,
            by=world.owner,
            receivers=[world.sotenas.id],
            answer_by=day,
            message="Läs och svara.",
            questions=["Räcker det?", "Vad saknas?"],
        )


def came(world: World) -> IncomingReferral:
    return IncomingReferral.objects.select_related("referral__item", "item").get(owner=world.sotenas)


def answer(world: World) -> ReferralAnswer:
    with world.acting(world.stranger):
        return answer_referral(
            came(world), by=world.stranger, stance="opposes", text="Fler livbojar.", answers=["Nej.", "Livbojar."]
        )


def test_a_remiss_is_registered_here_and_comes_in_there_with_a_number_and_a_task_each(world: World) -> None:
    referral = send(world)
    with world.acting(world.owner):
        assert Record.objects.get(item=referral.item).diary_number.startswith("T ")
        assert Record.objects.get(item=referral.item).party == "Sotenäs"
        assert VersionEvent.objects.filter(what="circulated").get().note == "till Sotenäs"
        assert not Task.objects.exists()
    with world.acting(world.stranger):
        incoming = came(world)
        record = Record.objects.get(item=incoming.item)
        assert (record.owner_id, record.serial, record.party) == (world.sotenas.id, 1, "Tanum kommun")
        task = Task.objects.open().get()
        assert (task.person_id, task.due, task.owner_id) == (world.stranger.person, DAY, world.sotenas.id)
        assert world.client(world.stranger).get(task.url).status_code == 200
        logged = LogEntry.objects.get(verb=f"{INCOMING_KIND}.created")
        assert (logged.owner_id, logged.actor_kind, logged.person) == (
            world.sotenas.id,
            "system",
            world.owner.person,
        )


def test_the_receiver_reads_that_version_and_neither_the_ones_before_nor_those_after(world: World) -> None:
    first = make_draft(world)
    with world.acting(world.owner):
        second = change_draft(first, by=world.owner, title="Badplatser", values={"rules": "Till remissen"})
    send(world, second)
    with world.acting(world.owner):
        change_draft(second, by=world.owner, title="Badplatser", values={"rules": "Efter remissen"})
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [second]
        assert {event.version_id for event in VersionEvent.objects.all()} == {second.pk}
        found = search("efter remissen").items
        assert [item for item in found if item.kind in ("kernel.document", "kernel.document_version")] == []
    browser = world.client(world.stranger)
    assert "Till remissen" in browser.get(f"/arbete/dokument/version/{second.pk}").content.decode()
    assert browser.get(f"/arbete/dokument/version/{first.pk}").status_code == 404
    assert browser.get(f"/arbete/dokument/{second.document.item.number}").status_code == 404


@pytest.mark.parametrize("reader", ["regional", "resident"])
def test_those_who_were_not_asked_read_nothing_of_it(world: World, reader: str) -> None:
    send(world)
    answer(world)
    actor = getattr(world, reader)
    with world.acting(actor):
        for model in (Referral, IncomingReferral, ReferralStep, ReferralAnswer, DocumentVersion, VersionEvent):
            assert not model.objects.exists(), model
        assert not Item.objects.filter(
            kind__in=[REFERRAL_KIND, INCOMING_KIND, ANSWER_KIND, INCOMING_ANSWER_KIND]
        ).exists()
        assert search("badplatser").items == []


def test_an_answer_is_registered_as_sent_there_and_as_come_in_here(world: World) -> None:
    referral = send(world)
    made = answer(world)
    with world.acting(world.stranger):
        assert Record.objects.get(item=made.item).serial == 2
        assert not Task.objects.open().exists()
        assert Task.objects.get().done_by == world.stranger.person
    with world.acting(world.colleague):
        read = ReferralAnswer.objects.get()
        assert (read.text, read.answers) == ("Fler livbojar.", ["Nej.", "Livbojar."])
        incoming = Item.objects.get(kind=INCOMING_ANSWER_KIND)
        record = Record.objects.get(item=incoming)
        assert (record.owner_id, record.serial, record.party) == (world.tanum.id, 2, "Sotenäs kommun")
        logged = LogEntry.objects.filter(item=incoming.id, verb=f"{INCOMING_ANSWER_KIND}.created").get()
        assert (logged.actor_kind, logged.person) == ("system", world.stranger.person)
        page = world.client(world.colleague).get(f"/arbete/dokument/remisser/{referral.item_id}").content.decode()
        assert "1 av 1 har svarat" in page
        assert "Fler livbojar." in page
    with world.acting(world.owner):
        assert Notification.objects.get(follower=world.owner.person).what == "Sotenäs kommun har svarat på remissen."


def test_one_answers_once(world: World) -> None:
    send(world)
    answer(world)
    with world.acting(world.stranger):
        with pytest.raises(ValueError, match="redan svarat"):
            answer_referral(came(world), by=world.stranger, stance="supports", text="Ändrade mig")
        with pytest.raises(ValueError, match="redan svarat"):
            decline_referral(came(world), by=world.stranger, reason="Hann inte")
        # The row itself is never changed: the app role has no right to.
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralAnswer.objects.update(text="Kapad")


def test_more_time_is_asked_given_and_moves_the_task(world: World) -> None:
    referral, later = send(world), DAY + timedelta(days=7)
    with world.acting(world.stranger):
        with pytest.raises(ValueError, match="efter"):
            ask_more_time(came(world), by=world.stranger, day=DAY, reason="Hinner inte")
        ask_more_time(came(world), by=world.stranger, day=later, reason="Nämnden träffas sent")
    with world.acting(world.owner):
        task = Task.objects.open().get()
        assert (task.person_id, task.url) == (world.owner.person, f"/arbete/dokument/remisser/{referral.item_id}")
        incoming = came(world)
        waits = waits_for_more_time(incoming)
        assert waits is not None
        assert waits.day == later
        give_more_time(incoming, by=world.owner, day=later)
        assert not Task.objects.open().exists()
        assert due_day(came(world)) == later
    with world.acting(world.stranger):
        assert Task.objects.open().get().due == later
        assert Notification.objects.filter(what="Ni har fått mer tid för remissen.").exists()


def test_more_time_is_refused_with_a_reason_and_the_day_stands(world: World) -> None:
    send(world)
    with world.acting(world.stranger):
        ask_more_time(came(world), by=world.stranger, day=DAY + timedelta(days=7), reason="Hinner inte")
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="varför"):
            refuse_more_time(came(world), by=world.owner, reason=" ")
        refuse_more_time(came(world), by=world.owner, reason="Beslutet tas den dagen")
        assert due_day(came(world)) == DAY
        assert not Task.objects.open().exists()


def test_to_decline_is_a_result_with_a_reason(world: World) -> None:
    referral = send(world)
    with world.acting(world.stranger):
        decline_referral(came(world), by=world.stranger, reason="Vi har inga badplatser")
        assert not Task.objects.open().exists()
    page = world.client(world.owner).get(f"/arbete/dokument/remisser/{referral.item_id}").content.decode()
    assert "Vi har inga badplatser" in page
    with world.acting(world.owner), pytest.raises(ValueError, match="redan svarat"):
        remind(came(world), by=world.owner)


def test_each_does_only_what_is_its_own(world: World) -> None:
    send(world)
    with world.acting(world.stranger):
        incoming = came(world)
        for verb in (
            lambda: give_more_time(incoming, by=world.stranger, day=DAY),
            lambda: remind(incoming, by=world.stranger),
        ):
            with pytest.raises(PermissionDenied):
                verb()
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralStep(owner=world.tanum, incoming=incoming, what="more_time_given", by_name="Jag").save(
                force_insert=True
            )
    with world.acting(world.owner):
        incoming = came(world)
        with pytest.raises(PermissionDenied):
            answer_referral(incoming, by=world.owner, stance="supports", text="Vi håller med oss själva")
        with pytest.raises(DatabaseError), transaction.atomic():
            IncomingReferral(item=incoming.referral.item, owner=world.sotenas, referral=incoming.referral).save(
                force_insert=True
            )
    with world.acting(world.regional), pytest.raises(PermissionDenied):
        answer_referral(incoming, by=world.regional, stance="supports", text="Oombedd")


def test_what_is_very_sensitive_is_sent_to_nobody(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        classify(draft.document.item, by=world.owner, classes=Classes(3, 1, 1), reason="Namn")
        with pytest.raises(PermissionDenied):
            circulate(draft, by=world.owner, receivers=[world.sotenas.id], answer_by=DAY)
        with pytest.raises(PermissionDenied):
            share_working_paper(draft, by=world.owner, with_organisations=[world.sotenas.id], reason="Titta")
        assert not Referral.objects.exists()


@pytest.mark.parametrize("receivers", [[], "own", "unknown"])
def test_it_is_sent_to_others_that_exist_and_by_a_day_to_come(world: World, receivers: object) -> None:
    draft = make_draft(world)
    chosen = {"own": [world.tanum.id], "unknown": [world.unit.id]}.get(str(receivers), [])
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="organisation"):
            circulate(draft, by=world.owner, receivers=chosen, answer_by=DAY)
        with pytest.raises(ValueError, match="framåt"):
            circulate(draft, by=world.owner, receivers=[world.sotenas.id], answer_by=timezone.localdate())


def test_a_fixed_public_version_is_sent_as_it_is(world: World) -> None:
    fixed = make_fixed(world)
    send(world, fixed)
    with world.acting(world.stranger):
        assert came(world).referral.version == fixed
    with world.acting(world.owner):
        assert DocumentVersion.objects.get(pk=fixed.pk).item_id == fixed.item_id


def test_a_sent_draft_is_fixed_as_another_version_and_the_sent_one_stays(world: World) -> None:
    referral = send(world)
    with world.acting(world.owner):
        fixed = fix_version(referral.version, by=world.owner, reason="Efter remiss")
        assert fixed.number == "1.0"
        assert DocumentVersion.objects.get(pk=referral.version_id).number == "0.1"


def test_a_working_paper_is_shared_by_choice_with_a_reason_and_not_registered(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="varför"):
            share_working_paper(draft, by=world.owner, with_organisations=[world.sotenas.id], reason="")
        share_working_paper(draft, by=world.owner, with_organisations=[world.sotenas.id], reason="Titta")
        later = change_draft(draft, by=world.owner, title="Badplatser", values={"rules": "Senare"})
        assert not Record.objects.exists()
        assert VersionEvent.objects.get(what="shared").note == "Titta"
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [draft]
        assert not DocumentVersion.objects.filter(pk=later.pk).exists()
    with world.acting(world.regional):
        assert not DocumentVersion.objects.exists()


def test_what_has_a_secrecy_mark_is_sent_to_nobody_either(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        classify(draft.document.item, by=world.owner, classes=Classes(1, 1, 1, "OSL 18 kap. 8 §"), reason="Larm")
        with pytest.raises(PermissionDenied):
            circulate(draft, by=world.owner, receivers=[world.sotenas.id], answer_by=DAY)


def test_where_nobody_keeps_the_diary_a_unit_gets_the_task(world: World) -> None:
    machine = system(world.sotenas.id)
    with world.acting(machine):
        assert end_all_employments(by=machine) == 1
    send(world)
    with world.acting(machine):
        task = Task.objects.open().get()
        assert (task.person_id, task.unit.organisation_id) == (None, world.sotenas.id)


def test_the_documents_trace_tells_that_a_draft_was_sent_and_not_what_it_is_called(world: World) -> None:
    fixed = make_fixed(world)
    with world.acting(world.owner):
        draft = change_draft(fixed, by=world.owner, title="Badborgar", values={})
    send(world, draft)
    page = world.client().get(f"/spar/{fixed.document.item.number}").content.decode()
    assert "Ett steg som du inte får läsa" in page
    assert "Badborgar" not in page


def test_only_some_roles_send_and_answer(world: World) -> None:
    draft = make_draft(world)
    helper = Actor(
        kind="person",
        organisation=world.tanum.id,
        person=world.owner.person,
        employment=world.owner.employment,
        roles=frozenset({"helper"}),
    )
    with world.acting(helper), pytest.raises(PermissionDenied):
        circulate(draft, by=helper, receivers=[world.sotenas.id], answer_by=DAY)

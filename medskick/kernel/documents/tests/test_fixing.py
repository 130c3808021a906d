"""A draft becomes a whole number: locked for good, registered, published, announced, and what is left is a task."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction

from medskick.kernel.documents.actions import (
    LaterVersion,
    change_draft,
    classify,
    fix_version,
    note_review,
    publish_version,
)
from medskick.kernel.documents.models import Document, DocumentVersion, VersionEvent
from medskick.kernel.documents.queries import class_of, history_of, versions_of
from medskick.kernel.documents.tests.making import VALUES, make_draft, make_fixed, make_next_draft
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.classes import Classes
from medskick.kernel.records.models import Item, Level, Link, Record
from medskick.kernel.search.queries import search
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World, make_world

What = VersionEvent.What
PEOPLE = ("owner", "colleague", "stranger", "regional", "resident")


def readers_of(world: World, version: DocumentVersion) -> set[str]:
    seen = set()
    for name in PEOPLE:
        with world.acting(getattr(world, name)):
            if DocumentVersion.objects.filter(pk=version.pk).exists():
                seen.add(name)
    return seen


def test_a_draft_is_read_by_its_own_organisation_only(world: World) -> None:
    assert readers_of(world, make_draft(world)) == {"owner", "colleague"}


def test_a_units_draft_is_read_by_the_unit_also_after_a_version_was_published(world: World) -> None:
    outside = Actor(
        kind="person",
        organisation=world.tanum.id,
        person=world.colleague.person,
        employment=world.colleague.employment,
        roles=world.colleague.roles,
    )
    draft = make_draft(world, level=Level.UNIT, unit=world.unit.id)
    with world.acting(outside):
        assert not DocumentVersion.objects.filter(pk=draft.pk).exists()
    with world.acting(world.owner):
        fixed = fix_version(draft, by=world.owner, reason="Klar")
    later = make_next_draft(world, fixed)
    with world.acting(outside):
        assert list(DocumentVersion.objects.all()) == [fixed]
    with world.acting(world.colleague):
        assert DocumentVersion.objects.filter(pk=later.pk).exists()


def test_fixing_registers_publishes_and_announces_by_itself(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        follow(draft.document.item, by=world.owner, follower=world.resident.person)
        fixed = fix_version(draft, by=world.owner, reason="Beslut § 1")
    with world.acting(world.owner):
        assert (fixed.number, fixed.title, fixed.fields) == ("1.0", draft.title, draft.fields)
        record = Record.objects.get(item=fixed.item)
        assert record.serial == 1
        assert (record.confidentiality, record.integrity) == (0, 2)
        assert Item.objects.get(pk=fixed.item_id).level == Level.PUBLIC
        events = [event.what for event in reversed(history_of([fixed]))]
        assert events == [What.FIXED, What.REGISTERED, What.PUBLISHED, What.ANNOUNCED]
        assert not Task.objects.exists()
        assert Link.objects.get().to_item_id == fixed.item_id
    assert readers_of(world, fixed) == set(PEOPLE)
    with world.acting(world.resident):
        told = Notification.objects.get()
        assert told.what == "Version 1.0 är fastställd: Badplatser"
        assert world.client(world.resident).get(told.url).status_code == 200
        assert [item.id for item in search("bryggan stängs").items] == [fixed.document_id]


def test_the_next_whole_number_replaces_the_one_before(world: World) -> None:
    first = make_fixed(world)
    draft = make_next_draft(world, first)
    with world.acting(world.owner):
        second = fix_version(draft, by=world.owner, reason="Beslut § 2")
    with world.acting(world.resident):
        assert Link.objects.filter(from_item=first.item_id, to_item=second.item_id, relation="ersatter").count() == 1
        assert [one.number for one in DocumentVersion.objects.latest_first()] == ["2.0", "1.0"]
        assert [item.title for item in search("hoppborgen").items] == ["Badplatser och borgar"]
        assert search("stängs klockan tio").items == []
    with world.acting(world.owner):
        assert sorted(Record.objects.values_list("serial", flat=True)) == [1, 2]


def test_a_draft_after_a_public_version_is_never_seen_outside(world: World) -> None:
    fixed = make_fixed(world)
    draft = make_next_draft(world, fixed)
    number = fixed.document.item.number
    assert readers_of(world, draft) == {"owner", "colleague"}
    for name in ("stranger", "regional", "resident"):
        actor = getattr(world, name)
        browser = world.client(actor)
        with world.acting(actor):
            assert search("hoppborgen").items == []
            assert search("borgar").items == []
            assert not VersionEvent.objects.filter(version=draft).exists()
            assert Item.objects.get(pk=fixed.document_id).title == "Badplatser"
        pages = [
            f"/dokument/{number}",
            f"/dokument/{number}/jamforelse?fran=1.0&till=1.1",
            f"/dokument/{number}/1",
            f"/dokument/{number}/1/utskrift",
            f"/dokument/{number}/1/hamta.md",
            f"/dokument/{number}/1/hamta.json",
            "/dokument",
            "/sok?q=badplatser",
            f"/spar/{number}",
        ]
        if name != "resident":
            pages += [f"/arbete/dokument/{number}", f"/arbete/dokument/{number}/jamforelse?fran=1.0&till=1.1"]
            assert browser.get(f"/arbete/dokument/version/{draft.pk}").status_code == 404
            assert browser.get(f"/arbete/dokument/version/{draft.pk}/hamta.json").status_code == 404
        for page in pages:
            answer = browser.get(page)
            assert answer.status_code == 200, page
            body = answer.content.decode()
            assert "borg" not in body.lower(), page
            assert ">1.1<" not in body, page
    assert world.client(world.resident).get(f"/dokument/{number}/2").status_code == 404


def test_a_fixed_version_is_changed_by_nobody(world: World) -> None:
    fixed = make_fixed(world)
    with world.acting(world.owner):
        # The row policy hides it from every update, so that not one row is touched.
        assert DocumentVersion.objects.filter(pk=fixed.pk).update(title="Kapad") == 0
        assert DocumentVersion.objects.filter(pk=fixed.pk).update(fixed_at=None) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            DocumentVersion.objects.filter(pk=fixed.pk).delete()
        assert DocumentVersion.objects.get(pk=fixed.pk).title == "Badplatser"


def test_what_a_draft_says_is_not_changed_either_but_by_another_version(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        for change in ({"title": "Kapad"}, {"fields": []}, {"minor": 7}, {"by_name": "Någon annan"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                DocumentVersion.objects.filter(pk=draft.pk).update(**change)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_trigger_holds_also_for_the_tables_owner(world: World) -> None:
    """Without the row policy, as the role that migrates: the trigger by itself refuses."""
    fixed = make_fixed(world)
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table kernel_documentversion no force row level security")
        try:
            for change in ("title = 'Kapad'", "fields = '[]'", "major = 9", "fixed_at = null", "confined = true"):
                with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(using="owner"):
                    cursor.execute(f"update kernel_documentversion set {change} where id = %s", [fixed.pk])
            with pytest.raises(DatabaseError, match="no version is deleted"), transaction.atomic(using="owner"):
                cursor.execute("delete from kernel_documentversion where id = %s", [fixed.pk])
        finally:
            cursor.execute("alter table kernel_documentversion force row level security")


def test_only_some_roles_fix_and_never_another_organisations(world: World) -> None:
    draft = make_draft(world)
    plain = Actor(
        kind="person",
        organisation=world.tanum.id,
        person=world.colleague.person,
        employment=world.colleague.employment,
        roles=frozenset({"helper"}),
    )
    with world.acting(plain), pytest.raises(PermissionDenied):
        fix_version(draft, by=plain, reason="Jag ville")
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        fix_version(draft, by=world.stranger, reason="Jag ville")
    with world.acting(world.owner):
        fixed = fix_version(draft, by=world.owner, reason="Klar")
        with pytest.raises(ValueError, match="redan fastställd"):
            fix_version(fixed, by=world.owner, reason="Igen")


def test_an_older_draft_is_neither_changed_nor_fixed(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.colleague):
        later = change_draft(draft, by=world.colleague, title="Badplatser", values={}, reason="Rättade")
    with world.acting(world.owner):
        for verb in (
            lambda: change_draft(draft, by=world.owner, title="Mitt", values={}),
            lambda: fix_version(draft, by=world.owner, reason="Klar"),
        ):
            with pytest.raises(LaterVersion) as told:
                verb()
            assert told.value.latest == later


def test_numbers_go_on_past_nine(world: World) -> None:
    version = make_draft(world)
    with world.acting(world.owner):
        for _turn in range(10):
            version = change_draft(version, by=world.owner, title="Badplatser", values={})
        assert version.number == "0.11"
        assert versions_of(version.document)[0] == version
        fixed = fix_version(version, by=world.owner, reason="Klar")
        assert fixed.number == "1.0"
        assert change_draft(fixed, by=world.owner, title="Badplatser", values={}).number == "1.1"


def test_withheld_with_reason_and_paragraph_is_read_by_the_own_only_and_nobody_is_told(world: World) -> None:
    first = make_fixed(world)
    with world.acting(world.owner):
        follow(first.document.item, by=world.owner, follower=world.resident.person)
    draft = make_next_draft(world, first)
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="paragraf"):
            fix_version(draft, by=world.owner, reason="Klar", openness="withheld", why_not="Larmkoder")
        with pytest.raises(ValueError, match="varför"):
            fix_version(draft, by=world.owner, reason="Klar", openness="withheld", secrecy="OSL 18 kap. 8 §")
        second = fix_version(
            draft,
            by=world.owner,
            reason="Klar",
            openness="withheld",
            why_not="Larmkoder",
            secrecy="OSL 18 kap. 8 §",
        )
    assert readers_of(world, second) == {"owner", "colleague"}
    with world.acting(world.owner):
        assert Record.objects.get(item=second.item).secrecy == "OSL 18 kap. 8 §"
        assert not Task.objects.exists()
        assert [item.id for item in search("hoppborgen").items] == [second.item_id]
    with world.acting(world.resident):
        assert not Notification.objects.filter(what__contains="2.0").exists()
        assert search("hoppborgen").items == []
    page = world.client().get(f"/dokument/{first.document.item.number}").content.decode()
    assert "1.0" in page
    assert "2.0" not in page


def test_a_class_that_is_too_high_stops_publishing_and_the_registrar_gets_a_task_until_it_is_done(
    world: World,
) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        classify(draft.document.item, by=world.owner, classes=Classes(2, 1, 1), reason="Namn på elever")
        fixed = fix_version(draft, by=world.owner, reason="Klar")
        tasks = list(Task.objects.open())
        assert {task.person_id for task in tasks} == {world.owner.person, world.colleague.person}
        assert all("publicerad" in task.what for task in tasks)
        with pytest.raises(ValueError, match="Klassningen"):
            publish_version(fixed, by=world.owner)
    assert readers_of(world, fixed) == {"owner", "colleague"}
    with world.acting(world.colleague):
        item = Item.objects.select_related("record").get(pk=fixed.item_id)
        classify(item, by=world.colleague, classes=Classes(0, 2, 1), reason="Namnen är borta")
        publish_version(fixed, by=world.colleague, reason="Namnen är borta")
        assert not Task.objects.open().exists()
        assert {task.done_by for task in Task.objects.all()} == {world.colleague.person}
    assert readers_of(world, fixed) == set(PEOPLE)


def test_to_leave_it_closed_is_a_decision_too_and_ends_the_task(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        classify(draft.document.item, by=world.owner, classes=Classes(2, 1, 1), reason="Namn på elever")
        fixed = fix_version(draft, by=world.owner, reason="Klar")
    browser, page = world.client(world.colleague), f"/arbete/dokument/version/{fixed.pk}/publicering"
    assert "Låt den vara stängd" in browser.get(page).content.decode()
    assert browser.post(page, {"verdict": "closed", "why_not": ""}).status_code == 422
    assert browser.post(page, {"note": "Öppna ändå"}).status_code == 422
    decided = {"verdict": "closed", "why_not": "Namnen behövs", "secrecy": "OSL 23 kap."}
    assert browser.post(page, decided).status_code == 302
    with world.acting(world.owner):
        assert not Task.objects.open().exists()
        event = VersionEvent.objects.filter(what=What.WITHHELD).latest("at")
        assert (event.note, event.by_name) == ("OSL 23 kap.: Namnen behövs", "Karin Kollega")
        assert Record.objects.get(item=fixed.item_id).secrecy == "OSL 23 kap."
    assert readers_of(world, fixed) == {"owner", "colleague"}


def test_a_review_is_by_somebody_else_and_stands_in_the_history(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner), pytest.raises(ValueError, match="själv"):
        note_review(draft, by=world.owner, note="Bra")
    with world.acting(world.colleague):
        note_review(draft, by=world.colleague, note="Läst utan anmärkning")
        assert [(event.what, event.by_name) for event in history_of([draft])][0] == ("reviewed", "Karin Kollega")


def test_everything_is_logged_without_any_of_the_text(world: World) -> None:
    make_fixed(world)
    with world.acting(world.owner):
        verbs = set(LogEntry.objects.values_list("verb", flat=True))
        assert {"document.version_written", "document.fixed", "record.registered", "item.published"} <= verbs
        told = str(list(LogEntry.objects.values()))
        assert VALUES["rules"] not in told
        assert class_of(Document.objects.get().item) == Classes(1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told_of_the_other() -> None:
    world = make_world()
    draft = make_draft(world)
    told: list[str] = []
    both_have_read = threading.Barrier(2)

    def saves(by: Actor) -> None:
        try:
            with world.acting(by):
                version = DocumentVersion.objects.select_related("document").get(pk=draft.pk)
                both_have_read.wait(30)
                change_draft(version, by=by, title="Badplatser", values={"rules": by.name})
                told.append("saved")
        except LaterVersion as later:
            told.append(later.latest.number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=saves, args=[by]) for by in (world.owner, world.colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["0.2", "saved"]


def test_an_open_document_opens_no_version_that_was_kept_to_the_readers(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        kept = fix_version(draft, by=world.owner, reason="Klar", openness="readers", why_not="Bara vi")
    later = make_next_draft(world, kept)
    with world.acting(world.owner):
        opened = fix_version(later, by=world.owner, reason="Klar")
    assert readers_of(world, kept) == {"owner", "colleague"}
    assert readers_of(world, opened) == set(PEOPLE)

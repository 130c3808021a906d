"""The accessibility statement of each municipality, and an obstacle told, registered and answered."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from medskick.kernel.log.models import LogEntry
from medskick.kernel.operation.models import AccessibilityReport, StatementSettings
from medskick.kernel.operation.statement_actions import answer_report, report_obstacle, save_statement
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.privacy.access import herself
from medskick.kernel.privacy.queries import my_things
from medskick.kernel.records.models import Item, Record
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World, make_world

pytestmark = pytest.mark.django_db
PAGE = "/tanum/om/tillganglighet"
TEXT = "Skärmläsaren läser inte upp knappen Skicka."


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def send(world: World, key: str = "", text: str = TEXT) -> Any:
    return world.client().post(PAGE, {"text": text, "where": "/tanum/delta", "submission_key": key or str(uuid4())})


def test_without_settings_the_statement_is_honest(world: World) -> None:
    page = world.client().get(PAGE).content.decode()
    assert "Tanum kommun" in page
    assert "<strong>delvis tillgänglig</strong>" in page
    assert "Vi har ännu inte prövat webbplatsen tillsammans med" in page
    assert "0000-123 45" in page


def test_what_the_administrator_writes_is_said_at_her_site_only(world: World) -> None:
    client = world.client(world.owner)
    answer = client.post(
        "/arbete/administration/tillganglighet/redogorelse",
        {
            "status": "not",
            "shortcomings": "Kartan går inte att använda med tangentbord.\n\nFilmer saknar text.",
            "tested_on": "2026-10-01",
            "tested_how": "En konsult gick igenom tio sidor.",
            "email": "tillganglighet@example.se",
            "phone": "0000-999 99",
            "unit": str(world.unit.id),
            "answer_days": "7",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    page = world.client().get(PAGE).content.decode()
    assert "inte tillgänglig" in page
    assert page.count("<li>Kartan går inte") == page.count("<li>Filmer saknar text.</li>") == 1
    assert "mailto:tillganglighet@example.se" in page
    assert "inom 7 dagar" in page
    assert "Kartan" not in world.client().get("/sotenas/om/tillganglighet").content.decode()


def test_wrong_settings_come_back_with_what_was_typed(world: World) -> None:
    answer = world.client(world.owner).post(
        "/arbete/administration/tillganglighet/redogorelse",
        {"status": "partly", "email": "inte en adress", "answer_days": "14", "shortcomings": "Kartan"},
    )
    assert answer.status_code == 422
    assert "Kartan</textarea>" in answer.content.decode()


def test_nobody_writes_anothers_statement(world: World) -> None:
    from django.core.exceptions import PermissionDenied
    from django.db import DatabaseError, transaction

    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        save_statement(by=world.stranger, owner=world.tanum.id, status="full")
    for by in (world.stranger, world.resident):
        with world.acting(by), pytest.raises(DatabaseError), transaction.atomic():
            StatementSettings(owner_id=world.tanum.id, status="full").save(force_insert=True)


def test_an_obstacle_is_registered_and_the_registrars_unit_owes_an_answer(world: World) -> None:
    answer = send(world)
    assert answer.status_code == 302
    with world.acting(world.owner):
        (report,) = AccessibilityReport.objects.all()
        (task,) = Task.objects.all()
        record = Record.objects.get(item_id=report.item_id)
    assert (report.text, report.where) == (TEXT, "/tanum/delta")
    assert record.year == timezone.localdate().year
    assert (task.relation, task.unit_id) == (Task.OWED_ANSWER, world.unit.id)
    assert task.due == timezone.localdate() + timedelta(days=14)
    own = world.client().get(answer["Location"])
    assert "Tack, vi har tagit emot" in own.content.decode()
    assert own["Referrer-Policy"] == "no-referrer"
    assert TEXT not in "".join(Item.objects.values_list("title", flat=True))


def test_the_answer_is_read_at_the_address_and_settles_the_debt(world: World) -> None:
    address = send(world)["Location"]
    client = world.client(world.colleague)
    listed = client.get("/arbete/administration/tillganglighet").content.decode()
    (link,) = set(re.findall(r'href="(?:/tanum)?(/arbete/administration/tillganglighet/[0-9a-f-]{36})"', listed))
    assert TEXT in client.get(link).content.decode()
    assert client.post(link, {"text": ""}).status_code == 422
    assert client.post(link, {"text": "Vi rättar den på fredag.", "submission_key": str(uuid4())}).status_code == 302
    page = world.client().get(address).content.decode()
    assert "Du har fått svar" in page
    assert "Vi rättar den på fredag." in page
    with world.acting(world.owner):
        assert not Task.objects.open().exists()
        assert LogEntry.objects.filter(verb="kernel.accessibility_report.read").count() == 2
        assert LogEntry.objects.filter(verb="accessibility_report.answered").count() == 1


def test_the_same_form_twice_is_one_report(world: World) -> None:
    key = str(uuid4())
    assert send(world, key)["Location"] == send(world, key)["Location"]
    assert send(world, key, "Något annat")["Location"] != send(world, key)["Location"]
    with world.acting(world.owner):
        assert AccessibilityReport.objects.count() == 2


def test_an_empty_report_is_told_plainly(world: World) -> None:
    answer = world.client().post(PAGE, {"text": "", "where": "/x", "submission_key": str(uuid4())})
    assert answer.status_code == 422
    assert "Skriv vad som inte gick att använda." in answer.content.decode()
    assert 'value="/x"' in answer.content.decode()


def test_whoever_was_logged_in_finds_her_report_among_her_own_things(world: World) -> None:
    with world.acting(world.resident):
        report_obstacle(by=world.resident, text=TEXT, where="/ansok", submission_key=str(uuid4()))
    with world.acting(world.colleague):
        answer_report(AccessibilityReport.objects.get(), by=world.colleague, text="Vi rättar den.")
    for by, words in (
        (world.resident, [TEXT, "/ansok", "Vi rättar den."]),
        (world.colleague, []),
        (world.stranger, []),
    ):
        with herself(by) as person:
            told = [part for thing in my_things(person) for part in [thing, *thing.parts]]
        found = [line for one in told if one.model == "kernel.accessibilityreport" for _, line in one.lines]
        assert [line[0] for line in found][:3] == words


def test_strangers_read_neither_report_nor_answer(world: World) -> None:
    with scope(Scope(world.tanum.id)):
        sent = report_obstacle(by=world.phone(world.tanum), text=TEXT, where="", submission_key=str(uuid4()))
    with world.acting(world.colleague):
        found = AccessibilityReport.objects.get()
        answer_report(found, by=world.colleague, text="Vi rättar den.")
    for by in (world.stranger, world.resident, world.phone(world.tanum)):
        with world.acting(by):
            assert not AccessibilityReport.objects.exists()
            assert not Item.objects.filter(id=found.item_id).exists()
    theirs = world.client(world.stranger)
    assert theirs.get(f"/arbete/administration/tillganglighet/{found.item_id}").status_code == 404
    wrong = sent.address[:-1] + ("0" if sent.address[-1] != "0" else "1")
    for address in (wrong, "kort", "x" * 300):
        assert world.client().get(f"/om/tillganglighet/anmalan/{address}").status_code == 404


def test_one_who_works_elsewhere_tells_the_sites_own_organisation(world: World) -> None:
    answer = world.client(world.stranger).post(PAGE, {"text": TEXT, "where": "", "submission_key": str(uuid4())})
    assert answer.status_code == 302
    with world.acting(world.owner):
        assert AccessibilityReport.objects.count() == 1
    with world.acting(world.stranger):
        assert not AccessibilityReport.objects.filter(item__owner=world.sotenas).exists()

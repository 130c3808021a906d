"""An export over the page: asked for by one, released by another, downloaded, and gone after its days."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from medskick.kernel.log.models import LogEntry
from medskick.kernel.operation.export_actions import ask_for_export, make_file, release_export, sweep_exports
from medskick.kernel.operation.export_queries import path_of
from medskick.kernel.operation.jobs import make_export
from medskick.kernel.operation.models import OrganisationExport
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope
from medskick.kernel.tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PAGE = "/arbete/administration/export"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def asked(world: World) -> OrganisationExport:
    answer = world.client(world.owner).post(PAGE, {"reason": "Beslut TA 2026-00012"})
    assert answer.status_code == 302
    with world.acting(world.owner):
        return OrganisationExport.objects.get()


def test_four_eyes_then_a_job_then_a_file(world: World) -> None:
    one = asked(world)
    mine, other = world.client(world.owner), world.client(world.colleague)
    assert mine.post(f"{PAGE}/{one.id}/godkannande").status_code == 403
    assert mine.get(f"{PAGE}/{one.id}/fil").status_code == 404
    assert "En annan administratör hos er måste godkänna" in mine.get(PAGE).content.decode()
    assert "Godkänn exporten" in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}/{one.id}/godkannande").status_code == 302
    making = mine.get(PAGE)
    assert "Görs nu" in making.content.decode()
    assert making["Refresh"] == "5"
    by = system(world.tanum.id)
    with scope(by.scope()):
        make_export.run_now(by=by, export=str(one.id))
    assert "Klar att hämta" in mine.get(PAGE).content.decode()
    answer: Any = mine.get(f"{PAGE}/{one.id}/fil")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert {"manifest.json", "verifiera.py", "metadata.json", "LÄS MIG.txt"} <= set(packed.namelist())
    assert world.client(world.stranger).get(f"{PAGE}/{one.id}/fil").status_code == 404
    with world.acting(world.owner):
        verbs = set(LogEntry.objects.filter(verb__startswith="export.").values_list("verb", flat=True))
    assert verbs == {"export.asked", "export.released", "export.made", "export.downloaded"}


def test_the_database_too_wants_two(world: World) -> None:
    one = asked(world)
    with world.acting(world.owner):
        with pytest.raises(PermissionDenied):
            release_export(one, by=world.owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationExport.objects.filter(id=one.id).update(released_by=world.owner.person)


def test_one_at_a_time_and_a_reason(world: World) -> None:
    asked(world)
    answer = world.client(world.colleague).post(PAGE, {"reason": "En till"})
    assert answer.status_code == 422
    answer = world.client(world.stranger).post(PAGE, {"reason": ""})
    assert answer.status_code == 422
    assert "Skriv varför exporten behövs." in answer.content.decode()


def test_unreleased_or_withdrawn_nothing_is_made(world: World) -> None:
    one = asked(world)
    by = system(world.tanum.id)
    with scope(by.scope()):
        make_file(one, by=by)
    assert not path_of(one).exists()
    browser, address = world.client(world.owner), f"{PAGE}/{one.id}/tillbakatagande"
    assert f'href="{address}"' in browser.get(PAGE).content.decode()
    asked_first = browser.get(address)
    assert "Ta tillbaka exporten?" in asked_first.content.decode()
    assert "Väntar på godkännande" in browser.get(PAGE).content.decode(), "a question changes nothing"
    assert world.client(world.stranger).get(address).status_code == 404
    assert browser.post(address).status_code == 302
    assert browser.get(address).status_code == 302, "nothing is left to ask about"
    assert "Borttagen" in world.client(world.owner).get(PAGE).content.decode()


def test_after_its_days_the_file_is_gone(world: World) -> None:
    one = asked(world)
    with world.acting(world.colleague):
        release_export(one, by=world.colleague)
    by = system(world.tanum.id)
    with scope(by.scope()):
        made = make_file(OrganisationExport.objects.get(), by=by)
        assert path_of(made).exists()
        assert sweep_exports(by=by) == 0
        OrganisationExport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert sweep_exports(by=by) == 1
    assert not path_of(made).exists()
    assert world.client(world.owner).get(f"{PAGE}/{one.id}/fil").status_code == 404
    assert "Tiden är ute" in world.client(world.owner).get(PAGE).content.decode()


def test_the_page_says_which_roles_and_units_stand_in_the_file(world: World) -> None:
    page = world.client(world.owner).get(PAGE).content.decode()
    assert "<code>case_officer</code> handläggare" in page
    assert "<li>Samhällsbyggnad</li>" in page
    assert "manifest.json" in page


def test_asking_needs_the_role(world: World) -> None:
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        ask_for_export(by=world.resident, reason="x")
    assert world.client(world.resident).get(PAGE).status_code == 403

"""Needs from a file, each from the meeting where it was said: the real needs analysis, and files with faults."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from medskick.flows.import_needs.actions import import_needs
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.models import Item
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import sources, steps_before

FILE = """network,date,heading,text,section,kind
Socialnätverket,2019-10-25,Digital kompetens,Alla behöver någon att fråga,9.5,need
Okänt nätverk,2019-10-17,Egen rubrik,Gemensam karta,9.4,joint_action
""".encode()


def test_each_need_came_from_a_held_meeting_and_an_unknown_network_is_proposed(world: World) -> None:
    with world.acting(world.regional):
        result = import_needs(by=world.regional, data=FILE)
        assert str(result) == "2 rader: 2 nya, 0 dubbletter, 0 fel"
        assert [step.kind.key for step in steps_before(result.needs[0].item)] == ["dialog.session"]
        assert Network.objects.filter(name="Okänt nätverk", proposed=True).count() == 1
        assert sources(result.needs[0].item).total == 0
        again = import_needs(by=world.regional, data=FILE)
        assert str(again) == "2 rader: 0 nya, 2 dubbletter, 0 fel"
        assert Item.objects.of_kind("dialog.session").count() == 2


def test_a_dry_run_and_a_file_with_one_fault_save_nothing(world: World) -> None:
    with world.acting(world.regional):
        assert str(import_needs(by=world.regional, data=FILE, dry_run=True)) == "2 rader: 2 nya, 0 dubbletter, 0 fel"
        wrong = import_needs(by=world.regional, data=FILE + b"Socialn\xc3\xa4tverket,igar,Rubrik,Text,1,need\n")
        assert [problem.line for problem in wrong.problems] == [4]
        assert not Item.objects.of_kind("plan.need", "dialog.session").exists()


def test_the_page_shows_what_would_happen_before_it_does_it(world: World) -> None:
    browser = world.client(world.regional)
    page = browser.post("/arbete/flode/importera-behov", {"file": SimpleUploadedFile("behov.csv", FILE)})
    assert page.status_code == 200
    assert "2 rader: 2 nya, 0 dubbletter, 0 fel" in page.content.decode()
    with world.acting(world.regional):
        assert not Item.objects.of_kind("plan.need").exists()
    content = page.context["form"]["content"].value()
    done = browser.post("/arbete/flode/importera-behov/spara", {"content": content})
    assert done.status_code == 302
    with world.acting(world.regional):
        assert Item.objects.of_kind("plan.need").count() == 2
    with world.acting(world.stranger):
        assert Item.objects.of_kind("plan.need").count() == 0


@pytest.mark.parametrize("content", ["", "inte base64!", "AAAA"])
def test_a_broken_second_step_saves_nothing(world: World, content: str) -> None:
    answer = world.client(world.regional).post("/arbete/flode/importera-behov/spara", {"content": content})
    assert answer.status_code == 422


def test_the_real_needs_analysis(world: World, shared: Path) -> None:
    data = (shared / "data" / "fyrbodal" / "needs.csv").read_bytes()
    with world.acting(world.regional):
        result = import_needs(by=world.regional, data=data)
        assert str(result) == "108 rader: 108 nya, 0 dubbletter, 0 fel"
        assert str(import_needs(by=world.regional, data=data)) == "108 rader: 0 nya, 108 dubbletter, 0 fel"

"""One municipality's whole way: it joins, is staffed, adopts what others share, exports all that is its own, and leaves."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from medskick.kernel.operation.jobs import make_export
from medskick.kernel.operation.models import Departure, OrganisationExport
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actions import join_region, open_unit
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import add_employee
from medskick.kernel.people.models import Employment
from medskick.kernel.people.queries import staff_actor
from medskick.kernel.people.roles import ADMINISTRATOR, PROCESS_LEADER
from medskick.kernel.sharing.models import Adoption, AdoptionDecision
from medskick.kernel.sharing.tests.story import next_version, shared_guideline
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World, browser_of, make_world
from medskick.lib.personal_number import example_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
ADMIN, SHARED = "/arbete/administration", "/arbete/gemensamt"
FILE = "namn;personnummer;e-post;titel;enhet;roller\n{rows}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def post(browser: Client, address: str, **given: Any) -> Any:
    return browser.post(address, {"submission_key": str(uuid4()), **given})


def employee(municipality: Organisation, name: str) -> Actor:
    by = system(municipality.id)
    with scope(by.scope()):
        employment = next(one for one in Employment.objects.select_related("person") if one.person.name == name)
    with scope(Scope(municipality.id, reach=frozenset({employment.person_id}))):
        actor = staff_actor(employment.person_id, employment.id)
    assert actor is not None
    return actor


def join(world: World) -> tuple[Organisation, Actor]:
    """The region lets it in; its first administrator comes by the operator's hand."""
    with world.acting(world.regional):
        munkedal = join_region(
            by=world.regional,
            region=world.region,
            name="Munkedals kommun",
            short_name="Munkedal",
            slug="munkedal",
            code="1430",
            theme="munkedal",
            monogram="MU",
        )
    by = system(munkedal.id)
    with scope(by.scope()):
        unit = open_unit(by=by, name="Kommunledning")
        for name, day in (("Ada Min", 1), ("Bo Min", 2)):
            number = example_number(date(1970, 1, day), 238).number12
            add_employee(by=by, name=name, title="Kanslichef", number=number, unit=unit, roles=[ADMINISTRATOR])
    return munkedal, employee(munkedal, "Ada Min")


def employ_by_file(administrator: Client, municipality: Organisation) -> Actor:
    """A file with one mistake is told by its row and changes nothing; mended it is taken in."""
    address = f"{ADMIN}/medarbetare/fil"
    row = "Per Led;;per@munkedal.example;Utvecklingsledare;{unit};processledare"
    wrong = FILE.format(rows=row.format(unit="Finns inte"))
    told = post(administrator, address, file=SimpleUploadedFile("fel.csv", wrong.encode()))
    assert "Finns inte" in text(told)
    right = FILE.format(rows=row.format(unit="Kommunledning"))
    plan = post(administrator, address, file=SimpleUploadedFile("ratt.csv", right.encode()))
    with scope(system(municipality.id).scope()):
        assert Employment.objects.count() == 2, "nothing is done before it is confirmed"
    kept = dict(hidden_fields(text(plan)))
    done = administrator.post(f"{address}/klart", kept)
    assert done.status_code == 302, text(done)
    leader = employee(municipality, "Per Led")
    assert leader.roles == {PROCESS_LEADER}
    return leader


def hidden_fields(html: str) -> list[tuple[str, str]]:
    form = html[html.index("/fil/klart") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    return [(name, value) for name, value in found if name != "csrfmiddlewaretoken"]


def test_a_municipality_joins_adopts_and_leaves(world: World, tmp_path: Path) -> None:
    munkedal, first = join(world)
    leader = employ_by_file(browser_of(first), munkedal)
    browser = browser_of(leader)

    # It adopts what the region shares, in its own words where it may.
    item, version = shared_guideline(world, world.region.circle, by=world.regional)
    assert "Riktlinje för svar" in text(browser.get(SHARED))
    assert post(browser, f"{SHARED}/dokument/{item.id}/stallning", status="adopted", reason="Passar").status_code == 302
    with scope(leader.scope()):
        adoption = Adoption.objects.select_related("item").get()
    page = f"{SHARED}/foljer/{adoption.item_id}"
    own = post(browser, f"{page}/falt/covers", value="Bara skolan.", reason="Skolan först")
    assert own.status_code == 302

    # A new version changes nothing by itself: it is a task, and here it is declined, with the reason.
    with world.acting(world.regional):
        second = next_version(version, world.regional, {"rules": "Inom en dag."})
    with scope(leader.scope()):
        assert [task.url for task in Task.objects.open()] == [page]
    assert "Inom en dag." not in text(browser.get(page))
    assert post(browser, f"{page}/ny-version", stand="stay", reason="Vi hinner inte").status_code == 302
    with scope(leader.scope()):
        adoption.refresh_from_db()
        assert adoption.version_id == version.id
        declined = AdoptionDecision.objects.filter(version=second).values_list("status", "reason")
        assert list(declined) == [("declined", "Vi hinner inte")]
        assert not Task.objects.open().exists()

    # It takes all that is its own along: asked for by one administrator, released by another.
    ada, bo = browser_of(first), browser_of(employee(munkedal, "Bo Min"))
    assert post(ada, f"{ADMIN}/export", reason="KF § 12").status_code == 302
    with scope(first.scope()):
        export = OrganisationExport.objects.get()
    assert bo.post(f"{ADMIN}/export/{export.id}/godkannande").status_code == 302
    by = system(munkedal.id)
    with scope(by.scope()):
        make_export.run_now(by=by, export=str(export.id))
    packed: Any = ada.get(f"{ADMIN}/export/{export.id}/fil")
    zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))).extractall(tmp_path)
    script = next(tmp_path.rglob("verifiera.py"))
    verified = subprocess.run(
        [sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    everything = " ".join(path.read_text("utf-8") for path in tmp_path.rglob("*.csv"))
    assert "Bara skolan." in everything
    assert "Olle Ägare" not in everything

    # It leaves: proposed here, confirmed by the region, and nobody of it is logged in any more.
    form = {"leaver": str(munkedal.id), "turn_to": "Munkedals egen sida", "reason": "KF § 12"}
    assert post(ada, f"{ADMIN}/uttrade", **form).status_code == 302
    with world.acting(world.regional):
        departure = Departure.objects.get()
    assert world.client(world.regional).post(f"{ADMIN}/uttrade/{departure.id}/bekraftelse").status_code == 302
    places.forget()
    assert browser.get("/arbete").status_code == 302
    assert "Munkedals egen sida" in text(Client().get("/munkedal/"))
    # What the region has is untouched, and it no longer counts Munkedal among those who follow.
    region = browser_of(world.regional)
    assert "Riktlinje för svar" in text(region.get(f"{SHARED}/delar"))
    assert "Bara skolan." not in text(region.get(f"{SHARED}/vem-foljer-vad"))


@pytest.fixture
def world(db: None) -> World:
    return make_world()

"""Who is signed in, as what, for how long; and what was typed comes back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.people import demonstration_eid
from medskick.kernel.people.actions import employ, end_employment, make_known, sweep_people
from medskick.kernel.people.demonstration_eid import InventedPerson, register_invented_people
from medskick.kernel.people.models import Employment, KeptForm, RoleAssignment
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1990, 1, 15), 980).number12
TYPED = "Bryggan behöver lagas innan sommaren kommer"


@pytest.fixture
def eid(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(demonstration_eid, "_people", {})
    register_invented_people(InventedPerson(NUMBER, "Maja Påhittad", "bor i Tanum"))
    return NUMBER


def log_in(browser: Client, number: str, **more: str) -> str:
    answer = browser.post("/logga-in/test-eid", {"number": number, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_test_eid_says_what_it_is_and_logs_in(world: World, eid: str) -> None:
    browser = world.client()
    page = browser.get("/logga-in").content.decode()
    assert "Det här är inte riktig e-legitimation" in page
    assert "Maja Påhittad" in page
    assert log_in(browser, eid) == "/"
    assert browser.get("/mina").status_code == 200


def test_there_is_no_test_eid_outside_demonstration_mode(world: World, eid: str, settings: Any) -> None:
    settings.DEMONSTRATION = False
    browser = world.client()
    assert "Maja Påhittad" not in browser.get("/logga-in").content.decode()
    assert browser.post("/logga-in/test-eid", {"number": eid}).status_code == 404
    assert browser.get("/mina").status_code == 302


def test_an_unknown_test_number_is_not_a_person(world: World, eid: str) -> None:
    assert world.client().post("/logga-in/test-eid", {"number": "190001019809"}).status_code == 404


def employed_twice(world: World) -> tuple[Client, Employment, Employment]:
    with scope(Scope(world.tanum.id)):
        person = make_known(name="Maja Påhittad", number=NUMBER)
    made = []
    for organisation in (world.tanum, world.sotenas):
        by = system(organisation.id)
        own = frozenset({organisation.id})
        with scope(Scope(organisation.id, own=own, reach=own | {person.id})):
            made.append(employ(by=by, person=person, title=f"Planerare {organisation.short_name}"))
    return Client(), *made


def test_a_person_with_two_employments_chooses_and_the_choice_shows(world: World, eid: str) -> None:
    browser, tanum, sotenas = employed_twice(world)
    assert log_in(browser, eid, next="/mina") == "/logga-in/roll?next=%2Fmina"
    page = browser.get("/logga-in/roll").content.decode()
    assert "Planerare Tanum, Tanum kommun" in page
    assert "Planerare Sotenäs, Sotenäs kommun" in page
    assert browser.get("/arbete").status_code == 403
    browser.post("/logga-in/roll?next=/", {"employment": str(sotenas.id)})
    page = browser.get("/arbete").content.decode()
    assert "Sotenäs kommun" in page
    assert "Tanum kommun" not in page
    browser.post("/logga-in/roll?next=/", {"employment": ""})
    assert browser.get("/arbete").status_code == 403


def test_nobody_takes_another_s_employment(world: World) -> None:
    browser = world.client(world.resident)
    assert browser.post("/logga-in/roll", {"employment": str(world.owner.employment)}).status_code == 404
    assert browser.post("/logga-in/roll", {"employment": "trasig"}).status_code == 404
    assert browser.get("/arbete").status_code == 403


def test_an_ended_employment_ends_the_session_at_once(world: World) -> None:
    browser = world.client(world.colleague)
    assert browser.get("/arbete").status_code == 200
    with world.acting(world.owner):
        end_employment(Employment.objects.get(id=world.colleague.employment), by=world.owner)
    assert browser.get("/arbete").status_code == 302
    assert browser.get("/mina").status_code == 302


def test_only_an_administrator_employs_and_nobody_gives_herself_a_role(world: World) -> None:
    officer = replace(world.colleague, roles=frozenset({"case_officer"}))
    with world.acting(officer), pytest.raises(PermissionDenied):
        end_employment(Employment.objects.get(id=officer.employment), by=officer)
    # The second lock: as a resident she reads her own employment, and may not write to it.
    with scope(Scope(world.tanum.id, reach=frozenset({world.colleague.person}))):
        assert Employment.objects.filter(id=world.colleague.employment).exists()
        assert Employment.objects.filter(id=world.colleague.employment).update(title="Chef") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            RoleAssignment(employment_id=world.colleague.employment, role=ADMINISTRATOR).save(force_insert=True)


def test_what_was_typed_when_the_session_ran_out_comes_back_after_log_in(world: World, eid: str) -> None:
    browser = world.client()
    sent = browser.post("/mina?flik=2", {"text": TYPED, "val": ["a", "b"], "csrfmiddlewaretoken": "x"})
    assert sent.status_code == 302
    login_page = browser.get(sent["Location"])
    assert "Det du skrev är sparat" in login_page.content.decode()
    back = login_page.context["next"]
    assert log_in(browser, eid, next=back) == back
    page = browser.get(back).content.decode()
    assert TYPED in page
    assert 'action="/mina?flik=2"' in page
    assert page.count('name="val"') == 2
    assert 'value="x"' not in page  # the old protection token does not come back


def test_a_kept_form_is_encrypted_private_and_gone_after_an_hour(world: World, eid: str) -> None:
    browser = world.client()
    sent = browser.post("/mina", {"text": TYPED})
    back = browser.get(sent["Location"]).context["next"]
    assert browser.get(back).status_code == 302  # not without logging in
    log_in(browser, eid)
    assert browser.get(f"{back}x").status_code == 404
    secret = back.rpartition("/")[2]
    with scope(Scope(world.tanum.id, reach=frozenset({reader_token(secret)}))):
        assert KeptForm.objects.update(kept_at=timezone.now() - timedelta(minutes=61)) == 1
    assert browser.get(back).status_code == 404
    sweep_people()
    with scope(Scope(world.tanum.id, reach=frozenset({reader_token(secret)}))):
        assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://ond.example/", "//ond.example", "http:ond.example", "javascript:alert(1)", "\\\\ond.example"]
)
def test_nobody_is_sent_to_another_site_after_log_in(world: World, eid: str, elsewhere: str) -> None:
    assert log_in(world.client(), eid, next=elsewhere) == "/"
    assert world.client().post("/sprak", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_the_language_is_kept_in_the_browser(world: World) -> None:
    browser = world.client()
    assert 'lang="sv"' in browser.get("/logga-in").content.decode()
    answer = browser.post("/sprak", {"language": "en", "next": "/logga-in"})
    assert answer["Location"] == "/logga-in"
    assert 'lang="en"' in browser.get("/logga-in").content.decode()
    browser.post("/sprak", {"language": "klingon"})
    assert 'lang="en"' in browser.get("/logga-in").content.decode()


def test_logging_out_ends_the_session_for_a_copied_cookie_too(world: World) -> None:
    browser, copy = world.client(world.owner), Client()
    copy.cookies["medskick"] = browser.cookies["medskick"].value
    browser.post("/logga-ut")
    assert copy.get("/mina").status_code == 302

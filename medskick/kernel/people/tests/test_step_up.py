"""What needs a surer log-in asks for one, and gives back what was typed."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from medskick.kernel.log.actions import log
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.actor import AssuranceTooLow, require_assurance, system
from medskick.kernel.people.audience import PUBLIC, RESIDENT, STAFF, audience
from medskick.kernel.people.tests.provider import LogInProvider, running_provider
from medskick.kernel.tests.world import World

real: Any = import_module(settings.ROOT_URLCONF)
SURE = "http://id.elegnamnden.se/loa/1.0/loa3"
TYPED = "Jag överklagar beslutet om bryggan"


@audience(RESIDENT, assurance="substantial")
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"gjort: {request.POST.get('text', '')}")


@audience(RESIDENT)
def by_the_service(request: HttpRequest) -> HttpResponse:
    """A service definition asks for its own level, in the view or in the verb; what was written before is undone."""
    log("test.written", by=request.actor)
    require_assurance(request.actor, "high")
    return HttpResponse("gjort")


@audience(PUBLIC, assurance="substantial")
def for_everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gjort")


@audience(STAFF, assurance="substantial")
def for_staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gjort")


urlpatterns = [
    path("sakert", guarded, name="guarded"),
    path("tjanst", by_the_service, name="by_the_service"),
    path("alla", for_everybody, name="for_everybody"),
    path("personal", for_staff, name="for_staff"),
    *real.urlpatterns,
]
handler403 = real.handler403

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def provider(world: World) -> Iterator[LogInProvider]:
    """It logs in at a low level, and with acr_values at the one that is asked for, as its own answer says."""
    with running_provider(assurance_by_acr={SURE: "substantial"}) as running:
        yield running


def logged_in(provider: LogInProvider, subject: str = "ingrid-1") -> Client:
    browser = Client()
    provider.knows(subject, name="Ingrid")
    provider.log_in(browser, subject)
    return browser


def test_a_log_in_that_is_too_low_leads_to_one_that_is_not_and_back_with_what_was_typed(
    world: World, provider: LogInProvider
) -> None:
    browser = logged_in(provider)
    sent = browser.post("/sakert?steg=2", {"text": TYPED})
    assert sent.status_code == 302
    page = browser.get(sent["Location"])
    assert "Logga in säkrare" in page.content.decode()
    assert "Det du skrev är sparat" in page.content.decode()
    back = page.context["next"]
    begun = browser.get("/logga-in/freja", {"niva": "substantial", "next": back})
    assert parse_qs(urlsplit(begun["Location"]).query)["acr_values"] == [SURE]
    provider.knows("ingrid-1", name="Ingrid", acr=SURE)
    provider.lies["/userinfo"] = lambda told: {**told, "name": "Ingrid", "acr": SURE}
    assert browser.get(provider.vouch(begun["Location"], "ingrid-1"))["Location"] == back
    kept = browser.get(back).content.decode()
    assert TYPED in kept
    assert 'action="/sakert?steg=2"' in kept
    assert browser.post("/sakert?steg=2", {"text": TYPED}).content.decode() == f"gjort: {TYPED}"


def test_what_she_had_typed_is_not_shown_to_the_next_person_on_the_same_browser(
    world: World, provider: LogInProvider
) -> None:
    browser = logged_in(provider)
    sent = browser.post("/sakert", {"text": TYPED})
    back = browser.get(sent["Location"]).context["next"]
    provider.knows("nagon-annan", name="En Annan")
    provider.log_in(browser, "nagon-annan")
    answer = browser.get(back)
    assert answer.status_code == 404
    assert TYPED not in answer.content.decode()


def test_a_level_that_the_view_or_verb_asks_for_works_alike_and_undoes_what_was_written(
    world: World, provider: LogInProvider
) -> None:
    browser = world.client(world.owner)  # substantial
    sent = browser.get("/tjanst?x=1")
    assert sent["Location"] == "/logga-in/sakrare?niva=high&next=%2Ftjanst%3Fx%3D1"
    with world.acting(world.owner):
        assert not LogEntry.objects.filter(verb="test.written").exists()


def test_a_stranger_is_asked_to_log_in_first(world: World) -> None:
    assert Client().get("/sakert")["Location"].startswith("/logga-in?")
    assert Client().get("/personal")["Location"].startswith("/logga-in?")
    assert Client().get("/alla").status_code == 403


def test_the_wrong_role_is_told_that_and_not_sent_to_a_surer_log_in(world: World) -> None:
    assert world.client(world.resident).get("/personal").status_code == 403
    assert world.client(world.owner).get("/personal").content == b"gjort"


def test_a_surer_one_than_needed_passes_and_the_step_up_page_leads_on(world: World) -> None:
    browser = world.client(world.owner)
    assert browser.get("/sakert").status_code == 200
    assert browser.get("/logga-in/sakrare?niva=low&next=/mina")["Location"] == "/mina"
    assert browser.get("/logga-in/sakrare?niva=low&next=https://ond.example/")["Location"] == "/"


def test_only_providers_that_can_give_it_are_shown(world: World, provider: LogInProvider) -> None:
    with running_provider("svag", assurance_by_acr={"x": "low"}):
        page = world.client(world.owner).get("/logga-in/sakrare?niva=high").content.decode()
        assert "Logga in med Freja" not in page
        assert "Ingen säkrare inloggning är inkopplad" in page
        page = logged_in(provider).get("/logga-in/sakrare?niva=substantial").content.decode()
        assert "Logga in med Freja" in page
        assert "Logga in med Svag" not in page


@pytest.mark.parametrize("level", ["", "skyhög", "none"])
def test_a_made_up_level_counts_as_substantial(world: World, provider: LogInProvider, level: str) -> None:
    answer = logged_in(provider).get("/logga-in/sakrare", {"niva": level})
    assert answer.status_code == (302 if level == "none" else 200)


def test_the_verb_s_own_question(world: World) -> None:
    require_assurance(world.owner, "substantial")
    require_assurance(system(world.tanum.id), "high")
    with pytest.raises(AssuranceTooLow) as refused:
        require_assurance(world.owner, "high")
    assert isinstance(refused.value, PermissionDenied)
    phone: Any = world.phone(world.tanum)
    with pytest.raises(AssuranceTooLow):
        require_assurance(phone, "low")

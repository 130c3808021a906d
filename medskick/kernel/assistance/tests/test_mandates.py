"""Mandates: given, chosen, good for what they say for as long as they say, and worth nothing afterwards."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from medskick.kernel.assistance.access import NotPossible, helpers_of
from medskick.kernel.assistance.actions.mandates import Firm, Named, Terms, end_mandate, register_mandate
from medskick.kernel.assistance.models import Company, Mandate
from medskick.kernel.assistance.tests.people import Neighbours, begin, said, send_opinion
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.records.models import Item
from medskick.kernel.tests.world import World

VOLVO = "5560125790"


def today() -> str:
    return timezone.localdate().isoformat()


def give(browser: Client, number: str, **more: Any) -> Any:
    return browser.post("/mina/ombud/nytt", {"name": "Bo", "number": number, "valid_from": today(), **more})


def mandate_of(world: World, agent: str) -> Mandate:
    person = find_person_by_number(agent)
    assert person is not None
    with scope(Scope(world.tanum.id, reach=frozenset({person}))):
        return Mandate.objects.filter(agent=person).latest("given_at")


def choose(browser: Client, mandate: Mandate) -> Any:
    return browser.post("/logga-in/roll?next=/mina", {"mandate": str(mandate.id)})


def test_a_proxy_acts_for_the_one_who_gave_it_and_she_sees_it(world: World, neighbours: Neighbours) -> None:
    astrid, bo = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    assert give(astrid, neighbours.bo).status_code == 302
    assert "Gäller" in said(astrid.get("/mina/ombud"))
    assert "För Astrid Påhittad" in said(bo.get("/logga-in/roll"))
    choose(bo, mandate_of(world, neighbours.bo))
    assert "Bo Påhittad för Astrid Påhittad" in said(bo.get("/mina"))
    receipt = send_opinion(bo)["Location"]
    assert bo.get(receipt).status_code == astrid.get(receipt).status_code == 200
    seen = said(astrid.get("/mina/hjalp"))
    assert "Bo, ditt ombud, skickade in ett ärende" in seen
    assert "Bo, ditt ombud, läste: ärende" in seen
    with world.acting(world.colleague):
        made = LogEntry.objects.get(verb="services.case.created")
    assert (made.person, made.acting_for) == (
        find_person_by_number(neighbours.bo),
        find_person_by_number(neighbours.astrid),
    )
    # As himself again he has nothing of it.
    bo.post("/logga-in/roll?next=/mina", {"employment": ""})
    assert bo.get(receipt).status_code == 404
    assert "Bo Påhittad för" not in said(bo.get("/mina"))


def test_what_was_filled_in_for_another_is_not_sent_as_one_s_own(world: World, neighbours: Neighbours) -> None:
    """Two windows: a form filled in for Astrid, and in the other one Bo becomes himself again."""
    give(neighbours.log_in(neighbours.astrid), neighbours.bo)
    neighbours.log_in(neighbours.bo)
    mandate = mandate_of(world, neighbours.bo)
    bo = world.client(replace(world.resident, person=mandate.agent))
    bo.handler.enforce_csrf_checks = True

    def token(page: str) -> str:
        return str(bo.get(page).context["csrf_token"])

    bo.post("/logga-in/roll", {"mandate": str(mandate.id), "csrfmiddlewaretoken": token("/logga-in/roll")})
    form = token("/tanum/ansok/synpunkt/ny")
    bo.post("/logga-in/roll", {"employment": "", "csrfmiddlewaretoken": token("/logga-in/roll")})
    assert "Bo Påhittad för" not in said(bo.get("/mina"))
    stale = send_opinion(bo, csrfmiddlewaretoken=form)
    assert stale.status_code == 403
    with world.acting(world.owner):
        assert LogEntry.objects.filter(verb="services.case.created").count() == 0


def test_taken_back_it_gives_nothing_at_the_very_next_request(world: World, neighbours: Neighbours) -> None:
    astrid, bo = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    give(astrid, neighbours.bo)
    mandate = mandate_of(world, neighbours.bo)
    choose(bo, mandate)
    assert astrid.post(f"/mina/ombud/{mandate.id}/avslut").status_code == 302
    late = send_opinion(bo)
    assert late["Location"].endswith("/logga-in/inte-langre?mandate")
    with world.acting(world.colleague):
        assert LogEntry.objects.filter(verb="services.case.created").count() == 0
    assert "Astrid" not in said(bo.get("/logga-in/roll"))
    assert choose(bo, mandate).status_code == 404
    assert "Avslutat" in said(astrid.get("/mina/ombud"))


@pytest.mark.parametrize(
    ("starts", "ends", "gives"), [(0, 0, True), (0, 5, True), (0, None, True), (1, 5, False), (-9, -1, False)]
)
def test_only_its_own_days(world: World, neighbours: Neighbours, starts: int, ends: int | None, gives: bool) -> None:
    bo, day = neighbours.log_in(neighbours.bo), timezone.localdate()
    astrid, agent = find_person_by_number_made(neighbours, neighbours.astrid), find_person_by_number(neighbours.bo)
    with scope(Scope(world.tanum.id, reach=frozenset({astrid}))):
        made = Mandate(
            owner=world.tanum, kind="proxy", ground="eid", principal=astrid, principal_name="Astrid", agent=agent,
            agent_name="Bo", valid_from=day + timedelta(days=starts),
            valid_until=None if ends is None else day + timedelta(days=ends),
        )  # fmt: skip
        made.save(force_insert=True)
    assert made.is_valid(day) == gives
    assert ("För Astrid" in said(bo.get("/logga-in/roll"))) == gives
    assert choose(bo, made).status_code == (302 if gives else 404)
    # Chosen while it was good, or put into the session by force: the database is asked each time.
    session = bo.session
    session["who"] = session["who"] | {"mandate": str(made.id)}
    session.save()
    assert bo.get("/mina").status_code == (200 if gives else 302)


def find_person_by_number_made(neighbours: Neighbours, number: str) -> Any:
    neighbours.log_in(number)
    return find_person_by_number(number)


def test_a_mandate_for_one_service_is_good_for_that_alone(world: World, neighbours: Neighbours) -> None:
    astrid, bo = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    older = send_opinion(astrid)["Location"]
    give(astrid, neighbours.bo, covers="services.case.synpunkt")
    choose(bo, mandate_of(world, neighbours.bo))
    assert bo.get(older).status_code == 404
    receipt = send_opinion(bo, text="Gungan i parken är trasig sedan en tid")["Location"]
    assert bo.get(receipt).status_code == 200
    assert said(bo.get("/mina")).count("Mina ärenden") == 1
    assert give(astrid, neighbours.bo, covers="services.case.finns-inte").status_code == 422


def test_a_mandate_for_something_else_sends_nothing(world: World, neighbours: Neighbours) -> None:
    neighbours.log_in(neighbours.astrid)
    bo, astrid = neighbours.log_in(neighbours.bo), find_person_by_number(neighbours.astrid)
    with scope(Scope(world.tanum.id, reach=frozenset({astrid}))):
        made = Mandate(
            owner=world.tanum, kind="proxy", ground="eid", principal=astrid, principal_name="Astrid",
            agent=find_person_by_number(neighbours.bo), agent_name="Bo", valid_from=timezone.localdate(),
            covers=["services.case.annat"],
        )  # fmt: skip
        made.save(force_insert=True)
    choose(bo, made)
    assert send_opinion(bo).status_code == 403
    with world.acting(world.owner):
        assert LogEntry.objects.filter(verb="services.case.created").count() == 0


def test_nobody_gives_herself_somebody_else_s_mandate(world: World, neighbours: Neighbours) -> None:
    neighbours.log_in(neighbours.astrid)
    bo = neighbours.log_in(neighbours.bo)
    astrid, agent = find_person_by_number(neighbours.astrid), find_person_by_number(neighbours.bo)
    fields: dict[str, Any] = {
        "owner": world.tanum,
        "kind": "proxy",
        "ground": "eid",
        "principal": astrid,
        "principal_name": "Astrid",
        "agent": agent,
        "agent_name": "Bo",
        "valid_from": timezone.localdate(),
    }
    with scope(Scope(world.tanum.id, reach=frozenset({agent}))), pytest.raises(DatabaseError), transaction.atomic():
        Mandate(**fields).save(force_insert=True)
    assert give(bo, neighbours.bo).status_code == 422  # nor is anybody her own proxy
    with scope(Scope(world.tanum.id, reach=frozenset({astrid}))), pytest.raises(IntegrityError), transaction.atomic():
        Mandate(**fields | {"agent": astrid}).save(force_insert=True)
    with world.acting(world.stranger):
        assert Mandate.objects.count() == 0
    # A mandate that is chosen with no log-in of one's own, or by another, is no choice.
    with scope(Scope(world.tanum.id, reach=frozenset({astrid}))):
        made = Mandate(**fields)
        made.save(force_insert=True)
    assert choose(world.client(world.stranger), made).status_code == 404
    assert choose(world.client(), made)["Location"].startswith("/logga-in")


def test_an_agent_gives_it_up(world: World, neighbours: Neighbours) -> None:
    astrid, bo = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    give(astrid, neighbours.bo)
    mandate = mandate_of(world, neighbours.bo)
    bo.post(f"/mina/ombud/{mandate.id}/avslut", {"reason": "Jag har flyttat"})
    ended = mandate_of(world, neighbours.bo)
    assert (ended.ended_by, ended.ended_reason) == (find_person_by_number(neighbours.bo), "Jag har flyttat")


def taken_in(world: World, **changed: Any) -> dict[str, str]:
    return {
        "kind": "proxy",
        "principal_name": "Astrid",
        "principal_number": "",
        "to": "helpers",
        "ground": "paper",
        "paper_reference": "Pärm 3, flik 2",
        "reason": "Såg fullmakten i original",
        "valid_from": today(),
        **changed,
    }


def test_a_paper_lets_the_helpers_of_one_municipality_help(world: World, neighbours: Neighbours) -> None:
    older = send_opinion(neighbours.log_in(neighbours.astrid))["Location"]
    keeper = world.client(world.owner)
    form = taken_in(world, principal_number=neighbours.astrid)
    assert keeper.post("/arbete/hjalp/uppdrag/nytt", form | {"paper_reference": ""}).status_code == 422
    assert keeper.post("/arbete/hjalp/uppdrag/nytt", form).status_code == 302
    with world.acting(world.owner):
        mandate = Mandate.objects.get()
    assert mandate.agent == helpers_of(world.tanum.id)
    seen = said(neighbours.log_in(neighbours.astrid).get("/mina/hjalp"))
    assert "Olle Ägare, Tanum kommun, förde in ett uppdrag" in seen
    # A colleague helps by it, reads what is hers; the neighbouring municipality's helper cannot.
    who = {"number": neighbours.astrid, "name": "Astrid"}
    browser = world.client(world.colleague)
    assert begin(browser, "paper", **who).status_code == 302
    assert browser.get(older).status_code == 200
    assert begin(world.client(world.stranger), "paper", **who).status_code == 422
    # It is ended, with a reason, and the colleague's next click is not Astrid's.
    address = f"/arbete/hjalp/uppdrag/{mandate.id}/avslut"
    assert world.client(world.stranger).post(address, {"reason": "x"}).status_code == 404
    assert keeper.post(address).status_code == 422
    assert keeper.post(address, {"reason": "Fullmakten är återkallad"}).status_code == 302
    assert browser.get(older)["Location"].endswith("inte-langre?assistance")
    assert "Avslutat" in said(keeper.get("/arbete/hjalp/uppdrag"))


def test_a_signatory_acts_for_the_company(world: World, neighbours: Neighbours) -> None:
    bo = neighbours.log_in(neighbours.bo)
    form = taken_in(
        world, kind="company", principal_name="Bryggan AB", principal_number="556012-5790", to="person",
        agent_name="Bo", agent_number=neighbours.bo, ground="register", reason="Registreringsbevis, firman tecknas ensam",
    )  # fmt: skip
    assert world.client(world.owner).post("/arbete/hjalp/uppdrag/nytt", form).status_code == 302
    assert "För företaget Bryggan AB" in said(bo.get("/logga-in/roll"))
    choose(bo, mandate_of(world, neighbours.bo))
    receipt = send_opinion(bo)["Location"]
    assert bo.get(receipt).status_code == 200
    with scope(Scope(None, reach=frozenset({Company.objects.get(number=VOLVO).id}))):
        assert Item.objects.of_kind("services.case").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "company"},  # a personal number is no company
        {"kind": "child"},  # a child's guardian is somebody, not the helpers
        {"to": "person"},
        {"valid_until": "2020-01-01"},
        {"reason": ""},
        {"ground": "stated"},
        {"principal_number": "19480302-0000"},
    ],
)
def test_what_does_not_fit_together_is_refused(world: World, neighbours: Neighbours, changed: dict[str, str]) -> None:
    form = taken_in(world, principal_number=neighbours.astrid) | changed
    assert world.client(world.owner).post("/arbete/hjalp/uppdrag/nytt", form).status_code == 422
    with world.acting(world.owner):
        assert Mandate.objects.count() == 0


def test_a_child_does_not_end_its_guardian(world: World, neighbours: Neighbours) -> None:
    child, guardian = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    with world.acting(world.owner):
        mandate = register_mandate(
            by=world.owner,
            kind="child",
            ground="register",
            principal=Named(neighbours.astrid, "Astrid"),
            agent=Named(neighbours.bo, "Bo"),
            terms=Terms(timezone.localdate()),
            reason="Personbevis",
        )
    assert child.post(f"/mina/ombud/{mandate.id}/avslut").status_code == 403
    assert "För Astrid" in said(guardian.get("/logga-in/roll"))


def test_the_verbs_ask_who_acts(world: World, neighbours: Neighbours) -> None:
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        register_mandate(
            by=world.resident, kind="proxy", ground="paper", principal=Named(neighbours.bo, "Bo"), agent=None,
            terms=Terms(timezone.localdate()), reason="x", paper_reference="y",
        )  # fmt: skip
    with world.acting(world.owner):
        with pytest.raises(NotPossible):
            register_mandate(
                by=world.owner, kind="proxy", ground="paper", principal=Firm(VOLVO, "V"), agent=None,
                terms=Terms(timezone.localdate()), reason="x", paper_reference="y",
            )  # fmt: skip
        mandate = register_mandate(
            by=world.owner, kind="proxy", ground="paper", principal=Named(neighbours.bo, "Bo"), agent=None,
            terms=Terms(timezone.localdate()), reason="x", paper_reference="y",
        )  # fmt: skip
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        end_mandate(mandate, by=world.stranger, reason="x")

"""Staff who log in where nobody has employed them wait for an administrator; and a provider is believed no further than its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import (
    ChangedMeanwhile,
    add_employee,
    ask_again,
    end_employment,
    let_in,
    make_known,
    recognise,
    turn_away,
)
from medskick.kernel.people.identity import Identity, LogInFailed
from medskick.kernel.people.models import AccessRequest, Employment, Person, PersonalNumber, Provider, SignIn
from medskick.kernel.people.oidc import NUMBER_CLAIM
from medskick.kernel.people.queries import find_person_by_number, find_person_by_subject
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.kernel.people.tests.provider import LogInProvider, running_provider, save_provider
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1971, 7, 6), 238).number12
EMAIL = "frida.alm@tanum.example"


@pytest.fixture
def tanums(world: World) -> Iterator[LogInProvider]:
    """Tanum's own log-in, for its employees."""
    with running_provider("tanum-konto", organisation=world.tanum, for_staff=True) as running:
        yield running


def log_in(provider: LogInProvider, subject: str, *, at: str = "/tanum", **claims: object) -> tuple[Client, Any]:
    browser = Client()
    provider.knows(subject, **claims)
    sent = browser.get(f"{at}/logga-in/{provider.row.slug}")
    assert sent.status_code == 302, sent.content.decode()
    return browser, browser.get(provider.vouch(str(sent["Location"]), subject))


def requests_at(world: World) -> list[AccessRequest]:
    with world.acting(world.owner):
        return list(AccessRequest.objects.order_by("asked_at"))


def test_she_waits_sees_so_and_nothing_else_until_she_is_let_in(world: World, tanums: LogInProvider) -> None:
    browser, answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL)
    assert (answer.status_code, answer["Location"]) == (302, "/tanum/logga-in/vantar")
    page = browser.get("/tanum/logga-in/vantar").content.decode()
    assert "Din inloggning väntar på att administratören säger ja" in page
    for closed in ("/mina", "/arbete", "/meddelanden", "/mina/inloggningar"):
        assert browser.get(closed).status_code == 302
    asked = requests_at(world)[0]
    assert (asked.name, asked.email, asked.organisation_id) == ("Frida Alm", EMAIL, world.tanum.id)
    with world.acting(world.owner):
        made = let_in(asked, by=world.owner, title="Handläggare", unit=world.unit, roles=[CASE_OFFICER])
    assert "Du är insläppt" in browser.get("/tanum/logga-in/vantar").content.decode()
    browser, answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL)
    assert answer["Location"] == "/tanum/arbete"
    assert "Frida Alm" in browser.get("/arbete").content.decode()
    with world.acting(world.owner):
        decided = AccessRequest.objects.get(id=asked.id)
        assert (decided.decision, decided.decided_by) == (AccessRequest.GRANTED, world.owner.person)
        assert Employment.objects.get(id=made.id).email == EMAIL


def test_logging_in_again_does_not_ask_twice_and_a_no_is_shown_with_its_reason(
    world: World, tanums: LogInProvider
) -> None:
    log_in(tanums, "frida", name="Frida Alm")
    browser, _answer = log_in(tanums, "frida", name="Frida Alm")
    assert len(requests_at(world)) == 1
    with world.acting(world.owner):
        turn_away(requests_at(world)[0], by=world.owner, reason="Du slutade i juni.")
    page = browser.get("/tanum/logga-in/vantar").content.decode()
    assert "Du är inte insläppt" in page
    assert "Du slutade i juni." in page
    browser, answer = log_in(tanums, "frida", name="Frida Alm")
    assert answer["Location"] == "/tanum/logga-in/vantar"
    assert len(requests_at(world)) == 1
    assert browser.get("/arbete").status_code == 302
    browser.post("/tanum/logga-in/vantar")
    browser.post("/tanum/logga-in/vantar")
    assert [one.decision for one in requests_at(world)] == [AccessRequest.REFUSED, ""]
    assert "väntar på att administratören" in browser.get("/tanum/logga-in/vantar").content.decode()


def test_the_page_is_for_the_browser_that_logged_in_only(world: World, tanums: LogInProvider) -> None:
    log_in(tanums, "frida", name="Frida Alm")
    assert Client().get("/tanum/logga-in/vantar")["Location"] == "/tanum/logga-in"


def test_one_of_two_administrators_who_answer_is_told_that_the_other_has(world: World, tanums: LogInProvider) -> None:
    log_in(tanums, "frida", name="Frida Alm")
    asked = requests_at(world)[0]
    with world.acting(world.owner):
        let_in(asked, by=world.owner, title="Handläggare")
    with world.acting(world.colleague), pytest.raises(ChangedMeanwhile):
        turn_away(asked, by=world.colleague, reason="Nej")


def test_only_tanum_s_administrators_read_and_answer(world: World, tanums: LogInProvider) -> None:
    log_in(tanums, "frida", name="Frida Alm")
    asked = requests_at(world)[0]
    for stranger in (world.stranger, world.regional):
        with world.acting(stranger):
            assert not AccessRequest.objects.exists()
            with pytest.raises(PermissionDenied):
                let_in(asked, by=stranger, title="x")
    officer = replace(world.colleague, roles=frozenset({CASE_OFFICER}))
    with world.acting(officer), pytest.raises(PermissionDenied):
        let_in(asked, by=officer, title="x")
    # The second lock: the one who waits may ask, and not answer.
    with scope(Scope(world.tanum.id, reach=frozenset({asked.person_id}))):
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessRequest.objects.filter(id=asked.id).update(decision="granted", decided_at=asked.asked_at)
        with pytest.raises(DatabaseError), transaction.atomic():
            Employment(person_id=asked.person_id, organisation=world.tanum, title="Chef").save(force_insert=True)
    with scope(Scope(world.sotenas.id, own=frozenset({world.sotenas.id}))):
        assert AccessRequest.objects.update(reason="x") == 0


def test_nobody_else_is_asked_for_nor_asked_again_after_a_yes(world: World, tanums: LogInProvider) -> None:
    log_in(tanums, "frida", name="Frida Alm")
    asked = requests_at(world)[0]
    with world.acting(world.owner):
        let_in(asked, by=world.owner, title="Handläggare")
        granted = AccessRequest.objects.get(id=asked.id)
        assert ask_again(granted, by=world.owner).id == granted.id
        employment = Employment.objects.get(person_id=asked.person_id)
        end_employment(employment, by=world.owner)
    # Her employment has ended: logging in is asking anew.
    _browser, answer = log_in(tanums, "frida", name="Frida Alm")
    assert answer["Location"] == "/tanum/logga-in/vantar"
    assert [one.decision for one in requests_at(world)] == [AccessRequest.GRANTED, ""]


def test_whoever_is_added_by_address_before_her_first_log_in_comes_straight_in(
    world: World, tanums: LogInProvider
) -> None:
    with world.acting(world.owner):
        added = add_employee(by=world.owner, name="Frida Alm", email=EMAIL.upper(), title="Handläggare")
    browser, answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL)
    assert answer["Location"] == "/tanum/arbete"
    assert find_person_by_subject(tanums.row.namespace, "frida") == added.person_id
    assert browser.get("/mina").status_code == 200


def test_an_address_that_the_provider_has_not_verified_is_nobody_s(world: World, tanums: LogInProvider) -> None:
    with world.acting(world.owner):
        add_employee(by=world.owner, name="Frida Alm", email=EMAIL, title="Handläggare")
    _browser, answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL, email_verified=False)
    assert answer["Location"] == "/tanum/logga-in/vantar"


def test_whoever_waits_is_let_in_when_she_is_added_by_her_address(world: World, tanums: LogInProvider) -> None:
    log_in(tanums, "frida", name="Frida Alm", email=EMAIL)
    with world.acting(world.owner):
        added = add_employee(by=world.owner, name="Frida Alm", email=EMAIL, title="Handläggare")
    assert [one.decision for one in requests_at(world)] == [AccessRequest.GRANTED]
    assert added.person_id == requests_at(world)[0].person_id


# A municipality's own provider, which lies.


@pytest.fixture
def evil(world: World) -> Iterator[LogInProvider]:
    with running_provider("sotenas-konto", organisation=world.sotenas, for_staff=True) as running:
        yield running


def test_it_cannot_be_anybody_by_a_personal_number(world: World, evil: LogInProvider) -> None:
    with scope(Scope(world.tanum.id)):
        victim = make_known(name="Birgit", number=NUMBER)
    _browser, answer = log_in(evil, "x", at="/sotenas", name="Ond", **{NUMBER_CLAIM: NUMBER})
    assert answer["Location"] == "/sotenas/logga-in/vantar"
    assert find_person_by_subject(evil.row.namespace, "x") not in (None, victim.id)
    assert find_person_by_number(NUMBER) == victim.id
    with scope(Scope(world.tanum.id, reach=frozenset({victim.id}))):
        assert Person.objects.get(id=victim.id).name == "Birgit"


def test_it_cannot_be_another_organisation_s_employee_by_her_address(world: World, evil: LogInProvider) -> None:
    with world.acting(world.owner):
        add_employee(by=world.owner, name="Frida Alm", email=EMAIL, title="Handläggare")
    _browser, answer = log_in(evil, "x", at="/sotenas", name="Frida Alm", email=EMAIL)
    assert answer["Location"] == "/sotenas/logga-in/vantar"


def test_it_cannot_be_its_own_employee_who_is_known_by_her_number(world: World, evil: LogInProvider) -> None:
    """She has matters of her own as a resident; for those only an identity provider may answer."""
    with world.acting(world.stranger):
        add_employee(by=world.stranger, name="Eva", number=NUMBER, email="eva@sotenas.example", title="Registrator")
    _browser, answer = log_in(evil, "x", at="/sotenas", name="Eva", email="eva@sotenas.example")
    assert answer["Location"] == "/sotenas/logga-in/vantar"
    assert find_person_by_subject(evil.row.namespace, "x") != find_person_by_number(NUMBER)


def test_it_does_not_stand_on_others_log_in_pages_nor_work_there(world: World, evil: LogInProvider) -> None:
    assert "Sotenas-Konto" in Client().get("/sotenas/logga-in").content.decode()
    assert "Sotenas-Konto" not in Client().get("/tanum/logga-in").content.decode()
    assert "Sotenas-Konto" not in Client().get("/logga-in").content.decode()
    assert Client().get("/tanum/logga-in/sotenas-konto").status_code == 404
    assert Client().get("/tanum/logga-in/sotenas-konto/svar?code=x&state=x").status_code == 404


def test_a_claim_that_must_hold_and_does_not_is_refused(world: World) -> None:
    with running_provider(
        "delad", organisation=world.tanum, for_staff=True, required_claims={"tid": "tanum"}
    ) as shared:
        for claims in ({"tid": "sotenas"}, {}, {"tid": ["sotenas"]}, {"tid": {"tanum": 1}}):
            browser, answer = log_in(shared, f"x{len(claims)}", name="X", **claims)
            assert (answer.status_code, "en annan organisation" in answer.content.decode()) == (400, True), claims
            assert browser.get("/tanum/logga-in/vantar").status_code == 302
        for claims in ({"tid": "tanum"}, {"tid": ["sotenas", "tanum"]}):
            assert log_in(shared, "y", name="Y", **claims)[1].status_code == 302, claims
    assert len(requests_at(world)) == 1


def test_a_sign_in_by_it_holds_in_its_own_organisation_only(world: World, tanums: LogInProvider) -> None:
    """Also where her person has another employment: the choice is not offered, and the database gives nobody."""
    with world.acting(world.owner):
        mine = add_employee(by=world.owner, name="Frida Alm", email=EMAIL, title="Handläggare i Tanum")
    by = world.stranger
    with scope(replace(by.scope(), reach=by.scope().reach | {mine.person_id})):
        other = Employment(person_id=mine.person_id, organisation=world.sotenas, title="Handläggare i Sotenäs")
        other.save(force_insert=True)
    browser, answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL)
    assert answer["Location"] == "/tanum/arbete"
    page = browser.get("/logga-in/roll").content.decode()
    assert "Handläggare i Sotenäs" not in page
    assert "Som privatperson" not in page
    assert browser.post("/logga-in/roll", {"employment": str(other.id)}).status_code == 404
    assert browser.post("/logga-in/roll", {"employment": ""}).status_code == 404
    for employment in (str(other.id), ""):
        session = browser.session
        session["who"] = {**session["who"], "employment": employment}
        session.save()
        assert browser.get("/mina").status_code == 302
        browser, _answer = log_in(tanums, "frida", name="Frida Alm", email=EMAIL)


def test_one_that_is_no_longer_believed_about_identity_cannot_be_whom_it_was(world: World) -> None:
    with running_provider("freja") as provider:
        provider.knows("ingrid-1", name="Ingrid", **{NUMBER_CLAIM: NUMBER})
        provider.log_in(Client(), "ingrid-1")
        known = find_person_by_number(NUMBER)
        provider.row.for_staff = True
        save_provider(provider.row)
        identity = Identity(provider.row.namespace, "ingrid-1", "Ond", "", "low", provider=provider.row)
        with scope(Scope(world.tanum.id)), pytest.raises(LogInFailed):
            recognise(identity, organisation=world.tanum.id)
        answer = provider.log_in(Client(), "ingrid-1")
        assert (answer.status_code, "räcker inte" in answer.content.decode()) == (400, True)
    with scope(Scope(world.tanum.id, reach=frozenset({known}))):
        assert PersonalNumber.objects.filter(person=known).exists()
        assert SignIn.objects.filter(person=known).count() == 1


def test_a_staff_provider_that_is_trusted_with_numbers_finds_whom_they_are(world: World) -> None:
    with world.acting(world.owner):
        added = add_employee(by=world.owner, name="Birgit", number=NUMBER, title="Kanslichef")
    with running_provider("freja-org", for_staff=True, for_identity=True) as provider:
        _browser, answer = log_in(provider, "b", name="Birgit", **{NUMBER_CLAIM: NUMBER})
        # The whole region's provider has one address for answers, whichever site she came from.
        assert str(answer["Location"]).endswith("/arbete")
        assert find_person_by_subject(provider.row.namespace, "b") == added.person_id


def test_the_whole_region_s_staff_log_in_asks_at_the_site_where_it_began(world: World) -> None:
    with running_provider("region", for_staff=True) as provider:
        log_in(provider, "frida", at="/tanum", name="Frida Alm")
    assert [one.organisation_id for one in requests_at(world)] == [world.tanum.id]


def test_a_municipality_may_write_its_own_staff_providers_in_the_database_and_no_others(world: World) -> None:
    def provider(**given: Any) -> Provider:
        return Provider(**{"slug": "x", "label": "X", "issuer": "https://x.example", "for_staff": True, **given})

    with world.acting(world.stranger):
        for wrong in (
            {"organisation": world.tanum},
            {"organisation": None},
            {"organisation": world.sotenas, "for_staff": False},
            {"organisation": world.sotenas, "for_identity": True},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                provider(**wrong).save(force_insert=True)
        provider(organisation=world.sotenas).save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            Provider.objects.update(for_identity=True)
    with scope(Scope(world.sotenas.id)):
        assert Provider.objects.update(label="Y") == 0
    with world.acting(world.regional):
        assert Provider.objects.update(for_identity=True) == 1

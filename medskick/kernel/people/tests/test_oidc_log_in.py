"""Logging in through a real provider process: what is accepted, and what is refused in plain words."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people import oidc
from medskick.kernel.people.actions import employ
from medskick.kernel.people.identity import LogInFailed
from medskick.kernel.people.models import Person, PersonalNumber, ProviderSubject
from medskick.kernel.people.oidc import COORDINATION_CLAIM, NUMBER_CLAIM
from medskick.kernel.people.queries import find_person_by_number, find_person_by_subject
from medskick.kernel.people.tests.provider import (
    TOKEN_PATH,
    USERINFO_PATH,
    LogInProvider,
    running_provider,
    save_provider,
    with_parameter,
)
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1985, 7, 9), 238).number12
COORDINATION = example_number(date(1985, 7, 9), 239, coordination=True).number12


@pytest.fixture
def provider(world: World) -> Iterator[LogInProvider]:
    with running_provider() as running:
        yield running


def is_logged_in(browser: Client) -> bool:
    return browser.get("/mina").status_code == 200


def refused(answer: Any, browser: Client) -> str:
    """The page that says, plainly, that nobody was logged in."""
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Du är inte inloggad" in page
    assert not is_logged_in(browser)
    return page


def test_a_person_logs_in_and_is_known_by_her_number_ever_after(world: World, provider: LogInProvider) -> None:
    provider.knows("ingrid-1", **{NUMBER_CLAIM: NUMBER, "name": "Ingrid Test"})
    browser = Client()
    answer = provider.log_in(browser, "ingrid-1", next="/mina")
    assert (answer.status_code, answer["Location"]) == (302, "/mina")
    assert "Ingrid Test" in browser.get("/mina").content.decode()
    known = find_person_by_number(NUMBER)
    with scope(Scope(world.tanum.id, reach=frozenset({known}))):
        assert Person.objects.get(id=known).name == "Ingrid Test"
        assert PersonalNumber.objects.get(person=known).number == NUMBER
    provider.knows("ingrid-1", **{NUMBER_CLAIM: NUMBER, "name": "Ingrid Nygift"})
    provider.log_in(Client(), "ingrid-1")
    assert find_person_by_number(NUMBER) == known
    with scope(Scope(world.tanum.id, reach=frozenset({known}))):
        assert Person.objects.get(id=known).name == "Ingrid Nygift"


def test_the_same_person_through_another_provider_is_the_same_person(world: World, provider: LogInProvider) -> None:
    provider.knows("ingrid-1", **{NUMBER_CLAIM: NUMBER, "name": "Ingrid Test"})
    provider.log_in(Client(), "ingrid-1")
    known = find_person_by_number(NUMBER)
    with running_provider("bankid") as other:
        other.knows("sub-4711", **{NUMBER_CLAIM: NUMBER, "name": "Ingrid Test"})
        other.log_in(Client(), "sub-4711")
        assert find_person_by_subject(other.address, "sub-4711") == known
    assert find_person_by_subject(provider.address, "ingrid-1") == known
    with scope(Scope(None, reach=frozenset({known}))):
        assert PersonalNumber.objects.count() == 1
        assert ProviderSubject.objects.count() == 2


def test_a_person_without_number_is_known_by_the_provider_s_subject(provider: LogInProvider) -> None:
    browser = Client()
    provider.log_in(browser, "anders@example.org")
    assert is_logged_in(browser)
    first = find_person_by_subject(provider.address, "anders@example.org")
    assert first is not None
    provider.log_in(Client(), "anders@example.org")
    assert find_person_by_subject(provider.address, "anders@example.org") == first


def test_a_coordination_number_is_as_good_as_a_personal_number(provider: LogInProvider) -> None:
    provider.knows("nykomling", **{COORDINATION_CLAIM: COORDINATION, "name": "Ny Komling"})
    browser = Client()
    provider.log_in(browser, "nykomling")
    assert is_logged_in(browser)
    assert find_person_by_number(COORDINATION) is not None


def test_staff_land_in_their_day(world: World, provider: LogInProvider) -> None:
    provider.knows("karin", **{NUMBER_CLAIM: NUMBER, "name": "Karin Test"})
    provider.log_in(Client(), "karin")
    known = find_person_by_number(NUMBER)
    by = system(world.tanum.id)
    with scope(Scope(world.tanum.id, own=frozenset({world.tanum.id}), reach=frozenset({known}))):
        employ(by=by, person=Person.objects.get(id=known), title="Handläggare", unit=world.unit)
    answer = provider.log_in(Client(), "karin")
    assert answer["Location"] == "/arbete"


def test_a_nonce_that_is_not_ours_is_refused(provider: LogInProvider) -> None:
    browser = Client()
    address = with_parameter(provider.begin(browser), nonce="nagon-annans")
    page = refused(browser.get(provider.vouch(address, "ingrid-1")), browser)
    assert "gick inte att lita på" in page


def test_the_way_back_works_once(provider: LogInProvider) -> None:
    browser = Client()
    back = provider.vouch(provider.begin(browser), "ingrid-1")
    assert browser.get(back).status_code == 302
    browser.post("/logga-ut")
    assert "redan använts" in refused(browser.get(back), browser)


def test_a_way_back_that_another_browser_began_is_refused(provider: LogInProvider) -> None:
    mine, hers = Client(), Client()
    provider.begin(hers)
    refused(hers.get(provider.vouch(provider.begin(mine), "ingrid-1")), hers)
    refused(hers.get("/logga-in/freja/svar?code=gissad&state=gissad"), hers)


def test_somebody_who_changes_her_mind_is_told_so(provider: LogInProvider) -> None:
    browser = Client()
    back = provider.vouch(provider.begin(browser), "ingrid-1", action="deny")
    assert "avbröts" in refused(browser.get(back), browser)


def _resigned(answer: dict[str, Any], key: RSAKey) -> dict[str, Any]:
    header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in answer["id_token"].split(".")[:2])
    return {**answer, "id_token": jwt.encode(header, claims, key)}


def test_a_token_signed_by_somebody_else_is_refused(provider: LogInProvider) -> None:
    strangers_key = RSAKey.generate_key(2048)
    provider.lies[TOKEN_PATH] = lambda answer: _resigned(answer, strangers_key)
    browser = Client()
    assert "gick inte att lita på" in refused(provider.log_in(browser, "ingrid-1"), browser)


def test_a_token_without_signature_is_refused(provider: LogInProvider) -> None:
    def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "id_token": "eyJhbGciOiJub25lIn0." + answer["id_token"].split(".")[1] + "."}

    provider.lies[TOKEN_PATH] = unsigned
    browser = Client()
    refused(provider.log_in(browser, "ingrid-1"), browser)


def test_a_token_for_another_service_is_refused(provider: LogInProvider) -> None:
    browser = Client()
    back = provider.vouch(provider.begin(browser), "ingrid-1")
    provider.row.client_id = "en-annan-tjanst"
    save_provider(provider.row)
    refused(browser.get(back), browser)


def test_an_expired_token_is_refused(world: World) -> None:
    with running_provider(tokens_last=timedelta(hours=-2)) as provider:
        browser = Client()
        refused(provider.log_in(browser, "ingrid-1"), browser)


def test_information_about_another_person_is_refused(provider: LogInProvider) -> None:
    provider.lies[USERINFO_PATH] = lambda told: {**told, "sub": "nagon-annan"}
    browser = Client()
    assert "en annan person" in refused(provider.log_in(browser, "ingrid-1"), browser)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({NUMBER_CLAIM: NUMBER, COORDINATION_CLAIM: COORDINATION}, "två olika personnummer"),
        ({NUMBER_CLAIM: f"{NUMBER[:8]}-{NUMBER[8:]}"}, "fel form"),
        ({NUMBER_CLAIM: int(NUMBER)}, "fel form"),
    ],
)
def test_numbers_in_another_form_than_the_specification_s_are_refused(
    provider: LogInProvider, claims: dict[str, object], words: str
) -> None:
    provider.knows("ingrid-1", **claims)
    browser = Client()
    assert words in refused(provider.log_in(browser, "ingrid-1"), browser)
    assert find_person_by_number(NUMBER) is None


def test_a_provider_that_does_not_answer_is_said_in_plain_words(world: World) -> None:
    with running_provider() as provider:
        browser = Client()
        back = provider.vouch(provider.begin(browser), "ingrid-1")
    answer = Client().get("/logga-in/freja")
    assert (answer.status_code, "svarar inte just nu" in answer.content.decode()) == (400, True)
    assert "svarar inte just nu" in refused(browser.get(back), browser)


def test_a_provider_that_says_it_is_another_is_refused(provider: LogInProvider) -> None:
    provider.lies["/.well-known/openid-configuration"] = lambda said: {**said, "issuer": "https://annan.example"}
    answer = Client().get("/logga-in/freja")
    assert (answer.status_code, "utger sig för att vara en annan" in answer.content.decode()) == (400, True)


def test_a_code_that_was_used_before_is_refused_also_in_a_log_in_that_has_begun(provider: LogInProvider) -> None:
    first, second = Client(), Client()
    back = provider.vouch(provider.begin(first), "ingrid-1")
    assert first.get(back).status_code == 302
    used = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(provider.begin(second)).query)["state"][0]
    refused(second.get("/logga-in/freja/svar", {"code": used, "state": state}), second)


def test_a_code_that_somebody_else_was_given_is_refused(provider: LogInProvider) -> None:
    """Put into another browser's log-in it fails on the verifier (PKCE), which that browser never had."""
    hers, mine = Client(), Client()
    code = parse_qs(urlsplit(provider.vouch(provider.begin(hers), "ingrid-1")).query)["code"][0]
    state = parse_qs(urlsplit(provider.begin(mine)).query)["state"][0]
    refused(mine.get("/logga-in/freja/svar", {"code": code, "state": state}), mine)


def test_a_token_issued_to_several_must_say_that_it_was_given_to_us(
    provider: LogInProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = RSAKey.generate_key(2048)
    monkeypatch.setattr("medskick.kernel.people.oidc._fetch", _with_key(key))

    def given_to(party: str | None) -> Any:
        def lie(answer: dict[str, Any]) -> dict[str, Any]:
            header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in answer["id_token"].split(".")[:2])
            claims["aud"] = [provider.row.client_id, "en-annan-tjanst"]
            claims |= {"azp": party} if party else {}
            return {**answer, "id_token": jwt.encode({"alg": "RS256"}, claims, key)}

        provider.lies[TOKEN_PATH] = lie
        browser = Client()
        return browser, provider.log_in(browser, "ingrid-1")

    for party in (None, "en-annan-tjanst"):
        browser, answer = given_to(party)
        refused(answer, browser)
    assert given_to(provider.row.client_id)[1].status_code == 302


def _with_key(key: RSAKey) -> Any:
    """What the provider publishes, with `key` as the one that it signs by."""
    real = oidc._fetch

    def fetch(url: str) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]} if "jwks" in url else real(url)

    return fetch


def test_what_the_provider_lies_about_itself_between_is_refused(provider: LogInProvider) -> None:
    """A provider over https that describes a part of itself over http is not talked to."""
    said = {"issuer": "https://idp.example", "authorization_endpoint": "https://idp.example/a"}
    for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"):
        lying = {**said, name: "http://10.0.0.1/"}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(oidc, "_fetch", lambda url, lying=lying: lying)
            oidc.forget_metadata()
            with pytest.raises(LogInFailed, match="inte är säkert"):
                oidc._metadata("https://idp.example")


@pytest.mark.parametrize("name", [{"x": ["<b>"]}, 7, None, "\ud800\x00\u202e", ["Ingrid"]])
def test_a_name_that_is_no_name_is_left_out(provider: LogInProvider, name: object) -> None:
    provider.lies[USERINFO_PATH] = lambda told: {**told, "name": name, "email": ["a", "b"], "acr": ["x"]}
    browser = Client()
    assert provider.log_in(browser, "ingrid-1").status_code == 302
    known = find_person_by_subject(provider.address, "ingrid-1")
    with scope(Scope(None, reach=frozenset({known}))):
        assert Person.objects.get(id=known).name == ""


@pytest.mark.parametrize("subject", ["a\x00b", "\ud800", "x" * 201, " a"])
def test_a_subject_that_could_be_taken_for_another_s_is_refused(provider: LogInProvider, subject: str) -> None:
    with pytest.raises(LogInFailed):
        oidc.identity_from(provider.row, {"sub": subject})

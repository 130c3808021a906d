"""Logging in by SAML: what a provider signs is believed, once, here, in time; everything else is refused in plain words."""

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from medskick.kernel.people.actions import sweep_people
from medskick.kernel.people.models import SeenAssertion
from medskick.kernel.people.queries import find_person_by_number, find_person_by_subject
from medskick.kernel.people.tests.saml_provider import (
    ISSUER,
    LOA3,
    NAME,
    NUMBER,
    SamlProvider,
    key_pair,
    metadata,
    saml_provider,
)
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

INGRID = example_number(date(1985, 7, 9), 238).number12
EVIL = key_pair()


@pytest.fixture
def provider(world: World) -> SamlProvider:
    running = saml_provider()
    running.attributes = {NUMBER: INGRID, NAME: "Ingrid Test"}
    return running


def refused(answer: Any, browser: Client) -> str:
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Du är inte inloggad" in page
    assert browser.get("/mina").status_code == 302
    return page


def test_a_signed_answer_logs_in_with_number_name_and_assurance(provider: SamlProvider) -> None:
    browser = Client()
    request_id = provider.begin(browser, next="/mina")
    answer = provider.send(browser, provider.answer(request_id))
    assert (answer.status_code, answer["Location"]) == (302, "/mina")
    assert "Ingrid Test" in browser.get("/mina").content.decode()
    assert find_person_by_number(INGRID) is not None
    assert browser.session["who"]["assurance"] == "substantial"


def test_what_is_not_so_sure_is_not_believed_to_be(provider: SamlProvider) -> None:
    provider.row.assurance_by_acr = {"http://another.example/loa4": "high"}
    from medskick.kernel.people.tests.provider import save_provider

    save_provider(provider.row)
    browser = Client()
    provider.log_in(browser)
    assert browser.session["who"]["assurance"] == "low"


def test_a_surer_log_in_is_asked_for_by_name(provider: SamlProvider) -> None:
    sent = Client().get("/logga-in/saml", {"niva": "substantial"})
    asked = provider.request(str(sent["Location"]))
    assert [one.text for one in asked.iter("{*}AuthnContextClassRef")] == [LOA3]


@pytest.mark.parametrize(
    "told",
    [
        {"keys": EVIL},
        {"signed": False},
        {"shifted": timedelta(hours=-2)},
        {"shifted": timedelta(hours=2)},
        {"audience": "https://en-annan-tjanst.example"},
        {"audience": ""},
        {"issuer": "https://ond.example/metadata"},
        {"in_response_to": "_en_annan"},
        {"signed_in_response_to": "_en_annan"},
        {"in_response_to": "", "signed_in_response_to": "_en_annan"},
        {"recipient": "https://en-annan-tjanst.example/acs"},
        {"destination": "https://en-annan-tjanst.example/acs"},
    ],
    ids=lambda told: " ".join(told),
)
def test_an_answer_that_is_not_as_it_must_be_is_refused(provider: SamlProvider, told: dict[str, Any]) -> None:
    browser = Client()
    assert "gick inte att lita på" in refused(provider.log_in(browser, **told), browser)
    assert find_person_by_number(INGRID) is None


def test_an_answer_to_another_browser_s_request_is_refused(provider: SamlProvider) -> None:
    mine, hers = Client(), Client()
    answer = provider.answer(provider.begin(mine))
    provider.begin(hers)
    refused(provider.send(hers, answer), hers)


def test_an_answer_that_nobody_asked_for_is_refused(provider: SamlProvider) -> None:
    browser = Client()
    assert "hade redan använts" in refused(provider.send(browser, provider.answer("_gissad")), browser)


def test_a_signed_answer_that_was_changed_afterwards_is_refused(provider: SamlProvider) -> None:
    browser = Client()
    other = example_number(date(1990, 1, 15), 980).number12
    answer = base64.b64decode(provider.answer(provider.begin(browser))).decode()
    assert INGRID in answer
    forged = base64.b64encode(answer.replace(INGRID, other).encode()).decode()
    refused(provider.send(browser, forged), browser)
    assert find_person_by_number(other) is None


def test_an_unsigned_assertion_beside_the_signed_one_is_refused(provider: SamlProvider) -> None:
    browser = Client()
    request_id = provider.begin(browser)
    signed = base64.b64decode(provider.answer(request_id)).decode()
    other = base64.b64decode(provider.answer(request_id, "birgit", signed=False, id="_a2")).decode()
    start, end = other.index("<saml:Assertion"), other.index("</saml:Assertion>") + len("</saml:Assertion>")
    for place in (signed.index("<saml:Assertion"), signed.index("</samlp:Response>")):
        wrapped = signed[:place] + other[start:end] + signed[place:]
        browser = Client()
        refused(provider.send(browser, base64.b64encode(wrapped.encode()).decode()), browser)


def test_the_same_assertion_is_used_once_also_by_another_request_of_the_same_id(provider: SamlProvider) -> None:
    browser = Client()
    request_id = provider.begin(browser)
    answer = provider.answer(request_id)
    assert provider.send(browser, answer).status_code == 302
    browser.post("/logga-ut")
    assert "hade redan använts" in refused(provider.send(browser, answer), browser)
    # A thief with the same pending request, which only a stolen session could give, is met by the kept assertion.
    provider.begin(browser)
    session = browser.session
    session["log_in_started"] = {**session["log_in_started"], "request_id": request_id}
    session.save()
    assert "hade redan använts" in refused(provider.send(browser, answer), browser)


def test_a_used_assertion_is_kept_until_it_expires_and_no_longer(provider: SamlProvider) -> None:
    provider.log_in(Client())
    kept = SeenAssertion.objects.get()
    assert timedelta(minutes=5) < kept.expires_at - timezone.now() < timedelta(minutes=20)
    sweep_people()
    assert SeenAssertion.objects.count() == 1
    SeenAssertion.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep_people()
    assert SeenAssertion.objects.count() == 0


@pytest.mark.parametrize("said", ["", "inte base64 alls", base64.b64encode(b"<a/>").decode(), "PGE+" * 200_000])
def test_rubbish_is_refused_in_plain_words(provider: SamlProvider, said: str) -> None:
    browser = Client()
    provider.begin(browser)
    refused(browser.post("/logga-in/saml/saml", {"SAMLResponse": said, "en_gang_till": "1"}), browser)


def test_a_number_in_another_form_is_refused(provider: SamlProvider) -> None:
    provider.attributes[NUMBER] = f"{INGRID[:8]}-{INGRID[8:]}"
    browser = Client()
    assert "fel form" in refused(provider.log_in(browser), browser)


def test_our_metadata_tells_where_to_answer(provider: SamlProvider) -> None:
    told = Client().get("/logga-in/saml/metadata")
    assert told.status_code == 200
    assert b'Location="http://testserver/logga-in/saml/saml"' in told.content
    assert b'WantAssertionsSigned="true"' in told.content


def test_requests_are_signed_where_a_key_is_given(provider: SamlProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    from medskick.kernel.people.tests.provider import save_provider

    monkeypatch.setenv("MEDSKICK_LOGIN_SAML", "".join(key_pair()))
    provider.row.secret_variable = "MEDSKICK_LOGIN_SAML"
    save_provider(provider.row)
    sent = Client().get("/logga-in/saml")["Location"]
    assert "SigAlg=" in sent
    assert "Signature=" in sent


def test_another_organisation_s_provider_of_the_same_name_vouches_for_none_of_the_first_one_s(world: World) -> None:
    """Metadata is pasted: an entityID can be anybody's. Its subjects are its own organisation's all the same."""
    honest = saml_provider()
    honest.log_in(Client())
    known = find_person_by_subject(ISSUER, "ingrid-1")
    assert known is not None
    evil = saml_provider(
        "ond", organisation=world.sotenas, for_staff=True, saml_metadata=metadata(EVIL[1]), issuer=ISSUER
    )
    browser = Client()
    sent = browser.get("/sotenas/logga-in/ond")
    assert sent.status_code == 302
    assert find_person_by_subject(evil.row.namespace, "ingrid-1") is None

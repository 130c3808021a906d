"""Administrators look after their own log-in; what they may not, they may not by any way."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from medskick.kernel.people.actions import Refused
from medskick.kernel.people.actions.providers import add_provider, change_provider, remove_provider
from medskick.kernel.people.models import Provider
from medskick.kernel.people.tests.provider import running_provider
from medskick.kernel.people.tests.saml_provider import ISSUER, metadata
from medskick.kernel.tests.world import World

PAGE = "/arbete/administration/inloggning"
GIVEN = {"label": "Tanums konto", "protocol": "oidc", "issuer": "https://konto.tanum.example", "client_id": "m"}


def added(world: World, **more: Any) -> Provider:
    fields = {**GIVEN, "for_staff": True, **more}
    with world.acting(world.owner):
        return add_provider(by=world.owner, slug="tanum", organisation=world.tanum, **fields)


def test_one_is_added_changed_and_taken_away_on_the_pages(world: World) -> None:
    browser = world.client(world.owner)
    assert "Ingen egen inloggning" in browser.get(PAGE).content.decode()
    claims = "tid = 8f2c\nhttps://x.example/a=b = c"
    answer = browser.post(
        f"{PAGE}/ny", {**GIVEN, "slug": "tanum", "required_claims": claims, "assurance": "loa3 = high"}
    )
    assert answer["Location"] == f"{PAGE}/tanum"
    made = Provider.objects.get()
    assert made.required_claims == {"tid": "8f2c", "https://x.example/a=b": "c"}
    assert (made.organisation_id, made.for_staff, made.for_identity) == (world.tanum.id, True, False)
    page = browser.get(f"{PAGE}/tanum").content.decode()
    assert "http://testserver/tanum/logga-in/tanum/svar" in page
    assert "tid = 8f2c" in page
    browser.post(f"{PAGE}/tanum", {**GIVEN, "label": "Arbetskonto"})
    assert Provider.objects.get().label == "Arbetskonto"
    assert Provider.objects.get().required_claims == {}
    assert browser.post(f"{PAGE}/tanum/bort")["Location"] == PAGE
    assert not Provider.objects.exists()


def test_a_saml_provider_is_known_by_its_metadata(world: World) -> None:
    browser = world.client(world.owner)
    given = {"label": "Tanums konto", "slug": "tanum", "protocol": "saml", "saml_metadata": metadata()}
    assert browser.post(f"{PAGE}/ny", given).status_code == 302
    assert Provider.objects.get().issuer == ISSUER
    page = browser.get(f"{PAGE}/tanum").content.decode()
    assert "http://testserver/tanum/logga-in/tanum/metadata" in page
    assert browser.get("/tanum/logga-in/tanum/metadata").status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"issuer": "http://konto.tanum.example"}, "måste börja med https"),
        ({"issuer": ""}, "måste börja med https"),
        ({"client_id": ""}, "klientens id"),
        ({"slug": "roll"}, "får inte vara upptaget"),
        ({"slug": "Tanum"}, "små bokstäver"),
        ({"protocol": "saml", "saml_metadata": ""}, "går inte att läsa"),
        ({"protocol": "saml", "saml_metadata": "<a>"}, "går inte att läsa"),
        ({"protocol": "saml", "saml_metadata": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "går inte att läsa"),
        ({"protocol": "saml", "saml_metadata": metadata(address="http://idp.example.se/sso")}, "https://"),
        ({"protocol": "saml", "saml_metadata": "<a/>"}, "HTTP-Redirect"),
        ({"required_claims": "utan likhetstecken"}, "ska vara namn = värde"),
        ({"assurance": "loa3 = säker"}, "Tillitsnivåerna är"),
        ({"secret_variable": "MEDSKICK_PERSONAL_DATA_KEY"}, "måste börja med MEDSKICK_LOGIN_TANUM_"),
        ({"secret_variable": "MEDSKICK_LOGIN_SOTENAS_X"}, "måste börja med MEDSKICK_LOGIN_TANUM_"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words_and_comes_back(world: World, given: dict[str, str], words: str) -> None:
    answer = world.client(world.owner).post(f"{PAGE}/ny", {**GIVEN, "slug": "tanum", **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Tanums konto" in page
    assert not Provider.objects.exists()


def test_a_municipality_s_own_is_for_its_staff_and_not_for_identity(world: World) -> None:
    for wrong in ({"for_staff": False}, {"for_identity": True}):
        with pytest.raises(Refused, match="kopplar regionen in"):
            added(world, **wrong)
    for organisation in (None, world.sotenas):
        with world.acting(world.owner), pytest.raises(Refused, match="Regionens administratör"):
            add_provider(by=world.owner, slug="x", organisation=organisation, for_staff=True, **GIVEN)
    # What the page does not ask a municipality is not taken from a made-up form either.
    world.client(world.owner).post(f"{PAGE}/ny", {**GIVEN, "slug": "tanum", "audience": "residents"})
    assert [(one.for_staff, one.organisation_id) for one in Provider.objects.all()] == [(True, world.tanum.id)]


@pytest.mark.parametrize("who", ["stranger", "resident", "nobody"])
def test_nobody_else_looks_after_it(world: World, who: str) -> None:
    made = added(world)
    browser = world.client(getattr(world, who, None))
    for address in (f"{PAGE}/tanum", f"{PAGE}/tanum/bort"):
        assert browser.get(address).status_code in (302, 403, 404)
        browser.post(address, {**GIVEN, "label": "Ond"})
    browser.post(f"{PAGE}/tanum/prova")
    assert Provider.objects.get().label == "Tanums konto"
    with world.acting(world.stranger):
        with pytest.raises(Refused):
            change_provider(made, by=world.stranger, label="Ond")
        with pytest.raises(Refused):
            remove_provider(made, by=world.stranger)
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        remove_provider(made, by=world.resident)


def test_one_that_the_region_trusts_for_identity_is_the_region_s_to_change(world: World) -> None:
    made = added(world)
    with world.acting(world.regional):
        change_provider(made, by=world.regional, for_identity=True)
    assert world.client(world.owner).get(f"{PAGE}/tanum").status_code == 404
    with world.acting(world.owner), pytest.raises(Refused):
        change_provider(Provider.objects.get(), by=world.owner, issuer="https://ond.example")


def test_the_region_adds_one_for_everybody(world: World) -> None:
    browser = world.client(world.regional)
    given = {**GIVEN, "slug": "freja", "audience": "residents", "assurance": "loa3 = substantial"}
    assert browser.post(f"{PAGE}/ny", given).status_code == 302
    made = Provider.objects.get()
    assert (made.organisation_id, made.for_staff, made.is_identity_provider) == (None, False, True)
    assert "http://testserver/logga-in/freja/svar" in browser.get(f"{PAGE}/freja").content.decode()
    for place in ("", "/tanum", "/sotenas"):
        assert "Logga in med Tanums konto" in world.client().get(f"{place}/logga-in").content.decode()
    assert world.client(world.owner).get(f"{PAGE}/freja").status_code == 404
    assert "Tanums konto" in world.client(world.owner).get(PAGE).content.decode()


def test_the_same_issuer_once_within_an_organisation(world: World) -> None:
    added(world)
    with world.acting(world.owner), pytest.raises(Refused, match="samma utfärdare"):
        add_provider(by=world.owner, slug="tanum-2", organisation=world.tanum, for_staff=True, **GIVEN)
    with world.acting(world.stranger):
        add_provider(by=world.stranger, slug="sotenas", organisation=world.sotenas, for_staff=True, **GIVEN)


def test_trying_it_says_whether_it_answers_and_whether_the_secret_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.client(world.owner)

    def tried() -> str:
        answer = browser.post(f"{PAGE}/tanum-konto/prova", follow=True)
        return str(answer.content.decode())

    name = "MEDSKICK_LOGIN_TANUM_KONTO"
    with running_provider("tanum-konto", organisation=world.tanum, for_staff=True, secret_variable=name):
        assert "hemligheten saknas" in tried()
        monkeypatch.setenv(name, "hemligt")
        assert "svarar som den ska" in tried()
        assert "hemligt" not in browser.get(f"{PAGE}/tanum-konto").content.decode()
    assert "svarar inte just nu" in tried()

"""Guessing is slowed down; a hall full of people who type the right code is not."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from medskick.kernel.people import demonstration_eid, oidc, throttle
from medskick.kernel.people.actions import sweep_people
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import FailedTries, Provider
from medskick.kernel.people.tests.provider import running_provider, save_provider
from medskick.kernel.people.tests.saml_provider import metadata, saml_provider
from medskick.kernel.people.throttle import LIMITS, Limit, TooManyTries, count_failures, guard
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Level
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Limit(burst=3, seconds=10)
    monkeypatch.setattr(throttle, "LIMITS", dict.fromkeys(LIMITS, small))


def request(address: str = "192.0.2.7", **more: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, **more)


def fail(purpose: str = "join_code", *, address: str = "192.0.2.7", key: str = "", times: int = 1) -> None:
    for _ in range(times):
        one = request(address)
        with pytest.raises(Http404), guard(one, purpose, key):
            raise Http404
        count_failures(one)


def time_passes(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update kernel_failedtries set at = at - make_interval(secs => %s)", [seconds])


def test_the_fourth_guess_is_refused_and_allowed_again_after_a_while() -> None:
    fail(times=3)
    with pytest.raises(TooManyTries) as refused:
        guard(request(), "join_code")
    assert 9 <= refused.value.seconds <= 10
    time_passes(10)
    fail()
    with pytest.raises(TooManyTries):
        guard(request(), "join_code")
    time_passes(3600)
    fail(times=3)


def test_a_thousand_who_get_it_right_leave_no_trace() -> None:
    for _ in range(50):
        one = request()
        with guard(one, "join_code"):
            pass
        count_failures(one)
    assert FailedTries.objects.count() == 0


def test_purposes_addresses_and_keys_are_counted_apart() -> None:
    fail(times=3)
    guard(request(), "trace")
    guard(request("192.0.2.8"), "join_code")
    guard(request(), "join_code", "en nyckel")
    fail(key="en nyckel", times=3)
    with pytest.raises(TooManyTries):
        guard(request("198.51.100.1"), "join_code", "en nyckel")


def test_one_subscriber_s_many_ipv6_addresses_are_one() -> None:
    fail(address="2001:db8:1:2::1", times=2)
    fail(address="2001:db8:1:2:ffff::9", times=1)
    with pytest.raises(TooManyTries):
        guard(request("2001:db8:1:2::77"), "join_code")
    guard(request("2001:db8:1:3::1"), "join_code")


def test_only_our_own_proxy_is_believed_about_addresses(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for made_up in ("10.1.1.1", "10.1.1.2", "10.1.1.3"):
        one = request("127.0.0.1", HTTP_X_FORWARDED_FOR=f"{made_up}, 192.0.2.7")
        guard(one, "join_code").failed()
        count_failures(one)
    with pytest.raises(TooManyTries):
        guard(request("127.0.0.1", HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.7"), "join_code")


def test_no_address_stands_in_the_table_and_old_counts_go() -> None:
    fail(times=2)
    assert "192.0.2.7" not in str(FailedTries.objects.values_list())
    FailedTries.objects.update(at=timezone.now() - timedelta(hours=25))
    sweep_people()
    assert FailedTries.objects.count() == 0


def test_guessing_trace_numbers_ends_in_a_429_page_and_only_for_the_guesser(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Öppen", level=Level.PUBLIC)
    guesser = world.client()
    assert [guesser.get(f"/spar/gissning{guess}").status_code for guess in range(3)] == [404, 404, 404]
    refused = guesser.get(f"/spar/{item.number}")
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    assert "Det gick lite för fort" in refused.content.decode()
    assert guesser.get("/spar?nummer=gissning").status_code == 429
    assert guesser.get("/logga-in").status_code == 200
    assert world.client().get(f"/spar/{item.number}", REMOTE_ADDR="198.51.100.9").status_code == 200


def test_failed_log_ins_are_counted(world: World) -> None:
    save_provider(Provider(slug="freja", label="Freja", issuer="https://freja.example", client_id="x"))
    browser = world.client()
    answers = [browser.get("/logga-in/freja/svar?state=gissad&code=x").status_code for _ in range(4)]
    assert answers == [400, 400, 400, 429]


def test_three_hundred_behind_one_address_who_log_in_right_are_never_slowed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_provider(Provider(slug="freja", label="Freja", issuer="https://freja.example", client_id="x"))
    vouched = Identity("https://freja.example", "ingrid-1", "Ingrid", "", "low")
    monkeypatch.setattr(oidc, "finish", lambda provider, **more: vouched)
    answers = []
    for number in range(300):
        browser = Client()
        session = browser.session
        session["log_in_started"] = {"slug": "freja", "next": "/", "place": str(world.tanum.id), "state": f"s{number}"}
        session["log_in_started"] |= {"nonce": "", "verifier": ""}
        session.save()
        answers.append(browser.get("/logga-in/freja/svar", {"state": f"s{number}", "code": "x"}).status_code)
    assert answers == [302] * 300
    assert FailedTries.objects.count() == 0


def test_a_guesser_in_the_hall_is_slowed_and_the_hall_still_logs_in(world: World) -> None:
    with running_provider() as provider:
        guesser, begun = Client(), [Client() for _ in range(3)]
        ways = [provider.begin(browser) for browser in begun]
        guesses = [guesser.get(f"/logga-in/freja/svar?state=gissad{n}&code=x").status_code for n in range(5)]
        assert guesses == [400, 400, 400, 429, 429]
        for number, (browser, way) in enumerate(zip(begun, ways, strict=True)):
            assert browser.get(provider.vouch(way, f"person-{number}")).status_code == 302
            assert browser.get("/mina").status_code == 200


def test_a_state_that_somebody_made_up_does_not_help_the_guesser(world: World) -> None:
    """Only the state that this very browser was sent out with counts apart from its address."""
    with running_provider() as provider:
        other = Client()
        way = provider.begin(other)
        state = parse_qs(urlsplit(way).query)["state"][0]
        guesser = Client()
        guesses = [guesser.get("/logga-in/freja/svar", {"state": state, "code": f"x{n}"}).status_code for n in range(4)]
        assert guesses == [400, 400, 400, 429]
        assert other.get(provider.vouch(way, "ingrid-1")).status_code == 302


def test_guessed_saml_answers_are_slowed_too(world: World) -> None:
    saml_provider()
    guesser = Client()
    posted = {"SAMLResponse": "x", "en_gang_till": "1"}
    assert [guesser.post("/logga-in/saml/saml", posted).status_code for _ in range(4)] == [400, 400, 400, 429]
    hall = Client()
    provider = saml_provider(
        "annan", issuer="https://annan.example", saml_metadata=metadata(issuer="https://annan.example")
    )
    assert provider.log_in(hall, issuer="https://annan.example").status_code == 302


def test_the_test_eid_slows_guessers_and_nobody_on_the_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration_eid, "_people", {})
    number = example_number(date(1990, 1, 15), 980).number12
    demonstration_eid.register_invented_people(demonstration_eid.InventedPerson(number, "Maja", "bor i Tanum"))
    guesser = Client()
    answers = [guesser.post("/logga-in/test-eid", {"number": f"gissning{n}"}).status_code for n in range(4)]
    assert answers == [404, 404, 404, 429]
    assert Client().post("/logga-in/test-eid", {"number": number}).status_code == 302

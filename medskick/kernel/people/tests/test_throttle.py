"""Guessing is slowed down; a hall full of people who type the right code is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from medskick.kernel.people import throttle
from medskick.kernel.people.actions import sweep_people
from medskick.kernel.people.models import FailedTries, Provider
from medskick.kernel.people.throttle import LIMITS, Limit, TooManyTries, count_failures, guard
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Level
from medskick.kernel.tests.world import World

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
    Provider.objects.create(slug="freja", label="Freja", issuer="https://freja.example", client_id="x")
    browser = world.client()
    answers = [browser.get("/logga-in/freja/svar?state=gissad&code=x").status_code for _ in range(4)]
    assert answers == [400, 400, 400, 429]

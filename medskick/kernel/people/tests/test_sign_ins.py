"""Where somebody is signed in: seen by herself alone, ended by her or her employer, over at the next request."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import end_employment, sweep_people
from medskick.kernel.people.browsers import browser_words
from medskick.kernel.people.models import Employment, SignIn, this_hour
from medskick.kernel.people.queries import last_sign_ins
from medskick.kernel.people.tests.provider import running_provider
from medskick.kernel.tests.world import World, page_queries, sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def of(world: World, actor: Any) -> list[SignIn]:
    with scope(Scope(world.tanum.id, reach=frozenset({actor.person}))):
        return list(SignIn.objects.order_by("at"))


def test_the_page_shows_this_browser_first_and_ends_another(world: World) -> None:
    here, there = world.client(world.owner), world.client(world.owner)
    page = here.get("/mina/inloggningar").content.decode()
    assert page.count("Firefox på Windows") == 2
    assert page.count("Den här webbläsaren") == 1
    other = of(world, world.owner)[1]
    assert here.post(f"/mina/inloggningar/{other.id}/slut").status_code == 302
    assert there.get("/mina").status_code == 302
    assert there.get("/arbete").status_code == 302
    assert here.get("/mina").status_code == 200
    assert [one.how for one in of(world, world.owner)] == ["", "mine"]


def test_ending_this_one_logs_out(world: World) -> None:
    here = world.client(world.owner)
    (one,) = of(world, world.owner)
    assert here.post(f"/mina/inloggningar/{one.id}/slut")["Location"] == "/"
    assert here.get("/mina").status_code == 302


def test_log_out_everywhere_ends_all_of_mine_and_nobody_else_s(world: World) -> None:
    browsers = [world.client(world.owner) for _ in range(3)]
    colleague = world.client(world.colleague)
    assert browsers[0].post("/mina/inloggningar/avslutade").status_code == 302
    assert [one.get("/mina").status_code for one in browsers] == [302] * 3
    assert colleague.get("/mina").status_code == 200
    with world.acting(world.owner):
        assert LogEntry.objects.filter(verb="sign_in.all_ended", person=world.owner.person).count() == 1


@pytest.mark.parametrize("who", ["colleague", "stranger", "resident"])
def test_nobody_sees_or_ends_another_s(world: World, who: str) -> None:
    browser = world.client(world.owner)
    (one,) = of(world, world.owner)
    other = getattr(world, who)
    assert world.client(other).post(f"/mina/inloggningar/{one.id}/slut").status_code == 404
    with world.acting(other):
        assert not SignIn.objects.filter(id=one.id).exists()
        assert SignIn.objects.filter(id=one.id).update(ended_at=timezone.now()) == 0
    assert browser.get("/mina").status_code == 200


def test_ending_an_employment_ends_the_sign_ins_in_it(world: World) -> None:
    browser = world.client(world.colleague)
    with world.acting(world.owner):
        end_employment(Employment.objects.get(id=world.colleague.employment), by=world.owner)
    assert browser.get("/arbete").status_code == 302
    assert [one.how for one in of(world, world.colleague)] == ["employment"]


def test_another_employer_ends_nobody_s_and_reads_when_nobody_was_here(world: World) -> None:
    from django.db import connection

    world.client(world.colleague)
    with world.acting(world.stranger):
        with connection.cursor() as cursor:
            cursor.execute("select end_sign_ins_of(%s)", [world.colleague.employment])
        assert world.colleague.employment not in last_sign_ins()
    assert [one.how for one in of(world, world.colleague)] == [""]
    with scope(Scope(world.tanum.id)):  # a visitor at Tanum's site
        assert last_sign_ins() == {}
    with world.acting(world.owner):
        assert set(last_sign_ins()) == {world.colleague.employment}


def test_a_session_without_a_sign_in_or_with_another_s_is_nobody_s(world: World) -> None:
    for other in ("", str(sign_in(world.colleague)), "01a20d6b-8ccb-7532-be2c-40d1bc8098cb"):
        browser = world.client(world.owner)
        session = browser.session
        session["who"] = {**session["who"], "sign_in": other}
        session.save()
        assert browser.get("/mina").status_code == 302


def test_use_is_written_down_once_an_hour_by_one_query_more(world: World) -> None:
    browser = world.client(world.owner)
    usual = len(page_queries(browser, "/om/tillganglighet"))
    usual = len(page_queries(browser, "/om/tillganglighet"))
    with scope(Scope(None, reach=frozenset({world.owner.person}))):
        SignIn.objects.update(last_seen=this_hour() - timedelta(hours=1))
    assert len(page_queries(browser, "/om/tillganglighet")) == usual + 1
    assert len(page_queries(browser, "/om/tillganglighet")) == usual
    assert [one.last_seen for one in of(world, world.owner)] == [this_hour()]


def test_the_page_costs_the_same_with_three_as_with_one(world: World) -> None:
    browser = world.client(world.owner)
    page_queries(browser, "/mina/inloggningar")
    one = page_queries(browser, "/mina/inloggningar")
    for _ in range(2):
        world.client(world.owner)
    assert len(page_queries(browser, "/mina/inloggningar")) == len(one) <= 8


def test_old_ones_end_and_are_forgotten(world: World) -> None:
    browser = world.client(world.owner)
    sweep_people()
    assert browser.get("/mina").status_code == 200
    reach = Scope(None, reach=frozenset({world.owner.person}))
    with scope(reach):
        SignIn.objects.update(at=timezone.now() - timedelta(hours=9))
    sweep_people()
    assert browser.get("/mina").status_code == 302
    assert [one.how for one in of(world, world.owner)] == ["expired"]
    with scope(reach):
        SignIn.objects.update(ended_at=timezone.now() - timedelta(days=91))
    sweep_people()
    assert of(world, world.owner) == []


def test_logging_out_leads_on_to_the_provider_where_it_keeps_her_logged_in(world: World) -> None:
    with running_provider() as provider:
        ends = f"{provider.address}/slut"
        provider.lies["/.well-known/openid-configuration"] = lambda said: {**said, "end_session_endpoint": ends}
        browser = Client()
        provider.knows("ingrid-1", name="Ingrid")
        provider.log_in(browser, "ingrid-1")
        page = browser.post("/logga-ut").content.decode()
        assert "Du är utloggad här" in page
        assert f'href="{ends}?client_id=medskick-freja&amp;post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F"' in page
        assert browser.get("/mina").status_code == 302
        assert browser.post("/logga-ut")["Location"] == "/"


def test_logging_out_works_where_the_provider_is_down(world: World) -> None:
    with running_provider() as provider:
        browser = Client()
        provider.knows("ingrid-1", name="Ingrid")
        provider.log_in(browser, "ingrid-1")
    assert browser.post("/logga-ut")["Location"] == "/"
    assert browser.get("/mina").status_code == 302


def test_the_log_in_says_which_browser(world: World) -> None:
    with running_provider() as provider:
        browser = Client(headers={"user-agent": FIREFOX})
        provider.knows("ingrid-1", name="Ingrid")
        provider.log_in(browser, "ingrid-1")
        page = browser.get("/mina/inloggningar").content.decode()
    assert "Firefox på Windows" in page
    assert "Inloggad med Freja" in page


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (FIREFOX, "Firefox på Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge på Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari på iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome på Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "Safari på Mac",
        ),
        ("", "En webbläsare"),
        ("\x00<script>" * 1000, "En webbläsare"),
    ],
)
def test_a_browser_in_plain_words(told: str, words: str) -> None:
    assert browser_words(told) == words

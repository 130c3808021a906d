"""Help from start to end: who sees what while it lasts, and that the helper sees nothing afterwards."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from medskick.kernel.assistance.access import OwnSignatureNeeded, require_own_signature
from medskick.kernel.assistance.actions.helping import begin_help, end_idle_help
from medskick.kernel.assistance.actions.mandates import Named, Terms, register_mandate
from medskick.kernel.assistance.models import Assistance, Ended
from medskick.kernel.assistance.tests.people import OPINION, Neighbours, begin, said, send_opinion, stated
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import end_employment
from medskick.kernel.people.models import Employment, RoleAssignment
from medskick.kernel.people.queries import acting_person, find_person_by_number
from medskick.kernel.records.models import Item
from medskick.kernel.tests.world import World

CASE = "services.case"


def helper(world: World) -> Client:
    return world.client(world.owner)


def times_helped(world: World, number: str) -> list[Assistance]:
    resident = find_person_by_number(number)
    assert resident is not None
    with scope(Scope(world.tanum.id, reach=frozenset({resident}))):
        return list(Assistance.objects.order_by("started_at"))


def cases_read_by(world: World, actor: Actor) -> int:
    with world.acting(actor):
        return Item.objects.of_kind(CASE).count()


def assisting_actor(world: World, number: str) -> Actor:
    (given,) = times_helped(world, number)
    acting = acting_person(
        given.helper, given.employment, place=None, assurance="high", assistance=given.id, device=None
    )
    assert acting is not None
    return acting.actor


def test_what_is_sent_is_the_resident_s_and_the_log_says_who_did_it(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    assert begin(browser, "stated", **stated(neighbours.astrid))["Location"] == "/tanum/"
    page = said(browser.get("/tanum/"))
    assert "Du hjälper Astrid Sagd" in page
    receipt = send_opinion(browser)
    assert receipt.status_code == 302
    assert "Du hjälper Astrid Sagd" in said(browser.get(receipt["Location"]))
    resident = find_person_by_number(neighbours.astrid)
    with scope(Scope(world.tanum.id, reach=frozenset({resident}))):
        case = Item.objects.of_kind(CASE).get()
        assert case.channel == "desk"
        assert world.owner.person not in case.readers
    with world.acting(world.colleague):
        made = LogEntry.objects.get(verb="services.case.created")
    assert (made.person, made.acting_for, made.channel) == (world.owner.person, resident, "desk")
    # And she finds it among her own.
    assert "gator" in said(neighbours.log_in(neighbours.astrid).get("/mina")).lower()


def test_nothing_of_it_is_the_helper_s_afterwards(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    receipt = send_opinion(browser)["Location"]
    actor = assisting_actor(world, neighbours.astrid)
    assert cases_read_by(world, actor) == 1
    assert browser.post("/tanum/hjalp/sluta")["Location"] == "/tanum/arbete/hjalp"
    assert browser.get(receipt).status_code == 404
    assert "Du hjälper Astrid" not in said(browser.get("/arbete/hjalp"))
    with world.acting(world.owner):
        assert Assistance.objects.count() == 0
    # The helper again later, another helper, a stranger, and even the ended token's own holder.
    begin(browser, "stated", **stated(neighbours.bo, "Bo"))
    assert browser.get(receipt).status_code == 404
    for other in (world.colleague, world.stranger):
        assert world.client(other).get(receipt).status_code == 404
        with world.acting(other):
            assert Assistance.objects.count() == 0
    over = acting_person(
        actor.person, world.owner.employment, place=None, assurance="high", assistance=actor.assistance
    )
    assert over is not None
    assert (over.over, over.actor.acting_for, over.actor.staff) == ("assistance", None, True)


def test_without_proof_the_helper_reads_nothing_older(world: World, neighbours: Neighbours) -> None:
    older = send_opinion(neighbours.log_in(neighbours.astrid))["Location"]
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    assert browser.get(older).status_code == 404
    assert "Mina ärenden" not in said(browser.get("/mina"))
    send_opinion(browser, text="En lampa vid gångvägen till skolan behövs")
    page = said(browser.get("/mina"))
    assert page.count("Mina ärenden") == 1
    assert cases_read_by(world, assisting_actor(world, neighbours.astrid)) == 1


def paper_for(world: World, number: str) -> None:
    """A mandate on paper for whoever of the municipality's helpers is there."""
    with world.acting(world.owner):
        register_mandate(
            by=world.owner,
            kind="proxy",
            ground="paper",
            principal=Named(number, "Astrid"),
            agent=None,
            terms=Terms(timezone.localdate()),
            reason="Sett id-kort",
            paper_reference="Pärm 3",
        )


@pytest.mark.parametrize("ground", ["stated", "paper"])
def test_who_cannot_log_in_is_given_an_address_to_take_home(world: World, neighbours: Neighbours, ground: str) -> None:
    browser = helper(world)
    if ground == "paper":
        paper_for(world, neighbours.astrid)
    begin(browser, ground, **stated(neighbours.astrid))
    receipt = send_opinion(browser)["Location"]
    assert receipt.startswith("/tanum/mina/arenden/")  # the secret stands in no url that this browser remembers
    page = browser.get(receipt)
    words = said(page)
    for told in ("Kvitto att ta med hem", "Så hittar du ärendet senare", "utan att logga in", "QR-kod", "Skriv ut"):
        assert told in words or told in page.content.decode(), told
    address = re.search(r"http://testserver(/tanum/ansok/arende/[0-9a-z]{16})", words)
    assert address is not None
    assert f'href="{address[1]}' not in page.content.decode()
    browser.post("/tanum/hjalp/sluta")
    assert browser.get(receipt).status_code == 404
    # At home, without logging in: the case, its receipt with the same address, and no other than hers.
    home = Client()
    assert OPINION["text"] in said(home.get(address[1]))
    assert address[1] in said(home.get(f"{address[1]}/kvitto"))
    assert home.get(f"{address[1][:-1]}{'0' if address[1][-1] != '0' else '1'}").status_code == 404
    # It is hers too when she logs in some day, and the address is not told again.
    own = neighbours.log_in(neighbours.astrid)
    assert "Idé om gator" in said(own.get("/mina"))
    assert address[1] not in said(own.get(receipt))


def test_who_can_log_in_gets_no_address_beside(world: World, neighbours: Neighbours) -> None:
    own, browser = neighbours.log_in(neighbours.astrid), helper(world)
    waiting, code = asked_code(browser)
    approve(own, code)
    browser.post(waiting)
    for sender in (browser, own):
        page = said(sender.get(send_opinion(sender)["Location"]))
        assert "Ditt kvitto" in page
        assert "/ansok/arende/" not in page


def test_a_paper_opens_no_case_that_has_been_sealed(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    receipt = send_opinion(browser)["Location"]
    address = re.search(r"/tanum/ansok/arende/[0-9a-z]{16}", said(browser.get(receipt)))
    assert address is not None
    assert Client().get(address[0]).status_code == 200
    resident = find_person_by_number(neighbours.astrid)
    with scope(Scope(world.tanum.id, reach=frozenset({resident}))):
        Item.objects.of_kind(CASE).update(level="sealed")
    assert Client().get(address[0]).status_code == 404
    assert address[0] not in said(browser.get(receipt))


def approve(browser: Client, code: str) -> Any:
    assert browser.post("/mina/hjalp/godkann", {"code": code}).status_code == 200
    return browser.post("/mina/hjalp/godkann", {"code": code, "yes": "1"})


def asked_code(browser: Client) -> tuple[str, str]:
    waiting = begin(browser, "eid")["Location"]
    return waiting, browser.get(waiting).context["code"]


def test_with_her_own_log_in_the_resident_lets_the_helper_see_what_is_hers(
    world: World, neighbours: Neighbours
) -> None:
    own = neighbours.log_in(neighbours.astrid)
    older = send_opinion(own)["Location"]
    browser = helper(world)
    waiting, code = asked_code(browser)
    assert browser.get(older).status_code == 404
    assert browser.post(waiting).status_code == 200  # not yet
    shown = said(own.post("/mina/hjalp/godkann", {"code": code}))
    assert "Olle Ägare, Tanum kommun, vill hjälpa dig" in shown
    assert approve(own, code)["Location"].endswith("/mina/hjalp")
    assert browser.post(waiting)["Location"] == "/tanum/"
    assert "Du hjälper Astrid Påhittad" in said(browser.get("/tanum/"))
    assert browser.get(older).status_code == 200
    assert "Mina ärenden" in said(browser.get("/mina"))
    (given,) = times_helped(world, neighbours.astrid)
    assert (given.ground, given.code) == ("eid", None)


def test_a_code_is_good_once_and_for_ten_minutes(
    world: World, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = helper(world)
    _waiting, code = asked_code(browser)
    astrid, bo = neighbours.log_in(neighbours.astrid), neighbours.log_in(neighbours.bo)
    assert astrid.post("/mina/hjalp/godkann", {"code": "000001"}).status_code == 422
    approve(astrid, code)
    assert bo.post("/mina/hjalp/godkann", {"code": code}).status_code == 422
    waiting, code = asked_code(browser)
    monkeypatch.setattr("medskick.kernel.assistance.queries.CODE_VALID", timedelta(0))
    monkeypatch.setattr("medskick.kernel.assistance.actions.helping.CODE_VALID", timedelta(0))
    assert bo.post("/mina/hjalp/godkann", {"code": code}).status_code == 422
    assert browser.post(waiting).status_code == 200


def test_it_is_over_after_fifteen_idle_minutes_and_nothing_is_sent(
    world: World, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    monkeypatch.setattr("medskick.kernel.people.queries.IDLE", timedelta(minutes=-1))
    late = send_opinion(browser)
    assert (late.status_code, late["Location"]) == (302, "/tanum/logga-in/inte-langre?assistance")
    assert "Inget skickades" in said(browser.get(late["Location"]))
    with world.acting(world.owner):
        assert LogEntry.objects.filter(verb="services.case.created").count() == 0
    (given,) = times_helped(world, neighbours.astrid)
    assert given.ended_how == Ended.IDLE
    assert browser.get("/arbete").status_code == 200


def test_typing_in_a_long_form_keeps_it_going_and_is_told_when_it_is_over(
    world: World, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    before = times_helped(world, neighbours.astrid)[0].last_active_at
    assert browser.get("/hjalp/pagar", headers={"HX-Request": "true"}).status_code == 204
    after = times_helped(world, neighbours.astrid)[0].last_active_at
    assert before is not None
    assert after is not None
    assert after > before
    monkeypatch.setattr("medskick.kernel.people.queries.IDLE", timedelta(minutes=-1))
    over = browser.get("/hjalp/pagar", headers={"HX-Request": "true"})
    assert over["HX-Redirect"] == "/logga-in/inte-langre?assistance"


def test_walking_away_is_noted_by_the_job(world: World, neighbours: Neighbours, monkeypatch: Any) -> None:
    begin(helper(world), "stated", **stated(neighbours.astrid))
    end_idle_help()
    assert times_helped(world, neighbours.astrid)[0].ended_at is None
    monkeypatch.setattr("medskick.kernel.assistance.actions.helping.IDLE", timedelta(minutes=-1))
    end_idle_help()
    assert times_helped(world, neighbours.astrid)[0].ended_how == Ended.IDLE


def test_logging_out_ends_it(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    browser.post("/logga-ut")
    assert times_helped(world, neighbours.astrid)[0].ended_how == Ended.LOG_OUT
    assert browser.get("/mina").status_code == 302


def test_an_ended_employment_ends_it(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    with world.acting(world.colleague):
        end_employment(Employment.objects.get(id=world.owner.employment), by=world.colleague)
    assert send_opinion(browser)["Location"].startswith("/tanum/ansok/arende/")  # a visitor without log-in
    assert times_helped(world, neighbours.astrid)[0].ended_how == Ended.EMPLOYMENT


def test_a_role_taken_back_ends_it(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    with world.acting(world.colleague):
        RoleAssignment.objects.filter(employment_id=world.owner.employment, role="helper").update(
            ended_at=timezone.now()
        )
    assert send_opinion(browser)["Location"].endswith("inte-langre?assistance")
    assert times_helped(world, neighbours.astrid)[0].ended_how == Ended.EMPLOYMENT


def test_the_resident_ends_it_and_the_helper_s_next_click_is_not_hers(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    (given,) = times_helped(world, neighbours.astrid)
    assert neighbours.log_in(neighbours.bo).post(f"/mina/hjalp/{given.id}/avslut").status_code == 404
    neighbours.log_in(neighbours.astrid).post(f"/mina/hjalp/{given.id}/avslut")
    assert send_opinion(browser)["Location"].endswith("inte-langre?assistance")
    assert times_helped(world, neighbours.astrid)[0].ended_how == Ended.RESIDENT


@pytest.mark.parametrize(
    "page", ["/arbete", "/arbete/hjalp", "/mina/hjalp", "/mina/ombud", "/mina/ombud/nytt", "/logga-in/roll"]
)
def test_while_helping_neither_work_nor_what_only_she_may_do_is_open(
    world: World, neighbours: Neighbours, page: str
) -> None:
    browser = helper(world)
    begin(browser, "stated", **stated(neighbours.astrid))
    assert browser.get(page).status_code == 403
    assert browser.post(page).status_code == 403


def test_somebody_without_a_name_gets_the_address_and_nothing_is_the_helper_s(
    world: World, neighbours: Neighbours
) -> None:
    browser = helper(world)
    begin(browser, "unnamed")
    page = said(browser.get("/tanum/"))
    assert "Du hjälper någon utan namn Inget blir ditt." in page
    assert "Mina sidor" not in page
    assert browser.get("/mina").status_code == 403
    receipt = send_opinion(browser)["Location"]
    assert receipt.startswith("/tanum/ansok/arende/")
    printed = said(browser.get(receipt))
    assert "Skriv upp den eller skriv ut sidan" in printed
    browser.post("/tanum/hjalp/sluta")
    with world.acting(world.owner):
        made = LogEntry.objects.get(verb="services.case.created")
        assert (made.person, made.acting_for, made.channel) == (world.owner.person, None, "desk")
    assert "bänk" not in said(browser.get("/mina"))
    with scope(Scope(world.tanum.id, reach=frozenset({world.owner.person}))):
        assert Item.objects.of_kind(CASE).count() == 0
    # Whoever holds the address reads it, at home, without log-in.
    assert "bänk vid busshållplatsen" in said(Client().get(receipt.removesuffix("/kvitto")))


def test_the_phone_s_own_token_is_put_aside_and_taken_back(world: World, neighbours: Neighbours) -> None:
    browser = helper(world)
    browser.cookies["medskick_telefon"] = "helper-own-token-1234567890"
    begin(browser, "unnamed")
    assert browser.cookies["medskick_telefon"].value == ""
    browser.cookies["medskick_telefon"] = "given-while-helping-1234567"
    browser.post("/tanum/hjalp/sluta")
    assert browser.cookies["medskick_telefon"].value == "helper-own-token-1234567890"
    assert browser.cookies["medskick_telefon_egen"].value == ""


def test_only_a_helper_helps_and_nobody_helps_herself(world: World, neighbours: Neighbours) -> None:
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        begin_help(by=world.resident, ground="unnamed")
    browser = helper(world)
    for wrong in (
        {"name": "Astrid"},
        {"number": neighbours.astrid},
        {"number": "19480302-0000", "name": "A", "reason": "b"},
    ):
        assert begin(browser, "stated", **wrong).status_code == 422
    assert begin(browser, "paper", number=neighbours.astrid, name="Astrid").status_code == 422
    assert begin(browser, "konstig").status_code == 422
    assert begin(browser, "unnamed", channel="brev").status_code == 422


def test_starting_tells_nothing_of_whether_she_was_known(world: World, neighbours: Neighbours) -> None:
    neighbours.log_in(neighbours.astrid)
    pages = []
    for number in (neighbours.astrid, neighbours.bo):
        browser = helper(world)
        begin(browser, "stated", **stated(number, "Kim"))
        pages.append(said(browser.get("/tanum/")))
    assert pages[0] == pages[1]
    assert "Astrid" not in pages[0]


def test_nobody_writes_help_or_an_approval_past_the_verbs(world: World, neighbours: Neighbours) -> None:
    neighbours.log_in(neighbours.astrid)
    resident = find_person_by_number(neighbours.astrid)
    fake: dict[str, Any] = {
        "owner": world.tanum,
        "helper": world.resident.person,
        "helper_name": "Ingen",
        "employment": world.owner.employment,
        "resident": resident,
        "ground": "eid",
        "channel": "desk",
    }
    with world.acting(world.resident), pytest.raises(DatabaseError), transaction.atomic():
        Assistance(**fake).save(force_insert=True)
    # Even staff who wrote one for somebody else is not that helper.
    with world.acting(world.colleague):
        begun = begin_help(
            by=world.colleague, ground="stated", named=Named(neighbours.astrid, "Astrid"), reason="Vid disken"
        )
    acting = acting_person(
        world.owner.person, world.owner.employment, place=None, assurance="high", assistance=begun.id
    )
    assert acting is not None
    assert acting.actor.acting_for is None
    with connection.cursor() as cursor, world.acting(world.stranger):
        cursor.execute("select approve_assistance(%s, now() - interval '1 day', %s, %s)", [b"x", resident, b"y"])
        assert cursor.fetchone() == (None,)
        cursor.execute("select end_assistance(%s, 'helper')", [begun.id])
        assert cursor.fetchone() == (False,)


def test_nobody_signs_for_another(world: World, neighbours: Neighbours) -> None:
    require_own_signature(world.resident)
    begin(helper(world), "stated", **stated(neighbours.astrid))
    with pytest.raises(OwnSignatureNeeded):
        require_own_signature(assisting_actor(world, neighbours.astrid))

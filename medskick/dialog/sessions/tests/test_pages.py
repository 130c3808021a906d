"""The phone, the way back, the screen and the staff's pages, as a browser meets them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from medskick.dialog.sessions.access import personal_address
from medskick.dialog.sessions.actions.answering import lift_answer
from medskick.dialog.sessions.actions.asking import close_step, hide_answer, show_result
from medskick.dialog.sessions.actions.planning import end_session
from medskick.dialog.sessions.answer_actions import AnswerAction, _actions, register_answer_action
from medskick.dialog.sessions.models import Answer, Participant
from medskick.dialog.sessions.panels import open_questions
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import EmailAddress
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people.middleware import DEVICE_COOKIE
from medskick.kernel.tests.world import World, page_queries

WORK = "/arbete/lyssna"


def answer(room: Room, phone: Client, text: str, key: str = "") -> object:
    address = f"/tanum/delta/{room.session.code}/svar/{room.step.id}"
    return phone.post(address, {"answer": text, "submission_key": key})


def test_a_phone_reads_how_it_takes_part_before_it_answers(room: Room) -> None:
    phone = room.world.client()
    page = phone.get(f"/delta/{room.session.code}").content.decode()
    assert "Du svarar anonymt" in page
    assert DEVICE_COOKIE not in phone.cookies
    answer(room, phone, "Trygghet")
    cookie = phone.cookies[DEVICE_COOKIE]
    assert (len(cookie.value), cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (
        32,
        True,
        "Lax",
        False,
    )


def test_the_phone_gets_its_answer_back_and_changes_it(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    page = phone.get(f"/tanum/delta/{room.session.code}").content.decode()
    assert "Trygghet</textarea>" in page
    assert "Du kan ändra det tills mötesledaren går vidare" in page
    answer(room, phone, "Krångel")
    with room.world.acting(room.world.owner):
        assert list(Answer.objects.values_list("text", flat=True)) == ["Krångel"]


def test_only_hashes_of_the_phones_secrets_are_stored(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    secret = phone.cookies[DEVICE_COOKIE].value
    address = personal_address(secret, room.session.pk)
    with room.world.acting(room.world.owner):
        one = Participant.objects.get()
        assert (one.device, one.address) == (reader_token(secret), reader_token(address))
        assert sorted(one.readers) == sorted([reader_token(secret), reader_token(address)])


def test_what_was_typed_comes_back_when_the_question_closed_meanwhile(room: Room) -> None:
    phone = room.world.client()
    with room.world.acting(room.world.owner):
        close_step(room.step, by=room.world.owner)
    got = answer(room, phone, "Mormor kan inte boka färdtjänst")
    assert got.status_code == 409
    page = got.content.decode()
    assert "Frågan stängdes medan du skrev" in page
    assert "Mormor kan inte boka färdtjänst</textarea>" in page


@pytest.mark.parametrize("text", ["", "styr\x00tecken", "å" * 201])
def test_a_bad_answer_is_explained_and_given_back(room: Room, text: str) -> None:
    got = answer(room, room.world.client(), text)
    assert got.status_code == 422
    assert "error" in got.content.decode()
    with room.world.acting(room.world.owner):
        assert Answer.objects.count() == 0


def test_a_script_is_shown_as_the_letters_it_is(room: Room) -> None:
    answer(room, room.world.client(), "<script>alert(1)</script>")
    client = room.world.client(room.world.owner)
    for rest in ("", "/projektor", "/svar"):
        page = client.get(f"{WORK}/moten/{room.session.pk}{rest}").content.decode()
        assert "<script>alert" not in page


def test_an_unknown_code_is_explained(room: Room) -> None:
    phone = room.world.client()
    wrong = "1111" if room.session.code != "1111" else "2222"
    assert "Inget öppet möte har koden" in phone.get(f"/delta/{wrong}").content.decode()
    assert "fyra siffror" in phone.post("/delta", {"code": "12"}).content.decode()
    right = phone.post("/delta", {"code": f" {room.session.code} "})
    assert right["Location"].endswith(f"/delta/{room.session.code}")


def test_a_hall_behind_one_address_is_not_slowed_down_and_a_hammering_phone_is(room: Room) -> None:
    codes = {answer(room, room.world.client(), f"svar {number}").status_code for number in range(60)}
    assert codes == {302}
    hammer = room.world.client()
    codes = [answer(room, hammer, f"svar {number}").status_code for number in range(60)]
    assert (codes[:20], codes[-1]) == ([302] * 20, 429)


def test_alias_and_municipality_are_asked_before_the_question(rooms: Callable[..., Room]) -> None:
    room = rooms(anonymity="alias", asks_municipality=True)
    phone = room.world.client()
    first = phone.get(f"/delta/{room.session.code}")
    assert first["Location"].endswith("/ga-med")
    page = phone.get(first["Location"]).content.decode()
    assert "Vad vill du kallas?" in page
    assert "Du svarar med det alias du väljer" in page
    phone.post(first["Location"], {"called": "Granit", "municipality": str(room.world.sotenas.id)})
    answer(room, phone, "Tid")
    with room.world.acting(room.world.owner):
        one = Participant.objects.get()
        assert (one.called, one.municipality) == ("Granit", room.world.sotenas)


def test_a_session_that_asks_the_municipality_takes_no_answer_for_an_answer(rooms: Callable[..., Room]) -> None:
    room = rooms(asks_municipality=True)
    phone = room.world.client()
    assert phone.post(f"/delta/{room.session.code}/ga-med", {}).status_code == 302
    assert phone.get(f"/delta/{room.session.code}").status_code == 200


def own_address(room: Room, phone: Client) -> str:
    page = phone.get(f"/tanum/delta/{room.session.code}").content.decode()
    return "/tanum/spar/min/" + re.findall(r'href="/tanum/spar/min/([0-9a-z]{16})"', page)[0]


def test_the_personal_address_opens_on_another_device_and_tells_nobody_else(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Mormor kan inte boka färdtjänst")
    address = own_address(room, phone)
    got = room.world.client().get(address)
    assert "Mormor kan inte boka färdtjänst" in got.content.decode()
    assert got["Referrer-Policy"] == "same-origin"
    assert "noindex" in got["X-Robots-Tag"]
    assert "no-store" in got["Cache-Control"]
    assert room.world.client().get(address.upper().replace("/TANUM/SPAR/MIN/", "/tanum/spar/min/")).status_code == 200
    assert room.world.client().get("/spar/min/0000000000000000").status_code == 404
    assert room.world.client().get("/spar/min/kort").status_code == 404


def test_the_hidden_answers_own_speaker_reads_why(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Reklam")
    with room.world.acting(room.world.owner):
        hide_answer(Answer.objects.get(), by=room.world.owner, reason="Svarar inte på frågan.")
    assert "Svarar inte på frågan." in phone.get(own_address(room, phone)).content.decode()


def test_logged_in_one_claims_the_answers(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    address = own_address(room, phone)
    with room.world.acting(room.world.owner):
        item = lift_answer(Answer.objects.get(), by=room.world.owner)
    assert room.world.client().post(f"{address}/hemtagning")["Location"].startswith("/tanum/logga-in")
    resident = room.world.client(room.world.resident)
    assert resident.post(f"{address}/hemtagning")["Location"] == "/tanum/mina"
    mine = resident.get("/tanum/mina").content.decode()
    assert "Trygghet" in mine
    assert f"/tanum/spar/{item.number}" in mine
    assert resident.get(f"/tanum/spar/{item.number}").status_code == 200
    assert room.world.client(room.world.stranger).get(f"/tanum/spar/{item.number}").status_code == 404


def test_no_page_and_no_file_of_the_staff_tells_which_phone(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    secret = phone.cookies[DEVICE_COOKIE].value
    address = personal_address(secret, room.session.pk)
    secrets = [secret, address, str(reader_token(secret)), str(reader_token(address))]
    client = room.world.client(room.world.owner)
    with room.world.acting(room.world.owner):
        found = Answer.objects.get()
        lift_answer(found, by=room.world.owner)
    pages = [f"{WORK}/moten/{room.session.pk}{rest}" for rest in ("", "/projektor", "/svar", "/svar.csv")]
    for page in [*pages, f"{WORK}/svar/{found.id}", f"{WORK}/steg/{room.step.id}/resultat.csv"]:
        text = client.get(page).content.decode()
        assert [one for one in secrets if one in text] == [], page


def test_the_export_of_anonymous_answers_has_no_time_and_no_order_of_answering(room: Room) -> None:
    for number, text in enumerate(["Örnar", "Apor", "Myror"]):
        room.say(f"phone {number}", text)
    data = (
        room.world.client(room.world.owner).get(f"{WORK}/moten/{room.session.pk}/svar.csv").content.decode("utf-8-sig")
    )
    rows = data.splitlines()
    assert rows[0] == "Fråga;Svar;Kommun;Visas;Skäl att dölja"
    assert [row.split(";")[1] for row in rows[1:]] == ["Apor", "Myror", "Örnar"]


def test_the_screen_shows_the_cloud_how_many_and_how_to_join(room: Room) -> None:
    room.say("Ada", "Trygghet")
    room.say("Bo", "trygghet")
    client = room.world.client(room.world.owner)
    screen = f"{WORK}/moten/{room.session.pk}/projektor"
    page = client.get(screen).content.decode()
    assert room.session.code in page
    assert "2 telefoner har svarat" in page.replace("\xa0", " ")
    assert "trygghet</text>" in page
    assert re.search(r"data-live=\"/live/", page)
    part = client.get(screen, headers={"HX-Request": "true"}).content.decode()
    assert "trygghet</text>" in part
    assert "<html" not in part


def test_a_paused_screen_stays_as_it_was(room: Room) -> None:
    room.say("Ada", "Trygghet")
    client = room.world.client(room.world.owner)
    screen = f"{WORK}/moten/{room.session.pk}/projektor"
    paused = re.findall(r"\?pausad=[\d.]+", client.get(screen).content.decode())[0]
    room.say("Bo", "Örnar")
    page = client.get(screen + paused).content.decode()
    assert "trygghet</text>" in page.lower()
    assert "örnar</text>" not in page.lower()
    assert "data-live" not in page
    assert client.get(f"{screen}?pausad=struntprat").status_code == 200


def test_flows_put_their_links_on_the_page_of_an_answer(room: Room) -> None:
    found = room.say("Ada", "Trygghet")
    action = AnswerAction("Gör något av det", lambda one: f"/gor/{one.id}", lambda actor: actor.has("facilitator"))
    register_answer_action(action)
    try:
        page = room.world.client(room.world.owner).get(f"{WORK}/svar/{found.id}").content.decode()
    finally:
        _actions.remove(action)
    assert f"/gor/{found.id}" in page
    assert room.world.client(room.world.stranger).get(f"{WORK}/svar/{found.id}").status_code == 404


def test_what_is_open_for_all_stands_on_tyck_till_and_on_the_start_page(rooms: Callable[..., Room]) -> None:
    closed, public = rooms(), rooms(public=True)
    page = public.world.client().get("/tanum/tyck-till").content.decode()
    assert f"/tanum/delta/{public.session.code}" in page
    assert closed.session.code not in page
    with public.world.acting(public.world.resident):
        request = type(
            "Request",
            (),
            {"place": type("Place", (), {"id": public.world.tanum.id, "region_id": public.world.region.id})},
        )
        panel = open_questions(request)
    assert panel is not None
    assert panel["count"] == 1
    assert public.world.client().get(f"/tanum/tyck-till/moten/{public.session.pk}").status_code == 200
    assert public.world.client().get(f"/tanum/tyck-till/moten/{closed.session.pk}").status_code == 404


def test_a_session_that_is_over_thanks_its_phones_and_knows_no_others(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    with room.world.acting(room.world.owner):
        end_session(room.session, by=room.world.owner)
    page = phone.get(f"/tanum/delta/{room.session.code}").content.decode()
    assert "Tack, mötet är slut" in page
    assert "/spar/min/" in page
    assert room.world.client().get(f"/tanum/delta/{room.session.code}").status_code == 404
    assert answer(room, phone, "För sent").status_code == 409


@pytest.mark.parametrize(
    ("path", "budget"), [("/moten", 8), ("", 12), ("/moten/{session}", 12), ("/moten/{session}/svar", 12)]
)
def test_pages_cost_the_same_queries_with_more_rows(room: Room, path: str, budget: int) -> None:
    browser = room.world.client(room.world.owner)
    address = WORK + path.format(session=room.session.pk)
    room.say("Ada", "Trygghet")
    page_queries(browser, address)
    one = page_queries(browser, address)
    for number in range(3):
        room.say(f"phone {number}", f"ord {number}")
    three = page_queries(browser, address)
    assert len(one) <= budget, one
    assert len(three) == len(one)


def test_a_phone_costs_few_queries(room: Room, world: World) -> None:
    phone = world.client()
    answer(room, phone, "Trygghet")
    address = own_address(room, phone)
    here = f"/tanum/delta/{room.session.code}"
    page_queries(phone, here)
    # The shown result: into the holder's scope and back, and what it was counted of last.
    assert len(page_queries(phone, here)) <= 12
    with world.acting(world.owner):
        show_result(room.step, by=world.owner, shown=False)
    assert len(page_queries(phone, here)) <= 9
    assert len(page_queries(phone, address)) <= 12


def test_a_phone_leaves_an_email_that_nobody_who_works_there_sees(room: Room) -> None:
    phone = room.world.client()
    answer(room, phone, "Trygghet")
    address = own_address(room, phone)
    page = phone.get(address).content.decode()
    assert "Få veta med mejl" in page
    fields = dict(re.findall(r'<input type="hidden" name="(secret|back)" value="([^"]+)"', page))
    assert sorted(fields) == ["back", "secret"]
    sent = phone.post("/tanum/mejl", fields | {"email": "anna.hemlig@exempel.example"})
    assert sent["Location"] == address
    after = phone.get(address).content.decode()
    assert "Vi har skickat ett mejl till a…" in after and "anna.hemlig" not in after
    session = room.session.pk
    for worker in (room.world.owner, room.world.colleague, room.world.stranger):
        browser = room.world.client(worker)
        for place in (f"{WORK}/moten/{session}/svar", f"{WORK}/moten/{session}/svar.csv"):
            shown = browser.get(place).content.decode()
            assert "hemlig" not in shown and "exempel.example" not in shown
        with room.world.acting(worker):
            assert EmailAddress.objects.count() == 0
            for entry in LogEntry.objects.filter(verb__startswith="mail."):
                assert (entry.person, entry.item, entry.references) == (None, None, [])
    with room.world.acting(room.world.owner):
        assert LogEntry.objects.filter(verb="mail.asked").count() == 1


def test_a_phone_is_told_before_its_first_answer_that_an_open_session_is_read_by_all(
    rooms: Callable[..., Room],
) -> None:
    told = "det som visas på skärmen får alla läsa i mötets rapport"
    for public in (True, False):
        room = rooms(public=public)
        page = room.world.client().get(f"/tanum/delta/{room.session.code}").content.decode()
        assert (told in page) == public


def test_whoever_does_not_hold_a_public_session_reads_what_everybody_reads(rooms: Callable[..., Room]) -> None:
    room = rooms(public=True)
    for name in ("anna", "bo"):
        room.say(name, "Trygghet")
    with room.world.acting(room.world.owner):
        end_session(room.session, by=room.world.owner)
    browser = room.world.client(room.world.stranger)
    page = browser.get(f"/sotenas{WORK}/moten/{room.session.pk}", follow=True)
    assert page.redirect_chain == [(f"/sotenas/tyck-till/moten/{room.session.pk}", 302)]
    text = page.content.decode()
    assert "2 telefoner har svarat" in text.replace("\u00a0", " ")
    assert re.search(r"Deltagare</dt>\s*<dd[^>]*>2<", text)
    listed = browser.get(f"/sotenas{WORK}/moten.csv").content.decode("utf-8-sig")
    assert room.session.title in listed
    assert browser.get(f"/sotenas{WORK}/moten/{room.session.pk}/svar.csv").status_code == 404

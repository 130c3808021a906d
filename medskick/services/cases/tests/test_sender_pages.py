"""The sender's pages: filling in, checking, the receipt, the private address, and what goes wrong on the way."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from medskick.kernel.files.models import StoredFile
from medskick.lib.codes import trace_address
from medskick.services import api
from medskick.services.cases.models import Case
from medskick.services.cases.tests.officers import ANSWERS, Office

PAGE = "/tanum/ansok/synpunkt/ny"
SCRIPT = "<script>alert('hej')</script> & gungan är trasig"
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def fill_in(client: Client, **answers: Any) -> Any:
    return client.post(PAGE, {**ANSWERS, **answers})


def send(client: Client, **answers: Any) -> Any:
    return client.post(PAGE, {**ANSWERS, "step": "send", **answers})


def test_from_the_list_to_the_receipt_without_log_in(office: Office) -> None:
    client = office.client()
    assert "Lämna en synpunkt eller idé" in client.get("/tanum/ansok").content.decode()
    assert "Svaret kommer inom 30 dagar" in client.get("/tanum/ansok/synpunkt").content.decode()
    assert client.get(PAGE).status_code == 200
    checked = fill_in(client)
    assert checked.status_code == 200
    assert "Inget är skickat än" in checked.content.decode()
    sent = send(client)
    assert sent.status_code == 302
    assert re.fullmatch(r"/tanum/ansok/arende/[0-9a-z]{16}/kvitto", sent["Location"])
    receipt = client.get(sent["Location"])
    text = receipt.content.decode()
    with office.acting(office.officer):
        case = api.get_case(Case.objects.get().item_id)
    for told in (case.item.record.diary_number, "Samhällsbyggnad", "Gungan i parken är trasig."):
        assert told in text
    assert (receipt["Cache-Control"], receipt["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_before_it_is_sent_nothing_is_kept(office: Office) -> None:
    fill_in(office.client())
    with office.acting(office.officer):
        assert not Case.objects.exists()


def test_signed_in_it_is_under_my_pages_and_nobody_elses(office: Office) -> None:
    client = office.client(office.resident)
    sent = send(client)
    page = sent["Location"].removesuffix("/kvitto")
    assert re.fullmatch(r"/tanum/mina/arenden/[0-9a-f-]{36}", page)
    assert client.get(sent["Location"]).status_code == client.get(page).status_code == 200
    assert "Synpunkt om gator, vägar och trafik" in client.get("/tanum/mina").content.decode()
    # The officer reads it at work, but not as if it were hers.
    assert office.client(office.officer).get(page).status_code == 404
    assert office.client(office.stranger).get(page).status_code == 404
    assert office.client().get(page).status_code == 302


def test_an_idea_is_called_an_idea_and_nothing_of_it_stands_in_its_open_title(office: Office) -> None:
    client = office.client(office.resident)
    for text in ("Gör gatan vid skolan till gågata.", "Plantera träd längs Storgatan."):
        send(client, slag="ide", text=text)
    with office.acting(office.officer):
        for case in Case.objects.select_related("item__record"):
            open_to_all = (case.item.title, case.item.summary, case.item.record.public_title)
            assert open_to_all == ("Idé om gator, vägar och trafik", "", "Idé om gator, vägar och trafik")
    # In her own list her own words tell them apart; at work it is the numbers, for reading the words there is logged.
    mine = client.get("/tanum/mina").content.decode()
    at_work = office.client(office.officer).get("/tanum/arbete/utfora/arenden").content.decode()
    for words, number in (("Gör gatan vid skolan", "-00001"), ("Plantera träd", "-00002")):
        assert words in mine and words not in at_work
        assert number in mine and number in at_work


def test_the_receipt_leads_to_where_the_answer_comes_and_says_when_it_is_there(office: Office) -> None:
    for client in (office.client(), office.client(office.resident)):
        receipt = send(client)["Location"]
        page = receipt.removesuffix("/kvitto")
        text = client.get(receipt).content.decode()
        assert "Kvittot ändras inte när svaret kommer." in text
        assert f'href="{page}"' in text
        assert "Svaret har kommit" not in text
        with office.acting(office.officer):
            item_id = Case.objects.get(state="received").item_id
            api.answer_case(item_id, by=office.officer, text="Vi lagar den.", outcome="action_taken", reason="Farlig.")
        text = client.get(receipt).content.decode()
        assert "Svaret har kommit" in text
        assert "Läs svaret på ärendets egen sida" in text
        # The receipt itself stays what it was: it says where the answer is, not what it is.
        assert "Vi lagar den." not in text


def test_on_paper_comes_the_stub_and_the_button_only_where_scripts_run(office: Office) -> None:
    text = office.client().get(send(office.client())["Location"]).content.decode()
    assert re.search(r'<button[^>]*type="button" hidden>.*?Skriv ut</button>', text, re.S)
    parts = re.findall(r'<section aria-labelledby="(\S+)" class="print-stub', text)
    assert parts == ["receipt-facts", "receipt-address"]


def test_a_forged_address_and_somebody_elses_are_the_same_404(office: Office) -> None:
    mine = send(office.client())["Location"].removesuffix("/kvitto")
    for address in (trace_address(), "kort", mine[-16:-1] + ("0" if mine[-1] != "0" else "1"), "å" * 16):
        for page in ("", "/kvitto"):
            assert office.client().get(f"/tanum/ansok/arende/{address}{page}").status_code == 404, address
        assert office.client().post(f"/tanum/ansok/arende/{address}/omdome", {"satisfied": "1"}).status_code == 404
    # Whoever holds it may read it, on any device, at any site of the region, however she types it.
    address = mine[-16:]
    typed = f"/sotenas/ansok/arende/{address[:8].upper()}-{address[8:]}"
    for page in (mine, typed):
        assert office.client().get(page).status_code == 200


def test_the_same_form_sent_twice_leads_to_the_same_receipt(office: Office) -> None:
    client, key = office.client(), "6f1c0c43-7a4e-4a35-9a2c-0d3f3f0a7d11"
    first, second = send(client, submission_key=key), send(client, submission_key=key)
    assert first["Location"] == second["Location"]
    with office.acting(office.officer):
        assert Case.objects.count() == 1


def test_script_is_shown_as_text_to_everybody(office: Office) -> None:
    client = office.client()
    pages = [fill_in(client, text=SCRIPT, plats=SCRIPT)]
    receipt = send(client, text=SCRIPT, plats=SCRIPT)["Location"]
    pages += [client.get(receipt), client.get(receipt.removesuffix("/kvitto"))]
    with office.acting(office.officer):
        item_id = Case.objects.get().item_id
    pages.append(office.client(office.officer).get(f"/tanum/arbete/utfora/arenden/{item_id}"))
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"text": ""}, "Skriv vad du vill säga."),
        ({"text": "x" * 4001}, "Korta den till högst 4000."),
        ({"text": "Gung\x00an är sönder"}, "styrtecken"),
        ({"text": "Gung\ufffdan är sönder"}, "gick inte att läsa"),
        ({"amne": "hittepå"}, "finns inte att välja"),
    ],
)
@pytest.mark.parametrize("step", ["", "send"])
def test_what_is_wrong_is_told_and_the_rest_comes_back(
    office: Office, answers: dict[str, str], told: str, step: str
) -> None:
    page = office.client().post(PAGE, {**ANSWERS, "plats": "Storgatan i Grebbestad", "step": step, **answers})
    text = page.content.decode()
    assert page.status_code == 422
    assert told in text
    assert "Storgatan i Grebbestad" in text
    with office.acting(office.officer):
        assert not Case.objects.exists()


def test_changing_ones_mind_gives_the_form_back_filled_in(office: Office) -> None:
    page = office.client().post(PAGE, {**ANSWERS, "step": "edit"})
    assert page.status_code == 200
    assert "Gungan i parken är trasig." in page.content.decode()
    assert "Det här behöver du rätta" not in page.content.decode()


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Min mor, 19121212-1212, får ingen hjälp", True),
        ("Min mor 121212+1212 får ingen hjälp", True),
        ("Min mor 121212 1212 får ingen hjälp", True),
        ("Ring 0525-123 45 67, faktura 191212121213", False),
        ("Skylten 2026-11-24 stod fel", False),
    ],
)
def test_a_personal_number_is_warned_of_and_not_refused(office: Office, text: str, warned: bool) -> None:
    client = office.client()
    page = fill_in(client, text=text)
    assert page.status_code == 200
    assert ("Det ser ut som ett personnummer" in page.content.decode()) == warned
    assert send(client, text=text).status_code == 302


def test_a_file_comes_with_it_and_is_read_by_those_who_read_the_case(office: Office) -> None:
    client = office.client()
    sent = send(client, bilaga=SimpleUploadedFile("Gungan åäö.pdf", PDF))
    page = sent["Location"].removesuffix("/kvitto")
    assert "Gungan åäö.pdf" in client.get(page).content.decode()
    with office.acting(office.officer):
        stored = StoredFile.objects.get()
        item_id = Case.objects.get().item_id
    answer = client.get(f"{page}/fil/{stored.id}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    at_work = f"/tanum/arbete/utfora/arenden/{item_id}/fil/{stored.id}"
    assert office.client(office.officer).get(at_work).status_code == 200
    for name in ("other_unit", "stranger"):
        assert office.client(getattr(office, name)).get(at_work).status_code == 404
        with office.acting(getattr(office, name)):
            assert not StoredFile.objects.exists()
    assert office.client().get(f"/tanum/ansok/arende/{trace_address()}/fil/{stored.id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "clamd", "told"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00", "", "Vi kan inte ta emot den sortens fil"),
        (b"<html><script>1</script></html>", "", "Vi kan inte ta emot den sortens fil"),
        (PDF, "/finns/inte/clamd.sock", "Vi kan inte kontrollera filer just nu"),
        (b"", "", "Filen är tom"),
    ],
)
def test_a_file_that_is_refused_costs_nothing_that_was_written(
    office: Office, monkeypatch: pytest.MonkeyPatch, content: bytes, clamd: str, told: str
) -> None:
    monkeypatch.setenv("MEDSKICK_CLAMD", clamd)
    page = send(office.client(), bilaga=SimpleUploadedFile("kvitto.pdf", content))
    text = page.content.decode()
    assert page.status_code == 422
    assert told in text
    assert "Gungan i parken är trasig." in text
    with office.acting(office.officer):
        assert not Case.objects.exists()
    assert send(office.client()).status_code == 302


def test_the_sender_reads_the_answer_and_judges_it_once(office: Office) -> None:
    client = office.client()
    page = send(client)["Location"].removesuffix("/kvitto")
    with office.acting(office.officer):
        item_id = Case.objects.get().item_id
        api.answer_case(
            item_id, by=office.officer, text="Vi lagar den på torsdag.", outcome="action_taken", reason="Den är farlig."
        )
    text = client.get(page).content.decode()
    for told in ("Vi lagar den på torsdag.", "Den är farlig.", "Olle Ägare", "Är du nöjd med svaret?"):
        assert told in text
    empty = client.post(f"{page}/omdome", {"reason": ""})
    assert (empty.status_code, "Skriv vad som saknas i svaret." in empty.content.decode()) == (422, True)
    # From the region's own page too: the writing goes to the municipality that has the case.
    assert client.post(f"{page.removeprefix('/tanum')}/omdome", {"reason": "Den är inte lagad."}).status_code == 302
    assert "Du är inte nöjd" in client.get(page).content.decode()
    again = client.post(f"{page}/omdome", {"reason": "Fortfarande inte."})
    assert again.status_code == 422
    with office.acting(office.officer):
        assert api.get_case(item_id).state == "reopened"


def test_notes_between_officers_are_not_shown_to_the_sender(office: Office) -> None:
    client = office.client(office.resident)
    page = send(client)["Location"].removesuffix("/kvitto")
    with office.acting(office.officer):
        api.note_on_case(Case.objects.get().item_id, by=office.officer, text="Kolla budgeten först")
    assert "Kolla budgeten" not in client.get(page).content.decode()


def test_at_the_region_one_chooses_municipality_first(office: Office) -> None:
    text = office.client().get("/ansok/synpunkt").content.decode()
    assert 'href="/tanum/ansok/synpunkt/ny"' in text
    assert 'href="/sotenas/ansok/synpunkt/ny"' in text
    assert office.client().get("/ansok/synpunkt/ny").status_code == 403


def test_somebody_at_work_elsewhere_is_told_to_change_role(office: Office) -> None:
    assert office.client(office.stranger).get(PAGE).status_code == 403
    assert "Du fyller i åt någon annan" in office.client(office.other_unit).get(PAGE).content.decode()


@pytest.mark.parametrize("asked", ["klaga", "synpunkter", "beröm", "vägar", "IDÉ"])
def test_the_service_is_found_by_the_words_that_people_use(office: Office, asked: str) -> None:
    assert "/tanum/ansok/synpunkt" in office.client().get("/tanum/ansok", {"q": asked}).content.decode()


def test_what_is_not_there_is_said(office: Office) -> None:
    text = office.client().get("/tanum/ansok", {"q": "rymdfärd"}).content.decode()
    assert "Vi hittade ingen e-tjänst." in text
    assert office.client().get("/tanum/ansok/finns-inte").status_code == 404


def test_in_english_the_form_is_english_and_the_record_swedish(office: Office) -> None:
    client = office.client()
    client.cookies["django_language"] = "en"
    assert "What would you like to say?" in client.get(PAGE).content.decode()
    send(client)
    with office.acting(office.officer):
        case = Case.objects.get()
        assert [one.label for one in api.answers_of_case(by=office.officer, item=case.item)][0] == "Vad vill du lämna?"

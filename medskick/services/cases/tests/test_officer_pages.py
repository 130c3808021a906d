"""The officers' pages: the list, the case, answering, passing on, and how many queries they cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medskick.kernel.log.models import LogEntry
from medskick.services import api
from medskick.services.cases.models import Case
from medskick.services.cases.tests.officers import ANSWERS, Office

LIST = "/tanum/arbete/utfora/arenden"
SAID = {"text": "Vi lagar gungan på torsdag.", "outcome": "action_taken", "reason": "Den är farlig."}


def send(office: Office) -> str:
    with office.acting(office.resident):
        sent = api.submit_case(by=office.resident, service="synpunkt", answers=ANSWERS)
    return f"{LIST}/{sent.case.item_id}"


def test_an_officer_answers_from_the_list(office: Office) -> None:
    client = office.client(office.officer)
    page = send(office)
    assert page in client.get(LIST).content.decode()
    assert "Gungan i parken är trasig." in client.get(page).content.decode()
    assert client.post(f"{page}/svar", SAID)["Location"] == page
    assert page not in client.get(LIST).content.decode()
    answered = client.get(f"{LIST}?visa=besvarade").content.decode()
    assert page in answered
    assert "besvarat" in answered


def test_each_page_that_shows_a_case_logs_the_reading(office: Office) -> None:
    page = send(office)
    office.client(office.officer).get(page)
    office.client(office.officer).get(page)
    with office.acting(office.officer):
        assert LogEntry.objects.filter(verb="services.case.read", person=office.officer.person).count() == 2


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"text": ""}, "Skriv ett svar."),
        ({"outcome": ""}, "Välj vad det blir."),
        ({"outcome": "hittepå"}, "finns inte att välja"),
        ({"reason": ""}, "Skriv varför."),
        ({"reason": "x" * 1001}, "Korta den till högst 1000."),
        ({"text": "Hej\x07"}, "styrtecken"),
    ],
)
def test_a_faulty_answer_comes_back_and_nothing_is_sent(office: Office, changed: dict[str, str], told: str) -> None:
    page = send(office)
    answer = office.client(office.officer).post(f"{page}/svar", {**SAID, **changed})
    text = answer.content.decode()
    assert (answer.status_code, told in text) == (422, True)
    kept = "Den är farlig." if "reason" not in changed else "Vi lagar gungan på torsdag."
    assert kept in text
    with office.acting(office.officer):
        assert Case.objects.get().state == "received"


def test_the_second_of_two_officers_is_told_and_keeps_her_words(office: Office) -> None:
    page = send(office)
    office.client(office.officer).post(f"{page}/svar", SAID)
    late = office.client(office.registrar).post(f"{page}/svar", {**SAID, "text": "Mitt eget långa svar."})
    text = late.content.decode()
    assert late.status_code == 422
    assert "Ärendet är redan besvarat" in text
    assert "Mitt eget långa svar." in text


def test_beginning_passing_on_noting_and_closing(office: Office) -> None:
    page, client = send(office), office.client(office.officer)
    assert client.post(f"{page}/handlaggning").status_code == 302
    assert "handläggs" in client.get(page).content.decode()
    assert client.post(f"{page}/anteckning", {"text": "Ring driften."}).status_code == 302
    assert "Ring driften." in client.get(page).content.decode()
    assert client.get(f"{page}/enhet").status_code == 200
    refused = client.post(f"{page}/enhet", {"unit": str(office.elsewhere.id), "reason": "Hör hemma där"})
    assert refused.status_code == 422
    moved = client.post(f"{page}/enhet", {"unit": str(office.care.id), "reason": "Det gäller en ramp"})
    assert moved["Location"] == LIST
    assert client.get(page).status_code == 404
    other = office.client(office.other_unit)
    assert "Det gäller en ramp" in other.get(page).content.decode()
    other.post(f"{page}/svar", SAID)
    early = other.post(f"{page}/avslut", {"reason": "Klart"})
    assert (early.status_code, "30 dagar" in early.content.decode()) == (422, True)


def test_somebody_in_the_unit_without_the_role_is_refused(office: Office) -> None:
    page = send(office)
    client = office.client(office.same_unit_no_role)
    assert client.get(LIST).status_code == client.get(page).status_code == 403
    assert client.post(f"{page}/svar", SAID).status_code == 403


def test_a_case_of_another_unit_is_not_there_for_any_address(office: Office) -> None:
    page = send(office)
    for actor in (office.other_unit, office.stranger):
        client = office.client(actor)
        for ending in ("", "/svar", "/enhet", "/anteckning", "/avslut"):
            assert client.get(page + ending).status_code == 404, ending
        assert client.post(f"{page}/handlaggning").status_code == 404
        assert client.post(f"{page}/svar", SAID).status_code == 404


@pytest.mark.parametrize("view", ["oppna", "forsenade", "besvarade", "alla"])
def test_the_list_costs_the_same_for_one_case_and_three(
    office: Office, view: str, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client = office.client(office.officer)
    pages = [send(office)]
    arrange(office, view)
    client.get(LIST)
    with django_assert_max_num_queries(8) as counted:
        assert pages[0] in client.get(f"{LIST}?visa={view}").content.decode()
    pages += [send(office), send(office)]
    arrange(office, view)
    with django_assert_num_queries(len(counted)):
        text = client.get(f"{LIST}?visa={view}").content.decode()
    assert all(page in text for page in pages)


def arrange(office: Office, view: str) -> None:
    with office.acting(office.officer):
        if view == "forsenade":
            Case.objects.update(due="2020-01-01")
        if view == "besvarade":
            Case.objects.update(state="answered")


def test_a_case_costs_at_most_twelve_queries(office: Office, django_assert_max_num_queries: Any) -> None:
    page, client = send(office), office.client(office.officer)
    client.get(page)
    with django_assert_max_num_queries(12):
        assert client.get(page).status_code == 200


def test_the_senders_list_costs_the_same_for_one_case_and_three(office: Office, django_assert_num_queries: Any) -> None:
    client = office.client(office.resident)
    send(office)
    client.get("/tanum/mina")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/tanum/mina")
    send(office)
    send(office)
    with django_assert_num_queries(len(for_one)):
        text = client.get("/tanum/mina").content.decode()
    assert text.count("Synpunkt om gator") == 3

"""A phone without account leaves an e-mail, is told of what came of its word, and turns it off: in a real browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from medskick.kernel.notifications import delivering
from medskick.kernel.organisations.places import all_places
from medskick.lib.dates import today_here
from tests.journeys.hands import fill, press

pytestmark = pytest.mark.journey

WORD = "Cykelparkering"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_phone_is_told_by_mail_and_turns_it_off(
    example: str, people: Any, sign_in: Any, axe: Any, scripts: bool
) -> None:
    def look(page: Any) -> None:
        assert page.locator("h1").count() == 1, page.url
        if scripts:
            assert axe(page) == [], page.url

    leader = people(scripts=scripts)
    sign_in(leader, "maria")
    leader.goto(f"{example}/arbete/lyssna/moten/nytt?program=empty")
    fill(leader, title="Vad saknas vid stationen?", held_on=today_here().isoformat(), anonymity="anonymous")
    session = leader.url
    press(leader, "Lägg till ett steg")
    press(leader, "Fritt svar i ett ordmoln")
    fill(leader, text="Vad saknas vid stationen?")
    leader.goto(session)
    press(leader, "Öppna mötet")
    press(leader, "Öppna")
    code = re.search(r"\b(\d{4})\b", leader.locator("main").inner_text().replace("2026", "").replace("\xa0", " "))
    assert code

    phone = people(width=390, scripts=scripts)
    phone.goto(f"{example}/delta")
    fill(phone, code=code[1])
    if phone.locator("main button:has-text('Gå med')").count():
        press(phone, "Gå med")
    fill(phone, answer=WORD)
    own = phone.locator("a[href*='/spar/min/']").first.get_attribute("href")
    phone.goto(own if own.startswith("http") else example + own)
    look(phone)
    fill(phone, email="anon@example.com")
    assert "/spar/min/" in phone.url
    assert "Vi har skickat ett mejl till a…" in phone.locator("main").inner_text()
    look(phone)

    # The mail is opened in another browser, that knows nothing of the phone.
    reader = people(width=390, scripts=scripts)
    confirming = mail_link(reader, example, "/mejl/bekrafta/")
    reader.goto(confirming)
    look(reader)
    press(reader, "Ja, skicka mejl")
    look(reader)
    fill(reader, pace="at_once", quiet_from="#0", quiet_until="#0")

    now = timezone.now() + timedelta(minutes=5)
    for place in all_places():
        delivering.write_mail(place.id, now)  # what the example's own people are still to be told

    # The word becomes a need, and the one who said it is told: that, and nothing more.
    leader.goto(f"{session}/svar")
    press(leader, WORD)
    press(leader, "Ta upp i planen")
    fill(leader, text="Det behövs cykelställ under tak", area="leadership", reason="Flera har frågat")
    assert sum(delivering.write_mail(place.id, now) for place in all_places()) == 1
    for place in all_places():
        delivering.send_mail(place.id, lambda: now)
    managing = mail_link(reader, example, "/mejl/", having="Nytt om det du följer")
    look(reader)
    shown = reader.locator("main").inner_text()
    assert "Behov" in shown or "Samlat" in shown
    assert WORD not in shown and "cykelställ" not in shown

    reader.goto(managing)
    look(reader)
    press(reader, "Sluta få mejl")
    assert "Du får inga fler mejl" in reader.locator("h1").inner_text()
    look(reader)
    phone.reload()
    assert phone.locator("[name=email]").is_visible()
    assert "a…" not in phone.locator("main").inner_text()


def mail_link(page: Any, site: str, part: str, *, having: str = "Bekräfta") -> str:
    """The link in the newest mail of the outbox whose subject is this."""
    page.goto(f"{site}/meddelanden/utkorg")
    mail = page.locator(f".card:has-text('{having}')").first
    link = mail.locator(f"a[href*='{part}']").last.get_attribute("href")
    assert link
    return str(link)

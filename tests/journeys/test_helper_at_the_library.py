"""A helper at the library does a task for a resident without e-legitimation; the resident sees it and objects later."""

from typing import Any

import pytest

from medskick.demo.region import PEOPLE
from tests.journeys.hands import fill, press

pytestmark = pytest.mark.journey

SAID = "Sätt upp en hylla för lånade rollatorer vid entrén"
NUMBERS = {one.key: one.number for one in PEOPLE}


def send_opinion(page: Any, example: str) -> None:
    """What the helper and the resident do together: fill in, look through, send."""
    page.goto(f"{example}/tanum/ansok/synpunkt/ny")
    fill(page, slag="ide", amne="kultur", text=SAID)
    with page.expect_navigation():
        page.locator("main button[name=step][value=send]").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_helper_at_the_library(
    example: str, people: Any, sign_in: Any, axe: Any, keyboard: Any, scripts: bool
) -> None:
    def look(page: Any) -> None:
        """Every page on the way is in order for assistive technology and keyboard (looking needs JavaScript)."""
        assert page.locator("h1").count() == 1, page.url
        if scripts:
            assert axe(page) == [], page.url
            assert keyboard(page) == [], page.url

    # Ingrid is at the library without her e-legitimation; Lena begins to help her.
    helper = people(scripts=scripts)
    sign_in(helper, "lena")
    helper.goto(f"{example}/arbete/hjalp")
    look(helper)
    fill(helper, ground="stated", place="Biblioteket i Tanumshede")
    look(helper)
    fill(helper, name="Ingrid", number=NUMBERS["ingrid"], reason="Telefonen är hemma. Jag såg hennes pass.")
    assert helper.url == f"{example}/tanum/"
    assert "Du hjälper Ingrid" in helper.locator("body").inner_text()

    # She works as Ingrid now, not at work, and sees nothing that is older.
    assert helper.goto(f"{example}/arbete").status == 403
    assert helper.goto(f"{example}/tanum/mina/ombud").status == 403
    helper.goto(f"{example}/tanum/mina")
    look(helper)
    assert "Mina ärenden" not in helper.locator("main").inner_text()
    send_opinion(helper, example)
    look(helper)
    receipt = helper.url
    assert SAID in helper.locator("main").inner_text()

    # It is over, and nothing of it is left for Lena.
    with helper.expect_navigation():
        helper.locator("button:has-text('Sluta hjälpa')").click()
    look(helper)
    assert helper.goto(receipt).status == 404
    helper.goto(f"{example}/mina")
    assert SAID not in helper.locator("body").inner_text()

    # At home Ingrid sees who did what, and that it is hers; she objects.
    resident = people(width=390, scripts=scripts)
    sign_in(resident, "ingrid")
    resident.goto(f"{example}/mina/hjalp")
    look(resident)
    told = resident.locator("main section").first.inner_text()
    for words in ("Lena Sjöberg hjälpte dig", "Biblioteket i Tanumshede", "vid disken", "Skickade in ett ärende"):
        assert words in told, (words, told)
    press(resident, "Invänd mot det här")
    look(resident)
    fill(resident, text="Jag menade hyllan vid lässalen.")
    look(resident)
    mine = resident.url

    # Kerstin, who was not there, answers; Ingrid reads it.
    registrar = people(scripts=scripts)
    sign_in(registrar, "kerstin")
    assert "Svara på en invändning mot hjälp" in registrar.locator("main").inner_text()
    registrar.goto(f"{example}/arbete/invandningar")
    registrar.locator("main .rows a").first.wait_for()
    address = f"{example}/arbete/invandningar/{mine.rsplit('/', 1)[1]}"
    registrar.goto(address)
    look(registrar)
    fill(registrar, outcome="upheld", reason="Vi har ändrat ärendet till lässalen.")
    look(registrar)
    resident.goto(mine)
    look(resident)
    assert "Vi har ändrat ärendet till lässalen." in resident.locator("main").inner_text()


def test_the_resident_approves_with_her_own_log_in(example: str, people: Any, sign_in: Any) -> None:
    helper, resident = people(), people(width=390)
    sign_in(helper, "lena")
    helper.goto(f"{example}/arbete/hjalp")
    fill(helper, ground="eid")
    code = helper.locator("main h2").first.inner_text()
    sign_in(resident, "ingrid")
    resident.goto(f"{example}/mina/hjalp/godkann")
    fill(resident, code=code)
    assert "Lena Sjöberg, Tanums kommun, vill hjälpa dig" in resident.locator("main").inner_text()
    press(resident, "Ja, det får hen")
    press(helper, "Har personen sagt ja?")
    press(helper, "Börja hjälpa")
    helper.goto(f"{example}/tanum/mina")
    assert "Mina ärenden" in helper.locator("main").inner_text()
    # Ingrid ends it herself; what Lena does next is not done.
    resident.goto(f"{example}/mina/hjalp")
    press(resident, "Avsluta hjälpen nu")
    helper.goto(f"{example}/tanum/mina")
    assert "Hjälpen är avslutad" in helper.locator("h1").inner_text()

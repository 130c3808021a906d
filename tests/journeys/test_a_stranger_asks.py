"""A stranger finds a secret record in the open diary, asks for it without saying who she is, and gets it masked."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.journey]

HIDDEN, MARK = ("Grebbestad", "Fjällbacka"), "█████"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_stranger_asks_for_a_document_and_gets_the_masked_version(
    example: str,
    sign_in: Callable[[Any, str], None],
    people: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    scripts: bool,
) -> None:
    def look(page: Any) -> None:
        assert page.locator("h1").count() == 1, page.url
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"), page.url
        assert (axe(page) if scripts else []) == [], page.url

    def press(page: Any, words: str) -> None:
        with page.expect_navigation():
            page.locator(f"main :is(button, a):has-text('{words}')").first.click()
        look(page)

    # The line of the diary says that there is a record, and not what stands in it.
    stranger = people(width=390, scripts=scripts)
    stranger.goto(f"{example}/tanum/diarium?ord=invånare")
    look(stranger)
    row = stranger.locator("ul.rows > li", has_text="Synpunkt från en invånare").first
    assert "sekretess: 21 kap. 7 § OSL" in row.inner_text()
    with stranger.expect_navigation():
        row.locator("a").click()
    look(stranger)
    number = stranger.locator("#id_diary_number").input_value()
    assert re.fullmatch(r"TA \d{4}-\d{5}", number)
    press(stranger, "Skicka begäran")
    assert "/kvitto" in stranger.url
    press(stranger, "Följ din begäran")
    own = stranger.url
    assert "Vi prövar din begäran" in stranger.locator("main").inner_text()

    # The registrar finds it on her list, masks, and answers.
    registrar = people(scripts=scripts)
    sign_in(registrar, "kerstin")
    registrar.goto(f"{example}/arbete/utlamnande")
    look(registrar)
    with registrar.expect_navigation():
        registrar.locator(f"ul.rows a:has-text('{number}')").last.click()
    look(registrar)
    desk = registrar.url
    press(registrar, "Välj handlingen")
    whole = registrar.locator("#text").inner_text()
    hidden = next(word for word in HIDDEN if word in whole)
    if scripts:
        registrar.evaluate(
            """word => {
                const walk = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) {
                    const at = walk.currentNode.data.indexOf(word);
                    if (at >= 0) {
                        getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + word.length);
                        return;
                    }
                }
            }""",
            hidden,
        )
        registrar.locator("#take button").click()
        assert registrar.locator("#id_more").input_value() == hidden
    else:
        registrar.locator("#id_more").fill(hidden)
    press(registrar, "Visa hur kopian blir")
    assert MARK in registrar.locator("main").inner_text()
    press(registrar, "Spara kopian")
    registrar.goto(f"{desk}/svar")
    look(registrar)
    assert registrar.locator("input[value=masked]").is_checked()
    registrar.locator("input[value='osl-21-7']").check(force=True)
    registrar.locator("#id_reason").fill("Platsen visar vem som har skrivit.")
    press(registrar, "Skicka svaret")

    # The stranger reads the masked copy at her address; what is masked is nowhere in it.
    stranger.goto(own)
    look(stranger)
    assert "Platsen visar vem som har skrivit." in stranger.locator("main").inner_text()
    with stranger.expect_navigation():
        stranger.locator(f"main ul.rows a:has-text('{number}')").click()
    look(stranger)
    assert MARK in stranger.locator("main").inner_text()
    assert hidden not in stranger.content()
    text = stranger.request.get(stranger.url + "/text").text()
    assert MARK in text and hidden not in text

    # She wants a decision that can be appealed, and gets it.
    stranger.goto(own)
    press(stranger, "Jag vill ha ett beslut")
    registrar.goto(f"{desk}/beslut")
    look(registrar)
    registrar.locator("input[value=masked]").check(force=True)
    registrar.locator("input[value='osl-21-7']").check(force=True)
    registrar.locator("#id_reason").fill("Vi ändrar inte svaret.")
    press(registrar, "Fatta beslutet")
    stranger.goto(own)
    look(stranger)
    assert "Så överklagar du" in stranger.locator("main").inner_text()

    # The address is hers alone.
    other = people(width=390, scripts=scripts)
    assert other.goto(own[:-1] + ("0" if own[-1] != "0" else "1")).status == 404

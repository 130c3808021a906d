"""One word all the way through: from a phone in a meeting to a measured benefit, and back to the one who said it."""

import re
from typing import Any

import pytest

from medskick.lib.dates import today_here
from tests.journeys.hands import fill, looker, press

pytestmark = pytest.mark.journey

WORD = "Fickparksbänkar"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_one_word_from_a_phone_to_a_measured_benefit(
    example: str, people: Any, sign_in: Any, axe: Any, keyboard: Any, scripts: bool
) -> None:
    look = looker(axe, keyboard, scripts=scripts)
    leader = people(scripts=scripts)
    sign_in(leader, "maria")
    look(leader)

    # A meeting is planned, opened, and asks its question.
    leader.goto(f"{example}/arbete/lyssna/moten/nytt?program=empty")
    look(leader)
    fill(leader, title="Vad saknas i parken?", held_on=today_here().isoformat(), anonymity="anonymous")
    session = leader.url
    press(leader, "Lägg till ett steg")
    press(leader, "Fritt svar i ett ordmoln")
    look(leader)
    fill(leader, text="Vad saknas i parken?")
    leader.goto(session)
    press(leader, "Öppna mötet")
    look(leader)
    press(leader, "Öppna")
    code = re.search(r"\b(\d{4})\b", leader.locator("main").inner_text().replace("2026", "").replace(" ", " "))
    assert code, leader.locator("main").inner_text()

    # Somebody answers on a phone, without an account, and saves the address.
    phone = people(width=390, scripts=scripts)
    phone.goto(f"{example}/delta")
    look(phone)
    fill(phone, code=code[1])
    if phone.locator("main button:has-text('Gå med')").count():
        press(phone, "Gå med")
    look(phone)
    fill(phone, answer=WORD)
    look(phone)
    assert phone.locator("main textarea").input_value() == WORD
    saved = phone.locator("a[href*='/spar/min/']").first.get_attribute("href")
    assert saved

    # The word stands on the projector.
    projector = people(scripts=scripts)
    sign_in(projector, "maria")
    projector.goto(f"{session}/projektor")
    look(projector)
    assert WORD.lower() in projector.locator("body").inner_text().lower()

    # It becomes a need, an initiative, a decided plan, a promise.
    leader.goto(f"{session}/svar")
    look(leader)
    press(leader, WORD)
    look(leader)
    press(leader, "Ta upp i planen")
    look(leader)
    fill(leader, text="Det behövs fler bänkar att vila på i parken", area="leadership", reason="Flera har frågat")
    look(leader)
    need = leader.url.rsplit("/", 1)[1]
    leader.goto(f"{example}/arbete/planera/insatser/ny?behov={need}")
    look(leader)
    fill(leader, title="Bänkar att vila på", needs=need)
    look(leader)
    initiative = leader.url
    for key, values in DESCRIBED.items():
        leader.goto(f"{initiative}/del/{key}")
        look(leader)
        fill(leader, **values)
    leader.goto(f"{initiative}/tidshorisont")
    look(leader)
    fill(leader, years="1", motivation="Det är billigt och går att börja med i vår.")
    # The analyst makes the indicator that is to tell whether it helped.
    analyst = people(scripts=scripts)
    sign_in(analyst, "sara")
    analyst.goto(f"{example}/arbete/mata/nyckeltal/nytt")
    look(analyst)
    fill(
        analyst,
        title="Vilande i parken",
        theme="Parker",
        unit="personer",
        direction="higher",
        phrase="{värde} personer vilar i parken",
        source="Räkning på plats",
    )
    look(analyst)
    indicator = analyst.url
    leader.goto(f"{initiative}/nytta")
    look(leader)
    fill(
        leader,
        sentence="Fler orkar gå genom parken",
        measured_as="Personer som vilar",
        unit="personer",
        baseline="3",
        baseline_period="2025",
        target="9",
        due="2027-09-30",
        indicator_number="vilande-i-parken",
    )
    look(leader)
    leader.goto(f"{example}/arbete/planera/handlingsplaner/ny")
    look(leader)
    fill(leader, title="Parkplan", start="2026-01-01", end="2027-12-31")
    look(leader)
    plan = leader.url
    leader.goto(f"{plan}/ny-aktivitet")
    look(leader)
    fill(
        leader,
        initiative="Bänkar att vila på",
        title="Ställa ut tolv bänkar längs gången",
        unit="#1",
        lead="#1",
        start="2026-12-01",
        end="2027-05-31",
        cost="90000",
        measure="Antal bänkar på plats",
    )
    leader.goto(f"{plan}/beslut")
    look(leader)
    fill(leader, body="Fyrbodals e-råd", decision_text="Bänkarna ställs ut före sommaren.")
    look(leader)
    assert "1.0" in leader.locator("body").inner_text()

    # The analyst writes the value down, and it is brought to the promise.
    analyst.goto(f"{indicator}/varden")
    look(analyst)
    fill(analyst, about="#0", period="2026", value="11")
    leader.goto(indicator)
    look(leader)
    press(leader, "För in i nyttan")
    look(leader)
    press(leader, "För in värdet")
    look(leader)

    # The one who spoke opens the saved address on another device and reads what became of it.
    other = people(width=390, scripts=scripts)
    other.goto(saved if saved.startswith("http") else example + saved)
    look(other)
    told = other.locator("main").inner_text()
    assert WORD in told
    for words in ("Bänkar att vila på", "Fyrbodals e-råd", "Ställa ut tolv bänkar", "3 → 11"):
        assert words in told.replace("–", "→"), (words, told)

    # A stranger from another municipality reads what is public, and is told of the step that is not.
    stranger = people(scripts=scripts)
    sign_in(stranger, "johan")
    assert stranger.goto(f"{example}/arbete/planera/behov/{need}").status == 404
    stranger.goto(f"{example}/det-har-gor-vi/{initiative.rsplit('/', 1)[1]}")
    look(stranger)
    assert "Bänkar att vila på" in stranger.locator("main").inner_text()
    assert "Ett steg som du inte får läsa" in stranger.locator("main").inner_text()
    assert "Det behövs fler bänkar" not in stranger.content()
    assert WORD not in stranger.content()


DESCRIBED = {
    "insats": {
        "problem": "Det finns få ställen att vila på.",
        "proposal": "Fler bänkar längs gången.",
        "expected_effect": "Fler orkar gå genom parken.",
        "shared": "Lokalt, men alla får ritningen.",
    },
    "malgrupp": {
        "group": "Den som går långsamt.",
        "situation": "Orkar en kort bit i taget.",
        "group_needs": "Något att sitta på.",
        "other_way": "Skylt på plats.",
    },
    "aktivitet": {
        "steps": "Köp in, ställ ut, räkna.",
        "responsible": "Samhällsbyggnad",
        "time": "Till maj 2027",
        "cost": "90 000 kronor",
        "measure": "Antal bänkar på plats",
    },
}

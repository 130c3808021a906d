"""Whole workshops: one who leads, a screen on the wall and three phones, from the first note to what the plan holds."""

import re
from typing import Any

import pytest

from medskick.lib.dates import today_here
from tests.journeys.hands import fill, form_with, looker, picture, press, type_in

pytestmark = pytest.mark.journey

PLACES = {"Kim": "Tanums kommun", "Bo": "Sotenäs kommun", "Li": "Lysekils kommun"}
NOTES = (
    ("Gemensam inloggning för alla e-tjänster", "Någon som visar på biblioteket"),
    ("En inloggning till alla tjänster", "Samma telefonnummer i hela regionen"),
    ("Hjälp på biblioteket", "Inloggning som fungerar för barn"),
)


def new_session(leader: Any, example: str, programme: str, look: Any, **more: str | bool) -> str:
    """Plan a session from a programme and open it; the address of its page."""
    leader.goto(f"{example}/arbete/lyssna/moten/nytt")
    look(leader)
    picture(leader, "workshop-program")
    leader.goto(f"{example}/arbete/lyssna/moten/nytt?program={programme}")
    look(leader)
    fill(leader, held_on=today_here().isoformat(), **more)
    look(leader)
    session: str = leader.url
    press(leader, "Öppna mötet")
    look(leader)
    return session


def code_on(screen: Any) -> str:
    """The code, as people read it from the wall."""
    code = re.search(r"\d{4}", screen.locator(".presenter-code, .join-code").first.inner_text())
    assert code, screen.locator("body").inner_text()
    return code[0]


def come_in(phone: Any, example: str, code: str, look: Any, **given: str) -> None:
    phone.goto(f"{example}/delta")
    fill(phone, code=code)
    look(phone)
    fill(phone, **given)
    look(phone)


def step_called(leader: Any, session: str, words: str) -> None:
    """Go to the page of a step."""
    leader.goto(session)
    press(leader, words)


def turned(phone: Any, words: str) -> None:
    """The phone has turned to what is asked now, by itself."""
    phone.get_by_role("heading", name=words).wait_for()


def test_digital_destination_from_notes_to_needs(
    example: str, people: Any, sign_in: Any, axe: Any, keyboard: Any
) -> None:
    look = looker(axe, keyboard)
    leader = people()
    sign_in(leader, "maria")
    session = new_session(
        leader, example, "destination", look, title="Vart är vi på väg?", anonymity="alias", asks_municipality=True
    )

    # The wall shows how to come in; three phones do, each from a municipality of its own.
    screen = people()
    sign_in(screen, "maria")
    screen.goto(f"{session}/projektor")
    look(screen)
    picture(screen, "workshop-skarm")
    code = code_on(screen)
    phones = [people(width=390) for _ in PLACES]
    for phone, (name, place) in zip(phones, PLACES.items(), strict=True):
        come_in(phone, example, code, look, called=name, municipality=place)
    first = phones[0]

    # She looks at the question from her own phone and opens the first step there; all others turn by themselves.
    remote = people(width=390)
    sign_in(remote, "maria")
    remote.goto(f"{session}/styrning")
    look(remote)
    press(remote, "Öppna första steget")
    look(remote)
    picture(remote, "workshop-styrning")
    turned(first, "Vart är vi på väg?")
    look(first)
    look(screen)

    # Everybody writes notes, in silence: not even the one who leads reads them yet.
    press(remote, "Öppna nästa steg")
    for phone, notes in zip(phones, NOTES, strict=True):
        turned(phone, "Vad behöver vi börja med")
        for note in notes:
            fill(phone, text_1=note)
        look(phone)
    step_called(leader, session, "Vad behöver vi börja med")
    look(leader)
    assert NOTES[0][0] not in leader.content()
    assert NOTES[0][0] not in screen.content()

    # Shown and sorted: six notes become two groups and one that stands alone.
    press(leader, "Visa resultatet för alla")
    press(leader, "Ordna lapparna i grupper")
    look(leader)
    gather(leader, "En inloggning för alla", "nloggning")
    gather(leader, "Hjälp på biblioteket", "biblioteket")
    gather(leader, "Ett nummer att ringa", "telefonnummer")
    look(leader)
    picture(leader, "workshop-tavla")
    screen.get_by_text("En inloggning för alla").wait_for()
    look(screen)
    first.get_by_text("Ligger i gruppen ”En inloggning för alla”").wait_for()
    look(first)

    # Buzz groups: all three sit together, since nobody sits alone; what they write together is the group's.
    press(remote, "Öppna nästa steg")
    turned(first, "Vad på lapparna är viktigast")
    look(first)
    step_called(leader, session, "Vad på lapparna är viktigast")
    look(leader)
    press(leader, "Dela in")
    look(leader)
    first.get_by_text("Du är i grupp 1").wait_for()
    look(first)
    fill(first, answer="Inloggningen kommer före allt annat")
    look(first)
    look(screen)

    # The recorder writes what the group says together, and the phones say whether it is so.
    press(remote, "Öppna nästa steg")
    turned(phones[1], "Det här säger vi tillsammans")
    look(phones[1])
    step_called(leader, session, "Det här säger vi tillsammans")
    look(leader)
    fill(leader, text="Vi börjar med en inloggning för alla.")
    look(leader)
    phones[1].get_by_text("Vi börjar med en inloggning").wait_for()
    look(phones[1])
    send(phones[1], answer="agrees")
    send(phones[2], answer="disagrees", why="Biblioteket är lika viktigt.")
    look(phones[2])
    look(screen)
    leader.goto(leader.url)
    look(leader)
    assert "Biblioteket är lika viktigt." in leader.locator("main").inner_text()

    # When must it begin? Each for herself first, then together; a horizon that stays empty is a result.
    press(remote, "Öppna nästa steg")
    turned(first, "Vad behöver påbörjas")
    look(first)
    for phone, years in zip(phones, ("1", "1", "3"), strict=True):
        turned(phone, "Vad behöver påbörjas")
        choose(phone, "En inloggning för alla", years)
        phone.locator("main button:has-text('Skicka svaret')").click()
        phone.get_by_text("Ditt svar är sparat").first.wait_for()
    look(screen)
    step_called(leader, session, "Vad behöver påbörjas")
    look(leader)
    press(leader, "Placera tillsammans")
    look(leader)
    for name, years in (("En inloggning för alla", "1"), ("Hjälp på biblioteket", "1"), ("Ett nummer att ringa", "5")):
        card = leader.locator(".horizon-card", has_text=name)
        card.locator("select").select_option(years)
        with leader.expect_navigation():
            card.locator("button:has-text('Placera')").click()
    look(leader)
    screen.get_by_text("Inget att påbörja inom 3 år").wait_for()
    look(screen)
    picture(screen, "workshop-horisonter")

    # What is to begin first becomes a need and an initiative; those who wrote the notes follow it from there.
    for link, given in (
        ("Gör till ett behov", {"text": "Invånarna behöver en enda inloggning till alla e-tjänster"}),
        ("Gör till en insats", {"title": "En inloggning i hela regionen"}),
    ):
        leader.goto(session)
        press(leader, "Vad behöver påbörjas")
        press(leader, "Placera tillsammans")
        card = leader.locator(".horizon-card", has_text="En inloggning för alla")
        card.locator("summary").click()
        with leader.expect_navigation():
            card.locator(f"a:has-text('{link}')").click()
        look(leader)
        fill(leader, **given)
        look(leader)
    other = on_another_device(first, people, example, look)
    picture(other, "workshop-spar")
    told = other.locator("main").inner_text()
    assert NOTES[0][0] in told
    assert "Invånarna behöver en enda inloggning" in told
    assert "En inloggning i hela regionen" in told

    # Whoever holds the address may keep it under her own name, and needs it no more.
    saved = other.url
    sign_in(other, "ingrid")
    other.goto(saved)
    look(other)
    press(other, "Spara under Mina sidor")
    look(other)
    assert NOTES[0][0] in other.locator("main").inner_text()

    # The session ends, is summarised and confirmed, and its report holds everything.
    leader.goto(session)
    leader.locator("summary:has-text('Avsluta mötet')").click()
    press(leader, "Ja, avsluta mötet")
    look(leader)
    turned(first, "Tack, mötet är slut")
    look(first)
    press(leader, "Mötet är sammanfattat")
    look(leader)
    press(leader, "Bekräfta mötet")
    look(leader)
    press(leader, "Läs rapporten")
    look(leader)
    picture(leader, "workshop-rapport")
    report = leader.locator("main").inner_text()
    for words in (
        NOTES[0][0],
        "Inloggningen kommer före allt annat",
        "Vi börjar med en inloggning",
        "Inget att påbörja inom 3 år",
    ):
        assert words in report, words

    # Somebody of another municipality knows the address and gets nothing.
    stranger = people()
    sign_in(stranger, "johan")
    assert stranger.goto(f"{session}/rapport").status == 404
    assert NOTES[0][0] not in stranger.content()


def gather(leader: Any, name: str, words: str) -> None:
    """Put the loose notes with these words in a group of their own, as one does without a mouse."""
    for note in leader.locator("[data-cluster] label", has_text=words).all():
        note.click()
    fill(leader, namn=name)


def send(phone: Any, **given: str | bool) -> None:
    """Send what the quick way takes: the page stays, and says that it is saved."""
    type_in(phone, **given)
    form_with(phone, next(iter(given))).locator("button[type=submit]").first.click()
    phone.get_by_text("Ditt svar är sparat").first.wait_for()


def choose(phone: Any, name: str, years: str) -> None:
    """Press the years of a proposal, as its row of choices shows them."""
    button = phone.locator("fieldset", has_text=name).locator(f"input[value='{years}']")
    phone.locator(f"label[for='{button.get_attribute('id')}']").click()


def on_another_device(phone: Any, people: Any, example: str, look: Any) -> Any:
    """The page of the saved address, on a phone that knows nothing of the session."""
    phone.goto(phone.url)
    saved = phone.locator("a[href*='/spar/min/']").first.get_attribute("href")
    other = people(width=390)
    other.goto(example + saved)
    look(other)
    return other


DESCRIBED = {
    "what": {
        "title": "En inloggning i hela regionen",
        "area": "#1",
        "problem": "Varje kommun har sin egen inloggning.",
        "proposal": "En inloggning som gäller överallt.",
        "expected_effect": "Färre ger upp halvvägs, redan första året.",
        "shared": "Gemensamt i regionen",
    },
    "who": {
        "group": "Föräldrar med barn i två kommuner",
        "situation": "De fyller i samma sak två gånger.",
        "group_needs": "Att slippa börja om.",
        "other_way": "Telefon och besök på kontoret.",
    },
    "how": {
        "steps": "Välj tjänst\nAnslut tre kommuner\nAnslut alla",
        "responsible": "It-enheten i Tanum",
        "time": "Januari till december 2027",
        "cost": "400 000 kronor, delat efter folkmängd",
        "measure": "Andelen som avbryter: 30 procent i dag, 10 är bra nog",
    },
}


def test_what_who_and_how_to_an_initiative_in_the_plan(
    example: str, people: Any, sign_in: Any, axe: Any, keyboard: Any
) -> None:
    look = looker(axe, keyboard)
    leader = people()
    sign_in(leader, "maria")
    session = new_session(leader, example, "what_who_how", look, title="Från behov till insats")
    screen = people()
    sign_in(screen, "maria")
    screen.goto(f"{session}/projektor")
    code = code_on(screen)
    phones = [people(width=390) for _ in range(3)]
    for phone in phones:
        phone.goto(f"{example}/delta/{code}")
    remote = people(width=390)
    sign_in(remote, "maria")
    remote.goto(f"{session}/styrning")
    press(remote, "Öppna första steget")

    # VAD: one phone in each group writes; what is left out is told, on the phone and on the wall.
    writer, other, third = phones
    press(remote, "Öppna nästa steg")
    turned(writer, "Vad ska vi göra?")
    look(writer)
    begun = DESCRIBED["what"] | {"shared": ""}
    fill(writer, **begun)
    look(writer)
    assert "Gör vi det tillsammans eller var för sig?" in writer.locator("main").inner_text()
    fill(other, title="Hjälp på biblioteket", problem="Många vågar inte börja.")
    screen.get_by_text("Hjälp på biblioteket").wait_for()
    look(screen)
    with writer.expect_navigation():
        writer.locator("main a:has-text('Ändra')").first.click()
    look(writer)
    fill(writer, shared=DESCRIBED["what"]["shared"])

    # VEM and HUR carry the same initiative on, whoever writes them.
    press(remote, "Öppna nästa steg")
    turned(other, "Vem ska vi göra det för?")
    look(other)
    fill(other, about="#1", **DESCRIBED["who"])
    look(other)
    press(remote, "Öppna nästa steg")
    turned(third, "Hur ska vi göra det?")
    fill(third, about="#1", **DESCRIBED["how"])
    look(third)
    screen.get_by_text("Komplett", exact=True).wait_for()
    look(screen)
    picture(screen, "workshop-insatser")
    assert "Saknas" in screen.locator("main").inner_text()  # the other draft is on the wall too, and says so

    # The whole one becomes an initiative without retyping; the half one is refused, and the recorder may complete it.
    step_called(leader, session, "Hur ska vi göra det?")
    look(leader)
    press(leader, "Hjälp på biblioteket")
    look(leader)
    assert leader.locator("a:has-text('Gör till en insats')").count() == 0
    press(leader, "Fyll i det som saknas")
    look(leader)
    fill(leader, proposal="Någon som visar, varje onsdag.")
    step_called(leader, session, "Hur ska vi göra det?")
    press(leader, DESCRIBED["what"]["title"])
    look(leader)
    press(leader, "Gör till en insats i planen")
    look(leader)
    fill(leader, title=DESCRIBED["what"]["title"], summary="Alla loggar in på ett ställe.")
    look(leader)
    initiative = leader.locator("main").inner_text()
    for part in DESCRIBED.values():
        for name, words in part.items():
            assert name in ("area",) or words.partition("\n")[0] in initiative, words

    # Each who wrote a part of it finds the initiative from her own phone.
    for phone in phones:
        other = on_another_device(phone, people, example, look)
        assert DESCRIBED["what"]["title"] in other.locator("main").inner_text()


def test_a_phone_in_a_dead_spot_loses_nothing(example: str, people: Any, sign_in: Any) -> None:
    leader = people()
    sign_in(leader, "maria")
    session = new_session(leader, example, "definition", lambda page: None, title="Vad menar vi?")
    screen = people()
    sign_in(screen, "maria")
    screen.goto(f"{session}/projektor")
    code = code_on(screen)
    step_called(leader, session, "Vad betyder digitalisering för dig?")
    press(leader, "Öppna steget")
    phone = people(width=390)
    phone.goto(f"{example}/delta/{code}")

    # The net is gone when she sends: the phone keeps it and says so, and sends it by itself when the net is back.
    type_in(phone, answer="Trygghet")
    phone.context.set_offline(True)
    form_with(phone, "answer").locator("button[type=submit]").first.click()
    phone.get_by_text("Sparat på telefonen, skickas när nätet är tillbaka.").wait_for()
    phone.context.set_offline(False)
    phone.get_by_text("Ditt svar är sparat").first.wait_for()
    screen.locator("svg text", has_text="trygghet").first.wait_for()

    # What is half written stays, also through a page that is opened anew and a step that turns under her hands.
    phone.goto(phone.url)
    form_with(phone, "answer").locator("[name='answer']").fill("Trygghet och tid")
    phone.goto(phone.url)
    assert form_with(phone, "answer").locator("[name='answer']").input_value() == "Trygghet och tid"
    phone.get_by_text("Det du skrev finns kvar. Skicka när du vill.").wait_for()
    press(leader, "Stäng steget")
    leader.get_by_text("Steget är stängt.").wait_for()
    with phone.expect_navigation():
        form_with(phone, "answer").locator("button[type=submit]").first.click()
    phone.get_by_text("Frågan stängdes medan du skrev").wait_for()
    assert phone.locator("main textarea").input_value() == "Trygghet och tid"

    # Whoever comes late gets what is asked now.
    press(leader, "Öppna steget")
    late = people(width=390)
    late.goto(f"{example}/delta/{code}")
    assert late.locator("main [name='answer']").count() == 1

"""In a real browser: what is said grows on the screen and on phones that have answered, by stream or by asking."""

from typing import Any

import pytest

from medskick.dialog.sessions.tests.conftest import make_room
from medskick.kernel.tests.world import browser_of, make_world

WITHOUT_STREAMS = "delete window.EventSource"
SLOW = 20_000  # milliseconds


@pytest.mark.parametrize("streams", [True, False], ids=["streams", "no-streams"])
def test_what_is_said_grows_on_screen_and_phones(site: str, chromium: Any, streams: bool) -> None:
    room = make_room(make_world())
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE")
    if not streams:
        context.add_init_script(WITHOUT_STREAMS)
    cookie = browser_of(room.world.owner).cookies["medskick"].value
    context.add_cookies([{"name": "medskick", "value": cookie, "url": site}])
    staff = f"{site}/arbete/lyssna/moten/{room.session.pk}"
    screen, remote, phone = context.new_page(), context.new_page(), chromium.new_context(locale="sv-SE").new_page()
    if not streams:
        phone.context.add_init_script(WITHOUT_STREAMS)
    try:
        phone.goto(f"{site}/tanum/delta/{room.session.code}")
        phone.locator("form#svar [name=answer]").fill("Trygghet")
        phone.locator("form#svar button").last.click()
        phone.locator("[data-grows]").wait_for(timeout=SLOW)
        for page, address in ((screen, f"{staff}/projektor"), (remote, f"{staff}/styrning")):
            page.goto(address)
            page.locator("progress[value='1']").wait_for()
        fetched: list[str] = []
        remote.on("request", lambda request: fetched.append(request.url))
        phone.locator("[data-grows] summary").first.click()
        room.say("Bo", "Örnar")
        screen.locator("progress[value='2']").wait_for(timeout=SLOW)
        screen.locator("svg text", has_text="örnar").wait_for(timeout=SLOW)
        remote.locator("text=2 telefoner har svarat").first.wait_for(timeout=SLOW)
        assert "2\xa0telefoner är med" in remote.locator("[data-phones]").inner_text().replace("2 ", "2\xa0")
        assert (fetched == []) is streams
        phone.locator("[data-grows] >> text=2 telefoner har svarat").wait_for(timeout=SLOW)
        assert phone.locator("[data-grows] details").first.get_attribute("open") is not None
        assert phone.locator("[data-grows] summary").first.evaluate("one => one === document.activeElement")
    finally:
        phone.context.close()
        context.close()

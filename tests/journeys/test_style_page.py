"""The living style page in a real browser, under the real content policy: phone and desktop, light and dark."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from medskick.design.views import ERRORS, SHELLS
from medskick.kernel.organisations import places
from medskick.kernel.tests.world import make_world

pytestmark = pytest.mark.journey
BUDGET = 100 * 1024


@pytest.fixture
def stand(site: str) -> Iterator[str]:
    """The real server with a region to stand in."""
    make_world()
    yield site
    places.forget()


def complaints_of(page: Any) -> list[str]:
    """What the browser complains of: refused styles and scripts, missing files, errors."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def overflow(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_component_is_accessible_and_fits(
    chromium: Any, stand: str, axe: Callable[[Any], list[str]], width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="sv-SE")
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{stand}/stil")
    assert axe(page) == []
    assert overflow(page) <= 0
    assert complaints == []
    context.close()


@pytest.mark.parametrize("name", [*SHELLS, *ERRORS])
def test_every_shell_and_error_page_is_accessible_and_fits(
    page: Any, stand: str, axe: Callable[[Any], list[str]], name: str
) -> None:
    page.goto(f"{stand}/stil/{name}")
    assert axe(page) == []
    assert overflow(page) <= 0


def test_a_long_name_takes_one_line_and_an_ellipsis(chromium: Any, stand: str) -> None:
    """In the head of a signed-in page on the narrowest phone, however long she is called."""
    context = chromium.new_context(viewport={"width": 360, "height": 780}, locale="sv-SE")
    page = context.new_page()
    page.goto(f"{stand}/stil/resident")
    page.evaluate(
        """() => { const list = document.querySelector(".top-links"); list.classList.add("top-links-in");
        list.innerHTML = '<li class="top-mine"><a href="/mina">Mina sidor</a> <span class="top-name"></span></li>';
        list.querySelector(".top-name").textContent = "Maria Magdalena Wallenstierna-Oxenhufvud af Bohuslän"; }"""
    )
    name, entry = page.locator(".top-name"), page.locator(".top-mine a")
    assert name.evaluate("one => one.scrollWidth > one.clientWidth")
    assert name.bounding_box()["height"] < 40
    assert entry.bounding_box()["height"] >= 44
    assert overflow(page) <= 0
    context.close()


def test_a_first_visit_fetches_at_most_100_kb(page: Any, stand: str) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    fetched: list[float] = []
    network.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))
    page.goto(f"{stand}/stil/resident", wait_until="networkidle")
    assert len(fetched) > 10
    assert sum(fetched) <= BUDGET


def test_the_keyboard_comes_first_to_the_jump_link_and_then_into_the_content(page: Any, stand: str) -> None:
    page.goto(f"{stand}/stil/resident")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"


def test_an_element_without_the_pages_nonce_gets_nothing_done(page: Any, stand: str) -> None:
    page.goto(f"{stand}/stil")
    nonce = page.evaluate("document.querySelector('script[nonce]').nonce")
    page.evaluate(
        """nonce => {
        for (const [id, own] of [['good', nonce], ['bad', 'gissning']]) {
            const button = document.createElement('button')
            button.id = id
            button.setAttribute('hx-get', '/stil/resident')
            button.setAttribute('hx-nonce', own)
            document.querySelector('main').append(button)
            htmx.process(button)
        }
    }""",
        nonce,
    )
    assert page.get_attribute("#good", "hx-get") == "/stil/resident"
    assert page.get_attribute("#bad", "hx-get") is None


def test_the_style_page_is_whole_without_javascript(chromium: Any, stand: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="sv-SE", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{stand}/stil")
    page.click("details:has(table) > summary >> nth=0")
    assert page.locator("details[open] table").count() == 1
    assert page.locator("form").count() >= 4
    context.close()

"""What journeys need: the example region on the real server, and people who log in with the test eID."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def example(site: str) -> str:
    """The real server's address, with the example region built in its database."""
    from medskick.demo.build import build

    build(say=lambda text: None)
    return site


@pytest.fixture
def sign_in(example: str) -> Callable[[Any, str], None]:
    """`sign_in(page, "maria")` logs an invented person in through the log-in page."""
    from medskick.demo.region import PEOPLE

    numbers = {one.key: one.number for one in PEOPLE}

    def log_in(page: Any, key: str) -> None:
        page.goto(f"{example}/logga-in")
        with page.expect_navigation():
            page.locator(f'form:has(input[name=number][value="{numbers[key]}"]) button').click()

    return log_in


@pytest.fixture
def people(chromium: Any) -> Iterator[Callable[..., Any]]:
    """`people(width=1280, scripts=True)` opens a browser of its own for somebody, in Swedish."""
    contexts = []

    def browser(*, width: int = 1280, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="sv-SE", java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield browser
    for context in contexts:
        context.close()

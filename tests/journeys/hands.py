"""What a person does with a page: fills in a form, presses a button, looks."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def fill(page: Any, **fields: str | bool) -> None:
    """Fill in the form that has these fields, by their names, and press its button."""
    type_in(page, **fields)
    with page.expect_navigation():
        form_with(page, next(iter(fields))).locator("button[type=submit], button:not([type])").first.click()
    # A form that comes back has something to say about what was typed.
    said = page.locator(".error-summary").all_inner_texts()
    assert said == [], (page.url, said)


def type_in(page: Any, **fields: str | bool) -> None:
    """Fill in the fields of a form and leave it there."""
    form = form_with(page, next(iter(fields)))
    for name, value in fields.items():
        box = form.locator(f"[name='{name}']")
        kind = box.first.evaluate("box => box.tagName + ':' + box.type")
        if kind.startswith("SELECT"):
            box.select_option(value) if not value.startswith("#") else box.select_option(index=int(value[1:]))
        elif kind.endswith((":radio", ":checkbox")):
            # The whole card is its label, and that is what people press.
            chosen = box if value is True else form.locator(f"[name='{name}'][value='{value}']")
            if not chosen.is_checked():
                form.locator(f"label[for='{chosen.get_attribute('id')}']").click()
        else:
            box.fill(value)


def form_with(page: Any, name: str) -> Any:
    return page.locator(f"main form:has([name='{name}'])").first


def press(page: Any, label: str) -> None:
    """Press a button or follow a link in the page's main part, by its words."""
    with page.expect_navigation():
        page.locator("main").locator(f"button:has-text('{label}'), a:has-text('{label}')").first.click()


def looker(axe: Any, keyboard: Any, *, scripts: bool = True) -> Callable[[Any], None]:
    """`look(page)`: a page on the way is in order for assistive technology and keyboard (looking needs JavaScript)."""

    def look(page: Any) -> None:
        assert page.locator("h1").count() == 1, page.url
        if scripts:
            assert undisturbed(page, axe) == [], page.url
            assert undisturbed(page, keyboard) == [], page.url

    return look


def undisturbed(page: Any, find: Callable[[Any], list[str]]) -> list[str]:
    """What is found on a page; looked at anew where it turned by itself meanwhile, as phones in a meeting do."""
    from playwright.sync_api import Error

    for _try in range(3):
        try:
            found = find(page)
        except Error as turned:
            if "navigation" not in str(turned) and "context was destroyed" not in str(turned):
                raise
            found = ["the page turned"]
        if not found:
            return []
        page.wait_for_timeout(500)
    return found


def picture(page: Any, name: str) -> None:
    """Renew a picture of the handbook, where HANDBOOK_PICTURES names the folder that they go to."""
    folder = os.environ.get("HANDBOOK_PICTURES")
    if folder:
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"{name}.png")

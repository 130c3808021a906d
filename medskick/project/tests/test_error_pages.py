"""The error pages in a browser: no accessibility violations, and the button that sends the words again works."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from medskick.project import errors

pytestmark = pytest.mark.journey
WORDS = "Mormor kan inte boka färdtjänst i appen.\nHon ringer hellre."


def _show(page: Any, address: str, response: HttpResponse) -> None:
    """Show a response made here as if the server had sent it, with the server's style sheets."""
    body = response.content.decode()
    page.route(address, lambda route: route.fulfill(status=response.status_code, body=body, content_type="text/html"))
    page.goto(address)
    page.unroute(address)


def test_a_page_that_does_not_exist(site: str, page: Any, axe: Callable[[Any], list[str]]) -> None:
    assert page.goto(f"{site}/finns-inte").status == 404
    assert page.locator("h1").count() == 1
    assert axe(page) == []


@pytest.mark.parametrize("make", [errors.maintenance, errors.server_error])
def test_pages_made_without_database(site: str, page: Any, axe: Callable[[Any], list[str]], make: Any) -> None:
    request = RequestFactory().post("/sprak", {"text": WORDS, "csrfmiddlewaretoken": "x" * 64})
    _show(page, f"{site}/prov", make(request))
    assert page.locator("textarea").input_value() == WORDS
    assert axe(page) == []


def test_a_stale_form_is_sent_again_with_one_click(site: str, page: Any, axe: Callable[[Any], list[str]]) -> None:
    page.goto(f"{site}/finns-inte")
    form = """words => {
        const form = Object.assign(document.createElement('form'), {method: 'post', action: '/sprak'});
        for (const [name, value] of [['text', words], ['csrfmiddlewaretoken', 'old']])
            form.append(Object.assign(document.createElement('textarea'), {name, value}));
        document.body.append(form);
        form.submit();
    }"""
    with page.expect_navigation():
        page.evaluate(form, WORDS)
    assert page.locator("h1").inner_text() == "Sidan hade blivit för gammal"
    assert page.locator("textarea").input_value() == WORDS
    assert axe(page) == []
    with page.expect_response("**/sprak") as sent:
        page.get_by_role("button", name="Skicka igen").click()
    assert sent.value.status != 403
    assert parse_qs(sent.value.request.post_data)["text"] == [WORDS.replace("\n", "\r\n")]

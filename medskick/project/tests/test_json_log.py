"""The log for programs: one object a line, with the route and never the address; nobody's words come into it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from medskick.kernel.tests.world import make_world
from medskick.project.logs import JsonFormatter

pytestmark = pytest.mark.django_db
SECRETS = ("19121212-1212", "annasvensson", "hemligheten", "k3hd92hd7s8f")
SAMPLES: dict[str, Any] = {
    "uuid": UUID(int=1),
    "int": 1,
    "slug": SECRETS[1],
    "str": SECRETS[0],
    "path": "a/hemligheten",
}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that is logged, down to DEBUG, as a server in JSON would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root, asked = logging.getLogger(), logging.getLogger("medskick.request")
    kept = (root.level, asked.level)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    asked.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(kept[0])
    asked.setLevel(kept[1])


def told(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def addresses(resolver: Any = None) -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        elif isinstance(entry, URLPattern) and entry.name:
            values = {
                name: SAMPLES.get(type(one).__name__.removesuffix("Converter").lower(), SECRETS[1])
                for name, one in entry.pattern.converters.items()
            }
            yield reverse(entry.name, kwargs=values)


def test_no_view_brings_what_was_sent_into_the_log(lines: io.StringIO) -> None:
    world = make_world()
    planted = {"text": SECRETS[0], SECRETS[1]: SECRETS[2], "next": f"/{SECRETS[3]}"}
    headers = {"X-Request-ID": SECRETS[0], "User-Agent": SECRETS[1], "Referer": f"http://x/{SECRETS[2]}"}
    visited = 0
    for browser in (world.client(), world.client(world.owner)):
        browser.raise_request_exception = False
        for address in [*addresses(), f"/{SECRETS[1]}", f"/spar/min/{SECRETS[3]}"]:
            browser.get(f"{address}?q={SECRETS[0]}", headers=headers)
            browser.post(f"{address}?q={SECRETS[1]}", planted, headers=headers)
            visited += 2
    written = lines.getvalue()
    assert len([one for one in told(lines) if one["logger"] == "medskick.request"]) == visited
    for secret in SECRETS:
        assert secret not in written


def test_a_line_says_route_status_time_and_organisation(lines: io.StringIO) -> None:
    make_world()
    number = str(uuid4())
    answer = Client().get("/tanum/sok?q=bygglov", headers={"X-Request-ID": number})
    (line,) = [one for one in told(lines) if one["logger"] == "medskick.request"]
    assert answer["X-Request-ID"] == number == line["request"]
    assert (line["method"], line["route"], line["status"], line["organisation"]) == ("GET", "search", 200, "tanum")
    assert line["ms"] > 0


def test_a_number_that_is_no_uuid_is_not_taken_over() -> None:
    make_world()
    answer = Client().get("/", headers={"X-Request-ID": "191212121212"})
    assert UUID(answer["X-Request-ID"])


def test_an_error_keeps_its_kind_and_place_and_not_its_words(lines: io.StringIO) -> None:
    try:
        int(SECRETS[2])
    except ValueError:
        logging.getLogger("medskick").error("It failed", exc_info=sys.exc_info())
    (line,) = told(lines)
    assert (line["message"], line["error"]) == ("It failed", "ValueError")
    assert line["at"] == [one for one in line["at"] if one.startswith("test_json_log.py:")]
    assert SECRETS[2] not in lines.getvalue()


def test_a_foreign_host_and_a_forged_form_are_told_without_their_words(lines: io.StringIO) -> None:
    make_world()
    Client().get("/", headers={"host": f"{SECRETS[1]}.example"})
    Client(enforce_csrf_checks=True).post("/sprak", {"language": "en"}, headers={"Referer": f"https://{SECRETS[2]}/"})
    assert {one["status"] for one in told(lines) if "status" in one} >= {400, 403}
    for secret in SECRETS:
        assert secret not in lines.getvalue()

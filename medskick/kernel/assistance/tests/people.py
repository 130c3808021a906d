"""Astrid, who is helped, and Bo, who may be her proxy; and what helpers and residents press."""

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from medskick.kernel.people import demonstration_eid
from medskick.kernel.people.demonstration_eid import InventedPerson, register_invented_people
from medskick.lib.personal_number import example_number

ASTRID = example_number(date(1948, 3, 2), 238).number12
BO = example_number(date(1975, 6, 9), 239).number12
OPINION = {"slag": "ide", "amne": "gator", "plats": "", "text": "Sätt en bänk vid busshållplatsen i Grebbestad"}


@dataclass(frozen=True)
class Neighbours:
    astrid: str
    bo: str

    def log_in(self, number: str) -> Client:
        browser = Client()
        assert browser.post("/logga-in/test-eid", {"number": number, "next": "/mina"}).status_code == 302
        return browser


def make_neighbours(monkeypatch: pytest.MonkeyPatch) -> Neighbours:
    monkeypatch.setattr(demonstration_eid, "_people", {})
    register_invented_people(
        InventedPerson(ASTRID, "Astrid Påhittad", "bor i Tanum"), InventedPerson(BO, "Bo Påhittad", "bor i Tanum")
    )
    return Neighbours(ASTRID, BO)


def begin(browser: Client, ground: str, **more: str) -> Any:
    """Begin to help, through one page or two; gives the last answer."""
    how = {"ground": ground, "channel": "desk"} | {key: more.pop(key) for key in ("channel", "place") if key in more}
    first = browser.post("/arbete/hjalp", how)
    if first.status_code == 302 and "/vem?" in first["Location"]:
        return browser.post(first["Location"], more)
    return first


def stated(number: str, name: str = "Astrid Sagd") -> dict[str, str]:
    return {"number": number, "name": name, "reason": "Har ingen e-legitimation"}


def send_opinion(browser: Client, place: str = "/tanum", **more: str) -> Any:
    """Fill in the e-service for opinions and send it; gives the page that comes next."""
    filled = {**OPINION, **more, "step": "send"}
    return browser.post(f"{place}/ansok/synpunkt/ny", filled)


def said(page: Any) -> str:
    """The words of a page, without tags and with one space between."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))

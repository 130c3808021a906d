"""Two worlds that differ only in what a person with protected identity has said and done look the same to everybody else.

Every way out is found by discovery: each page that answers GET, with her real ids in the addresses; each table, read as
the reader's own scope reads it; search; figures; and what the server writes in its log.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse, set_script_prefix

from medskick.dialog.sessions.actions.answering import claim_voices
from medskick.dialog.sessions.tests.conftest import Room, make_room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.row_policies import our_models
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.people.actions import recognise
from medskick.kernel.people.models import Employment, FailedTries, ProtectionMark
from medskick.kernel.people.oidc import Identity
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.privacy.access import herself
from medskick.kernel.privacy.actions.consents import give_consent
from medskick.kernel.privacy.actions.disputes import dispute
from medskick.kernel.privacy.actions.protection import choose_handler, end_protection, protect_by_number
from medskick.kernel.privacy.models import Dispute
from medskick.kernel.privacy.purposes import CONTACT_AGAIN
from medskick.kernel.privacy.queries import my_things
from medskick.kernel.records.models import Item, Record
from medskick.kernel.search.queries import search
from medskick.kernel.tasks import queries as task_queries
from medskick.lib.dates import say_date
from medskick.lib.personal_number import example_number
from medskick.services.api import submit_case
from medskick.services.cases.tests.officers import ANSWERS, Office, hire, make_office
from tests.test_access import SAMPLES, patterns

pytestmark = pytest.mark.django_db

NUMBER = example_number(date(1979, 4, 2), 980).number12
NAME, WORD, FILE = "Gömda Gunhilda", "kvastfening", "gunhildas-karta.txt"
# As many as the counts by channel tell exactly from: there one more would be seen, where "fewer than five" hides it.
OTHERS = 5
# What the reading of pages itself leaves behind, and the log: its rows hold references only, and are looked at below.
LEFT_OUT = {LogEntry, FailedTries}
NO_DATA = {"style", "style_shell"}  # the style page holds samples only, and differs from one showing to the next
CHANGING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r'nonce="[^"]+"'), "nonce"),
    (re.compile(r'name="submission_key" value="[^"]+"'), "key"),
    (re.compile(r"/live/[\w:.=-]+"), "live"),
    (re.compile(r'"t-[0-9a-f]{8}"'), "table"),  # a table ties itself to its caption by an id made anew each time
)


@dataclass
class Hers:
    """Her ids as they stand in addresses; before she has come, ids that nothing has."""

    uuids: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(4)])
    number: str = "ZZZZZZZZZZZZ"
    records: list[Record] = field(default_factory=list)

    def neutral(self, text: str) -> str:
        for place, one in enumerate(self.uuids):
            text = text.replace(str(one), f"her-{place}")
        spaced = " ".join(self.number[start : start + 4] for start in range(0, len(self.number), 4))
        return (
            text.replace(self.number, "her-number")
            .replace(spaced, "her-number")
            .replace(self.number.lower(), "her-number")
        )


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    yield make_office()
    places.forget()


@pytest.fixture
def room(office: Office) -> Room:
    """An ordinary world around her: another person's cases, a public meeting, an answer given by another phone."""
    other = replace(office.resident, organisation=office.tanum.id)
    with scope(other.scope()):
        for _ in range(OTHERS):
            submit_case(by=other, service="synpunkt", answers=ANSWERS)
    made = make_room(office)
    made.say("Bo", "Trygghet")
    return made


@pytest.fixture
def mark(office: Office, room: Room) -> ProtectionMark:
    """She is marked, and has a handler, before she has done anything."""
    handler = hire(office.tanum, "Hanna Handläggare", office.streets, "case_officer")
    with office.acting(office.owner):
        made = protect_by_number(by=office.owner, number=NUMBER, kind=ProtectionMark.CONFIDENTIALITY)
        return choose_handler(made, by=office.owner, handler=Employment.objects.get(id=handler.employment))


def she_lives(office: Office, room: Room) -> Hers:
    """She logs in, sends in a case with a file, answers in the meeting and claims it, says yes, says that all is wrong."""
    with scope(Scope(office.tanum.id)):
        person = recognise(Identity("https://eid.example", "gun", NAME, NUMBER, "high")).id
    she = Actor(kind="person", organisation=office.tanum.id, person=person, name=NAME, assurance="high")
    with scope(she.scope()):
        upload = SimpleUploadedFile(FILE, f"{WORD} {NAME}".encode(), content_type="text/plain")
        said = {**ANSWERS, "text": f"Jag heter {NAME} och har sett en {WORD}."}
        case = submit_case(by=she, service="synpunkt", answers=said, attachment=upload).case
        give_consent(CONTACT_AGAIN, by=she)
    with herself(she):
        thing = next(one for one in my_things(person) if one.id == case.item_id)
        made = dispute(thing, by=she, wrong=f"Det var ingen {WORD}.")
        stored = thing.parts[-1].id if thing.parts else case.item_id
    room.say("Gun", f"En {WORD} i parken")
    with scope(replace(she.scope(), reach=she.scope().reach | {reader_token("address of Gun")})):
        claim_voices(by=she, tokens=[reader_token("address of Gun")])
    with scope(she.scope()):  # a diary number is taken last, when what registered it has ended
        records = list(Record.objects.filter(item_id__in=[case.item_id, made.item_id]).order_by("serial"))
    return Hers([case.item_id, made.item_id, person, stored], case.item.number, records)


def addresses(hers: Hers, pattern: URLPattern) -> Iterator[str]:
    """The page's address with each of her ids in it, or as it is where it takes none."""
    kinds = {
        name: type(one).__name__.removesuffix("Converter").lower() for name, one in pattern.pattern.converters.items()
    }
    for one in hers.uuids if "uuid" in kinds.values() else [hers.uuids[0]]:
        values = {
            name: one if kind == "uuid" else hers.number if kind == "string" else SAMPLES.get(kind, "1")
            for name, kind in kinds.items()
        }
        yield reverse(pattern.name, kwargs=values)


@contextmanager
def written_to_the_log() -> Iterator[list[str]]:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {record.getMessage()}")

    keep, root = Keep(), logging.getLogger()
    root.addHandler(keep)
    try:
        yield lines
    finally:
        root.removeHandler(keep)


def everything(office: Office, watcher: Actor, hers: Hers, *, client: Client, site: str = "/tanum") -> dict[str, Any]:
    """All that this reader can get, by the way that it came.

    client: the reader's browser, the same in both worlds. A new one would be a log-in more, and the reader's own page
    of log-ins and her rows would differ by that, whatever a protected person had done.
    """
    cache.clear()
    task_queries._told.clear()
    found: dict[str, Any] = {}
    with written_to_the_log() as lines:
        for pattern in patterns():
            audience = pattern.callback.audience
            if audience.admits(watcher) and pattern.name not in NO_DATA:
                set_script_prefix("/")  # the page before was below /tanum
                for address in list(addresses(hers, pattern)):
                    FailedTries.objects.all().delete()  # else the page says that somebody has tried too often
                    answer = client.get(f"{site}{address}")
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    found[hers.neutral(address)] = (answer.status_code, _neutral(hers, body.decode("utf-8", "replace")))
        for words in (NAME, WORD, "Synpunkt", "gator"):
            page = client.get(f"{site}/sok?{urlencode({'q': words})}").content.decode()
            found[f"search page {words}"] = _neutral(hers, page)
        for words in (NAME, WORD, "Ärende"):
            page = client.get(f"{site}/diarium?{urlencode({'ord': words})}").content.decode()
            found[f"diary search {words}"] = _neutral(hers, page)
    found["log"] = sorted(hers.neutral(line) for line in lines)
    with office.acting(watcher):
        for words in (NAME, WORD, "Synpunkt", "gator"):
            found[f"search {words}"] = sorted(str(item.id) for item in search(words).items)
        with connection.cursor() as cursor:
            for model in our_models():
                if model not in LEFT_OUT and getattr(model.row_policy, "rights", "") != "":
                    cursor.execute(f"select count(*) from {model._meta.db_table}")
                    found[f"rows of {model._meta.label}"] = cursor.fetchone()[0]
    return found


def _neutral(hers: Hers, body: str) -> str:
    for pattern, word in CHANGING:
        body = pattern.sub(word, body)
    return hers.neutral(body)


def without_her_lines(office: Office, hers: Hers, page: str) -> str:
    """The open diary without the lines of her records: each must be there once, and say this and nothing more.

    What an authority registers it must show that it has registered (OSL 5 kap. 1-2 §§), and a number left out would be
    seen by the gap. Of what is sealed, the law lets everything but number and day be left out; what kind of record
    it is, from whom and about what, must not be told.
    """
    assert len(hers.records) == 2
    for record in hers.records:
        number = record.diary_number
        day = say_date(record.registered_at, weekday=False, year=True)
        line = (
            '<li>\n  <p class="rows-title">Uppgift skyddad</p>\n'
            f'  <p class="rows-meta"><span>{number}</span><span>{day}</span></p>\n'
            f'  \n  <p class="rows-text"><a href="/tanum/begar-ut/{office.tanum.id}?{urlencode({"nummer": number})}">'
            f"Begär ut {number}</a></p>\n</li>"
        )
        assert page.count(line) == 1
        page = page.replace(line, "")
    return page


def different(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(way for way in before.keys() | after.keys() if before.get(way) != after.get(way))


WATCHERS = ("nobody", "resident", "stranger", "officer", "owner")


def watcher_of(office: Office, name: str) -> Actor:
    """owner has every role in her municipality, officer works in the unit that her case is about."""
    return office.phone(office.tanum) if name == "nobody" else getattr(office, name)


@pytest.mark.parametrize("name", WATCHERS)
def test_nothing_that_anybody_gets_tells_of_her(office: Office, room: Room, mark: ProtectionMark, name: str) -> None:
    watcher = watcher_of(office, name)
    client = office.client(watcher)
    before = everything(office, watcher, Hers(), client=client)
    hers = she_lives(office, room)
    after = everything(office, watcher, hers, client=client)
    status, diary = after["/diarium"]
    after["/diarium"] = (status, without_her_lines(office, hers, diary))
    assert len(before) > 60
    assert different(before, after) == []
    pages = " ".join(value[1] for value in after.values() if isinstance(value, tuple))
    for told in (NAME, FILE, NUMBER, WORD):
        assert told not in pages


def test_the_comparison_sees_her_where_she_is_not_protected(office: Office, room: Room, mark: ProtectionMark) -> None:
    """The fault is seeded: her protection has ended. Pages, search and rows all tell."""
    with office.acting(office.owner):
        end_protection(mark, by=office.owner, reason="Seedat fel")
    client = office.client(office.officer)
    before = everything(office, office.officer, Hers(), client=client)
    hers = she_lives(office, room)
    after = everything(office, office.officer, hers, client=client)
    seen = set(different(before, after))
    assert (before["/spar/her-number"][0], after["/spar/her-number"][0]) == (404, 200)
    assert {"rows of kernel.Item", "rows of services.Case", "rows of kernel.Task", "search Synpunkt"} <= seen
    assert {"/arbete/utfora/arenden/her-0", "/spar/her-number", "rows of dialog.Answer"} <= seen
    assert {"/arbete/hjalp/sa-kom-det-in", "/diarium", "diary search Ärende"} <= seen
    assert "rows of kernel.SignIn" not in seen and "/mina/inloggningar" not in seen


def test_her_handler_and_she_herself_read_all_of_it(office: Office, room: Room, mark: ProtectionMark) -> None:
    hers = she_lives(office, room)
    handler = replace(office.officer, person=mark.handler, roles=frozenset({"case_officer"}))
    for reach in ({mark.handler}, {hers.uuids[2]}):
        with scope(Scope(office.tanum.id, reach=frozenset(reach))):
            assert Item.objects.filter(id=hers.uuids[0]).exists()
            assert Dispute.objects.filter(item_id=hers.uuids[1]).exists()
    with office.acting(handler):
        assert [str(item.id) for item in search("Synpunkt").items][:1] == [str(hers.uuids[0])]


def test_the_log_of_the_organisation_holds_ids_and_no_words(office: Office, room: Room, mark: ProtectionMark) -> None:
    she_lives(office, room)
    with office.acting(office.owner):
        rows = [f"{one.verb} {one.fields}" for one in LogEntry.objects.all()]
    assert len(rows) > 10
    assert not [row for row in rows if NAME in row or WORD in row or FILE in row or NUMBER in row]
    assert find_person_by_number(NUMBER) == mark.person_id

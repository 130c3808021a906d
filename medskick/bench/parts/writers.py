"""People who write while servers die under them: each keeps what was acknowledged, and what nobody answered."""

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import requests

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that somebody sent: under its own key, and what she sends again if nobody answers."""

    kind: str
    key: str
    words: str


@dataclass(slots=True)
class Ledger:
    """What the writers know. `tell` is called for everything acknowledged, as soon as it is."""

    acknowledged: dict[Sent, str] = field(default_factory=dict)
    unanswered: list[Sent] = field(default_factory=list)
    tell: Callable[[Sent, str], None] = lambda sent, receipt: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sent: Sent, receipt: str) -> None:
        with self.lock:
            self.acknowledged[sent] = receipt
            self.tell(sent, receipt)

    def lost(self, sent: Sent) -> None:
        with self.lock:
            self.unanswered.append(sent)

    def of(self, kind: str) -> dict[Sent, str]:
        with self.lock:
            return {sent: receipt for sent, receipt in self.acknowledged.items() if sent.kind == kind}


class NotAcknowledged(Exception):
    """The server answered, and said that nothing was saved."""


class Writer(threading.Thread):
    """Somebody who sends one thing after the other until stopped or until nobody answers."""

    def __init__(self, ledger: Ledger, make: Callable[[], Sent], send: Callable[[Sent], str]) -> None:
        super().__init__(daemon=True)
        self.ledger, self.make, self.send = ledger, make, send
        self.stopped = threading.Event()
        self.count = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            sent = self.make()
            try:
                receipt = self.send(sent)
            except (requests.RequestException, NotAcknowledged):
                self.ledger.lost(sent)
                return
            self.ledger.note(sent, receipt)
            self.count += 1


def case() -> Sent:
    key = str(uuid4())
    return Sent("case", key, f"Sätt upp en bänk vid hållplatsen. {key[:8]}")


def answer() -> Sent:
    """A phone of its own for each answer: its secret is the key."""
    key = uuid4().hex
    return Sent("answer", key, f"Bänkar och ljus {key[:6]}")


def check() -> Sent:
    return Sent("check", str(uuid4()), "")


def send_case(form: str) -> Callable[[Sent], str]:
    """Send an opinion without logging in; gives the address of its receipt."""

    def send(sent: Sent) -> str:
        browser, token = _opened(form)
        fields = {
            "csrfmiddlewaretoken": token,
            "step": "send",
            "submission_key": sent.key,
            "slag": "ide",
            "amne": "gator",
            "text": sent.words,
        }
        return _posted(browser, form, fields, form, "/kvitto")

    return send


def send_answer(site: str, code: str, step: str) -> Callable[[Sent], str]:
    """Answer the open step of a session, as a phone."""

    def send(sent: Sent) -> str:
        page = f"{site}/delta/{code}"
        browser, token = _opened(page, {"medskick_telefon": sent.key})
        fields = {"csrfmiddlewaretoken": token, "submission_key": _uuid_of(sent.key), "answer": sent.words}
        return _posted(browser, f"{page}/svar/{step}", fields, page, f"/delta/{code}")

    return send


def send_check(site: str, session: str) -> Callable[[Sent], str]:
    """Ask, as an auditor, for the log's seals to be computed again: a job does it. Gives the check's address."""

    def send(sent: Sent) -> str:
        page = f"{site}/arbete/administration/logg"
        browser, token = _opened(page, {"medskick": session})
        return _posted(browser, f"{page}/kontroller", {"csrfmiddlewaretoken": token}, page, "/kontroller/")

    return send


def once_more(sent: Sent, send: Callable[[Sent], str], seconds: float = PATIENCE) -> str:
    """Press the button again until somebody answers, as people do."""
    until = time.monotonic() + seconds
    while True:
        try:
            return send(sent)
        except (requests.RequestException, NotAcknowledged):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def wait_until(true: Callable[[], bool], seconds: float = 2 * PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("waited in vain")
        time.sleep(0.01)


def random_moment(chance: random.Random) -> float:
    """Seconds until the kill: now at once, now in the middle of much."""
    return chance.expovariate(1 / 0.4)


def _opened(page: str, cookies: dict[str, str] | None = None) -> tuple[requests.Session, str]:
    browser = requests.Session()
    browser.cookies.update(cookies or {})
    opened = browser.get(page, timeout=PATIENCE)
    if opened.status_code != 200:
        raise NotAcknowledged(f"{page}: {opened.status_code}")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', opened.text)
    if found is None:
        raise NotAcknowledged(f"{page} has no form")
    return browser, found.group(1)


def _posted(browser: requests.Session, address: str, fields: dict[str, str], page: str, receipt: str) -> str:
    """Where the form led. A page without `receipt` in its address, such as the log-in page, acknowledges nothing."""
    given = browser.post(address, data=fields, headers={"Referer": page}, timeout=PATIENCE, allow_redirects=False)
    leads_to = given.headers.get("Location", "")
    if given.status_code != 302 or receipt not in leads_to:
        raise NotAcknowledged(f"{address}: {given.status_code} {leads_to}")
    return leads_to


def _uuid_of(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"

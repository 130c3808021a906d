"""Every page that can be reached by links, found by following them: opened as a person would, and looked over.

`make test` opens each view once; `make test-all` (marker matrix) also the phone and the desktop, with and without
JavaScript, as each of the known people.
"""

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from medskick.kernel.organisations.places import all_places

pytestmark = pytest.mark.journey

LARGEST_FIRST_LOAD = 100_000
PEOPLE = ("", "ingrid", "maria", "johan", "lena", "sara", "perolof", "anders", "eva", "tove", "birgit", "kerstin")
STARTS = {
    "": [
        "/",
        "/tanum/",
        "/lysekil/",
        "/sotenas/",
        "/delta",
        "/spar",
        "/sok?q=bibliotek",
        "/sok?q=kv%C3%A4llsdialog",
        "/logga-in",
        "/stil",
        "/halsa",
    ]
}
# Views that answer with something else than a page to look at, or that only a person's click in a form leads to.
NOT_BY_LINK = {
    "kept_form": "after an expired session only; tested in the kernel",
    "start_provider": "needs a log-in provider that answers; tested against real ones in the kernel",
    "acting_over": "after help or a mandate that has ended; tested in the kernel",
    "assistance_alive": "a sign of life from a form; tested in the kernel",
    "assistance_asked": "only after the helper asked for a code; opened in the journey of the helper at the library",
    "assistance_whom": "the helper's second step; opened in the journey of the helper at the library",
    "finish_provider": "the provider sends the browser there; tested in the kernel",
    "finish_saml": "the provider's page posts there; tested in the kernel",
    "saml_metadata": "for a provider to read; tested in the kernel",
    "step_up": "only where a log-in is not sure enough; tested in the kernel",
    "access_refused": "a form on the page of the one who waits leads there; tested in the kernel",
    "access_asked": "for somebody who has logged in where nobody employs her; tested in the kernel",
    "trace_of": "a redirect from notifications",
    "health_deep": "for the operator's watch, with a token; tested in project",
    "own_accessibility_report": "a secret address; tested in the kernel",
    "export_file": "made by a job after two persons' clicks; tested in the kernel",
    "initiative_waiver": "shown on an initiative that lacks something; tested in plan",
    "planning": "a redirect to the needs, for those who shorten the address",
    "outcome_of": "a redirect from the trace",
    "activity_of": "a redirect from the trace",
    "answer_of_item": "a redirect from the trace",
    "indicator_by_id": "a redirect from the trace",
    "own_trace": "a secret address; opened in the journey of one voice",
    "sender_case": "a secret address; tested in services",
    "sender_case_receipt": "a secret address; tested in services",
    "sender_case_file": "a secret address; tested in services",
    "sender_case_verdict": "a secret address; tested in services",
    "case_file": "no case of the example has a file; tested in services",
    "my_case_file": "no case of the example has a file; tested in services",
    "need_decision": "shown on a need that nobody has decided yet; tested in plan",
    "needs_alike": "a part of a page, asked for while typing; tested in plan",
    "join_session": "only where alias, name or municipality is asked; tested in dialog",
    "changing_own": "on a phone that has written a note; tested in dialog",
    "fresh_part": "a part of a phone's page, asked for by itself; tested in dialog",
    "session_pausing": "while a session goes on, for the one who leads it; tested in dialog",
    "sheets": "a form on the page of papers leads there; tested in dialog",
    "session_remote": "while a session goes on, for the one who leads it; tested in dialog",
    "document_version_of": "a redirect from the trace",
    "public_version_of": "a redirect from the trace",
    "referral_answer_of": "a redirect from the trace",
    "document_print_style": "the style sheet of the print page",
    "plan_version": "an earlier version of a plan; tested in plan",
    "ask_here": "a redirect to the form of the authority",
    "disclosure_decision": "shown where the asker wants a decision; opened in the journey of a stranger who asks",
    "own_request": "a secret address; opened in the journey of a stranger who asks",
    "own_request_receipt": "a secret address; opened in the journey of a stranger who asks",
    "own_request_decision": "a secret address; opened in the journey of a stranger who asks",
    "own_copy": "a secret address; opened in the journey of a stranger who asks",
    "own_copy_file": "a secret address; opened in the journey of a stranger who asks",
    "diary_hold_end": "a button on an entry that is held; tested in the kernel",
    "mail_off": "a mail program opens it for its reader; tested in the kernel",
    "case_answer": "shown on the case's own page; tested in services",
    "case_close": "shown on the case's own page; tested in services",
    "activity_progress": "shown on the activity's own page; tested in plan",
    "answer_hiding": "for the one who leads the session; tested in dialog",
    "adopt_answer": "opened in the journey of one voice",
    "adopt_voice": "for a process leader in the unit; tested in the flow",
    "my_kept_copy": "a copy that a job has made; tested in the kernel",
    "feed_outcomes": "opened in the journey of one voice",
    "space_answer": "a redirect from search",
    "space_of_item": "a redirect from the trace",
}
MOST_PAGES = 400
# What these show, and where they lead, differs with how far a workshop has come, what is done in a step, and what is
# searched for. So she who leads the example's workshops, and somebody unknown, open so many of each.
DIFFERING = dict.fromkeys(("session", "attendance", "late_needs", "papers"), 4) | {"step": 16, "search": 2}
FILES, TEXTS = ("_csv", "_svg", "_file"), {"health", "indicator_values"}


def names(resolver: Any = None) -> set[str]:
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry)
        elif isinstance(entry, URLPattern):
            found.add(entry.name)
    return found


def name_of(path: str, slugs: set[str]) -> str | None:
    first, _, rest = path.lstrip("/").partition("/")
    try:
        return resolve("/" + rest if first in slugs else path).url_name
    except Resolver404:
        return None


def crawl(
    page: Any,
    site: str,
    starts: list[str],
    look: Callable[[Any, str, str], list[str]],
    each: int = 1,
    more: Mapping[str, int] = MappingProxyType({}),
) -> tuple[dict[str, int], list[str]]:
    """Follow links breadth first, opening each view `each` times, those in `more` as often as it says.

    Returns views seen, and what was wrong where.
    """
    slugs = {place.slug for place in all_places()}
    waiting, queued = deque(starts), set(starts)
    seen: dict[str, int] = {}
    faults: list[str] = []
    opened = 0
    while waiting and opened < MOST_PAGES:
        address = waiting.popleft()
        name = name_of(urlsplit(address).path, slugs)
        if name is None:
            faults.append(f"{address}: a link that leads nowhere")
            continue
        if seen.get(name, 0) >= more.get(name, each):
            continue
        opened += 1
        faults += look(page, address, name)
        seen[name] = seen.get(name, 0) + 1
        for link in (
            page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)") if page.url.startswith(site) else []
        ):
            path = link.removeprefix(site).partition("#")[0]
            if link.startswith(site) and path and path not in queued:
                queued.add(path)
                waiting.append(path)
    return seen, faults


@pytest.fixture
def look_over(example: str, axe: Callable[[Any], list[str]]) -> Callable[[Any, str, str], list[str]]:
    def look(page: Any, address: str, name: str, *, scripts: bool = True) -> list[str]:
        complaints: list[str] = []
        said = page.on(
            "console",
            lambda message: (
                complaints.append(f"{address}: console {message.text}") if message.type == "error" else None
            ),
        )
        if name.endswith(FILES) or name in TEXTS:
            answer = page.request.get(example + address)
            return [] if answer.ok else [f"{address}: {answer.status}"]
        answer = page.goto(example + address)
        if answer is None or not answer.ok:
            return [f"{address}: {answer.status if answer else 'no answer'}"]
        if page.locator("h1").count() != 1:
            complaints.append(f"{address}: {page.locator('h1').count()} h1")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            complaints.append(f"{address}: wider than the window")
        if "Påhittade uppgifter" not in page.locator("body").inner_text():
            complaints.append(f"{address}: does not say that the content is invented")
        # axe itself needs JavaScript, and never answers without it.
        complaints += [f"{address}: {fault}" for fault in axe(page)] if scripts else []
        del said
        return complaints

    return look


def look_once(look: Any, example: str, seen: frozenset[str], page: Any, address: str, name: str) -> list[str]:
    """Look a view over the first time that anybody comes to it; later only go through it, for its links."""
    if name not in seen:
        return look(page, address, name)
    if not name.endswith(FILES) and name not in TEXTS:
        page.goto(example + address)
    return []


def test_every_view_is_reached_and_is_in_order(example: str, people: Any, sign_in: Any, look_over: Any) -> None:
    seen: dict[str, int] = {}
    faults: list[str] = []
    for person in PEOPLE:
        page = people(width=390 if person in ("", "ingrid") else 1280)
        if person:
            sign_in(page, person)
        start = STARTS.get(person) or ["/", "/mina", "/meddelanden", "/arbete"][: 3 if person == "ingrid" else 4]
        look = partial(look_once, look_over, example, frozenset(seen))
        found, wrong = crawl(page, example, start, look, more=DIFFERING if person in ("", "maria") else {})
        seen |= found
        faults += wrong
    assert faults == []
    unseen = names() - set(NOT_BY_LINK) - set(seen) - posts_only()
    assert sorted(unseen) == []


def posts_only() -> set[str]:
    """Views that refuse GET: they are state changes, pressed in the journeys."""
    found = set()
    for entry in _patterns(get_resolver()):
        view = entry.callback
        while view is not None:
            closure = getattr(view, "__closure__", None) or ()
            methods = [cell.cell_contents for cell in closure if isinstance(cell.cell_contents, list | tuple)]
            if any(
                "POST" in group and "GET" not in group
                for group in methods
                if all(isinstance(one, str) for one in group)
            ):
                found.add(entry.name)
            view = getattr(view, "__wrapped__", None)
    return found


def _patterns(resolver: Any) -> list[URLPattern]:
    return [
        one
        for entry in resolver.url_patterns
        for one in (_patterns(entry) if isinstance(entry, URLResolver) else [entry])
    ]


def test_the_first_load_is_light(example: str, people: Any) -> None:
    page = people(width=390)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for address in ("/tanum/", "/delta", "/spar"):
        page.context.clear_cookies()
        session.send("Network.clearBrowserCache")
        sizes.clear()
        page.goto(example + address, wait_until="networkidle")
        assert 0 < sum(sizes) <= LARGEST_FIRST_LOAD, f"{address}: {sum(sizes):.0f} bytes"


@pytest.mark.matrix
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
@pytest.mark.parametrize("person", ["maria", "tove", "johan"], ids=["owner", "colleague", "stranger"])
def test_the_whole_matrix(
    example: str, people: Any, sign_in: Any, look_over: Any, person: str, width: int, scripts: bool
) -> None:
    page = people(width=width, scripts=scripts)
    sign_in(page, person)
    _, faults = crawl(page, example, ["/", "/arbete", "/mina"], partial(look_over, scripts=scripts), each=2)
    assert faults == []

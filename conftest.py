"""The test run's own world: one throwaway PostgreSQL, a template database, a copy of it for every worker.

The tests connect as the app role, under row-level security, exactly as the pages do; only the migrations run as the
owner. Nothing outside a temporary folder is touched: a DATABASE_URL of yours is ignored on purpose.
"""

import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.cluster import TestCluster, take_away_abandoned_clusters

ROOT = Path(__file__).resolve().parent
KEPT_FROM_OUTSIDE = {"MEDSKICK_CHROMIUM", "MEDSKICK_SHARED", "MEDSKICK_POSTGRES_BIN"}
CLUSTER: "TestCluster | None" = None


def pytest_configure(config: pytest.Config) -> None:
    global CLUSTER
    if config.getoption("version", 0) or config.getoption("help", False):
        return
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        for name in [name for name in os.environ if name.startswith("MEDSKICK_") and name not in KEPT_FROM_OUTSIDE]:
            del os.environ[name]
        take_away_abandoned_clusters()
        var = Path(tempfile.mkdtemp(prefix="medskick-test-"))
        var.chmod(0o711)  # PostgreSQL's own user must get through when the tests run as root
        os.environ |= {"MEDSKICK_VAR": str(var), "MEDSKICK_DEMONSTRATION": "1"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "medskick.project.settings"
    os.environ.pop("DATABASE_URL", None)
    CLUSTER = TestCluster(Path(os.environ["MEDSKICK_VAR"]))
    if not is_worker:
        atexit.register(CLUSTER.end)  # also when a broken import ends the run before it began
        CLUSTER.begin()
    CLUSTER.set_addresses()

    # How long an example takes says how busy the machine is, not whether the code is right.
    hypothesis.settings.register_profile(
        "medskick", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("medskick")

    from django.conf import settings

    # A worker's settings were read before this file, with the controller's addresses.
    for database in settings.DATABASES.values():
        database["NAME"] = CLUSTER.worker_database()
    # Static files straight from where they lie; collecting and compressing them is tested by the server tests.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLUSTER is not None and not hasattr(config, "workerinput"):
        CLUSTER.end()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """Takes the place of pytest-django's: Django makes no database here, and connects as the app role."""
    from django.db import connections
    from django.test import TransactionTestCase

    assert CLUSTER is not None
    cluster = CLUSTER
    cluster.provide_template()
    cluster.renew_worker_database()
    with django_db_blocker.unblock():
        for connection in connections.all():
            # Django would find out by making a table, which the app role rightly may not.
            connection.features.supports_transactions = True

    def renew(self: TransactionTestCase) -> None:
        connections.close_all()
        cluster.renew_worker_database()

    # Django flushes by TRUNCATE, which the app role may not and the log's trigger refuses; a fresh copy is as quick.
    TransactionTestCase._fixture_teardown = renew


@pytest.fixture(autouse=True)
def links_from_the_root() -> None:
    """A page below /tanum leaves the thread's links beginning there. The real server starts each request afresh; Django's
    test client does not, and the next test's addresses would be /tanum's."""
    from django.urls import set_script_prefix

    set_script_prefix("/")


SERVE = """
import django, os, sys
django.setup()
from medskick.kernel.organisations import places
places.KEPT_SECONDS = 0  # the database is renewed under the server between tests
from medskick.project import collecting
collecting.collect_if_changed()
from medskick.project import asgi, serve  # after collecting: WhiteNoise looks once for what there is
os.write(1, b"x")
serve.serve_asgi(asgi.application, "127.0.0.1", int(sys.argv[1]))
"""


def wait_for_first_page(port: int, seconds: float = 60) -> None:
    """Not only until the port is open: the first page loads all views, which takes its time on a busy machine."""
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa", timeout=seconds).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)


@pytest.fixture(scope="session")
def serving(django_db_setup: None) -> Iterator[str]:
    """The real server (pages and live streams, compressed static files) in a process of its own, on this worker's
    database. Ask for `site` instead, which also empties the database after the test."""
    assert CLUSTER is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(port)]
    with (CLUSTER.var / "serving.lock").open("a") as collecting:
        fcntl.flock(collecting, fcntl.LOCK_EX)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x", "the server did not start"
    wait_for_first_page(port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


@pytest.fixture
def site(serving: str, transactional_db: None) -> str:
    """The real server's address, such as http://127.0.0.1:54321; what the test commits is what it serves."""
    return serving


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source material beside the repository, by MEDSKICK_SHARED or ../shared."""
    folder = Path(os.environ.get("MEDSKICK_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the folder of source material is not there: {folder} (set MEDSKICK_SHARED)")
    return folder


def find_chromium() -> str | None:
    chosen = os.environ.get("MEDSKICK_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A running browser (Playwright, sync). Ask for `page` in a test; this one when several contexts are needed.

    For one module at a time, since tests that run an event loop of their own cannot while it lives.
    """
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium was found: install it, or set MEDSKICK_CHROMIUM to the program's path")
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # While an event loop runs in this thread Django keeps other connections than outside it, and closes only those: one
    # left open here would be cut off when the database is renewed, and the first test after the browser would fall.
    connections.close_all()
    # Playwright's sync interface runs an event loop in this thread, in which Django otherwise refuses the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        yield browser
        connections.close_all()
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A fresh page on a phone, in Swedish, with a visitor's empty cookie jar."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="sv-SE")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """`assert axe(page) == []`: every violation as one line, rule and place."""
    script = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()

    def violations(page: Any) -> list[str]:
        page.evaluate(script)  # not as a script tag, which the content security policy stops
        found = page.evaluate("axe.run().then(result => result.violations)")
        return [f"{v['id']}: {' | '.join(str(n['target']) for n in v['nodes'])}: {v['help']}" for v in found]

    return violations


# What a person reaches with the Tab key: of radio buttons in a group, one.
TABBED_TO = """() => {
  const all = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
  const groups = new Set()
  window.expected = all.filter(one => {
    if (one.disabled || one.type === 'hidden' || one.tabIndex < 0 || !one.checkVisibility()) return false
    if (one.type !== 'radio') return true
    const group = [...document.getElementsByName(one.name)]
    const stop = group.find(other => other.checked) || group[0]
    return one === stop && !groups.has(one.name) && groups.add(one.name)
  })
  window.reached = new Map()
  document.addEventListener('focusin', event => {
    // A card whose title is a link is pressed, and shows its ring, as a whole.
    const ringed = [event.target, event.target.closest('.card')].filter(Boolean).map(one => getComputedStyle(one))
    const seen = ringed.some(style => style.outlineStyle !== 'none' || style.boxShadow !== 'none')
    window.reached.set(event.target, seen)
  }, true)
  if (document.activeElement) document.activeElement.blur()
  // A day has a stop for year, month, day and calendar.
  return window.expected.length + 3 * window.expected.filter(one => one.type === 'date').length
}"""
NOT_REACHED = """() => {
  const told = one => one.outerHTML.slice(0, 120)
  const radio = one => one.type === 'radio' || one.type === 'checkbox'
  return [
    ...window.expected.filter(one => !window.reached.has(one) &&
      !(one.type === 'radio' && [...window.reached.keys()].some(other => other.name === one.name))).map(told),
    ...[...window.reached].filter(([one, seen]) => !seen && !radio(one)).map(([one]) => 'no focus ring: ' + told(one)),
  ]
}"""


@pytest.fixture(scope="session")
def keyboard() -> Callable[[Any], list[str]]:
    """`assert keyboard(page) == []`: every control that Tab does not reach, or that does not show that it has focus."""

    def unreachable(page: Any) -> list[str]:
        for _step in range(page.evaluate(TABBED_TO) + 4):
            page.keyboard.press("Tab")
        found: list[str] = page.evaluate(NOT_REACHED)
        return found

    return unreachable


@pytest.fixture(autouse=True)
def fresh_request_state() -> None:
    """The test client, unlike a server, keeps language and script prefix; and no test sees what pages another kept."""
    from django.core.cache import cache
    from django.urls import clear_script_prefix
    from django.utils import translation

    cache.clear()
    clear_script_prefix()
    translation.activate("sv")

"""The server is killed with kill -9 in the middle of people's writing; what it had acknowledged is there afterwards."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from conftest import SERVE, wait_for_first_page
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.models import Record
from medskick.kernel.tests.world import make_organisation

ROOT = Path(__file__).resolve().parent.parent
WRITERS, BEFORE_KILL, KILLS = 4, 6, 3
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, port: int) -> None:
        self.port, self.process = port, self._start(port)

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT, stdout=subprocess.PIPE)
        wait_for_first_page(port)
        return process

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def again(self) -> None:
        self.process = self._start(self.port)


class Writer(threading.Thread):
    """Somebody who sends one opinion after the other, and keeps the address on each receipt."""

    def __init__(self, form: str) -> None:
        super().__init__(daemon=True)
        self.form = form
        self.acknowledged: dict[str, str] = {}
        self.unanswered: list[str] = []

    def run(self) -> None:
        while True:
            key = str(uuid4())
            try:
                receipt = send(self.form, key)
            except requests.RequestException:
                self.unanswered.append(key)
                return
            self.acknowledged[key] = receipt


def wait_until(true: Callable[[], bool], seconds: float = 2 * PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def send(form: str, key: str) -> str:
    """Send an opinion without logging in; the address of its receipt, or an exception where nobody answered."""
    browser = requests.Session()
    browser.get(form, timeout=PATIENCE).raise_for_status()
    fields = {
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        "step": "send",
        "submission_key": key,
        "slag": "ide",
        "amne": "gator",
        "text": f"Sätt upp en bänk vid hållplatsen. {key[:8]}",
    }
    answer = browser.post(form, data=fields, headers={"Referer": form}, timeout=PATIENCE, allow_redirects=False)
    assert answer.status_code == 302, answer.text[:2000]
    return answer.headers["Location"]


@pytest.mark.journey
def test_what_was_acknowledged_survives_and_nothing_is_doubled(transactional_db: Any, request: Any) -> None:
    region = make_organisation("Fyrbodal")
    tanum = make_organisation("Tanum", region=region)
    unit = Unit.objects.create(organisation=tanum, name="Samhällsbyggnad")
    server = Server(free_port())
    request.addfinalizer(server.kill)
    form = f"http://127.0.0.1:{server.port}/tanum/ansok/synpunkt/ny"
    acknowledged: dict[str, str] = {}
    unanswered: list[str] = []
    for _round in range(KILLS):
        writers = [Writer(form) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        wait_until(lambda: sum(len(writer.acknowledged) for writer in writers) >= BEFORE_KILL)  # noqa: B023
        server.kill()
        for writer in writers:
            writer.join()
            acknowledged |= writer.acknowledged
            unanswered += writer.unanswered
        server.again()
    assert len(acknowledged) >= KILLS * BEFORE_KILL
    assert unanswered
    for key in unanswered:  # people press the button again: the same submission key
        acknowledged[key] = send(form, key)
    for receipt in acknowledged.values():
        assert requests.get(f"http://127.0.0.1:{server.port}{receipt}", timeout=PATIENCE).status_code == 200
    server.kill()
    with scope(Scope(tanum.id, reach=frozenset({unit.id}))):
        serials = sorted(Record.objects.filter(owner=tanum).values_list("serial", flat=True))
    # One case for each receipt, numbered without a gap: none is lost, none is there twice.
    assert serials == list(range(1, len(acknowledged) + 1))

"""The server is killed with kill -9 in the middle of people's writing; what it had acknowledged is there afterwards."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from conftest import SERVE, wait_for_first_page
from medskick.bench.parts.victims import free_port
from medskick.bench.parts.writers import PATIENCE, Ledger, Writer, case, send_case, wait_until
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.models import Record
from medskick.kernel.tests.world import make_organisation

ROOT = Path(__file__).resolve().parent.parent
WRITERS, BEFORE_KILL, KILLS = 4, 6, 3


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


@pytest.mark.journey
def test_what_was_acknowledged_survives_and_nothing_is_doubled(transactional_db: Any, request: Any) -> None:
    region = make_organisation("Fyrbodal")
    tanum = make_organisation("Tanum", region=region)
    unit = Unit.objects.create(organisation=tanum, name="Samhällsbyggnad")
    server = Server(free_port())
    request.addfinalizer(server.kill)
    form = f"http://127.0.0.1:{server.port}/tanum/ansok/synpunkt/ny"
    send, ledger = send_case(form), Ledger()
    for _round in range(KILLS):
        writers = [Writer(ledger, case, send) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        wait_until(lambda: sum(writer.count for writer in writers) >= BEFORE_KILL)  # noqa: B023
        server.kill()
        for writer in writers:
            writer.join()
        server.again()
    assert len(ledger.acknowledged) >= KILLS * BEFORE_KILL
    assert ledger.unanswered
    for sent in ledger.unanswered:  # people press the button again: the same submission key
        ledger.note(sent, send(sent))
    for receipt in ledger.acknowledged.values():
        assert requests.get(f"http://127.0.0.1:{server.port}{receipt}", timeout=PATIENCE).status_code == 200
    server.kill()
    with scope(Scope(tanum.id, reach=frozenset({unit.id}))):
        serials = sorted(Record.objects.filter(owner=tanum).values_list("serial", flat=True))
    # One case for each receipt, numbered without a gap: none is lost, none is there twice.
    assert serials == list(range(1, len(ledger.acknowledged) + 1))

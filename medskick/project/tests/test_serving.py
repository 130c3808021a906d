"""`medskick run` from start to stop, and what comes over the wire in odd shapes."""

import asyncio
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from a2wsgi import WSGIMiddleware

from medskick.project import postgres
from medskick.project.asgi import _whole_body


def _status(site: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    connection.request("GET", path)
    return connection.getresponse().status


@pytest.mark.parametrize("path", ["/sok?q=%E5%E4%F6", "/sok?q=%00", "/%FF%FE", "/sok?q=a&q=b&&=", "/" + "a" * 2000])
def test_odd_addresses_are_answered_and_never_break_the_server(site: str, path: str) -> None:
    assert _status(site, path) in (200, 400, 404)


def test_style_sheets_come_compressed_and_may_be_kept_for_ever(site: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    connection.request("GET", "/finns-inte")
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', connection.getresponse().read().decode())
    assert sheets
    for sheet in sheets:
        connection.request("GET", sheet, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        assert (sheet, answer.status, answer.headers["content-encoding"]) == (sheet, 200, "gzip")
        assert "immutable" in answer.headers["cache-control"]


def test_raw_bytes_in_a_query_reach_the_page(site: str) -> None:
    address = urlsplit(site)
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as wire:
        wire.sendall(b"GET /sok?q=\xc3\xa5 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = wire.recv(100)
    assert answer.split(b" ")[1] in (b"200", b"400")


def test_a_form_that_was_cut_off_is_refused_not_taken_for_whole() -> None:
    read: list[object] = []

    def page(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        try:
            read.append(environ["wsgi.input"].read(1000))
        except OSError as problem:
            read.append(type(problem).__name__)
        start_response("200 OK", [])
        return [b""]

    arriving = iter(
        [{"type": "http.request", "body": b"text=halva", "more_body": True}, {"type": "http.disconnect"}],
    )

    async def receive() -> Any:
        return next(arriving)

    async def send(message: Any) -> None:
        return

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [], "http_version": "1.1"}
    asyncio.run(WSGIMiddleware(page)(scope, _whole_body(receive), send))  # type: ignore[arg-type]
    assert read == ["ClientGone"]


class Run:
    """`medskick run` in a folder of its own."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "MEDSKICK_"))}
        self.log = var / "said"
        command = [sys.executable, "-m", "medskick.project.cli", "run", "--port", str(self.port), "--no-example"]
        with self.log.open("ab") as said:
            environment = kept | {"MEDSKICK_VAR": str(var)}
            self.process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait(self) -> "Run":
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if _status(f"http://127.0.0.1:{self.port}", "/halsa") == 200:
                    return self
            time.sleep(0.1)
        raise AssertionError(f"it did not start:\n{self.said}")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="medskick-serving-"))
    folder.chmod(0o711)
    yield folder
    postgres.find_server(folder).stop()
    shutil.rmtree(folder)


def _ended(processes: list[psutil.Process]) -> bool:
    return psutil.wait_procs(processes, timeout=30)[1] == []


def test_run_starts_everything_stops_it_cleanly_and_recovers_from_being_killed(var: Path) -> None:
    first = Run(var).wait()
    assert f"http://127.0.0.1:{first.port}/" in first.said
    assert "Demonstration mode" in first.said
    started = first.children()
    assert len(started) == 2  # PostgreSQL and the job queue

    os.kill(postgres.find_server(var).process_id() or 0, signal.SIGKILL)
    address = f"http://127.0.0.1:{first.port}"
    statuses = set()
    until = time.monotonic() + 30
    while time.monotonic() < until and (503 not in statuses or _status(address, "/halsa") != 200):
        statuses.add(_status(address, "/mina"))
    assert 503 in statuses
    assert 500 not in statuses
    assert _status(address, "/halsa") == 200  # it was started again, without anybody's help
    assert "PostgreSQL stopped; starting it again." in first.said
    started = first.children()

    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(40) == 0
    assert _ended(started)
    assert first.said.endswith("Stopped. Everything is saved.\n")

    second = Run(var).wait()
    server = postgres.find_server(var)
    running = server.process_id()
    worker = [child for child in second.children() if child.pid != running]
    second.process.kill()
    second.process.wait()
    assert _ended(worker)  # it notices that nobody is left to work for
    assert server.process_id() == running

    third = Run(var).wait()  # adopts the server that was left, and takes it down in the end
    assert server.process_id() == running
    third.process.send_signal(signal.SIGTERM)
    assert third.process.wait(40) == 0
    assert server.process_id() is None


def test_a_second_run_on_the_same_port_says_that_it_is_taken(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "medskick.project.cli", "run", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, env=os.environ | {"MEDSKICK_VAR": str(var)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("medskick: Port ")
    assert "is taken" in done.stderr

"""The processes that are killed: the pages' server, the worker, and PostgreSQL itself, each without a warning."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

START_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Until somebody listens. Raise OSError where nobody does within the time to start."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class Victim:
    """A command that is started, killed with all its children, and started again."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self.command, self.environment = list(command), environment or {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9, the whole group: none of them may say goodbye."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def start_again_if_it_fell(self) -> bool:
        """What systemd does for a server, and `medskick run` for its worker."""
        if self.process is None or self.process.poll() is None:
            return False
        self.kill()
        self.start()
        return True


class Pages(Victim):
    """The pages as in production: granian with two workers."""

    def __init__(self, port: int, environment: dict[str, str]) -> None:
        self.port = port
        arguments = ["serve", "pages", f"--port={port}", "--workers=2"]
        super().__init__(["-m", "medskick.project.cli", *arguments], environment)

    def wait(self) -> None:
        """Until the first page comes: not only until the port is open."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/halsa", timeout=START_SECONDS).close()
                return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


class Jobs(Victim):
    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__(["-m", "medskick.project.cli", "worker"], environment)


class Database:
    """Our own PostgreSQL. Its kill is the worst: the postmaster and every back end at once, nothing flushed."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def kill(self) -> None:
        first = self.server.process_id()
        if first is None:
            return
        for process in (first, *_children(first)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        until = time.monotonic() + START_SECONDS
        while self.server.process_id() is not None and time.monotonic() < until:
            time.sleep(0.01)

    def start(self) -> None:
        self.server.start()


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid, _, rest = stat.read_text().partition(" (")
            if int(rest.rpartition(") ")[2].split()[1]) == parent:
                found.append(int(pid))
    return found

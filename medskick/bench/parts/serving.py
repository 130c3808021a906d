"""The servers under measure: granian over WSGI in a process of its own, the same settings for ours and for the bare one."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from medskick.bench.parts.cpu import cpu_of_group
from medskick.project.serve import BACKLOG

# As `medskick serve pages` starts: a worker a core, four threads in each.
WORKERS, THREADS = os.cpu_count() or 2, 4
OURS = "medskick.project.wsgi:application"
START_SECONDS = 30


class Served:
    """A server that runs: where it listens and what CPU it has used."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    @property
    def cpu(self) -> float:
        """Seconds of CPU, of the server and its workers."""
        return cpu_of_group(self.process.pid)


@contextlib.contextmanager
def served(target: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """Serve a WSGI application while the block runs, with as many workers and threads as in production."""
    port = _free_port()
    command = [sys.executable, "-m", "medskick.bench.parts.serving", target, str(port)]
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    try:
        _wait(process, port)
        yield Served(process, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with code {process.returncode} before it answered")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not answer within {START_SECONDS} s")


def main() -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("port", type=int)
    given = parser.parse_args()
    Server(
        given.target,
        address="127.0.0.1",
        port=given.port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=64,
        log_enabled=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()

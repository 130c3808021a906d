"""The serving processes: everything as one for `medskick run`, or pages, live and jobs apart in production."""

import contextlib
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import uvicorn

from medskick.project.commands import CommandProblem
from medskick.project.postgres import PostgresProblem, Server

log = logging.getLogger(__name__)

BACKLOG = 4096
STOP_SECONDS = 5
WORKER_STOP_SECONDS = 25


class Stopped(BaseException):
    """SIGTERM or SIGHUP came: unwind, so that everything that was started is stopped."""


@contextlib.contextmanager
def unwinding_on_signals() -> Iterator[None]:
    """Make SIGTERM and a closed terminal run the same clean-up as Ctrl-C; all three end the block without an error."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    kept = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except (Stopped, KeyboardInterrupt):
        pass
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def check_port(host: str, port: int) -> None:
    """Say plainly that the port is taken, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CommandProblem(f"Port {port} may only be used by root. Choose another with --port.") from None
        except OSError:
            raise CommandProblem(
                f"Port {port} is taken on {host}, perhaps by another Medskick. Stop it, or choose another with --port."
            ) from None


def allow_many_connections() -> None:
    """The usual limit of 1,024 open files is below what one meeting with 2,000 phones needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class LiveServer(uvicorn.Server):
    """uvicorn waits for open streams before it tells the application to stop; we end the streams at once."""

    def __init__(self, config: uvicorn.Config, site: Any) -> None:
        super().__init__(config)
        self.site = site

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.site.close_listeners()
        super().handle_exit(sig, frame)


def serve_asgi(site: Any, host: str, port: int) -> None:
    """One process until a signal comes. No access log: addresses can hold tickets and personal trace numbers."""
    allow_many_connections()
    config = uvicorn.Config(
        site,
        host=host,
        port=port,
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=os.environ.get("MEDSKICK_BEHIND_TLS_PROXY") == "1",
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=15,
        lifespan="on",
        ws="none",
    )
    LiveServer(config, site).run()


def serve_pages(host: str, port: int, workers: int, threads: int) -> None:
    """Pages over WSGI with granian, until a signal comes."""
    from granian.constants import Interfaces
    from granian.server import Server as Granian

    allow_many_connections()
    Granian(
        "medskick.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        backpressure=max(threads * 16, 64),
        log_enabled=True,
        log_access=False,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


@contextlib.contextmanager
def keeping_up(server: Server | None) -> Iterator[None]:
    """Start our own PostgreSQL again if it falls while the block runs; until it answers, pages say so (503)."""
    ended = threading.Event()

    def watch() -> None:
        while server is not None and not ended.wait(1):
            if server.process_id() is None:
                log.error("PostgreSQL stopped; starting it again.")
                with contextlib.suppress(PostgresProblem):
                    server.start()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join(90)


class Worker:
    """The job queue as a child process that is started again if it falls, and stopped with us."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def __enter__(self) -> "Worker":
        self._start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(WORKER_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _start(self) -> None:
        command = [sys.executable, "-m", "medskick.project.cli", "worker", f"--with-parent={os.getpid()}"]
        # Its own session: Ctrl-C in the terminal reaches us, and we let the running job finish.
        self.process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)  # noqa: S603

    def _watch(self) -> None:
        while not self.stopping.wait(2):
            if self.process is not None and self.process.poll() is not None and not self.stopping.is_set():
                log.error("The job queue stopped (code %s); starting it again.", self.process.returncode)
                self._start()

"""medskick worker."""

import argparse
import os
import signal
import threading
import time

HELP = "Run the queue of jobs: notifications, seals, imports, nightly follow-ups."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default: 2)")
    parser.add_argument("--once", action="store_true", help="stop when the queue is empty")
    parser.add_argument("--with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    from procrastinate.contrib.django import app

    if options.with_parent:
        threading.Thread(target=_follow, args=[options.with_parent], daemon=True).start()
    with app.replace_connector(app.connector.get_worker_connector()) as queue:
        queue.run_worker(
            concurrency=options.concurrency,
            wait=not options.once,
            shutdown_graceful_timeout=20,
            delete_jobs="successful",
        )
    return 0


def _follow(parent: int) -> None:
    """Stop as if asked to when the process that started us was killed and could not say so."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)

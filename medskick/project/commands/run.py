"""medskick run."""

import argparse
import importlib
import importlib.util
import os
import time
from types import ModuleType

HELP = "Start everything on this machine: database, example region, pages, live streams and jobs."
ABOUT = """\
Starts everything as one: its own PostgreSQL (or the one that DATABASE_URL names), migrations, the example region if the
database is empty, the job queue, and pages with live streams on http://127.0.0.1:8000. Ctrl-C stops it all cleanly.

Without MEDSKICK_SECRET_KEY it runs in demonstration mode: log in with a test eID, invented people only."""
DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (default: 8000)")
    parser.add_argument("--no-example", action="store_true", help="do not build the example region")


def run(options: argparse.Namespace) -> int:
    from medskick.project import postgres, serve
    from medskick.project.cli import close_connections, set_up_django

    begun = time.monotonic()
    os.environ["PORT"] = str(options.port)  # the settings, read below, make the links in mails of it
    serve.check_port(options.host, options.port)
    with serve.unwinding_on_signals(), postgres.running() as server:
        _say("Database", "a server of your own" if server is None else f"PostgreSQL in {server.home}")
        set_up_django()
        try:
            _prepare(with_example=not options.no_example)
        finally:
            close_connections()
        from medskick.project.asgi import application

        with serve.keeping_up(server), serve.Worker():
            _welcome(options, time.monotonic() - begun)
            serve.serve_asgi(application, options.host, options.port)
    print("\nStopped. Everything is saved.")
    return 0


def _prepare(*, with_example: bool) -> None:
    from django.conf import settings

    from medskick.project.collecting import collect_if_changed
    from medskick.project.migrating import migrate_if_needed

    if migrate_if_needed():
        _say("Tables", "brought up to date")
    if collect_if_changed():
        _say("Files", "style sheets, scripts and pictures collected")
    demo = demo_command()
    if with_example and settings.DEMONSTRATION and demo is not None and not demo.is_built():
        _say("Example", "the database is empty; building the example region (once, under a minute)")
        parser = argparse.ArgumentParser()
        demo.add_arguments(parser)
        demo.run(parser.parse_args([]))


def demo_command() -> ModuleType | None:
    name = "medskick.project.commands.demo"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _welcome(options: argparse.Namespace, seconds: float) -> None:
    from django.conf import settings

    address = f"http://{options.host}:{options.port}/"
    print(f"\nMedskick is ready after {seconds:.1f} s:  {address}\n", flush=True)
    if not settings.DEMONSTRATION:
        return
    print("Demonstration mode, because MEDSKICK_SECRET_KEY is not set: invented people, and a test eID for log-in.")
    demo = demo_command()
    if demo is not None:
        print(f"Log in at {address}logga-in as one of:")
        for name, role in demo.logins():
            print(f"  {name:<24} {role}")
    print("\nCtrl-C stops everything.", flush=True)


def _say(what: str, text: str) -> None:
    print(f"{what:<9} {text}", flush=True)

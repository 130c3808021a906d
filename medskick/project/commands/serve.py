"""medskick serve pages | live | jobs."""

import argparse
import os

HELP = "Serve one of the three processes of a production server: pages, live or jobs."
ABOUT = """\
A production server runs three processes, behind a proxy that ends TLS and sends /live/ to the second:

  medskick serve pages   the pages, over WSGI with threads
  medskick serve live    the live streams, one process, thousands of open connections
  medskick serve jobs    the queue of jobs

Run `medskick migrate` and `medskick serve static` before, at each new version. See docs/drift.md."""
PORTS = {"pages": 8000, "live": 8001}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=["pages", "live", "jobs", "static"], help="which process; static: collect files"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: 8000 for pages, 8001 for live)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes for pages (default: cores)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each of them (default: 4)")
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default: 2)")


def run(options: argparse.Namespace) -> int:
    from medskick.project import serve
    from medskick.project.cli import close_connections

    if options.what == "static":
        from medskick.project.collecting import collect_if_changed

        print("Collected." if collect_if_changed() else "Nothing had changed.")
        return 0
    if options.what == "jobs":
        from medskick.project.commands import worker

        return worker.run(argparse.Namespace(concurrency=options.concurrency, once=False, with_parent=None))
    port = options.port or PORTS[options.what]
    serve.check_port(options.host, port)
    close_connections()
    with serve.unwinding_on_signals():
        if options.what == "pages":
            serve.serve_pages(options.host, port, options.workers, options.threads)
        else:
            from medskick.project.asgi import live_only

            serve.serve_asgi(live_only, options.host, port)
    return 0

"""The benches' own tools: found by name, counted right, told as one object."""

import http.server
import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from medskick.bench.parts.cpu import cpu_of_children, cpu_of_group
from medskick.bench.parts.load import Measured, WrongAnswer, load
from medskick.bench.parts.report import Aim, Report
from medskick.bench.parts.weight import weigh
from medskick.project.commands.bench import benches

PAGE = b'<link rel="stylesheet" href="/a.css"><link rel="alternate" href="/not-loaded"><script src="/b.js"></script>'
STYLE = b"@font-face { src: url('c.woff2') } p { background: url(data:image/png;base64,AA) }"
FILES = {
    "/": ("text/html; charset=utf-8", PAGE),
    "/a.css": ("text/css", STYLE),
    "/b.js": ("text/javascript", b"x" * 2000),
    "/c.woff2": ("font/woff2", b"f" * 3000),
}


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = FILES.get(self.path, ("text/plain", b""))
        self.server.asked.append(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture
def site() -> Iterator[Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_benches_are_found_with_a_line_each() -> None:
    assert benches() == {
        "kills": "Kills of pages, worker and PostgreSQL under load: nothing acknowledged is lost or doubled.",
        "pages": "Start, list and detail pages beside a fixed bare Django page.",
        "search": "Search over 1,000,000 records as a resident, a municipality's staff and the region's.",
        "session": "2,000 phones answer within 5 s: lost answers, time to every screen, CPU per answer.",
    }


def test_a_report_is_one_object_with_aims_that_are_met_or_not() -> None:
    report = Report("prov", figures={"a": 1}, aims=[Aim("snabb", 40, 50), Aim("ofta", 3, 4, at_least=True)])
    told = json.loads(json.dumps(report.as_object()))
    assert set(told) == {"bench", "machine", "figures", "peers", "ratios", "aims"}
    assert told["aims"] == [
        {"name": "snabb", "value": 40, "aim": 50, "met": True},
        {"name": "ofta", "value": 3, "aim": 4, "met": False},
    ]
    assert not report.met


@pytest.mark.parametrize(("share", "time"), [(0.5, 10), (0.95, 19), (1.0, 20)])
def test_percentiles_by_nearest_rank(share: float, time: int) -> None:
    assert Measured(1.0, [float(one) for one in range(1, 21)]).percentile(share) == time


def test_the_client_asks_so_many_times_and_no_more(site: Any) -> None:
    found = load(site.server_port, "/", clients=4, requests=50, headers={})
    assert len(found.times) == len(site.asked) == 50


def test_a_wrong_answer_is_not_measured(site: Any) -> None:
    with pytest.raises(WrongAnswer, match="/finns-inte answered 404"):
        load(site.server_port, "/finns-inte", clients=2, requests=10, headers={})


def test_a_first_visit_weighs_what_the_page_and_its_style_sheets_name(site: Any) -> None:
    weights = weigh(site.server_port, "/", {})
    assert {kind: weights[kind] for kind in ("js", "font")} == {"js": 2.0, "font": 3.0}
    assert weights["total"] == round((len(PAGE) + len(STYLE) + 5000) / 1000, 1)
    assert "/not-loaded" not in site.asked


def test_our_own_cpu_is_counted() -> None:
    before = cpu_of_group(os.getpgrp())
    assert sum(number * number for number in range(2_000_000)) > 0
    assert cpu_of_group(os.getpgrp()) > before
    assert cpu_of_children(os.getpid()) > 0

"""Pages against a bare Django page: requests a second, p95, CPU a request, kB by type, and the same for 300 and 10,000 rows.

All are asked for as someone signed in, compressed, by four clients over loopback, from a server with the workers and
threads of production. The rounds go through all pages in turn, so that a disturbance on the machine does not fall on
one of them; the median round is told. CPU of the server and of the database are told apart; the ratios are of the
server's.
"""

from statistics import median
from typing import Any

from medskick.bench.parts.cpu import cpu_of_children, machine
from medskick.bench.parts.databases import cache_folder
from medskick.bench.parts.load import load
from medskick.bench.parts.pages_data import Data, pages_data
from medskick.bench.parts.report import Aim, Report, Say
from medskick.bench.parts.serving import OURS, Served, served
from medskick.bench.parts.weight import weigh

TITLE = "Start, list and detail pages beside a fixed bare Django page."
CLIENTS = 4
REQUESTS, ROUNDS, WARM_UP = 600, 5, 60
QUICK_REQUESTS, QUICK_ROUNDS = 200, 1
PAGES = {"start": "/", "list": "/sa-gar-det", "detail": "/sa-gar-det/b00000000007", "work list": "/arbete/mata"}
FEW, MANY = 300, 10_000
BARE_TARGET = "medskick.bench.parts.bare:application"
# Measured on a machine of the same kind with wrk, 16 connections, 2 workers (docs/benchmarks.md): for orientation only.
ELSEWHERE = {
    "adhocracy+ idea list, 15 of 10,000": {"requests_per_s": 3, "p95_ms": 5487, "queries": 159},
    "adhocracy+ idea list, 15 of 300": {"requests_per_s": 16, "p95_ms": 1190, "queries": 159},
    "Kerrokantasi hearing list (JSON), 20 of 1,003": {"requests_per_s": 60, "p95_ms": 365, "queries": 8},
}
MOST_CPU, MOST_P95, MOST_GROWTH, MOST_KB = 3.0, 50.0, 1.1, 100.0


def run(quick: bool, say: Say) -> Report:
    """Build the data where it is missing, start three servers, measure, compare."""
    report = Report("pages", machine=machine())
    with pages_data(cache_folder(), say) as (database, data):
        bare = {**data[MANY].environment, "MEDSKICK_BENCH_BARE": "1"}
        with (
            served(BARE_TARGET, bare) as plain,
            served(OURS, data[FEW].environment) as few,
            served(OURS, data[MANY].environment) as many,
        ):
            tracks = [("bare page", plain, "/", data[MANY])]
            tracks += [(f"{name}, {FEW} rows", few, path, data[FEW]) for name, path in PAGES.items()]
            tracks += [(f"{name}, {MANY} rows", many, path, data[MANY]) for name, path in PAGES.items()]
            measured = _rounds(tracks, database, quick, say)
            weights = {name: weigh(many.port, path, _headers(data[MANY])) for name, path in PAGES.items()}
    _tell(report, measured, weights)
    return report


def _headers(data: Data) -> dict[str, str]:
    return {"Cookie": data.cookie, "Accept-Encoding": "gzip"}


def _rounds(
    tracks: list[tuple[str, Served, str, Data]], database: int, quick: bool, say: Say
) -> dict[str, dict[str, float]]:
    for name, server, path, data in tracks:
        say(f"warming up: {name}")
        load(server.port, path, clients=CLIENTS, requests=WARM_UP, headers=_headers(data))
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name, *_ in tracks}
    for number in range(QUICK_ROUNDS if quick else ROUNDS):
        say(f"round {number + 1}")
        for name, server, path, data in tracks:
            rounds[name].append(_one(server, path, data, database, QUICK_REQUESTS if quick else REQUESTS))
    return {
        name: {key: round(median(one[key] for one in found), 2) for key in found[0]} for name, found in rounds.items()
    }


def _one(server: Served, path: str, data: Data, database: int, requests: int) -> dict[str, float]:
    cpu, database_cpu = server.cpu, cpu_of_children(database)
    found = load(server.port, path, clients=CLIENTS, requests=requests, headers=_headers(data))
    return {
        "requests_per_s": found.rate,
        "p50_ms": found.percentile(0.5),
        "p95_ms": found.percentile(0.95),
        "cpu_ms": (server.cpu - cpu) * 1000 / requests,
        "database_cpu_ms": (cpu_of_children(database) - database_cpu) * 1000 / requests,
    }


def _tell(report: Report, measured: dict[str, dict[str, float]], weights: dict[str, dict[str, float]]) -> None:
    bare = measured["bare page"]
    report.figures = {name: one for name, one in measured.items() if name != "bare page"}
    report.figures |= {f"kB, {name}": one for name, one in weights.items()}
    peers: dict[str, Any] = {"bare Django page, 50 rows": bare, **ELSEWHERE}
    report.peers = peers
    for name in PAGES:
        many, few = measured[f"{name}, {MANY} rows"], measured[f"{name}, {FEW} rows"]
        cpu, growth = _ratio(many["cpu_ms"], bare["cpu_ms"]), _ratio(_all_cpu(many), _all_cpu(few))
        report.ratios |= {f"CPU of {name} to bare": cpu, f"CPU of {name}, {MANY} to {FEW} rows": growth}
        report.aims += [
            Aim(f"CPU of {name} to bare", cpu, MOST_CPU),
            Aim(f"p95 of {name}, ms", many["p95_ms"], MOST_P95),
            Aim(f"CPU of {name}, {MANY} to {FEW} rows", growth, MOST_GROWTH),
            Aim(f"first load of {name}, kB", weights[name]["total"], MOST_KB),
        ]


def _all_cpu(one: dict[str, float]) -> float:
    return one["cpu_ms"] + one["database_cpu_ms"]


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 2) if theirs else 0.0

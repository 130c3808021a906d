"""A live session with a full hall: 2,000 phones hold a stream each and all answer within five seconds, three times.

The servers of production (`medskick serve live`, one process), a real PostgreSQL that waits for the disk, loopback. The
phones have their pages open: each sends what its page would send (`POST /live/svar`), over a connection of its own. A
reply is held against the rows afterwards. Ten screens (presenter, facilitators) listen; an answer has reached a screen
with the first event whose number is at least the answer's. The facilitator then opens the next step, and it is measured
when every phone has heard of it.

CPU is the server's and the database's, per answer acknowledged, without the phones' own; the phones stand in processes
of their own on the same cores, so wall times are upper bounds.
"""

import os
import statistics
from typing import Any

from medskick.bench.parts.cpu import cpu_of_children, cpu_of_group, machine, memory_of_group
from medskick.bench.parts.databases import bench_server, cache_folder
from medskick.bench.parts.hall import Hall, Heard
from medskick.bench.parts.report import Aim, Report, Say
from medskick.bench.parts.session_world import Meeting, fresh_meeting
from medskick.bench.parts.victims import Victim, free_port, wait_for_port

TITLE = "2,000 phones answer within 5 s: lost answers, time to every screen, CPU per answer."
PHONES, QUICK_PHONES, ROUNDS, BURST_SECONDS = 2000, 300, 3, 5.0
MOST_P95, MOST_CPU = 1.0, 2.5


def run(quick: bool, say: Say) -> Report:
    """Build a meeting, let the hall answer, hold the rows against the replies."""
    report = Report("session", machine=machine())
    phones = QUICK_PHONES if quick else PHONES
    with bench_server(cache_folder()) as server:
        say("building a municipality with a meeting")
        meeting = fresh_meeting(server, phones, ROUNDS)
        port = free_port()
        live = Victim(["-m", "medskick.project.cli", "serve", "live", f"--port={port}"], meeting.environment)
        live.start()
        wait_for_port(port)
        try:
            found = _measure(live, port, server, meeting, say)
        finally:
            live.kill()
        lost, doubled = meeting.held_against(found["acknowledged"])
    _tell(report, phones, found, lost, doubled)
    return report


def _measure(live: Victim, port: int, server: Any, meeting: Meeting, say: Say) -> dict[str, Any]:
    assert live.process is not None
    group, database = live.process.pid, server.process_id()
    found: dict[str, Any] = {"acknowledged": [], "refused": 0, "rounds": []}
    with Hall(port, meeting) as hall:
        say(f"{meeting.phones} phones come in")
        hall.come_in()
        for number in range(ROUNDS):
            say(f"round {number + 1}")
            opened = hall.open_step(number)
            cpu, database_cpu = cpu_of_group(group), cpu_of_children(database)
            heard: Heard = hall.answer(number, BURST_SECONDS)
            answers = max(len(heard.acknowledged), 1)
            found["acknowledged"] += heard.acknowledged
            found["refused"] += heard.refused
            found["rounds"].append(
                {
                    "answers_per_s": answers / heard.seconds,
                    "ack_p50_ms": heard.acks.percentile(0.5),
                    "ack_p95_ms": heard.acks.percentile(0.95),
                    "screen_p50_ms": heard.screens.percentile(0.5),
                    "screen_p95_ms": heard.screens.percentile(0.95),
                    "screen_p99_ms": heard.screens.percentile(0.99),
                    "next step to last phone_ms": opened,
                    "cpu_ms": (cpu_of_group(group) - cpu) * 1000 / answers,
                    "database_cpu_ms": (cpu_of_children(database) - database_cpu) * 1000 / answers,
                }
            )
        found["memory_mb"] = memory_of_group(group)
    return found


def _tell(report: Report, phones: int, found: dict[str, Any], lost: int, doubled: int) -> None:
    rounds = found["rounds"]
    middle = {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}
    report.figures = {
        "phones": phones,
        "answers acknowledged": len(found["acknowledged"]),
        "answers refused": found["refused"],
        "answers lost": lost,
        "answers doubled": doubled,
        "median round": middle,
        "server memory, MB": round(found["memory_mb"], 1),
        "cores": os.cpu_count(),
    }
    report.aims = [
        Aim("answers acknowledged", len(found["acknowledged"]), phones * ROUNDS, at_least=True),
        Aim("answers lost", lost, 0),
        Aim("answers doubled", doubled, 0),
        Aim("p95 from answer to every screen, s", round(middle["screen_p95_ms"] / 1000, 3), MOST_P95),
        Aim(
            "CPU per answer, server and database, ms", round(middle["cpu_ms"] + middle["database_cpu_ms"], 2), MOST_CPU
        ),
    ]

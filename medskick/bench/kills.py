"""Kills at random moments under load: nothing that was acknowledged is lost, nothing is doubled, no diary number is left out.

Several people send cases by form, answer in a meeting, and ask for jobs, over HTTP, to the servers of production. At
random moments the pages' server, the worker or PostgreSQL itself is killed without warning (kill -9, all its children),
and started again. Whoever got no answer presses the button again, as people do. What is in the database afterwards is
held against what the writers were told. Everything acknowledged is written to a file at once, so that a run that was
interrupted goes on where it was.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from medskick.bench.parts import kills_world, writers
from medskick.bench.parts.cpu import machine
from medskick.bench.parts.databases import bench_server, cache_folder
from medskick.bench.parts.report import Aim, Report, Say
from medskick.bench.parts.victims import Database, Jobs, Pages, free_port
from medskick.bench.parts.writers import Ledger, Sent, Writer

TITLE = "Kills of pages, worker and PostgreSQL under load: nothing acknowledged is lost or doubled."
USUAL, QUICK, LONG = 100, 10, 1000
EACH = {"case": 3, "answer": 3, "check": 1}
VICTIMS = {"pages": 50, "worker": 25, "PostgreSQL": 25}
DRAIN_SECONDS = 240.0


def run(quick: bool, say: Say, *, kills: int | None = None, long: bool = False, seed: int | None = None) -> Report:
    """Kill `kills` times (100; 10 with --quick; 1,000 with --long), then hold everything against what was told."""
    wanted = kills or (LONG if long else QUICK if quick else USUAL)
    begun = time.monotonic()
    cache = cache_folder()
    with bench_server(cache) as server:
        from medskick.project.cli import close_connections

        _collect()
        trial = Trial(server, kills_world.folder_of(cache), say, seed)
        try:
            trial.prepare()
            trial.survive(wanted)
            found = trial.account()
        finally:
            trial.stop()
            close_connections()
        report = _told(trial, found, wanted, time.monotonic() - begun)
        if report.met:
            trial.forget()
    return report


def _collect() -> None:
    from medskick.project.collecting import collect_if_changed

    collect_if_changed()


class Trial:
    """One run: the processes, the writers, and the file of what was acknowledged."""

    def __init__(self, server: Any, home: Path, say: Say, seed: int | None) -> None:
        self.server, self.home, self.say = server, home, say
        self.seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
        self.chance = random.Random(self.seed)
        self.killed: Counter[str] = Counter()
        self.fell_with_another: Counter[str] = Counter()
        self.back_after: list[float] = []
        self.ledger = Ledger(tell=self._write)
        self.sends: dict[str, Callable[[Sent], str]] = {}

    def prepare(self) -> None:
        """Build the world, or go on with the one of an interrupted run."""
        kept = self.home / "world.json"
        if kept.exists() and self._database_is_there():
            self.world = kills_world.World(**json.loads(kept.read_text()))
            kills_world.point_at(self.server, kills_world.NAME)
            self._read()
            self.say(f"going on after {sum(self.killed.values())} kills, {len(self.ledger.acknowledged)} acknowledged")
        else:
            self.forget()
            self.say("building a municipality with a meeting that is open")
            self.world = kills_world.build(self.server)
            kept.write_text(json.dumps(self.world.as_object()))
        environment = kills_world.environment(self.server)
        self.pages, self.jobs = Pages(free_port(), environment), Jobs(environment)
        self.database = Database(self.server)
        site = f"http://127.0.0.1:{self.pages.port}/tanum"
        self.sends = {
            "case": writers.send_case(f"{site}/ansok/synpunkt/ny"),
            "answer": writers.send_answer(site, self.world.code, self.world.step),
            "check": writers.send_check(site, self.world.auditor),
        }
        self.pages.start()
        self.jobs.start()
        self.pages.wait()

    def survive(self, wanted: int) -> None:
        begun = time.monotonic()
        while sum(self.killed.values()) < wanted:
            self._one_kill()
            done = sum(self.killed.values())
            if done % 10 == 0 or done == wanted:
                each = (time.monotonic() - begun) / max(done, 1)
                self.say(
                    f"{done} of {wanted} kills, {len(self.ledger.acknowledged)} acknowledged, "
                    f"{len(self.ledger.unanswered)} unanswered, about {each * (wanted - done):.0f} s left"
                )

    def _one_kill(self) -> None:
        makes: dict[str, Callable[[], Sent]] = {"case": writers.case, "answer": writers.answer, "check": writers.check}
        working = [
            Writer(self.ledger, makes[kind], self.sends[kind]) for kind, many in EACH.items() for _ in range(many)
        ]
        for writer in working:
            writer.start()
        writers.wait_until(lambda: sum(writer.count for writer in working) >= 2)
        time.sleep(writers.random_moment(self.chance))
        (victim,) = self.chance.choices(list(VICTIMS), weights=list(VICTIMS.values()))
        at = time.monotonic()
        self._kill(victim)
        for writer in working:
            writer.stopped.set()
        for writer in working:
            writer.join(writers.PATIENCE)
        self._start_again()
        self.pages.wait()
        self.back_after.append(time.monotonic() - at)
        self.killed[victim] += 1
        self._keep_count()
        self._press_again()

    def _kill(self, victim: str) -> None:
        one = {"pages": self.pages, "worker": self.jobs, "PostgreSQL": self.database}[victim]
        one.kill()  # type: ignore[attr-defined]
        one.start()  # type: ignore[attr-defined]

    def _start_again(self) -> None:
        """Whatever fell with another is started by the system that watches it."""
        for name, one in (("pages", self.pages), ("worker", self.jobs)):
            if one.start_again_if_it_fell():
                self.fell_with_another[name] += 1

    def _press_again(self) -> None:
        """People send again what nobody answered: under the same key where the form has one."""
        again, self.ledger.unanswered = self.ledger.unanswered, []
        for sent in again:
            if sent.kind == "check":
                self.ledger.unanswered.append(sent)  # a button without a key: it may or may not have been taken
                continue
            self.ledger.note(sent, writers.once_more(sent, self.sends[sent.kind]))

    def account(self) -> dict[str, int]:
        """Wait for the queue to be empty, then hold rows against what was told."""
        self.say("waiting for the jobs that were begun")
        from medskick.project.cli import close_connections

        close_connections()  # the one from before the kills leads to a server that is no more
        checks = {one.rsplit("/", 1)[-1] for one in self.ledger.of("check").values()}
        self._wait_for(checks)
        with kills_world.reading(self.server) as connection:
            return _accounted(connection, self.ledger, checks, self.world)

    def _wait_for(self, checks: set[str]) -> None:
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until:
            with kills_world.reading(self.server) as connection:
                (left,) = connection.execute(
                    "select count(*) from kernel_logcheck where finished_at is null and id::text = any(%s)",
                    [list(checks)],
                ).fetchone()
            if not left:
                return
            self._start_again()
            time.sleep(1)

    def stop(self) -> None:
        for one in (getattr(self, "pages", None), getattr(self, "jobs", None)):
            if one is not None:
                one.kill()

    def forget(self) -> None:
        for name in ("world.json", "acknowledged.jsonl", "killed.json"):
            (self.home / name).unlink(missing_ok=True)

    def _write(self, sent: Sent, receipt: str) -> None:
        with (self.home / "acknowledged.jsonl").open("a") as out:
            out.write(json.dumps([sent.kind, sent.key, sent.words, receipt]) + "\n")

    def _read(self) -> None:
        path = self.home / "acknowledged.jsonl"
        for line in path.read_text().splitlines() if path.exists() else []:
            try:
                kind, key, words, receipt = json.loads(line)
            except ValueError:  # the last line of a run that was cut off: it was never told to anybody
                continue
            self.ledger.acknowledged[Sent(kind, key, words)] = receipt
        counted = self.home / "killed.json"
        if counted.exists():
            kept = json.loads(counted.read_text())
            self.killed, self.back_after = Counter(kept["killed"]), kept["back_after"]
            self.ledger.unanswered = [Sent("check", "", "")] * kept["unanswered"]

    def _keep_count(self) -> None:
        kept = {
            "killed": self.killed,
            "back_after": self.back_after,
            "unanswered": sum(one.kind == "check" for one in self.ledger.unanswered),
        }
        fresh = self.home / "killed.new"
        fresh.write_text(json.dumps(kept))
        fresh.replace(self.home / "killed.json")

    def _database_is_there(self) -> bool:
        with self.server.connect() as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", [kills_world.NAME]).fetchone()
        return found is not None


def _accounted(connection: Any, ledger: Ledger, checks: set[str], world: kills_world.World) -> dict[str, int]:
    """Rows against receipts, for each kind: lost, and doubled or invented."""

    def one(query: str, *given: Any) -> Any:
        return connection.execute(query.encode(), given).fetchone()[0]

    cases, answers = ledger.of("case"), ledger.of("answer")
    there = one("select count(*) from services_case where owner_id = %s", world.organisation)
    serials = [
        serial
        for (serial,) in connection.execute(
            "select serial from kernel_record where owner_id = %s order by serial", [world.organisation]
        ).fetchall()
    ]
    texts = Counter(
        text
        for (text,) in connection.execute("select text from dialog_answer where step_id = %s", [world.step]).fetchall()
    )
    told = Counter(sent.words for sent in answers)
    finished = one(
        "select count(*) from kernel_logcheck where finished_at is not null and id::text = any(%s)", list(checks)
    )
    asked = one("select count(*) from kernel_logcheck")
    in_diary = [one for one in serials if one is not None]
    return {
        "cases acknowledged": len(cases),
        "cases lost": max(len(cases) - there, 0),
        "cases doubled": max(there - len(cases), 0),
        "answers acknowledged": len(answers),
        "answers lost": sum((told - texts).values()),
        "answers doubled": sum((texts - told).values()),
        "jobs acknowledged": len(checks),
        "jobs lost": len(checks) - finished,
        "jobs doubled": max(asked - len(checks) - len(ledger.unanswered), 0),
        "diary numbers": len(in_diary),
        "diary numbers left out": (max(in_diary) if in_diary else 0) - len(set(in_diary)),
        "diary numbers twice": len(in_diary) - len(set(in_diary)),
        "records without a number": len(serials) - len(in_diary),
        "seals that do not hold": _seal_faults(world),
    }


def _seal_faults(world: kills_world.World) -> int:
    from uuid import UUID

    from medskick.kernel.log.actions import verify_log
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope

    with scope(system(UUID(world.organisation)).scope()):
        return len(verify_log().faults)


def _told(trial: Trial, found: dict[str, int], wanted: int, seconds: float) -> Report:
    report = Report("kills", machine=machine() | {"seed": trial.seed})
    waits = sorted(trial.back_after)
    report.figures = {
        "kills": dict(trial.killed),
        "fell with another and was started again": dict(trial.fell_with_another),
        "seconds in all": round(seconds, 1),
        "seconds until pages answer again": {
            "median": round(waits[len(waits) // 2], 2) if waits else 0.0,
            "longest": round(waits[-1], 2) if waits else 0.0,
        },
        **found,
    }
    done = sum(trial.killed.values())
    report.aims = [Aim("kills", done, wanted, at_least=True)]
    report.aims += [
        Aim(f"{kind} acknowledged", found[f"{kind} acknowledged"], 1, at_least=True)
        for kind in ("cases", "answers", "jobs")
    ]
    promises = ("lost", "doubled", "left out", "twice", "without a number", "do not hold")
    report.aims += [Aim(name, value, 0) for name, value in found.items() if name.endswith(promises)]
    return report

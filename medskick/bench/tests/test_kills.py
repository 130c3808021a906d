"""The accounting after kills finds what it is there to find: something lost, doubled, or left out."""

from typing import Any
from unittest.mock import patch

from medskick.bench import kills
from medskick.bench.parts.kills_world import World
from medskick.bench.parts.writers import Ledger, Sent

WORLD = World(organisation="o", code="1234", step="q", auditor="a")


class Rows:
    """A database with these cases, serials, answers and checks in it."""

    def __init__(self, cases: int, serials: list[int | None], answers: list[str], asked: int, finished: int) -> None:
        self.found: dict[str, list[tuple[Any, ...]]] = {
            "from services_case": [(cases,)],
            "from kernel_record": [(one,) for one in serials],
            "from dialog_answer": [(one,) for one in answers],
            "finished_at is not null": [(finished,)],
            "from kernel_logcheck": [(asked,)],
        }

    def execute(self, query: bytes | str, given: Any = ()) -> "Rows":
        text = query.decode() if isinstance(query, bytes) else query
        self.last = next(rows for part, rows in self.found.items() if part in text)
        return self

    def fetchone(self) -> tuple[Any, ...]:
        return self.last[0]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.last


def accounted(rows: Rows) -> dict[str, int]:
    ledger = Ledger()
    for number in range(3):
        ledger.note(Sent("case", f"c{number}", ""), "/kvitto")
    for word in ("bänk", "ljus"):
        ledger.note(Sent("answer", word, word), "/delta")
    ledger.note(Sent("check", "k", ""), "/kontroller/k")
    with patch.object(kills, "_seal_faults", return_value=0):
        return kills._accounted(rows, ledger, {"k"}, WORLD)


def wrong(rows: Rows) -> dict[str, int]:
    promises = ("lost", "doubled", "left out", "twice", "without a number")
    return {name: value for name, value in accounted(rows).items() if value and name.endswith(promises)}


def test_what_is_whole_is_whole() -> None:
    assert wrong(Rows(3, [1, 2, 3], ["bänk", "ljus"], asked=1, finished=1)) == {}


def test_what_is_lost_is_found() -> None:
    assert wrong(Rows(2, [1, 2], ["ljus"], asked=1, finished=0)) == {"cases lost": 1, "answers lost": 1, "jobs lost": 1}


def test_what_is_doubled_is_found() -> None:
    assert wrong(Rows(4, [1, 2, 3, 3], ["bänk", "ljus", "ljus"], asked=2, finished=1)) == {
        "cases doubled": 1,
        "answers doubled": 1,
        "jobs doubled": 1,
        "diary numbers twice": 1,
    }


def test_a_number_left_out_and_a_record_without_one_are_found() -> None:
    assert wrong(Rows(3, [1, 2, 4, None], ["bänk", "ljus"], asked=1, finished=1)) == {
        "diary numbers left out": 1,
        "records without a number": 1,
    }

"""Search over a million records, as a resident, as staff of one municipality and as the region's staff (the app role).

Two hundred questions of five sorts, each asked by all three: opening the scope, the search and fetching the hits are
timed together, as a page would wait for them. Beside it the same words asked of the bare index, as the superuser,
without any scope: what PostgreSQL itself costs.
"""

import random
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from medskick.bench.parts.cpu import machine
from medskick.bench.parts.databases import cache_folder
from medskick.bench.parts.report import Aim, Report, Say
from medskick.bench.parts.search_data import RECORDS, SEED, Reader, Vocabulary, search_data, texts

TITLE = "Search over 1,000,000 records as a resident, a municipality's staff and the region's."
EACH, ROUNDS, QUICK_ROUNDS = 40, 5, 2
MOST_P95, WANTED_P95, MOST_TO_BARE = 50.0, 30.0, 3.0
BARE = """
with matched as materialized (
  select item_id, lexemes, occurred_at from kernel_searchentry where lexemes @@ %(asked)s::tsquery limit 500)
select item_id from matched order by ts_rank(lexemes, %(asked)s::tsquery) desc, occurred_at desc limit 21
"""


def run(quick: bool, say: Say) -> Report:
    report = Report("search", machine=machine())
    with search_data(cache_folder(), say) as (server, vocabulary, readers):
        questions = make_questions(vocabulary)
        rounds = QUICK_ROUNDS if quick else ROUNDS
        with server.connect(_database()) as bare:
            for sort, asked in questions.items():
                say(f"asking: {sort}")
                for reader in readers:
                    times = [_median(partial(_ask, text, reader), rounds) for text in asked]
                    report.figures[f"{sort}, {reader.name}"] = _told(times)
                if sort != "misspelt":
                    report.peers[f"bare index, {sort}"] = _told(
                        [_median(partial(_bare, bare, text), rounds) for text in asked]
                    )
        report.figures["found"] = _found(questions, readers)
        report.figures["one record more"] = {"ms": _ms(_add)}
    _judge(report, questions, readers)
    return report


def make_questions(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Forty of each sort, from words that stand in the records."""
    dice = random.Random(SEED + 9)
    titles = [title for number, title, _ in texts_of_some(vocabulary)]
    tail = [one for one in range(200_000, len(vocabulary.words)) if len(vocabulary.parts[one]) == 1]
    rare = [vocabulary.words[one] for one in dice.sample(tail, EACH)]
    common = [vocabulary.words[one] for one in dice.sample(range(10, 200), EACH)]
    pairs = [
        " ".join(vocabulary.words[one] for one in dice.sample(list(title), 2)) for title in dice.sample(titles, EACH)
    ]
    long = [vocabulary.words[one] for title in titles for one in title if len(vocabulary.words[one]) >= 8]
    compounds = [parts for parts in vocabulary.parts[2_000:60_000] if len(parts) == 2]
    return {
        "rare": rare,
        "common": common,
        "two words": pairs,
        "misspelt": [_misspell(word, dice) for word in dice.sample(long, EACH)],
        "compound": [" ".join(parts) for parts in dice.sample(compounds, EACH)],
    }


def texts_of_some(vocabulary: Vocabulary) -> list[tuple[int, Any, Any]]:
    return [one for one, _ in zip(texts(vocabulary), range(5_000), strict=False)]


def _misspell(word: str, dice: random.Random) -> str:
    at = dice.randrange(2, len(word) - 2)
    return dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + dice.choice("aeinrst") + word[at + 1 :],
        ]
    )


def _ask(text: str, reader: Reader) -> int:
    from medskick.kernel.organisations.scope import scope
    from medskick.kernel.search.queries import search

    with scope(reader.scope):
        return len(search(text).items)


def _bare(connection: Any, text: str) -> None:
    from medskick.lib.swedish import tsquery

    connection.execute(BARE, {"asked": tsquery(text)}).fetchall()


def _add() -> None:
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.models import Organisation
    from medskick.kernel.organisations.scope import abandon, scope
    from medskick.kernel.records.actions import create_item
    from medskick.kernel.search.queries import search

    by = system(Organisation.objects.get(slug="tanum").id)
    with scope(by.scope()):
        create_item(
            by=by, kind="kernel.document", title="Alldeles nytillkommet", search_text="det senaste av allt " * 20
        )
        if not search("nytillkommet").items:
            raise RuntimeError("What was just written is not found")
        abandon()


def _found(questions: dict[str, list[str]], readers: list[Reader]) -> dict[str, str]:
    """How many questions of each sort gave the region's staff anything."""
    return {
        sort: f"{sum(_ask(one, readers[-1]) > 0 for one in asked)} of {len(asked)}" for sort, asked in questions.items()
    }


def _judge(report: Report, questions: dict[str, list[str]], readers: list[Reader]) -> None:
    report.figures["records"] = {"number": RECORDS}
    for reader in readers:
        worst = max(report.figures[f"{sort}, {reader.name}"]["p95_ms"] for sort in questions)
        every = _p95([one for sort in questions for one in report.figures[f"{sort}, {reader.name}"].pop("each")])
        report.figures[f"all sorts, {reader.name}"] = {"p95_ms": every, "p95_of_worst_sort_ms": worst}
        report.aims += [
            Aim(f"p95, {reader.name}, ms", every, MOST_P95),
            Aim(f"p95 wanted, {reader.name}, ms", every, WANTED_P95),
        ]
    for name, one in report.peers.items():
        one.pop("each")
        sort = name.removeprefix("bare index, ")
        ours = median(report.figures[f"{sort}, {reader.name}"]["p50_ms"] for reader in readers)
        report.ratios[f"{sort}, median to bare index"] = round(ours / one["p50_ms"], 2)


def _told(times: list[float]) -> dict[str, Any]:
    return {"p50_ms": round(median(times), 2), "p95_ms": _p95(times), "most_ms": round(max(times), 2), "each": times}


def _p95(times: list[float]) -> float:
    return round(sorted(times)[int(0.95 * (len(times) - 1) + 0.5)], 2)


def _median(work: Callable[[], Any], rounds: int) -> float:
    return median(_ms(work) for _ in range(rounds))


def _ms(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _database() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])

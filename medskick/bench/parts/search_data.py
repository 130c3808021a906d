"""The data behind the search bench: a million invented records in fifteen authorities, built once and kept.

Words are the project's own stems and compounds of them, drawn by Zipf's law; levels and readers are spread as in daily
use. The rows go in by COPY, as the superuser; they are read as the app role.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

from medskick.bench.parts.databases import bench_server, build_base, forget_old, point_at, publish, shape, standing
from medskick.bench.parts.report import Say
from medskick.kernel.organisations.scope import Scope

RECORDS, VOCABULARY, SEED = 1_000_000, 300_000, 2026
BODY_WORDS, TITLE_WORDS = (8, 59), (3, 6)
# How many of a hundred records have which level; those of parties and sealed ones have readers of their own.
LEVELS = {"public": 45, "organisation": 25, "unit": 15, "parties": 8, "region": 4, "shared": 1, "sealed": 2}
STRUCTURE = (
    "alter table kernel_searchentry disable trigger all",
    "alter table kernel_item disable trigger all",
    "drop index search_lexemes",
    "drop index item_readers",
)
INDEXES = (
    "create index search_lexemes on kernel_searchentry using gin (lexemes)",
    "create index item_readers on kernel_item using gin (readers)",
    "alter table kernel_searchentry enable trigger all",
    "alter table kernel_item enable trigger all",
    "analyze",
)
ITEM_COLUMNS = (
    "id, owner_id, level, readers, number, kind, title, title_key, summary, occurred_at, created_at, invented, channel"
)
ENTRY_COLUMNS = "item_id, owner_id, level, readers, kind, lexemes, occurred_at"


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by how common they are, the commonest first; `parts` are the stems that a compound was made of."""

    words: list[str]
    parts: list[tuple[str, ...]]
    lexemes: list[list[str]]
    cumulated: list[float]

    def draw(self, dice: random.Random, how_many: int) -> list[int]:
        return dice.choices(range(len(self.words)), cum_weights=self.cumulated, k=how_many)


@contextmanager
def search_data(cache: Path, say: Say) -> Iterator[tuple[Any, Vocabulary, list[Reader]]]:
    """The server with the data, while the block runs, with Django working in it as the app role."""
    with bench_server(cache) as server:
        say("making the words")
        vocabulary = make_vocabulary()
        name = f"search_{shape(__file__)}"
        if name not in standing(server):
            forget_old(server, "search_")
            build_base(server, "search_new", say)
            with server.connect("search_new") as connection:
                _fill(connection, vocabulary, say)
            publish(server, "search_new", name)
        point_at(server, name)
        with server.connect(name) as connection:
            readers = _readers(connection)
        yield server, vocabulary, readers


def make_vocabulary(size: int = VOCABULARY) -> Vocabulary:
    """Stems first, then compounds of two stems and names in turn, each with the lexemes that search stores for it."""
    from medskick.lib.swedish import search_lexemes
    from medskick.lib.swedish.words import _stems

    dice = random.Random(SEED)
    stems = sorted(stem for stem in _stems()[0] if stem.isalpha() and 4 <= len(stem) <= 9)
    dice.shuffle(stems)
    parts: dict[str, tuple[str, ...]] = {stem: (stem,) for stem in stems}
    while len(parts) < size:
        first, last = dice.choice(stems), dice.choice(stems)
        parts.setdefault(first + last, (first, last))
        name = "".join(dice.choice("bdfgklmnprstv") + dice.choice("aeioåäö") for _ in range(4))
        parts.setdefault(name, (name,))
    words = list(parts)
    return Vocabulary(
        words=words,
        parts=list(parts.values()),
        lexemes=[[*search_lexemes(word)] for word in words],
        cumulated=list(accumulate(1 / (rank + 2.7) for rank in range(1, size + 1))),
    )


def texts(vocabulary: Vocabulary) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
    """(number, title words, body words) of each record, always the same."""
    dice = random.Random(SEED + 1)
    for number in range(RECORDS):
        body = vocabulary.draw(dice, dice.randint(*BODY_WORDS))
        yield number, body[: dice.randint(*TITLE_WORDS)], body


def _fill(connection: Any, vocabulary: Vocabulary, say: Say) -> None:
    for statement in STRUCTURE:
        connection.execute(statement)
    people = _people(connection)
    for first in range(0, RECORDS, 100_000):
        say(f"writing records {first:,} and on")
        _copy(connection, vocabulary, people, first, first + 100_000)
    say("making the indexes")
    for statement in INDEXES:
        connection.execute(statement)
    words = sorted({lexeme for some in vocabulary.lexemes for lexeme in some if lexeme.isascii() and len(lexeme) >= 4})
    with connection.cursor() as cursor, cursor.copy("copy kernel_searchword (word) from stdin") as copy:
        for word in words:
            copy.write_row((word,))
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")


def _copy(connection: Any, vocabulary: Vocabulary, people: "_People", first: int, last: int) -> None:
    from medskick.lib.swedish import sort_key

    items, entries = [], []
    dice = random.Random(SEED + 2 + first)
    for number, title, body in _slice(vocabulary, first, last):
        owner, level, readers = people.draw(dice)
        item = UUID(int=(0x019A << 112) | (7 << 76) | (8 << 60) | number)
        when = (datetime(2026, 11, 1, tzinfo=UTC) - timedelta(minutes=number)).isoformat()
        array, words = "{" + ",".join(readers) + "}", " ".join(vocabulary.words[one] for one in title).capitalize()
        items.append(
            f"{item}\t{owner}\t{level}\t{array}\tS{number:011d}\tkernel.document\t{words}\t{sort_key(words)}\t\t{when}\t{when}\tt\tweb\n"
        )
        lexemes = _vector(vocabulary, title, body, owner)
        entries.append(f"{item}\t{owner}\t{level}\t{array}\tkernel.document\t{lexemes}\t{when}\n")
    for table, columns, lines in (
        ("kernel_item", ITEM_COLUMNS, items),
        ("kernel_searchentry", ENTRY_COLUMNS, entries),
    ):
        with connection.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin") as copy:
            for begin in range(0, len(lines), 2000):
                copy.write("".join(lines[begin : begin + 2000]))


_kept: list[Iterator[tuple[int, Sequence[int], Sequence[int]]]] = []


def _slice(vocabulary: Vocabulary, first: int, last: int) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
    if first == 0:
        _kept[:] = [texts(vocabulary)]
    for _ in range(last - first):
        yield next(_kept[0])


def _vector(vocabulary: Vocabulary, title: Sequence[int], body: Sequence[int], owner: str) -> str:
    """What search_put() would store: the title's words with weight A, the text's with C, and whose it is."""
    places: dict[str, list[str]] = {}
    for weight, words in (("A", title), ("C", body)):
        for position, word in enumerate(words, start=1):
            for lexeme in vocabulary.lexemes[word]:
                places.setdefault(lexeme, []).append(f"{position}{weight}")
    marks = (f"§o{owner}", "§kkernel.document")
    return " ".join([f"'{lexeme}':{','.join(at)}" for lexeme, at in places.items()] + [f"'{mark}'" for mark in marks])


@dataclass(frozen=True, slots=True)
class _People:
    owners: list[str]
    weights: list[int]
    units: dict[str, list[str]]
    circle: str
    networks: list[str]

    def draw(self, dice: random.Random) -> tuple[str, str, list[str]]:
        """(owner, level, readers) of one record."""
        owner = dice.choices(self.owners, self.weights)[0]
        level = dice.choices(list(LEVELS), list(LEVELS.values()))[0]
        readers = {
            "unit": lambda: [dice.choice(self.units[owner])],
            "parties": lambda: [str(UUID(int=dice.randrange(200_000)))],
            "sealed": lambda: [str(UUID(int=dice.randrange(200_000)))],
            "region": lambda: [self.circle],
            "shared": lambda: [dice.choice(self.networks)],
        }.get(level, list[str])()
        return owner, level, readers


def _people(connection: Any) -> _People:
    rows = connection.execute(
        "select id, coalesce(population, 40000), kind, circle from kernel_organisation"
    ).fetchall()
    units: dict[str, list[str]] = {}
    for unit, owner in connection.execute("select id, organisation_id from kernel_unit").fetchall():
        units.setdefault(str(owner), []).append(str(unit))
    return _People(
        owners=[str(one[0]) for one in rows],
        weights=[one[1] for one in rows],
        units=units,
        circle=next(str(one[3]) for one in rows if one[2] == "region"),
        networks=[str(one) for (one,) in connection.execute("select id from kernel_network").fetchall()],
    )


def _readers(connection: Any) -> list[Reader]:
    """A resident, staff of one municipality, staff of the region: what their requests' scopes would be."""
    by_slug = dict(connection.execute("select slug, id from kernel_organisation").fetchall())
    people = _people(connection)
    resident = UUID(int=4711)

    def staff(slug: str) -> Scope:
        owner = by_slug[slug]
        tokens = [
            resident,
            owner,
            UUID(people.circle),
            UUID(people.units[str(owner)][0]),
            *map(UUID, people.networks[:2]),
        ]
        return Scope(owner, own=frozenset({owner}), reach=frozenset(tokens))

    return [
        Reader("resident", Scope(by_slug["tanum"], reach=frozenset({resident}))),
        Reader("staff of Tanum", staff("tanum")),
        Reader("staff of the region", staff("fyrbodal")),
    ]

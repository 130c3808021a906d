"""Marks in every protected text, and who gets to see them: the tools of test_leaks.py.

Every protected row gets a mark of its own in one of its texts, written past all policies. Whoever then sees a mark has
seen that row, whatever the page, file, search or query that showed it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.urls import reverse

from medskick.kernel.organisations import row_policies
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.encryption import EncryptedText, decrypt, encrypt
from medskick.kernel.records.models import Item

MARK = re.compile(r"kanari\d{6}x")
# Texts that code reads, not people: a mark in them would break what it should only follow.
NOT_MARKED = re.compile(
    r"(key|slug|code|url|number|kind|verb|template|secret|digest|sha256|media_type|period|lexemes|email|address|sender|mail_from|ip|pace|color|theme)$"
)
type Row = tuple[str, str]
type Query = Callable[[str, list[Any]], list[tuple[Any, ...]]]


@dataclass(slots=True)
class Marks:
    """Which mark stands in which row; a row is (table, primary key)."""

    rows: dict[str, Row] = field(default_factory=dict)

    def found_in(self, text: str) -> set[Row]:
        return {self.rows[mark] for mark in MARK.findall(text) if mark in self.rows}


def scoped_models() -> list[type[models.Model]]:
    return [
        model
        for model in row_policies.our_models()
        if not isinstance(getattr(model, "row_policy", None), row_policies.Unscoped)
    ]


def mark_everything(query: Query) -> Marks:
    """Write a mark into every row of every protected table that has a text for people. `query` goes past the policies."""
    marks = Marks()
    query("set session_replication_role = replica", [])
    for model in scoped_models():
        column = next(_texts(model), None)
        if column is None:
            continue
        table, key = model._meta.db_table, model._meta.pk.column
        for identity, value in query(f'select "{key}", "{column.column}" from "{table}" order by 1', []):
            mark = f"kanari{len(marks.rows):06d}x"
            written = _with_mark(column, value, mark)
            if written is not None:
                query(f'update "{table}" set "{column.column}" = %s where "{key}" = %s', [written, identity])
                marks.rows[mark] = (table, str(identity))
    query(
        "update kernel_searchentry set lexemes = lexemes || to_tsvector('simple', 'kanarialla')",
        [],
    )
    query("set session_replication_role = origin", [])
    return marks


def _texts(model: type[models.Model]) -> Iterator[Any]:
    """The columns that can carry a mark, the longest plain text first, then the encrypted ones."""
    plain = [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not isinstance(one, ArrayField)
        and not (one.choices or one.unique or one.primary_key or NOT_MARKED.search(one.name))
    ]
    yield from sorted(plain, key=lambda one: -(one.max_length or 10**6))
    yield from (one for one in model._meta.concrete_fields if isinstance(one, EncryptedText))


def _with_mark(column: Any, value: Any, mark: str) -> Any:
    if isinstance(column, EncryptedText):
        # What is kept as JSON stays JSON.
        plain = decrypt(bytes(value)) if value is not None else ""
        return None if plain.startswith(("{", "[")) else encrypt(f"{plain} {mark}")
    if value is None or len(f"{value} {mark}") > (column.max_length or 10**6):
        return None
    return f"{value} {mark}".strip()


# What everybody may know, though the row's own columns do not say so: table -> why.
OPEN_BY_DECISION: dict[str, str] = {
    "kernel_person": "the names of officials are public",
    "kernel_helpplace": "where there is help is public",
    "kernel_dataprotectioncontact": "whom to turn to about personal data is public",
    "kernel_processingnote": "the register of processing is public",
    "kernel_statementsettings": "the statement of accessibility is public",
    "kernel_provider": "the log-in page shows the providers; their secrets stand in the environment",
    "kernel_diarycounter": "how many numbers a diary has taken stands in the diary",
    "services_casetally": "counts by day and subject, without a case",
}
# Whoever may read one of its parts may read the whole: table -> (the parts' table, their key to it).
READ_BY_ITS_PARTS = {"plan_actionplan": ("plan_planversion", "plan_id")}
# What a page tells of a row that its reader may not read: (table, part of the address) -> why.
TOLD_BY_DECISION: dict[tuple[str, str], str] = {
    (
        "kernel_record",
        "diarium",
    ): "what the registrar wrote for everybody; the diary's own tests hold what else it tells",
    (
        "dialog_answer",
        "tyck-till/moten",
    ): "an open session's answers that the facilitator showed, without who, as each was told before answering",
    ("kernel_employment", "lasningar"): "who has read about me: the titles of officials are public",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who tries: by name, with the scope of her requests and a browser."""

    name: str
    actor: Actor
    client: Any


def read_by_sql(reader: Reader) -> set[Row]:
    """Every protected row that the database itself gives this reader."""
    found: set[Row] = set()
    with scope(reader.actor.scope()), connection.cursor() as cursor:
        for model in scoped_models():
            if not getattr(model.row_policy, "rights", ""):
                continue
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'select "{key}" from "{table}"')
            found |= {(table, str(identity)) for (identity,) in cursor.fetchall()}
    return found


class Oracle:
    """Who may read a row, worked out from what the row says of itself, with no use of the policies.

    A row may be read by whoever it names; by whoever may read an item that it belongs to; and, where it belongs to no
    item, by the staff of the organisation that owns it. What belongs to what is found by following foreign keys.
    """

    DEEPEST = 4

    def __init__(self, query: Query) -> None:
        self.query = query
        self.items = {
            identity: (owner, level, frozenset(readers))
            for identity, owner, level, readers in query("select id, owner_id, level, readers from kernel_item", [])
        }
        self._rows: dict[type[models.Model], dict[str, dict[str, Any]]] = {}

    def allows(self, reader: Scope, row: Row) -> bool:
        if row[0] in OPEN_BY_DECISION:
            return True
        if row[0] in READ_BY_ITS_PARTS:
            table, key = READ_BY_ITS_PARTS[row[0]]
            parts = self.rows(self._models()[table])
            if any(self.allows(reader, (table, one)) for one, part in parts.items() if str(part[key]) == row[1]):
                return True
        model = self._models()[row[0]]
        items, owners, named = self._anchors(model, row[1], self.DEEPEST)
        if named & reader.reach or any(self._readable(one, reader) for one in items):
            return True
        return not items and bool(owners & reader.own)

    def _readable(self, item: UUID, reader: Scope) -> bool:
        owner, level, readers = self.items[item]
        if level == "public" or readers & reader.reach:
            return True
        return level in ("region", "shared", "organisation") and owner in reader.own

    def _anchors(self, model: type[models.Model], key: str, depth: int) -> tuple[set[UUID], set[UUID], set[UUID]]:
        if key not in self.rows(model):
            del self._rows[model]  # written since the last look, such as the log of who has read
        values = self.rows(model).get(key, {})
        items: set[UUID] = {UUID(key)} if model is Item else set()
        owners: set[UUID] = set()
        named: set[UUID] = set()
        for one in model._meta.concrete_fields:
            value = values.get(one.column)
            if value is None:
                continue
            target = one.related_model if one.is_relation else None
            if target is Item or (target is None and one.name == "item_id"):
                items.add(value)
            elif target is Organisation:
                owners.add(value)
            elif (
                target is not None
                and depth
                and not isinstance(getattr(target, "row_policy", None), row_policies.Unscoped)
            ):
                more = self._anchors(target, str(value), depth - 1)
                items |= more[0]
                owners |= more[1]
                named |= more[2]
            named |= _tokens(one, value)
        return items, owners, named

    def rows(self, model: type[models.Model]) -> dict[str, dict[str, Any]]:
        if model not in self._rows:
            columns = [one.column for one in model._meta.concrete_fields if not isinstance(one, EncryptedText)]
            chosen = ", ".join(f'"{one}"' for one in columns)
            found = self.query(f'select "{model._meta.pk.column}", {chosen} from "{model._meta.db_table}"', [])
            self._rows[model] = {str(key): dict(zip(columns, rest, strict=True)) for key, *rest in found}
        return self._rows[model]

    @staticmethod
    @cache
    def _models() -> dict[str, type[models.Model]]:
        return {model._meta.db_table: model for model in row_policies.our_models()}


def _tokens(column: Any, value: Any) -> set[UUID]:
    """Whom the column names: persons, phones, readers."""
    if isinstance(column, ArrayField):
        return {one for one in value if isinstance(one, UUID)}
    return {value} if isinstance(value, UUID) and (column.is_relation or not column.primary_key) else set()


def found_by_search(reader: Reader, owners: Iterable[UUID], kinds: Iterable[str]) -> set[Row]:
    """Every item that search gives for the word that all of them hold, asked for in parts because it stops at 1,000."""
    found: set[Row] = set()
    with scope(reader.actor.scope()), connection.cursor() as cursor:
        for owner in owners:
            for kind in kinds:
                cursor.execute(
                    "select item from search_find(%s, '{}', %s, %s, 1000, 0)", ["'kanarialla'", owner, [kind]]
                )
                found |= {("kernel_item", str(item)) for (item,) in cursor.fetchall()}
    return found


HREF = re.compile(r'(?:href|src|action|hx-get)="(/[^"#]*)"')
EACH_VIEW, EACH_VIEW_IN_ALL = 2, 4


def addresses(readers: Iterable[Reader], starts: Iterable[str], name_of: Callable[[str], str | None]) -> list[str]:
    """The addresses that links lead any of these people to: at most two of each view for each of them, four in all."""
    found: dict[str, list[str]] = {}
    for reader in readers:
        waiting, seen, opened = list(starts), set(starts), dict[str, int]()
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            if name is None or name in ("logout",) or opened.get(name, 0) >= EACH_VIEW:
                continue
            opened[name] = opened.get(name, 0) + 1
            kept = found.setdefault(name, [])
            if address not in kept and len(kept) < EACH_VIEW_IN_ALL:
                kept.append(address)
            answer = reader.client.get(address)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            for link in HREF.findall(answer.content.decode()):
                link = link.replace("&amp;", "&")
                if link not in seen and not link.startswith("/static"):
                    seen.add(link)
                    waiting.append(link)
    return [address for kept in found.values() for address in kept]


def seen_on_pages(reader: Reader, where: Iterable[str], marks: Marks) -> dict[str, dict[Row, str]]:
    """What the reader sees at all these addresses: on pages, and in files and other answers that programs read."""
    seen: dict[str, dict[Row, str]] = {"page": {}, "api": {}}
    for address in where:
        answer = reader.client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        channel = "page" if answer.get("Content-Type", "").startswith("text/html") else "api"
        for row in marks.found_in(content.decode("utf-8", "replace")):
            if not any(row[0] == table and part in address for table, part in TOLD_BY_DECISION):
                seen[channel].setdefault(row, address)
    return seen


def told(rows: dict[Row, str] | set[Row], most: int = 12) -> str:
    """The first few of what was found, to read."""
    some = sorted(rows)[:most]
    where = rows if isinstance(rows, dict) else {}
    return json.dumps([[*row, where.get(row, "")] for row in some], indent=1)


def start_of(slug: str) -> str:
    return f"/{slug}{reverse('start')}"

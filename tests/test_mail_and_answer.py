"""From a dump nobody ties an e-mail address to an answer without the key of personal data.

Three phones answer and leave an address each. Then a superuser's dump of every table is searched, as somebody would who
stole it: for the address in clear and under plain hashes, salted with whatever stands beside it; and for a way by equal
values (ids, tokens, moments to the microsecond) from the row of the encrypted address to the answer.

kernel.md H ties the encrypted address to the hash of the phone's trace address, so that mail can be sent: that tie is in
two columns (`TIES`), leads to ciphertext alone, and is the only one. The dialog's tables and the log hold not even that.
"""

import hashlib
import hmac
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

import conftest
from medskick.dialog import api as dialog
from medskick.dialog.sessions.models import Answer
from medskick.flows.adopt_voice.actions import adopt_answer
from medskick.kernel.people.encryption import decrypt
from medskick.kernel.tests.world import World, make_world
from tests.a_phone import ADDRESS, WORDS, PhoneWithMail

type Row = tuple[str, str]
type Cells = dict[str, Any]
type Dump = dict[Row, Cells]

# By which the sending job finds where to write: column -> why it is there.
TIES = {
    "kernel_emailaddress.holder": "kernel.md H: the encrypted address is tied to the hash of the trace address",
    "kernel_notification.delivery": "which mail told a message, so that each is told once",
}
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
SALTS = ("", "medskick", "medskick reader:", "medskick mail:")
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# A value that more rows than this share is the meeting's or the municipality's, not a phone's; a number below this is a
# number of something, and no name for it.
RARE, SMALL = 14, 500


@dataclass(slots=True)
class Stolen:
    """The database after three phones have been told by mail, and the rows of the first."""

    superuser: Any
    mail: Row
    answer: Row
    participant: Row

    def dump(self) -> Dump:
        return dict(rows_of(self.superuser))


@pytest.fixture
def stolen(transactional_db: None) -> Iterator[Stolen]:
    world, cluster = make_world(), conftest.CLUSTER
    assert cluster is not None
    people_answer(world)
    superuser = cluster.server.connect(cluster.worker_database())
    superuser.autocommit = True
    ids = {
        table: str(superuser.execute(f"select {column} from {table} where {which}").fetchone()[0])
        for table, column, which in (
            ("dialog_answer", "id", f"text = '{WORDS}'"),
            ("dialog_participant", "id", f"id = (select participant_id from dialog_answer where text = '{WORDS}')"),
            ("kernel_emailaddress", "id", "true order by asked_at limit 1"),
        )
    }
    rows = {table: (table, one) for table, one in ids.items()}
    yield Stolen(superuser, rows["kernel_emailaddress"], rows["dialog_answer"], rows["dialog_participant"])
    superuser.close()


def people_answer(world: World) -> None:
    """Three phones answer, leave an address and are told what came of it."""
    with world.acting(world.owner) as by:
        session = dialog.plan_session(by=by, title="Hur tar du dig fram?", held_on=date(2026, 9, 17))
        step = dialog.add_step(session, by=by, text="Vad saknas?")
        session = dialog.open_session(session, by=by)
        dialog.open_step(step, by=by)
    phones = [
        PhoneWithMail(world, session.code, address) for address in (ADDRESS, "bo@exempel.example", "cia@x.example")
    ]
    for number, phone in enumerate(phones):
        phone.answers(step.id, words=f"{WORDS} {number}" if number else WORDS)
    for phone in phones:
        phone.leaves_address()
        phone.confirms()
    for answer in world_answers(world):
        with world.acting(world.owner) as by:
            adopt_answer(by=by, answer=answer, text="Bussar som går att hitta")
    assert len(phones[0].gets_mail()) == 1


def world_answers(world: World) -> list[Answer]:
    with world.acting(world.owner):
        return list(Answer.objects.all())


def rows_of(superuser: Any) -> Iterator[tuple[Row, Cells]]:
    """Every row of every table, whoever made the table."""
    tables = superuser.execute(
        "select quote_ident(nspname) || '.' || quote_ident(relname), relname from pg_class c"
        " join pg_namespace n on n.oid = relnamespace where relkind in ('r', 'p', 'm')"
        " and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
    ).fetchall()
    for quoted, table in tables:
        found = superuser.execute(f"select ctid::text, * from {quoted}")
        names = [one.name for one in found.description]
        for place, *cells in found.fetchall():
            row = dict(zip(names[1:], cells, strict=True))
            yield (table, str(row.get("id", place))), row


def forms_of(address: str, dump: Dump, near: list[Row]) -> set[bytes]:
    """What the address would be stored as by somebody who thought it hidden: 16 bytes of each are enough to know it."""
    beside = {value for row in near for value in atoms(dump[row]) if isinstance(value, UUID)}
    salts = [one.encode() for one in SALTS] + [
        form for value in beside for form in (value.bytes, str(value).encode(), value.hex.encode())
    ]
    local, _, domain = address.partition("@")
    said = {address, address.lower(), address.upper(), f"{local}@{domain.lower()}", f" {address}", local, local.lower()}
    found = set()
    for name in HASHES:
        for text in (one.encode() for one in said):
            for salt in salts:
                for made in (salt + text, text + salt, salt + b":" + text, salt + b" " + text):
                    found.add(hashlib.new(name, made).digest()[:16])
                found.add(hmac.new(salt, text, name).digest()[:16])
    return found


def tells_address(address: str, dump: Dump, near: list[Row]) -> set[str]:
    """The columns that hold the address in clear, or under a hash that needs no key."""
    forms, found = forms_of(address, dump, near), set()
    in_hex = {one.hex() for one in forms}
    plain = (address.casefold(), address.partition("@")[0].casefold())
    for (table, _key), cells in dump.items():
        for column, cell in cells.items():
            data, text = as_bytes(cell), as_text(cell).casefold()
            runs = "".join(re.findall(r"[0-9a-f]", text)) if len(text) < 200 else text
            if (
                any(one in text or one.encode() in data.lower() for one in plain)
                or any(data[at : at + 16] in forms for at in range(max(len(data) - 15, 0)))
                or any(runs[at : at + 32] in in_hex for at in range(max(len(runs) - 31, 0)))
            ):
                found.add(f"{table}.{column}")
    return found


def as_bytes(cell: Any) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else b""


def as_text(cell: Any) -> str:
    return "" if isinstance(cell, bytes | memoryview) else json.dumps(cell, default=str, ensure_ascii=False)


def atoms(cells: Cells) -> Iterator[Any]:
    for cell in cells.values():
        yield from values_in(cell)


def values_in(cell: Any) -> Iterator[Any]:
    """What can be the same in two rows by more than chance."""
    if isinstance(cell, UUID | datetime):
        yield cell
    elif isinstance(cell, bytes | memoryview) and len(cell) >= 8:
        yield bytes(cell)
    elif isinstance(cell, str | list | dict):
        text = as_text(cell)
        yield from map(UUID, UUIDS.findall(text))
        yield from re.findall(r"(?=[^\s\"]*\d)[\w=+/-]{16,}", text)
        yield from (one for one in (cell if isinstance(cell, list) else []) if isinstance(one, datetime))
    elif isinstance(cell, int) and not isinstance(cell, bool) and cell > SMALL:
        yield cell  # such as the number of a transaction


def way(dump: Dump, start: Row, goals: set[Row], *, without: set[str]) -> list[str]:
    """The shortest way by equal values, told by its columns; empty where there is none."""
    holders: dict[Any, set[tuple[Row, str]]] = defaultdict(set)
    for row, cells in dump.items():
        for column, cell in cells.items():
            name = f"{row[0]}.{column}"
            if name not in without:
                for value in values_in(cell):
                    holders[value].add((row, name))
    of_row: dict[Row, list[tuple[Any, str]]] = defaultdict(list)
    for value, where in holders.items():
        if 1 < len({row for row, _name in where}) <= RARE:
            for row, name in where:
                of_row[row].append((value, name))
    ways, waiting = {start: list[str]()}, deque([start])
    while waiting:
        row = waiting.popleft()
        if row in goals:
            return ways[row]
        for value, name in of_row[row]:
            for other, its_name in sorted(holders[value]):
                if other not in ways:
                    ways[other] = [*ways[row], f"{name} = {its_name}"]
                    waiting.append(other)
    return []


def test_no_column_holds_the_address_in_clear_or_under_a_hash_that_needs_no_key(stolen: Stolen) -> None:
    dump = stolen.dump()
    assert len({table for table, _key in dump}) > 20
    assert tells_address(ADDRESS, dump, [stolen.mail, stolen.answer, stolen.participant]) == set()
    # With the key it is there.
    assert decrypt(bytes(dump[stolen.mail]["address"])) == ADDRESS


def test_the_only_way_from_the_encrypted_address_to_the_answer_is_the_tie_that_was_decided(stolen: Stolen) -> None:
    dump, goals = stolen.dump(), {stolen.answer, stolen.participant}
    for tie in TIES:
        others = set(TIES) - {tie}
        assert tie in " ".join(way(dump, stolen.mail, goals, without=others)), f"{tie} ties nothing any more"
    assert way(dump, stolen.mail, goals, without=set(TIES)) == []


def test_the_dialogs_tables_and_the_log_hold_nothing_of_the_address_at_all(stolen: Stolen) -> None:
    dump = stolen.dump()
    theirs = {row: cells for row, cells in dump.items() if row[0].startswith(("dialog_", "kernel_log"))}
    about_mail = [row for row, cells in theirs.items() if str(cells.get("verb", "")).startswith("mail.")]
    assert len(about_mail) >= 6
    assert all(theirs[row]["transaction"] > SMALL for row in about_mail)
    goals = {row for row in theirs if row[0] in ("dialog_answer", "dialog_participant")}
    assert len(goals) == 6
    assert [way(theirs, row, goals, without=set()) for row in about_mail] == [[]] * len(about_mail)
    of_mail = {value for cells in (dump[stolen.mail], *deliveries(dump, stolen)) for value in atoms(cells)}
    shared = {value for cells in theirs.values() for value in atoms(cells)} & of_mail
    tokens = {value for value in shared if value == dump[stolen.mail]["holder"]}
    organisations = {UUID(key) for table, key in dump if table == "kernel_organisation"}
    assert shared - tokens - organisations == set()


def deliveries(dump: Dump, stolen: Stolen) -> list[Cells]:
    return [
        cells
        for (table, _key), cells in dump.items()
        if table == "kernel_delivery" and str(cells["address"]) == stolen.mail[1]
    ]


MAIL, ANSWER = "(select min(id::text)::uuid from kernel_emailaddress)", f"dialog_answer where text = '{WORDS}'"
HASHED = {
    "in clear": f"update kernel_delivery set answer = split_part('{ADDRESS}', '@', 1)",
    "a plain hash": f"update kernel_logentry set item = md5('{ADDRESS}')::uuid where verb = 'mail.asked'",
    "half a hash": f"update kernel_logentry set fields = array[left(encode(sha256(lower('{ADDRESS}')::bytea), 'hex'), 32)]",
    "a hash salted with the participant": f"""update kernel_emailaddress set address = address
        || sha256(((select participant_id from {ANSWER}) || lower('{ADDRESS}'))::bytea)""",
}
TIED = {
    "the log says which answer": f"""update kernel_logentry set "references" = array[(select id from {ANSWER})]
        where verb = 'mail.asked'""",
    "one moment for both": f"update kernel_emailaddress set asked_at = (select given_at from {ANSWER}) where id = {MAIL}",
    "the mail's number beside the answer": f"""update dialog_answer set submission_key =
        (select id from kernel_delivery where address = {MAIL} limit 1) where text = '{WORDS}'""",
    "a token of its own for both": f"""update dialog_participant
        set person = (select off_token from kernel_emailaddress where id = {MAIL})""",
}  # fmt: skip


@pytest.mark.parametrize("fault", HASHED)
def test_an_address_that_is_told_is_found(stolen: Stolen, fault: str) -> None:
    seed(stolen, HASHED[fault])
    assert tells_address(ADDRESS, stolen.dump(), [stolen.mail, stolen.answer, stolen.participant])


@pytest.mark.parametrize("fault", TIED)
def test_another_tie_is_found(stolen: Stolen, fault: str) -> None:
    seed(stolen, TIED[fault])
    dump = stolen.dump()
    starts = [stolen.mail, *(row for row, cells in dump.items() if cells.get("verb") == "mail.asked")]
    assert any(way(dump, one, {stolen.answer, stolen.participant}, without=set(TIES)) for one in starts)


def seed(stolen: Stolen, statement: str) -> None:
    stolen.superuser.execute("set session_replication_role = replica")
    assert stolen.superuser.execute(statement).rowcount > 0

"""The log under seal: whole as it was written, and found out when somebody who owns the tables changed it."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from medskick.kernel.database import lay
from medskick.kernel.jobs.jobs import seal_log as seal_job
from medskick.kernel.log.actions import Verdict, log, log_read, seal_log, verify_log
from medskick.kernel.log.models import LogEntry, LogSeal
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item
from medskick.kernel.tests.world import World, make_world, wait_for_open_transactions

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def logged(db: None) -> World:
    """A world with two seals over Tanum's log, from transactions that are over."""
    world = make_world()
    for titles in (("Ett", "Två"), ("Tre",)):
        for title in titles:
            with world.acting(world.owner):
                create_item(by=world.owner, kind="kernel.document", title=title)
        seal(world.owner)
    return world


def seal(by: Actor) -> None:
    wait_for_open_transactions()
    with scope(by.scope()):
        seal_log()


def verdict(world: World) -> Verdict:
    with world.acting(world.owner):
        return verify_log()


@pytest.fixture
def as_owner_of_tables() -> Iterator[psycopg.Connection]:
    """Somebody with the owner role's password, who switches off what stands in the way."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as opened:
        for table in ("kernel_logentry", "kernel_logseal"):
            opened.execute(f"alter table {table} disable trigger user")
            opened.execute(f"alter table {table} no force row level security")
        yield opened


def faults(world: World) -> list[tuple[int, str]]:
    return [(fault.number, fault.reason) for fault in verdict(world).faults]


def test_what_was_sealed_is_whole(logged: World) -> None:
    found = verdict(logged)
    assert (found.seals, found.unsealed, found.faults) == (2, 0, [])
    with logged.acting(logged.owner):
        assert found.rows == LogEntry.objects.count()
        assert found.last == LogSeal.objects.get(number=2).digest
        assert seal_log() is None


def test_a_transaction_that_is_still_open_is_sealed_when_it_is_over(logged: World) -> None:
    with logged.acting(logged.owner):
        log("document.read", by=logged.owner)
        assert seal_log() is None
    seal(logged.owner)
    assert (verdict(logged).seals, verdict(logged).unsealed) == (3, 0)


def test_the_job_seals_for_each_organisation_its_own(logged: World) -> None:
    with logged.acting(logged.stranger):
        create_item(by=logged.stranger, kind="kernel.document", title="Hos grannen")
    wait_for_open_transactions()
    for by in (system(logged.tanum.id), system(logged.sotenas.id)):
        with scope(by.scope()):
            seal_job.run_now(by=by)
    with logged.acting(logged.stranger):
        assert {one.owner_id for one in LogSeal.objects.all()} == {logged.sotenas.id}
        assert verify_log().seals == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("update kernel_logentry set verb = 'annat' where id = %s", (1, "a row under it has been changed")),
        ("update kernel_logentry set person = null where id = %s", (1, "a row under it has been changed")),
        ("update kernel_logentry set at = at - interval '1 day' where id = %s", (1, "a row under it has been changed")),
        ("delete from kernel_logentry where id = %s", (1, "{rows} rows were sealed, {fewer} are there")),
    ],
)
def test_whoever_changes_a_row_as_owner_of_the_table_is_found_out(
    logged: World, as_owner_of_tables: psycopg.Connection, change: str, expected: tuple[int, str]
) -> None:
    with logged.acting(logged.owner):
        entry = LogEntry.objects.filter(verb="kernel.document.created").order_by("id")[0]
        rows = LogSeal.objects.get(number=1).rows
    assert as_owner_of_tables.execute(change.encode(), [entry.id]).rowcount == 1
    assert faults(logged) == [(expected[0], expected[1].format(rows=rows, fewer=rows - 1))]


def test_a_row_slipped_in_among_the_sealed_is_found_out(logged: World, as_owner_of_tables: psycopg.Connection) -> None:
    columns = 'at, verb, item, fields, "references", actor_kind, person, acting_for, channel, transaction, owner_id'
    as_owner_of_tables.execute(
        f"insert into kernel_logentry (id, {columns}) select gen_random_uuid(), {columns} from kernel_logentry"
        f" where owner_id = '{logged.tanum.id}' limit 1".encode()
    )
    assert "rows were sealed" in faults(logged)[0][1]


def test_a_missing_seal_is_found_out(logged: World, as_owner_of_tables: psycopg.Connection) -> None:
    as_owner_of_tables.execute("delete from kernel_logseal where number = 1 and owner_id = %s", [logged.tanum.id])
    assert faults(logged) == [(1, "the seal is missing")]


def test_a_seal_made_anew_does_not_fit_the_next_one(logged: World, as_owner_of_tables: psycopg.Connection) -> None:
    as_owner_of_tables.execute(
        "update kernel_logseal set digest = repeat('a', 64) where number = 1 and owner_id = %s", [logged.tanum.id]
    )
    assert [number for number, _ in faults(logged)] == [1, 2]


def test_the_pages_own_role_can_neither_change_nor_empty_the_log(logged: World) -> None:
    with logged.acting(logged.owner):
        for attempt in (
            "update kernel_logentry set verb = 'x'",
            "delete from kernel_logentry",
            "truncate kernel_logentry",
            "delete from kernel_logseal",
            "alter table kernel_logentry disable trigger user",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attempt)


def test_a_reader_of_many_persons_leaves_one_row(logged: World) -> None:
    with logged.acting(logged.owner):
        log_read(logged.owner, "case", [logged.resident.person, logged.colleague.person])
        log_read(logged.owner, "case", [])
        (entry,) = LogEntry.objects.filter(verb="case.read")
        assert entry.references == [logged.resident.person, logged.colleague.person]


def test_nothing_is_logged_where_nobody_acts(logged: World) -> None:
    with scope(Scope(None)), pytest.raises(LookupError):
        log("document.read", by=logged.owner)


def test_after_a_restore_with_younger_transaction_numbers_sealing_goes_on(
    logged: World, as_owner_of_tables: psycopg.Connection
) -> None:
    """A dump restored in a new database counts its transactions from the beginning: here the log is moved ahead."""
    for table, columns in (
        ("kernel_logentry", ["transaction"]),
        ("kernel_logseal", ["first_transaction", "before_transaction"]),
    ):
        for column in columns:
            as_owner_of_tables.execute(
                f"update {table} set {column} = {column} + 1000000 where {column} > 0".encode()  # noqa: S608
            )
        as_owner_of_tables.execute(f"alter table {table} enable trigger user".encode())
    lay()
    with logged.acting(logged.owner):
        create_item(by=logged.owner, kind="kernel.document", title="Efter återställningen")
    assert verdict(logged).unsealed == 1
    seal(logged.owner)
    with logged.acting(logged.owner):
        assert LogSeal.objects.order_by("-number")[0].number == 3
    assert verdict(logged).unsealed == 0

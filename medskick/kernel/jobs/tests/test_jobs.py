"""Jobs: deferred with the transaction or not at all, and run by a real worker in the scope of who deferred them."""

from dataclasses import replace

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from medskick.kernel.jobs.app import job
from medskick.kernel.jobs.jobs import seal_log
from medskick.kernel.log.models import LogSeal
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.actions import create_item
from medskick.kernel.tests.world import World, make_world, wait_for_open_transactions


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def work_until_the_queue_is_empty() -> None:
    wait_for_open_transactions()
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never")


@pytest.fixture
def without_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is deferred is run, not what the clock starts."""
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status from procrastinate_jobs order by id")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_a_job_in_the_scope_of_whoever_deferred_it(world: World, without_clock: None) -> None:
    for by in (world.owner, world.stranger):
        with world.acting(by):
            create_item(by=by, kind="kernel.document", title="Loggat")
    with world.acting(world.owner):
        seal_log.defer(by=world.owner)
    work_until_the_queue_is_empty()
    assert jobs() == [("medskick:kernel.seal_log", "succeeded")]
    with world.acting(world.owner):
        assert [seal.owner_id for seal in LogSeal.objects.all()] == [world.tanum.id]
    with world.acting(world.stranger):
        assert LogSeal.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_the_clock_starts_is_run_for_every_organisation(world: World) -> None:
    app.configure_task("medskick:kernel.seal_log.every").defer(timestamp=0)
    work_until_the_queue_is_empty()
    assert {status for _, status in jobs()} == {"succeeded"}
    for by in (world.owner, world.stranger, world.regional):
        with world.acting(by):
            assert LogSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_was_rolled_back_is_never_run(world: World) -> None:
    with pytest.raises(RuntimeError), world.acting(world.owner):
        seal_log.defer(by=world.owner)
        assert len(jobs()) == 1
        raise RuntimeError("avbruten")
    assert jobs() == []


def test_a_job_done_at_once_runs_in_the_open_scope(world: World) -> None:
    done = []

    @job("test.note")
    def note(by: Actor, number: int) -> None:
        done.append((by, number, current_scope().acting))

    with world.acting(world.owner):
        note.run_now(by=world.owner, number=4)
    assert done == [(world.owner, 4, world.tanum.id)]


def test_a_job_must_belong_to_an_organisation(world: World) -> None:
    with pytest.raises(LookupError):
        seal_log.defer(by=replace(world.owner, organisation=None))

"""Jobs: work outside the request. A job carries ids only, and restores the scope and the actor that deferred it.

Calls to the queue stand here and nowhere else, so that it can be replaced.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import close_old_connections
from procrastinate import App, Blueprint, JobContext, RetryStrategy

from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.scope import scope

_blueprint = Blueprint()
Work = Callable[..., Any]


def on_app_ready(app: App) -> None:
    """Called once when the queue is set up: find every feature's jobs.py, for what is not imported then never runs."""
    for config in apps.get_app_configs():
        if config.name.startswith("medskick."):
            for path in sorted(Path(config.path).rglob("jobs.py")):
                inside = path.relative_to(config.path).with_suffix("")
                import_module(".".join((config.name, *inside.parts)))
    app.add_tasks_from(_blueprint, namespace="medskick")


@_blueprint.periodic(cron="* * * * *")
@_blueprint.task(name="kernel.take_up_again", queueing_lock="kernel.take_up_again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int) -> None:
    """Put back in the queue what a killed worker had begun: its transaction was rolled back, so it is done anew."""
    manager = context.app.job_manager
    for begun in await manager.get_stalled_jobs():
        await manager.retry_job(begun)


class Job:
    """A function that can be put in the queue."""

    def __init__(self, name: str, work: Work, attempts: int, *, scoped: bool = True) -> None:
        @wraps(work)
        def run(organisation: str, **arguments: Any) -> None:
            close_old_connections()
            actor = system(UUID(organisation))
            with scope(actor.scope()) if scoped else nullcontext():
                work(by=actor, **arguments)

        self.name, self.work = name, work
        self._task = _blueprint.task(name=name, retry=RetryStrategy(max_attempts=attempts, exponential_wait=5))(run)

    def defer(self, *, by: Actor, **arguments: str | int) -> None:
        """Put the work in the queue, in the open transaction: rolled back, it is never run.

        Arguments are ids and numbers. Raises LookupError where no organisation acts.
        """
        if by.organisation is None:
            raise LookupError(f"{self.name} was deferred where no organisation acts")
        self._task.defer(organisation=str(by.organisation), **arguments)

    def run_now(self, *, by: Actor, **arguments: str | int) -> None:
        """Do the work in the open scope, as the command line and the tests do."""
        self.work(by=by, **arguments)


def job(name: str, *, attempts: int = 5, scoped: bool = True) -> Callable[[Work], Job]:
    """Declare a job: `work(by=..., ...)` runs in its own scope as the system, for the organisation that deferred it.

    scoped: false for work that waits for something outside, such as a mail server, and opens its scopes itself: no
    transaction is open while it waits.
    """

    def declare(work: Work) -> Job:
        return Job(name, work, attempts, scoped=scoped)

    return declare


def nightly(
    name: str, *, cron: str, organisations: Callable[[], list[UUID]], scoped: bool = True
) -> Callable[[Work], Job]:
    """Declare a job that runs by the clock, once for each organisation, each in a transaction of its own."""

    def declare(work: Work) -> Job:
        made = Job(name, work, attempts=3, scoped=scoped)

        @_blueprint.periodic(cron=cron)
        @_blueprint.task(name=f"{name}.every", queueing_lock=f"{name}.every", pass_context=False)
        def every(timestamp: int) -> None:
            for organisation in organisations():
                actor = system(organisation)
                with scope(actor.scope()):
                    made.defer(by=actor)

        return made

    return declare

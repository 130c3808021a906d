from uuid import UUID

from medskick.kernel.jobs.app import job, nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids
from medskick.kernel.privacy.actions.exports import make_copy, sweep_copies


@job("kernel.make_copy")
def copy_of_data(by: Actor, export: str, person: str) -> None:
    """Make the copy of everything about a person that she asked for."""
    make_copy(by=by, export=UUID(export), person=UUID(person))


def _once() -> list[UUID]:
    return organisation_ids()[:1]


@nightly("kernel.sweep_copies", cron="23 * * * *", organisations=_once)
def sweep(by: Actor) -> None:
    """Throw away copies whose week is over."""
    sweep_copies()

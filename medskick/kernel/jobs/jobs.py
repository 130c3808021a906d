from uuid import UUID

from medskick.kernel.files.actions import sweep_half_files
from medskick.kernel.jobs.app import nightly
from medskick.kernel.log.actions import seal_log as seal
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids
from medskick.kernel.people.actions import sweep_people


def _once() -> list[UUID]:
    """What belongs to no organisation is swept once, in the name of the first, which is the region."""
    return organisation_ids()[:1]


@nightly("kernel.seal_log", cron="*/10 * * * *", organisations=organisation_ids)
def seal_log(by: Actor) -> None:
    """Seal what each organisation has logged since last time."""
    seal()


@nightly("kernel.sweep", cron="7 * * * *", organisations=_once)
def sweep(by: Actor) -> None:
    """Throw away what has outlived its hour: kept forms, ended sessions, counts of failed tries, half files."""
    sweep_people()
    sweep_half_files()

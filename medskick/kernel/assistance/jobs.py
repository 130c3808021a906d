from uuid import UUID

from medskick.kernel.assistance.actions.helping import end_idle_help
from medskick.kernel.jobs.app import nightly
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import organisation_ids


def _once() -> list[UUID]:
    return organisation_ids()[:1]


@nightly("kernel.end_idle_help", cron="*/15 * * * *", organisations=_once)
def end_idle(by: Actor) -> None:
    """Write down as over the help that somebody just walked away from; at the next request it is over anyway."""
    end_idle_help()

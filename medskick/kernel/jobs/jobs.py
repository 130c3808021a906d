from uuid import UUID

from medskick.kernel.jobs.app import nightly
from medskick.kernel.log.actions import seal_log as seal
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import all_places


def _organisations() -> list[UUID]:
    return [place.id for place in all_places()]


@nightly("kernel.seal_log", cron="*/10 * * * *", organisations=_organisations)
def seal_log(by: Actor) -> None:
    """Seal what each organisation has logged since last time."""
    seal()

"""Who may change indicators and values. Who may read them stands on their items and is kept by the database."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, ANALYST, PROCESS_LEADER
from medskick.measure.indicators.models import Indicator

EDITORS = (ANALYST, PROCESS_LEADER, ADMINISTRATOR)


def may_edit(actor: Actor) -> bool:
    """Whether the actor keeps indicators at her own organisation."""
    return actor.kind == "system" or (actor.staff and actor.has(*EDITORS))


def may_record(actor: Actor, indicator: Indicator) -> bool:
    """Whether the actor may enter values of this indicator: an editor at its owner."""
    return may_edit(actor) and actor.organisation == indicator.owner_id

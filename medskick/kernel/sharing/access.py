"""Who may share, and who may take a stand for her organisation."""

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, PROCESS_LEADER, REGISTRAR
from medskick.kernel.records.models import Item, Level
from medskick.kernel.sharing.models import Adoption

DECIDERS = (PROCESS_LEADER, REGISTRAR, ADMINISTRATOR)


def may_share(by: Actor, item: Item) -> bool:
    return by.organisation == item.owner_id and by.staff and by.has(*DECIDERS) and item.level != Level.SEALED


def may_decide(by: Actor) -> bool:
    """May she take a stand on what others share, and write her organisation's own wording?"""
    return by.staff and by.has(*DECIDERS)


def may_change(by: Actor, adoption: Adoption) -> bool:
    return may_decide(by) and by.organisation == adoption.owner_id

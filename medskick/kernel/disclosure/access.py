"""Who may do what with a request for a record. Who may read it is told by its item's readers."""

from uuid import UUID

from medskick.kernel.disclosure.models import DisclosureRequest, RequestState
from medskick.kernel.organisations.actor import Actor, role_token
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.models import Item


def readers_of_request(organisation: UUID, asker: UUID) -> list[UUID]:
    """The organisation's registrars, and whoever holds the secret address."""
    return [role_token(organisation, REGISTRAR), asker]


def keeps_diary(actor: Actor, organisation: UUID) -> bool:
    """A registrar of the organisation."""
    return actor.staff and actor.organisation == organisation and actor.has(REGISTRAR)


def may_see_as_stranger(actor: Actor, item: Item) -> bool:
    """Whoever works in the organisation that owns it."""
    return actor.staff and actor.organisation == item.owner_id


def may_want_decision(request: DisclosureRequest) -> bool:
    """The asker may have a decision where the officer's answer withheld something."""
    if not request.may_become(RequestState.DECISION_WANTED):
        return False
    return any(answer.withheld for answer in request.answers.all())

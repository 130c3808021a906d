"""Which unit handles a case: the definition says it in words, the organisation's own units decide which one that is."""

from collections.abc import Sequence
from uuid import UUID

from medskick.kernel.organisations.models import Unit
from medskick.services.definitions.definition import ANY_TOPIC, Definition


class NobodyHandles(LookupError):
    """The organisation has no unit yet, so nothing can be sent to it."""


def units_of(organisation: UUID) -> list[Unit]:
    return list(Unit.objects.filter(organisation_id=organisation).order_by("name"))


def handling_unit(definition: Definition, topic: str, units: Sequence[Unit]) -> Unit:
    """The unit for a topic: the first word that is in some unit's name wins, then the words for everything else, then
    the first unit. Raise NobodyHandles where the organisation has no unit."""
    if not units:
        raise NobodyHandles(definition.slug)
    words = (*definition.handled_by.get(topic, ()), *definition.handled_by[ANY_TOPIC])
    for word in words:
        for unit in units:
            if word.casefold() in unit.name.casefold():
                return unit
    return units[0]

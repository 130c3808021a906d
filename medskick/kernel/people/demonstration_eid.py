"""The test eID: log-in as one of the example region's invented people, in demonstration mode only, and it says so."""

from dataclasses import dataclass

from django.conf import settings

from medskick.kernel.people.oidc import Identity

ISSUER = "urn:medskick:test-eid"


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody to log in as. `number` is from Skatteverket's published test numbers, which no living person has."""

    number: str
    name: str
    described: str
    place: str = ""
    staff: bool = False


_people: dict[str, InventedPerson] = {}


def register_invented_people(*people: InventedPerson) -> None:
    for one in people:
        _people[one.number] = one


def people_to_choose() -> list[InventedPerson]:
    """The people to choose from; none outside demonstration mode."""
    return list(_people.values()) if settings.DEMONSTRATION else []


def vouch_for(number: str) -> Identity:
    """The identity of a test person. Raise LookupError for an unknown one, and always outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise LookupError("The test eID exists in demonstration mode only")
    person = _people[number]
    return Identity(ISSUER, person.number, person.name, person.number, "substantial")

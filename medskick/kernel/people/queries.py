"""Reading who somebody is: one query for a signed-in person, with everything that her scope is made of."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from medskick.kernel.organisations.actor import Actor, Assurance
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.people.encryption import blind_index, decrypt
from medskick.kernel.people.models import Employment


def find_person_by_number(number: str) -> UUID | None:
    """The person with this personal number (12 digits), or None."""
    with connection.cursor() as cursor:
        cursor.execute("select find_person_by_number(%s)", [blind_index(number)])
        return cursor.fetchone()[0]


def find_person_by_subject(issuer: str, subject: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select find_person_by_subject(%s, %s)", [issuer, subject])
        return cursor.fetchone()[0]


def open_employments(person: UUID) -> list[Employment]:
    """The employments that the person can act in now; call with the person's token in reach."""
    current = Employment.objects.filter(person_id=person, ended_at__isnull=True)
    return list(current.select_related("organisation", "unit").order_by("organisation__name_key", "title"))


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and how many unread messages wait for her: what every page shows of a signed-in person."""

    actor: Actor
    unread: int


def acting_person(
    person: UUID, employment: UUID | None, *, place: Place | None, assurance: Assurance, device: UUID | None = None
) -> Acting | None:
    """The person in her employment, or as a resident at `place`; None where either has ended. One query, without scope.

    device: the token of the phone or browser, whose messages are counted with hers.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, organisation, unit, roles, networks, unread from who_acts(%s, %s, %s)",
            [person, employment, device],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, organisation, unit, roles, networks, unread = row
    employer = place_of(organisation) if organisation else None
    here = employer or place
    actor = Actor(
        kind="person",
        person=person,
        employment=employment,
        name=decrypt(bytes(name)),
        organisation=organisation or (place.id if place else None),
        organisation_name=here.name if here else "",
        unit=unit,
        units=frozenset({unit} - {None}),
        roles=frozenset(roles),
        networks=frozenset(networks),
        circle=employer.circle if employer else None,
        device=device,
        assurance=assurance,
    )
    return Acting(actor, unread)


def staff_actor(person: UUID, employment: UUID, assurance: Assurance = "substantial") -> Actor | None:
    """The actor for an employment, or None where it has ended."""
    acting = acting_person(person, employment, place=None, assurance=assurance)
    return acting.actor if acting else None

"""Reading who somebody is: one query for a signed-in member of staff, with everything her scope is made of."""

from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q

from medskick.kernel.organisations.actor import Actor, Assurance
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.people.encryption import blind_index
from medskick.kernel.people.models import Employment, Person


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


def staff_actor(person: UUID, employment: UUID, assurance: Assurance = "substantial") -> Actor | None:
    """The actor for an employment, or None where it has ended: then the session is over at once."""
    row = (
        Employment.objects.filter(id=employment, person_id=person, ended_at__isnull=True)
        .select_related("person")
        .annotate(
            held_roles=ArrayAgg(
                "role_assignments__role",
                filter=Q(role_assignments__role__isnull=False, role_assignments__ended_at__isnull=True),
                distinct=True,
                default=[],
            ),
            held_seats=ArrayAgg(
                "networkseat__network_id", filter=Q(networkseat__network_id__isnull=False), distinct=True, default=[]
            ),
        )
        .first()
    )
    if row is None:
        return None
    place = place_of(row.organisation_id)
    return Actor(
        kind="person",
        person=person,
        employment=row.id,
        name=row.person.name,
        organisation=row.organisation_id,
        organisation_name=place.name if place else "",
        unit=row.unit_id,
        units=frozenset({row.unit_id} - {None}),
        roles=frozenset(row.held_roles),
        networks=frozenset(row.held_seats),
        circle=place.circle if place else None,
        assurance=assurance,
    )


def resident_actor(person: UUID, place: Place | None, assurance: Assurance) -> Actor | None:
    """The actor for a signed-in resident at a municipality's site."""
    row = Person.objects.filter(id=person).first()
    if row is None:
        return None
    return Actor(
        kind="person",
        person=person,
        name=row.name,
        organisation=place.id if place else None,
        organisation_name=place.name if place else "",
        assurance=assurance,
    )

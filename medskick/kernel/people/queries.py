"""Reading who somebody is: one query for a signed-in person, with everything that her scope is made of."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.design.parts import Event
from medskick.kernel.organisations.actor import Actor, Assurance, Channel
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.people.encryption import blind_index, blind_indexes, decrypt, indexed
from medskick.kernel.people.models import AccessRequest, Employment, Person, RoleAssignment, SignIn
from medskick.kernel.people.roles import LABELS
from medskick.lib.swedish import sort_key

# Assistance is over when nothing has happened for so long (kernel.md I).
IDLE = timedelta(minutes=15)
# How surely a helper knows whom she helps.
PROVEN: dict[str, Assurance] = {"eid": "substantial", "paper": "low", "stated": "none", "unnamed": "none"}

Over = Literal["", "assistance", "mandate"]


def find_person_by_number(number: str) -> UUID | None:
    """The person with this personal number (12 digits), or None."""
    with connection.cursor() as cursor:
        cursor.execute("select find_person_by_number(%s)", [blind_indexes(number)])
        return cursor.fetchone()[0]


def find_person_by_subject(issuer: str, subject: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select find_person_by_subject(%s, %s)", [issuer, subject])
        return cursor.fetchone()[0]


def work_address_index(organisation: UUID, email: str) -> bytes:
    """An e-mail address as one organisation's provider states it: the same at another organisation is another."""
    return blind_index(indexed(email, organisation))


def work_address_indexes(organisation: UUID, email: str) -> list[bytes]:
    """The same under every key that reads: rows are looked for by these, also while keys are changed."""
    return blind_indexes(indexed(email, organisation))


def find_person_by_work_address(organisation: UUID, email: str) -> UUID | None:
    """The employee of the organisation with this address, unless she has a personal number; or None."""
    with connection.cursor() as cursor:
        cursor.execute("select find_person_by_work_address(%s)", [work_address_indexes(organisation, email)])
        return cursor.fetchone()[0]


def find_people_by_numbers(numbers: Iterable[str]) -> dict[str, UUID]:
    """The persons with these personal numbers, by number; one query, for staff."""
    index_of = {index: one for one in numbers for index in blind_indexes(one)}
    with connection.cursor() as cursor:
        cursor.execute("select index, person from find_people_by_numbers(%s)", [list(index_of)])
        return {index_of[bytes(index)]: person for index, person in cursor.fetchall()}


def open_employments(person: UUID, *, within: UUID | None = None) -> list[Employment]:
    """The employments that the person can act in now, or those `within` one organisation; call with her token in reach."""
    current = Employment.objects.filter(person_id=person, ended_at__isnull=True)
    if within is not None:
        current = current.filter(organisation_id=within)
    return list(current.select_related("organisation", "unit").order_by("organisation__name_key", "title"))


def holders_of(organisation: UUID, *roles: str) -> list[UUID]:
    """The persons who have one of the roles in an organisation now, the longest employed first."""
    standing = Employment.objects.filter(
        organisation_id=organisation,
        ended_at__isnull=True,
        role_assignments__role__in=roles,
        role_assignments__ended_at__isnull=True,
    )
    return list(dict.fromkeys(standing.order_by("since", "id").values_list("person_id", flat=True)))


def unit_of_role(organisation: UUID, role: str) -> UUID | None:
    """The unit that those with the role in an organisation sit in: its longest employed one's."""
    with connection.cursor() as cursor:
        cursor.execute("select unit_of_role(%s, %s)", [organisation, role])
        return cursor.fetchone()[0]


def employees(organisation: UUID | None) -> QuerySet[Employment]:
    """Those who work here now, with person, unit and the roles that they have (`given`)."""
    given = Prefetch(
        "role_assignments", RoleAssignment.objects.filter(ended_at__isnull=True).order_by("at"), to_attr="given"
    )
    here = Employment.objects.filter(organisation_id=organisation, ended_at__isnull=True)
    return here.select_related("person", "unit", "organisation").prefetch_related(given)


def employees_named(organisation: UUID | None, sought: str = "") -> list[Employment]:
    """Those who work here in Swedish order of name, or those whose name or title has `sought` in it.

    Names are encrypted: the database can neither sort them nor search in them, so that is done here, on one query.
    """
    part = sought.casefold()
    found = [one for one in employees(organisation) if part in f"{one.person.name}\n{one.title}".casefold()]
    return sorted(found, key=lambda one: (sort_key(one.person.name), str(one.id)))


def roles_over_time(employment: Employment) -> list[Event]:
    """Which roles the employment has had, from when and by whom, the latest first."""
    given = list(employment.role_assignments.order_by("-at"))
    asked = {one for each in given for one in (each.by_person, each.ended_by) if one is not None}
    names = {one.id: one.name for one in Person.objects.filter(id__in=asked)}
    told = [
        (when, Event(title=words % {"role": LABELS[one.role]}, when=when, who=names.get(who, "") if who else ""))
        for one in given
        for words, when, who in (
            (_("Fick rollen %(role)s"), one.at, one.by_person),
            (_("Lämnade rollen %(role)s"), one.ended_at, one.ended_by),
        )
        if when is not None
    ]
    return [event for _when, event in sorted(told, key=lambda pair: pair[0], reverse=True)]


def last_sign_ins() -> dict[UUID, datetime]:
    """When each employment of the acting organisation was last used."""
    with connection.cursor() as cursor:
        cursor.execute("select employment, at from last_sign_ins()")
        return dict(cursor.fetchall())


def employment_state(employment: Employment, roles: Iterable[str]) -> str:
    """What an administrator saw of an employment: it changes when title, unit or roles do."""
    told = [employment.title, str(employment.unit_id), *sorted(roles)]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


def open_requests(organisation: UUID | None) -> QuerySet[AccessRequest]:
    """Those who wait to be let in, the longest waiting first."""
    return AccessRequest.objects.filter(organisation_id=organisation, decided_at__isnull=True).order_by("asked_at")


def open_request_by_address(organisation: UUID | None, email: str) -> AccessRequest | None:
    """The one who waits under this e-mail address."""
    if organisation is None:
        return None
    return open_requests(organisation).filter(email_index__in=work_address_indexes(organisation, email)).first()


def open_sign_ins(person: UUID | None) -> QuerySet[SignIn]:
    """Where the person is signed in now, the latest used first."""
    here = SignIn.objects.filter(person_id=person, ended_at__isnull=True)
    return here.select_related("employment__organisation").order_by("-last_seen")


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and how many unread messages wait for her: what every page shows of a signed-in person.

    seen: when her sign-in was last written down as in use.
    over: what she acted for another by, where that no longer holds; she is then herself again.
    """

    actor: Actor
    unread: int
    seen: datetime | None = None
    over: Over = ""


def acting_person(
    person: UUID,
    employment: UUID | None,
    *,
    place: Place | None,
    assurance: Assurance,
    device: UUID | None = None,
    sign_in: UUID | None = None,
    mandate: UUID | None = None,
    assistance: UUID | None = None,
) -> Acting | None:
    """The person in her employment, or as a resident at `place`, or for the one she acts for; None where her
    employment has ended or she is gone. One query, without scope; it also counts as a sign of life of the assistance.

    device: the token of the phone or browser, whose messages are counted with hers.
    sign_in: the sign-in that it is asked for, None also where that one has ended; without it, for jobs, it is not asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, organisation, unit, roles, networks, unread, seen, for_whom, for_name, by_mandate,"
            " by_assistance, covers, ground, channel from who_acts(%s, %s, %s, %s, %s, %s, %s, %s)",
            [person, employment, device, sign_in, mandate, assistance, IDLE, timezone.localdate()],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, organisation, unit, roles, networks, unread, seen, *for_another = row
    if for_another[2] or for_another[3]:
        return Acting(_for_another(person, decrypt(bytes(name)), place, assurance, device, *for_another), unread, seen)
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
    over: Over = "assistance" if assistance else "mandate" if mandate else ""
    return Acting(actor, unread, seen, over)


def _for_another(
    person: UUID,
    name: str,
    place: Place | None,
    assurance: Assurance,
    device: UUID | None,
    whom: UUID | None,
    whom_name: bytes | None,
    mandate: UUID | None,
    assistance: UUID | None,
    covers: list[str] | None,
    ground: str | None,
    channel: str | None,
) -> Actor:
    """Somebody who acts for another works as that one on the resident's pages, without rights at work."""
    return Actor(
        kind="person",
        person=person,
        name=name,
        organisation=place.id if place else None,
        organisation_name=place.name if place else "",
        device=device,
        acting_for=whom,
        acting_for_name=decrypt(bytes(whom_name)) if whom_name else "",
        mandate=mandate,
        assistance=assistance,
        covers=frozenset(covers or ()),
        channel=cast(Channel, channel or "web"),
        assurance=PROVEN[ground] if ground else assurance,
    )


def staff_actor(person: UUID, employment: UUID, assurance: Assurance = "substantial") -> Actor | None:
    """The actor for an employment, or None where it has ended."""
    acting = acting_person(person, employment, place=None, assurance=assurance)
    return acting.actor if acting else None


def unit_names(organisation: UUID | None) -> list[str]:
    """What the units of an organisation are called, in order. One query."""
    names = Unit.objects.filter(organisation_id=organisation).values_list("name", flat=True)
    return sorted(names, key=sort_key)

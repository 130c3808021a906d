"""The verbs of people: signing in, employing, giving roles."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network, Unit
from medskick.kernel.organisations.scope import widen_scope
from medskick.kernel.people.encryption import blind_index
from medskick.kernel.people.models import (
    Employment,
    FailedTries,
    NetworkSeat,
    Person,
    PersonalNumber,
    ProviderSubject,
    RoleAssignment,
)
from medskick.kernel.people.oidc import Identity
from medskick.kernel.people.queries import find_person_by_number, find_person_by_subject
from medskick.kernel.people.roles import ADMINISTRATOR, ALL


def recognise(identity: Identity) -> Person:
    """The person whom a log-in provider vouches for, made known at the first log-in.

    A personal number wins over the provider's own subject: the same person may come through two providers.
    """
    known = find_person_by_number(identity.number) if identity.number else None
    known = known or find_person_by_subject(identity.issuer, identity.subject)
    if known is not None:
        widen_scope([known])
        person = Person.objects.get(id=known)
        if identity.name and identity.name != person.name:
            person.name = identity.name
            person.save(update_fields=["name"])
        _remember_subject(person, identity)
        return person
    return _make_known(identity)


def employ(
    *,
    by: Actor,
    person: Person,
    title: str,
    unit: Unit | None = None,
    roles: Iterable[str] = (),
    networks: Iterable[Network] = (),
) -> Employment:
    """Give a person an employment in the acting organisation, with roles and seats in networks."""
    require_staff(by, ADMINISTRATOR)
    organisation = by.organisation
    person.staff = True
    person.readers = sorted({*person.readers, organisation})
    person.save(update_fields=["staff", "readers"])
    employment = Employment(person=person, organisation_id=organisation, unit=unit, title=title)
    employment.save(force_insert=True)
    NetworkSeat.objects.bulk_create(NetworkSeat(employment=employment, network=one) for one in networks)
    log("employment.began", by=by, references=[person.id, employment.id])
    for role in roles:
        assign_role(employment, by=by, role=role)
    return employment


def assign_role(employment: Employment, *, by: Actor, role: str) -> RoleAssignment:
    """Give an employment a role. Raise ValueError for a role that does not exist."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, employment.organisation_id)
    if role not in ALL:
        raise ValueError(f"Unknown role {role!r}")
    given = RoleAssignment(employment=employment, role=role, by_person=by.person)
    given.save(force_insert=True)
    log("role.assigned", by=by, fields=[role], references=[employment.id])
    return given


def end_employment(employment: Employment, *, by: Actor) -> Employment:
    """End an employment now: its sessions are over at their next request."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, employment.organisation_id)
    employment.ended_at = timezone.now()
    employment.save(update_fields=["ended_at"])
    log("employment.ended", by=by, references=[employment.person_id, employment.id])
    return employment


def make_known(*, name: str, number: str = "", readers: Iterable[UUID] = ()) -> Person:
    """Make a person known without a log-in, for example by an import or at a service desk."""
    person = Person(name=name, readers=sorted(set(readers)))
    widen_scope([person.id])
    person.save(force_insert=True)
    if number:
        PersonalNumber(person=person, number=number, index=blind_index(number)).save(force_insert=True)
    return person


def sweep_people() -> None:
    """Throw away forms kept for a log-in that never came, sessions that have ended, and old counts of failed tries."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("select sweep_kept_forms()")
    Session.objects.filter(expire_date__lt=now).delete()
    FailedTries.objects.filter(at__lt=now - timedelta(days=1)).delete()


def _make_known(identity: Identity) -> Person:
    try:
        with transaction.atomic():
            person = make_known(name=identity.name, number=identity.number)
            _remember_subject(person, identity)
    except IntegrityError:
        # The same person logged in for the first time in two windows at once: the other one won.
        return recognise(identity)
    return person


def _remember_subject(person: Person, identity: Identity) -> None:
    ProviderSubject.objects.bulk_create(
        [ProviderSubject(person=person, issuer=identity.issuer, subject=identity.subject)], ignore_conflicts=True
    )

"""The verbs of employing: letting somebody in, giving and taking back roles, ending."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network, Unit
from medskick.kernel.organisations.scope import current_scope, scope
from medskick.kernel.people.actions.signing_in import make_known
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import AccessRequest, Employment, NetworkSeat, Person, RoleAssignment
from medskick.kernel.people.queries import (
    employees,
    employment_state,
    find_person_by_number,
    open_request_by_address,
    work_address_index,
    work_address_indexes,
)
from medskick.kernel.people.roles import ADMINISTRATOR, ALL


class Refused(ValueError):
    """It cannot be done as things are; the message is plain Swedish and says what to do."""


class ChangedMeanwhile(Refused):
    """Somebody else has changed the same thing since the page was opened; nothing of hers is lost."""


def employ(
    *,
    by: Actor,
    person: Person,
    title: str,
    unit: Unit | None = None,
    roles: Iterable[str] = (),
    networks: Iterable[Network] = (),
    email: str = "",
) -> Employment:
    """Give a person an employment in the acting organisation, with roles and seats in networks.

    email: the address by which the organisation's own log-in means her.
    """
    require_staff(by, ADMINISTRATOR)
    organisation = by.organisation
    if unit is not None:
        require_same_organisation(by, unit.organisation_id)
    person.staff = True
    person.readers = sorted({*person.readers, organisation})
    with _reaching(person.id):
        person.save(update_fields=["staff", "readers"])
    employment = Employment(
        person=person,
        organisation_id=organisation,
        unit=unit,
        title=title,
        email=email or None,
        email_index=work_address_index(organisation, email) if email and organisation else None,
    )
    employment.save(force_insert=True)
    NetworkSeat.objects.bulk_create(NetworkSeat(employment=employment, network=one) for one in networks)
    log("employment.began", by=by, references=[person.id, employment.id])
    for role in roles:
        assign_role(employment, by=by, role=role)
    return employment


def add_employee(
    *,
    by: Actor,
    name: str,
    title: str,
    number: str = "",
    email: str = "",
    unit: Unit | None = None,
    roles: Iterable[str] = (),
) -> Employment:
    """Employ somebody who may never have logged in, by her personal number or her e-mail address at work.

    Whoever waits to be let in under that address is let in. Raises Refused where she is employed here already.
    """
    require_staff(by, ADMINISTRATOR)
    if not number and not email:
        raise Refused(_("Skriv personnummer eller e-post: det är så personen känns igen när hon loggar in."))
    waiting = open_request_by_address(by.organisation, email) if email and not number else None
    if waiting is not None:
        return let_in(waiting, by=by, title=title, unit=unit, roles=roles)
    _refuse_second_employment(by, number, email)
    known = find_person_by_number(number) if number else None
    with _reaching(known) if known else scope(current_scope()):
        person = Person.objects.get(id=known) if known else make_known(name=name, number=number)
        return employ(by=by, person=person, title=title, unit=unit, roles=roles, email=email)


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


def take_back_role(given: RoleAssignment, *, by: Actor) -> RoleAssignment:
    """Take back a role: it gets an end, and stays among what has been. Raises Refused for the last administrator's."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, given.employment.organisation_id)
    if given.role == ADMINISTRATOR:
        _keep_an_administrator(given.employment)
    given.ended_at, given.ended_by = timezone.now(), by.person
    given.save(update_fields=["ended_at", "ended_by"])
    log("role.ended", by=by, fields=[given.role], references=[given.employment_id])
    return given


def change_employment(
    employment: Employment, *, by: Actor, title: str, unit: Unit | None, roles: Iterable[str], seen: str
) -> Employment:
    """Change title, unit and roles from what was `seen` (queries.employment_state).

    Raises ChangedMeanwhile where it is no longer as she saw it, and Refused for the last administrator's role.
    """
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, employment.organisation_id)
    if unit is not None:
        require_same_organisation(by, unit.organisation_id)
    now = Employment.objects.select_for_update(of=("self",)).get(id=employment.id)
    given = {one.role: one for one in now.role_assignments.filter(ended_at__isnull=True).select_related("employment")}
    if now.ended_at is not None:
        raise ChangedMeanwhile(_("Anställningen har avslutats av någon annan medan du hade sidan öppen."))
    if employment_state(now, given) != seen:
        raise ChangedMeanwhile(
            _(
                "Någon annan ändrade samma person medan du hade sidan öppen. Jämför och spara igen om du fortfarande vill."
            )
        )
    wanted = set(roles)
    if ADMINISTRATOR in given and ADMINISTRATOR not in wanted:
        _keep_an_administrator(now)
    changed = [name for name, value in (("title", title), ("unit", unit)) if getattr(now, name) != value]
    if changed:
        now.title, now.unit = title, unit
        now.save(update_fields=["title", "unit"])
        log("employment.changed", by=by, fields=changed, references=[now.id])
    for role in sorted(set(given) - wanted):
        take_back_role(given[role], by=by)
    for role in sorted(wanted - set(given)):
        assign_role(now, by=by, role=role)
    return now


def end_employment(employment: Employment, *, by: Actor) -> Employment:
    """End an employment now: its sessions are over at their next request. Raises Refused for the last administrator's."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, employment.organisation_id)
    if employment.ended_at is not None:
        return employment
    if employment.role_assignments.filter(role=ADMINISTRATOR, ended_at__isnull=True).exists():
        _keep_an_administrator(employment)
    return _end(employment, by)


def end_all_employments(*, by: Actor) -> int:
    """End every employment of an organisation that is no longer to work here, the last administrator's too.

    By the system alone, and never from a page of its own: afterwards nobody can let anybody in. Those who wait to be let
    in are told no by turn_all_away(). Returns how many there were.
    """
    if by.kind != "system":
        raise PermissionDenied(_("Det här gör systemet, när en organisation lämnar."))
    working = list(Employment.objects.filter(organisation_id=by.organisation, ended_at__isnull=True))
    for one in working:
        _end(one, by)
    return len(working)


def _end(employment: Employment, by: Actor) -> Employment:
    employment.ended_at, employment.ended_by = timezone.now(), by.person
    employment.save(update_fields=["ended_at", "ended_by"])
    with connection.cursor() as cursor:
        cursor.execute("select end_sign_ins_of(%s)", [employment.id])
    log("employment.ended", by=by, references=[employment.person_id, employment.id])
    return employment


def ask_for_access(person: UUID, *, by: Actor, identity: Identity) -> AccessRequest:
    """Somebody has logged in as staff where she is not employed: she waits for the administrator. Once at a time.

    After a no she is shown that no; she asks again by ask_again().
    """
    organisation = by.organisation
    before = AccessRequest.objects.filter(person_id=person, organisation_id=organisation).order_by("-asked_at").first()
    if before is not None and before.decision != AccessRequest.GRANTED:
        return before
    asked = AccessRequest(
        organisation_id=organisation,
        person_id=person,
        provider=identity.provider.label if identity.provider else "",
        issuer=identity.provider.issuer if identity.provider else identity.issuer,
        name=identity.name,
        email=identity.email,
        email_index=work_address_index(organisation, identity.email) if identity.email and organisation else None,
    )
    return _ask(asked, by)


def ask_again(request: AccessRequest, *, by: Actor) -> AccessRequest:
    """Ask once more after a no. What is not answered yet is not asked twice."""
    if request.decision != AccessRequest.REFUSED:
        return request
    told = {name: getattr(request, name) for name in ("provider", "issuer", "name", "email", "email_index")}
    return _ask(AccessRequest(organisation_id=request.organisation_id, person_id=request.person_id, **told), by)


def _ask(asked: AccessRequest, by: Actor) -> AccessRequest:
    AccessRequest.objects.bulk_create([asked], ignore_conflicts=True)
    waiting = AccessRequest.objects.get(
        person_id=asked.person_id, organisation_id=asked.organisation_id, decided_at__isnull=True
    )
    if waiting.id == asked.id:
        log("access.asked", by=by, references=[asked.person_id, asked.id])
    return waiting


def let_in(
    request: AccessRequest, *, by: Actor, title: str, unit: Unit | None = None, roles: Iterable[str] = ()
) -> Employment:
    """Employ the one who waits. Raises ChangedMeanwhile where it is decided already."""
    now = _still_waiting(request, by)
    with _reaching(now.person_id):
        person = Person.objects.get(id=now.person_id)
        # Where somebody known by her personal number has the address already, this one is known by her log-in alone.
        taken = bool(now.email) and _has_address(employees(now.organisation_id), now.organisation_id, now.email)
        employment = employ(by=by, person=person, title=title, unit=unit, roles=roles, email="" if taken else now.email)
    _decide(now, by, AccessRequest.GRANTED, "")
    return employment


def turn_away(request: AccessRequest, *, by: Actor, reason: str) -> AccessRequest:
    """Say no, with the reason that she will read. Raises ChangedMeanwhile where it is decided already."""
    return _decide(_still_waiting(request, by), by, AccessRequest.REFUSED, reason)


def turn_all_away(*, by: Actor, reason: str) -> int:
    """Say no to everybody who waits to be let in. Returns how many there were."""
    waiting = list(AccessRequest.objects.filter(organisation_id=by.organisation, decided_at__isnull=True))
    for one in waiting:
        turn_away(one, by=by, reason=reason)
    return len(waiting)


def _still_waiting(request: AccessRequest, by: Actor) -> AccessRequest:
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, request.organisation_id)
    now = AccessRequest.objects.select_for_update(of=("self",)).get(id=request.id)
    if now.decided_at is not None:
        raise ChangedMeanwhile(_("En annan administratör har redan svarat."))
    return now


def _decide(request: AccessRequest, by: Actor, decision: str, reason: str) -> AccessRequest:
    request.decided_at, request.decided_by = timezone.now(), by.person
    request.decision, request.reason = decision, reason
    request.save(update_fields=["decided_at", "decided_by", "decision", "reason"])
    log(f"access.{decision}", by=by, references=[request.person_id, request.id])
    return request


@contextmanager
def _reaching(person: UUID) -> Iterator[None]:
    """Write this one person's row too, and nobody's for longer than that."""
    now = current_scope()
    with scope(replace(now, reach=now.reach | {person})):
        yield


def _refuse_second_employment(by: Actor, number: str, email: str) -> None:
    here = Employment.objects.filter(organisation_id=by.organisation, ended_at__isnull=True)
    known = find_person_by_number(number) if number else None
    if known and here.filter(person_id=known).exists():
        raise Refused(_("Den som har det personnumret är redan medarbetare här."))
    if email and by.organisation and _has_address(here, by.organisation, email):
        raise Refused(_("Den som har den e-postadressen är redan medarbetare här."))


def _has_address(among: QuerySet[Employment], organisation: UUID, email: str) -> bool:
    return among.filter(email_index__in=work_address_indexes(organisation, email)).exists()


def _keep_an_administrator(employment: Employment) -> None:
    """Two who take each other's role away at once are taken one after the other, so that one is left."""
    organisation = employment.organisation_id
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"administrators {organisation}"])
    others = RoleAssignment.objects.filter(role=ADMINISTRATOR, ended_at__isnull=True)
    here = others.filter(employment__organisation_id=organisation, employment__ended_at__isnull=True)
    if not here.exclude(employment=employment).exists():
        raise Refused(
            _("Det här är den sista administratören. Ge rollen till någon annan först, så att det alltid finns en.")
        )

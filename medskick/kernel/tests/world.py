"""A small world for tests: a region, two municipalities and the known people, made by the kernel's own verbs."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.models import Network, NetworkMember, Organisation, Unit
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import employ, make_known
from medskick.kernel.people.models import Employment, SignIn
from medskick.kernel.people.queries import staff_actor
from medskick.kernel.people.roles import ALL
from medskick.lib.swedish import sort_key


def make_organisation(name: str, *, region: Organisation | None = None, slug: str = "") -> Organisation:
    kind = Organisation.MUNICIPALITY if region else Organisation.REGION
    slug = slug or name.lower().replace("ä", "a").replace("å", "a").replace("ö", "o")
    return Organisation.objects.create(
        kind=kind,
        name=f"{name} kommun" if region else name,
        short_name=name,
        name_key=sort_key(name),
        slug=slug,
        region=region,
        theme=slug if region else "fyrbodal",
        monogram=name[0],
        phone="0000-123 45",
    )


@dataclass
class World:
    """owner and colleague work in Tanum, stranger in Sotenäs, regional in the region; resident lives anywhere."""

    region: Organisation
    tanum: Organisation
    sotenas: Organisation
    unit: Unit
    network: Network
    owner: Actor
    colleague: Actor
    stranger: Actor
    regional: Actor
    resident: Actor

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Actor]:
        """Work in this actor's scope."""
        with scope(actor.scope()):
            yield actor

    def resident_at(self, organisation: Organisation) -> Actor:
        return replace(self.resident, organisation=organisation.id)

    def phone(self, organisation: Organisation, device: UUID | None = None) -> Actor:
        return Actor(kind="device", organisation=organisation.id, device=device, channel="phone")

    def client(self, actor: Actor | None = None) -> Client:
        """A browser, signed in as the actor."""
        return browser_of(actor)


def browser_of(actor: Actor | None) -> Client:
    """A browser, signed in as the actor; nobody's without one."""
    client = Client()
    if actor is not None and actor.person is not None:
        session = SessionStore()
        session["who"] = {
            "person": str(actor.person),
            "employment": str(actor.employment or ""),
            "assurance": "substantial",
            "sign_in": str(sign_in(actor)),
        }
        session.create()
        client.cookies["medskick"] = session.session_key
    return client


def sign_in(actor: Actor, **more: object) -> UUID:
    """A sign-in of the actor's, as a log-in makes it."""
    made = SignIn(
        person_id=actor.person,
        employment_id=actor.employment,
        provider="Test-legitimation",
        assurance="substantial",
        browser="Firefox på Windows",
        **more,
    )
    with scope(Scope(actor.organisation, reach=frozenset({actor.person} - {None}))):
        made.save(force_insert=True)
    return made.id


def make_staff(
    organisation: Organisation,
    name: str,
    *,
    unit: Unit | None = None,
    networks: tuple[Network, ...] = (),
    roles: Iterable[str] = ALL,
) -> Actor:
    """An employee of the organisation who has every role there, or these."""
    by = system(organisation.id)
    with scope(by.scope()):
        person = make_known(name=name)
        employment: Employment = employ(
            by=by, person=person, title="Handläggare", unit=unit, roles=sorted(roles), networks=networks
        )
    with scope(Scope(organisation.id, reach=frozenset({person.id}))):
        actor = staff_actor(person.id, employment.id)
    assert actor is not None
    return actor


def make_world() -> World:
    places.forget()
    region = make_organisation("Fyrbodal")
    tanum, sotenas = make_organisation("Tanum", region=region), make_organisation("Sotenäs", region=region)
    unit = Unit.objects.create(organisation=tanum, name="Samhällsbyggnad")
    other_unit = Unit.objects.create(organisation=sotenas, name="Samhällsbyggnad")
    network = Network.objects.create(holder=region, name="Socialnätverket")
    NetworkMember.objects.create(network=network, organisation=tanum)
    with scope(Scope(tanum.id)):
        resident = make_known(name="Ingrid Invånare")
    return World(
        region=region,
        tanum=tanum,
        sotenas=sotenas,
        unit=unit,
        network=network,
        owner=make_staff(tanum, "Olle Ägare", unit=unit, networks=(network,)),
        colleague=make_staff(tanum, "Karin Kollega", unit=unit),
        stranger=make_staff(sotenas, "Sten Främling", unit=other_unit),
        regional=make_staff(region, "Rut Region", networks=(network,)),
        resident=Actor(
            kind="person", organisation=tanum.id, person=resident.id, name="Ingrid Invånare", assurance="substantial"
        ),
    )


def page_queries(client: Client, address: str) -> list[str]:
    """The queries that a page costs, without what only the test's own outer transaction makes of a scope."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    asked = [one["sql"] for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]
    assert asked[-1].startswith("select set_config('medskick.acting', ''")
    return asked[:-1]


def wait_for_open_transactions() -> None:
    """Wait until what is open on this server is over, such as tests beside this one: it holds up the sealing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        for _ in range(2400):
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return
            time.sleep(0.05)
    raise AssertionError("a transaction has been open for two minutes")

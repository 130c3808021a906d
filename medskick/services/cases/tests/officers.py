"""The people of a case: the officer of its unit, a colleague in another unit, a registrar, a stranger elsewhere."""

from dataclasses import dataclass, fields
from datetime import date

from django.utils import timezone

from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import employ, make_known
from medskick.kernel.people.queries import staff_actor
from medskick.kernel.people.roles import CASE_OFFICER, REGISTRAR
from medskick.kernel.tests.world import World, make_world

ANSWERS = {"slag": "synpunkt", "amne": "gator", "text": "Gungan i parken är trasig."}


@dataclass
class Office(World):
    """The known world, with officers who have the roles that they have in life and no others."""

    streets: Unit
    care: Unit
    elsewhere: Unit
    officer: Actor
    same_unit_no_role: Actor
    other_unit: Actor
    registrar: Actor

    @property
    def today(self) -> date:
        return timezone.localdate()


def make_office() -> Office:
    world = make_world()
    known = {one.name: getattr(world, one.name) for one in fields(World)}
    care = Unit.objects.create(organisation=world.tanum, name="Vård och omsorg", answer_days=20)
    office_of_all = Unit.objects.create(organisation=world.tanum, name="Kommunledning")
    known["stranger"] = hire(world.sotenas, "Sten Främling", Unit.objects.get(organisation=world.sotenas), CASE_OFFICER)
    return Office(
        **known,
        streets=world.unit,
        care=care,
        elsewhere=Unit.objects.get(organisation=world.sotenas),
        officer=hire(world.tanum, "Olle Ägare", world.unit, CASE_OFFICER),
        same_unit_no_role=hire(world.tanum, "Ulla Utan", world.unit),
        other_unit=hire(world.tanum, "Karin Kollega", care, CASE_OFFICER),
        registrar=hire(world.tanum, "Rune Registrator", office_of_all, REGISTRAR),
    )


def hire(organisation: Organisation, name: str, unit: Unit, *roles: str) -> Actor:
    by = system(organisation.id)
    with scope(by.scope()):
        person = make_known(name=name)
        employment = employ(by=by, person=person, title="Handläggare", unit=unit, roles=roles)
    with scope(Scope(organisation.id, reach=frozenset({person.id}))):
        actor = staff_actor(person.id, employment.id)
    assert actor is not None
    return actor

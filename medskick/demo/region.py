"""The example region: a federation with the 14 municipalities of Fyrbodal by their real names and codes.

Population: Statistics Sweden (SCB), 31 December 2024. Everything else (units, networks, telephone numbers, people) is
invented. Municipality codes: SCB.
"""

from dataclasses import dataclass, field
from datetime import date

from medskick.kernel.organisations.actions import found_region, hold_network, join_region, open_unit
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.models import Network, Organisation, Unit
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people import roles
from medskick.kernel.people.actions import employ, make_known, recognise
from medskick.kernel.people.demonstration_eid import ISSUER, InventedPerson, register_invented_people
from medskick.kernel.people.models import Person
from medskick.kernel.people.oidc import Identity
from medskick.kernel.people.queries import staff_actor
from medskick.lib.personal_number import example_number

REGION = ("Fyrbodals kommunalförbund", "Fyrbodal", "fyrbodal", "F")
# name, short name, slug, code, population
MUNICIPALITIES = (
    ("Bengtsfors kommun", "Bengtsfors", "bengtsfors", "1460", 9076),
    ("Dals-Eds kommun", "Dals-Ed", "dals-ed", "1438", 4606),
    ("Färgelanda kommun", "Färgelanda", "fargelanda", "1439", 6376),
    ("Lysekils kommun", "Lysekil", "lysekil", "1484", 13907),
    ("Melleruds kommun", "Mellerud", "mellerud", "1461", 9052),
    ("Munkedals kommun", "Munkedal", "munkedal", "1430", 10354),
    ("Orusts kommun", "Orust", "orust", "1421", 15352),
    ("Sotenäs kommun", "Sotenäs", "sotenas", "1427", 9104),
    ("Strömstads kommun", "Strömstad", "stromstad", "1486", 13482),
    ("Tanums kommun", "Tanum", "tanum", "1435", 12773),
    ("Trollhättans stad", "Trollhättan", "trollhattan", "1488", 59003),
    ("Uddevalla kommun", "Uddevalla", "uddevalla", "1485", 57010),
    ("Vänersborgs kommun", "Vänersborg", "vanersborg", "1487", 40041),
    ("Åmåls kommun", "Åmål", "amal", "1492", 11906),
)
MONOGRAMS = {"stromstad": "SD", "sotenas": "SO", "munkedal": "MU", "mellerud": "ME", "tanum": "TA", "trollhattan": "TR"}
UNITS = (
    ("Samhällsbyggnad", 30),
    ("Barn och utbildning", 30),
    ("Vård och omsorg", 20),
    ("Kultur och fritid", 30),
    ("Kommunledning", 30),
)
NETWORKS = (
    ("Socialnätverket", "vård och omsorg", ("Socialchefsnätverket",)),
    ("Utbildningsnätverket", "skola", ()),
    ("Näringslivsnätverket", "näringsliv", ()),
    ("Stadsbyggnadsnätverket", "samhällsbyggnad", ("Infrastrukturnätverket",)),
    ("E-nätverket", "digitalisering", ()),
    ("Kulturnätverket", "kultur och fritid", ()),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented person of the example. Birth number 238 or 980 is a woman's, 239 or 981 a man's, all for tests only."""

    key: str
    name: str
    born: date
    birth_number: int
    described: str
    place: str = ""
    title: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return example_number(self.born, self.birth_number).number12

    @property
    def staff(self) -> bool:
        return bool(self.title)


PEOPLE = (
    Invented("ingrid", "Ingrid Hallberg", date(1943, 5, 14), 238, "invånare i Lysekil, 83 år"),
    Invented("amir", "Amir Rahimi", date(1991, 2, 3), 239, "invånare i Sotenäs, småbarnsförälder"),
    Invented(
        "maria",
        "Maria Lund",
        date(1978, 9, 21),
        238,
        "processledare i Fyrbodal",
        "fyrbodal",
        "Processledare",
        "Kommunledning",
        (roles.PROCESS_LEADER, roles.FACILITATOR),
        tuple(name for name, *_ in NETWORKS),
    ),
    Invented(
        "lena",
        "Lena Sjöberg",
        date(1969, 11, 8),
        980,
        "hjälpare på biblioteket i Tanum",
        "tanum",
        "Bibliotekarie",
        "Kultur och fritid",
        (roles.HELPER,),
    ),
    Invented(
        "tove",
        "Tove Brink",
        date(1984, 4, 17),
        238,
        "processledare i Tanum",
        "tanum",
        "Utvecklingsledare",
        "Kommunledning",
        (roles.PROCESS_LEADER, roles.FACILITATOR),
        ("E-nätverket",),
    ),
    Invented(
        "johan",
        "Johan Ek",
        date(1982, 1, 30),
        981,
        "handläggare i Sotenäs",
        "sotenas",
        "Handläggare",
        "Samhällsbyggnad",
        (roles.CASE_OFFICER,),
    ),
    Invented(
        "perolof",
        "Per-Olof Strand",
        date(1957, 6, 2),
        239,
        "förtroendevald i Lysekil, ledamot i e-rådet",
        "lysekil",
        "Ledamot i kommunstyrelsen",
        "Kommunledning",
        (roles.POLITICIAN,),
    ),
    Invented(
        "sara",
        "Sara Nyström",
        date(1988, 12, 5),
        980,
        "analytiker i Fyrbodal",
        "fyrbodal",
        "Analytiker",
        "Kommunledning",
        (roles.ANALYST,),
    ),
    Invented(
        "eva",
        "Eva Holm",
        date(1973, 3, 19),
        238,
        "registrator i Sotenäs",
        "sotenas",
        "Registrator",
        "Kommunledning",
        (roles.REGISTRAR,),
    ),
    Invented(
        "anders",
        "Anders Berg",
        date(1965, 8, 27),
        239,
        "administratör i Fyrbodal",
        "fyrbodal",
        "Systemförvaltare",
        "Kommunledning",
        (roles.ADMINISTRATOR,),
    ),
    Invented(
        "birgit",
        "Birgit Olsson",
        date(1971, 7, 6),
        238,
        "administratör och granskare i Tanum",
        "tanum",
        "Kanslichef",
        "Kommunledning",
        (roles.ADMINISTRATOR, roles.AUDITOR),
    ),
    Invented(
        "kerstin",
        "Kerstin Wik",
        date(1980, 10, 12),
        980,
        "registrator i Tanum",
        "tanum",
        "Registrator",
        "Kommunledning",
        (roles.REGISTRAR,),
    ),
)

# Those who handle cases in the units; nobody logs in as them.
OFFICERS = (
    "Åsa Wall",
    "Nils Fors",
    "Birgitta Ask",
    "Hamid Karimi",
    "Elin Sandberg",
    "Oskar Dahl",
    "Mona Ryd",
    "Jonas Vik",
)


@dataclass(slots=True)
class Region:
    """What the later parts of the example need: organisations by slug, units by (slug, name), people as actors."""

    region: Organisation
    municipalities: dict[str, Organisation] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    networks: dict[str, Network] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)

    def organisation(self, slug: str) -> Organisation:
        return self.region if slug == self.region.slug else self.municipalities[slug]

    def system(self, slug: str) -> Actor:
        """The system acting in the organisation, through the demonstration channel: what it makes is marked as invented."""
        return system(self.organisation(slug).id, channel="demo")

    def officer(self, slug: str, unit: Unit) -> Actor:
        """Somebody who handles the unit's cases, employed the first time that one is asked for."""
        key = f"{slug} {unit.name}"
        if key not in self.actors:
            name = OFFICERS[len(self.actors) % len(OFFICERS)]
            self.actors[key] = _employ(self.system(slug), name, unit)
        return self.actor(key)

    def actor(self, key: str) -> Actor:
        return self.actors[key].through("demo")


def register_people() -> None:
    """Make the invented people known to the test eID."""
    register_invented_people(
        *(InventedPerson(one.number, one.name, one.described, one.place, one.staff) for one in PEOPLE)
    )


def build_region() -> Region:
    """Found the region, let the municipalities in, open their units and networks, employ the people."""
    name, short_name, slug, monogram = REGION
    region = Region(
        found_region(name=name, short_name=short_name, slug=slug, theme=slug, monogram=monogram, phone="0000-100 00")
    )
    by = region.system(slug)
    with scope(by.scope()):
        for name, short_name, slug, code, population in MUNICIPALITIES:
            region.municipalities[slug] = join_region(
                by=by,
                region=region.region,
                name=name,
                short_name=short_name,
                slug=slug,
                code=code,
                theme=slug,
                monogram=MONOGRAMS.get(slug, short_name[0]),
                phone=f"0000-{code[1:]} 00",
                population=population,
            )
        members = list(region.municipalities.values())
        for name, sector, aliases in NETWORKS:
            region.networks[name] = hold_network(by=by, name=name, sector=sector, aliases=aliases, members=members)
    for slug in (REGION[2], *region.municipalities):
        by = region.system(slug)
        with scope(by.scope()):
            for unit, days in UNITS:
                region.units[slug, unit] = open_unit(by=by, name=unit, answer_days=days)
    for person in PEOPLE:
        _welcome(region, person)
    return region


def _welcome(region: Region, invented: Invented) -> None:
    slug = invented.place or "lysekil"
    by = region.system(slug)
    with scope(by.scope()):
        person = recognise(Identity(ISSUER, invented.number, invented.name, invented.number, "substantial"))
        region.persons[invented.key] = person
        if not invented.staff:
            region.actors[invented.key] = Actor(
                kind="person", organisation=by.organisation, person=person.id, name=person.name
            )
            return
        employment = employ(
            by=by,
            person=person,
            title=invented.title,
            unit=region.units[slug, invented.unit],
            roles=invented.roles,
            networks=[region.networks[name] for name in invented.networks],
        )
        acting = staff_actor(person.id, employment.id)
        if acting is not None:
            region.actors[invented.key] = acting


def _employ(by: Actor, name: str, unit: Unit) -> Actor:
    with scope(by.scope()):
        employment = employ(
            by=by, person=make_known(name=name), title="Handläggare", unit=unit, roles=[roles.CASE_OFFICER]
        )
        acting = staff_actor(employment.person_id, employment.id)
    if acting is None:
        raise LookupError(f"{name} could not be employed")
    return acting

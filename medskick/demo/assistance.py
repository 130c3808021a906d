"""Help in the example region: places, a proxy, papers, a helper at the library, and what a resident objected to."""

from dataclasses import replace
from datetime import time, timedelta

from django.utils import timezone

from medskick.demo.region import PEOPLE, Region
from medskick.kernel.assistance.actions.handover import leave_note
from medskick.kernel.assistance.actions.helping import begin_help, end_help
from medskick.kernel.assistance.actions.mandates import Firm, Named, Terms, give_proxy, register_mandate
from medskick.kernel.assistance.actions.objecting import decide_objection, object_to_help
from medskick.kernel.assistance.actions.places import Schedule, open_help_place
from medskick.kernel.assistance.models import Assistance, Ground, HelpPlace, MandateKind
from medskick.kernel.assistance.presenting import about_help
from medskick.kernel.assistance.queries import acts_for
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.queries import acting_person
from medskick.services import api as services

PLACES = (
    ("tanum", "Biblioteket i Tanumshede", "Påhittade vägen 1, Tanumshede", (0, 1, 3), time(10), time(13), ""),
    ("tanum", "Servicebutiken i Grebbestad", "Påhittade kajen 4, Grebbestad", (2,), time(14), time(16), ""),
    ("sotenas", "Biblioteket i Kungshamn", "Påhittade torget 2, Kungshamn", (1, 4), time(10), time(12), ""),
    ("lysekil", "Medborgarkontoret", "Påhittade gatan 7, Lysekil", (0, 1, 2, 3, 4), time(9), time(15), "Lunch 12–13"),
    ("uddevalla", "Äldreboendet Ekgården", "Påhittade backen 3, Uddevalla", (3,), time(13), time(15), ""),
)
OPINIONS = (
    ("stated", "Det är mörkt vid busshållplatsen utanför vårdcentralen. Sätt upp en lampa."),
    ("stated", "Bänken vid hamnen är borta. Jag behöver vila på vägen hem."),
    ("paper", "Bussen hem går för tidigt på söndagar."),
)
# What Ingrid says of the last two times; Kerstin has answered the first of them.
OBJECTIONS = (
    "Jag ville skriva om bänken vid kyrkan, inte den vid hamnen.",
    "Det står söndagar, men jag sa lördagar.",
)
# No form of legal person has numbers that begin with 4.
FIRM = Firm("4444444444", "Påhittade Bryggan AB")


def build_assistance(region: Region) -> dict[str, int]:
    """Places, mandates, help given, and an objection that is answered. Returns counts, by what they count."""
    places = [_place(region, *told) for told in PLACES]
    mandates = _mandates(region)
    library = next(place for place in places if place.name.startswith("Biblioteket i Tanum"))
    given = [_help(region, library, ground, text) for ground, text in OPINIONS]
    _help_somebody_unnamed(region, library)
    _object(region, given)
    lena = region.actor("lena")
    with scope(lena.scope()):
        leave_note(
            library, by=lena, text="Skrivaren vid disken behöver nytt papper. Torsdagar är det flest som kommer."
        )
    return {"hjälpplatser": len(places), "uppdrag": mandates, "gånger någon fick hjälp": len(given) + 1}


def _named(key: str) -> Named:
    one = next(person for person in PEOPLE if person.key == key)
    return Named(one.number, one.name)


def _resident(region: Region, key: str, slug: str) -> Actor:
    person = region.persons[key]
    organisation = region.organisation(slug).id
    return Actor(kind="person", organisation=organisation, person=person.id, name=person.name, channel="demo")


def _place(
    region: Region, slug: str, name: str, address: str, days: tuple[int, ...], opens: time, closes: time, hours: str
) -> HelpPlace:
    by = region.system(slug)
    with scope(by.scope()):
        return open_help_place(by=by, name=name, address=address, schedule=Schedule(days, opens, closes, hours))


def _mandates(region: Region) -> int:
    today = timezone.localdate()
    ingrid, kerstin = _resident(region, "ingrid", "lysekil"), region.actor("kerstin")
    with scope(ingrid.scope()):
        give_proxy(by=ingrid, to=_named("amir"), terms=Terms(today, today + timedelta(days=365)))
    with scope(kerstin.scope()):
        for kind, principal, agent, ground, reference, reason in (
            (MandateKind.PROXY, _named("ingrid"), None, Ground.PAPER, "Pärm 2, flik 14", "Såg fullmakten i original."),
            (MandateKind.COMPANY, FIRM, _named("amir"), Ground.REGISTER, "", "Registreringsbevis från förra månaden."),
        ):
            register_mandate(
                by=kerstin,
                kind=kind,
                ground=ground,
                principal=principal,
                agent=agent,
                terms=Terms(today - timedelta(days=20), today + timedelta(days=345)),
                reason=reason,
                paper_reference=reference,
            )
    return 3


def _assisting(begun: Assistance) -> Actor:
    """Who acts while the help lasts, as a request finds it out."""
    acting = acting_person(begun.helper, begun.employment, place=None, assurance="high", assistance=begun.id)
    if acting is None or acting.over:
        raise LookupError("The help did not begin")
    return replace(acting.actor, organisation=begun.owner_id, channel="demo")


def _help(region: Region, place: HelpPlace, ground: str, text: str) -> Assistance:
    """Ingrid has no e-legitimation with her; Lena helps her to say something."""
    lena = region.actor("lena")
    with scope(lena.scope()):
        reason = "Hon har inte med sig någon e-legitimation, och visade legitimation."
        begun = begin_help(by=lena, ground=ground, named=_named("ingrid"), reason=reason, place=place)
    _say_and_end(begun, text)
    return begun


def _help_somebody_unnamed(region: Region, place: HelpPlace) -> None:
    lena = region.actor("lena")
    with scope(lena.scope()):
        begun = begin_help(by=lena, ground="unnamed", place=place)
    _say_and_end(begun, "Kan vi få en soptunna vid badplatsen?")


def _say_and_end(begun: Assistance, text: str) -> None:
    by = _assisting(begun)
    with scope(by.scope()):
        answers = {"slag": "synpunkt", "amne": "gator", "plats": "", "text": text}
        services.submit_case(by=by, service="synpunkt", answers=answers)
    with scope(by.scope()):
        end_help(begun.id, by=by)


def _object(region: Region, given: list[Assistance]) -> None:
    """Twice it became wrong: Ingrid objects, and Kerstin answers the first; the other waits for her."""
    ingrid, kerstin = _resident(region, "ingrid", "lysekil"), region.actor("kerstin")
    objections = []
    with scope(ingrid.scope()):
        for one, text in zip(given[1:], OBJECTIONS, strict=True):
            wrong = Assistance.objects.select_related("owner", "place").get(id=one.id)
            about = about_help(wrong, acts_for(region.persons["ingrid"].id))
            objections.append(object_to_help(wrong, by=ingrid, about=about, text=text))
    with scope(kerstin.scope()):
        reason = "Vi har talat med hjälparen och skrivit till enheten att det gäller bänken vid kyrkan."
        decide_objection(objections[0], by=kerstin, outcome="upheld", reason=reason)

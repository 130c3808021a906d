"""People's own data in the example region: a register begun, a consent, a dispute answered and one that waits, and a
person with protected identity."""

from typing import Any

from medskick.demo.region import Region
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.models import Employment, ProtectionMark
from medskick.kernel.privacy.access import herself
from medskick.kernel.privacy.actions.consents import give_consent
from medskick.kernel.privacy.actions.disputes import accept_dispute, dispute
from medskick.kernel.privacy.actions.protection import choose_handler, protect_by_number
from medskick.kernel.privacy.actions.register import name_contact, note_processing
from medskick.kernel.privacy.models import Dispute
from medskick.kernel.privacy.purposes import CONTACT_AGAIN
from medskick.kernel.privacy.queries import my_things
from medskick.kernel.records.models import Item
from medskick.lib.dates import today_here
from medskick.lib.personal_number import example_number
from medskick.services import api as services

NOTES: dict[str, dict[str, Any]] = {
    "services.case": {
        "subjects": "De som skickar in en e-tjänst, och de som de skriver om.",
        "recipients": "Den enhet som handlägger. Lämnas ut om någon begär det och inget hindrar.",
        "retention": "Efter kommunens dokumenthanteringsplan, som i exemplet säger fem år.",
        "security": "Kryptering, behörighet per enhet, logg över varje läsning.",
        "impact_needed": False,
        "impact_decision": "Få uppgifter, inga känsliga frågor ställs, och läsningen är begränsad till enheten.",
    },
    "people": {
        "subjects": "Alla som loggar in.",
        "recipients": "Lämnas inte vidare.",
        "retention": "Så länge kontot används.",
        "impact_needed": True,
        "impact_decision": "Personnummer behandlas. Bedömningen är gjord i exemplet och risken bedöms som låg.",
    },
}


def build_privacy(region: Region) -> dict[str, int]:
    """Tanum's and the region's registers, what Amir did with his own data, and one person who is protected in Sotenäs."""
    for slug, key in (("tanum", "birgit"), ("fyrbodal", "anders")):
        _register(region, slug, region.actor(key))
    amir = _resident(region, "amir", "sotenas")
    with herself(amir) as person:
        give_consent(CONTACT_AGAIN, by=amir)
        mine = [
            one for one in my_things(person) if one.processing == "services.case" and one.owner == amir.organisation
        ]
    for thing, wrong, right in zip(
        mine,
        ("Jag skrev fel dag. Det var på tisdagen.", "Det står att jag bor i Hunnebostrand."),
        ("Tisdag, inte onsdag.", "Jag bor i Kungshamn sedan i våras."),
        strict=False,
    ):
        with herself(amir):
            dispute(thing, by=amir, wrong=wrong, right=right)
    disputes = _answer_the_first(region)
    return {"begäran om rättelse": disputes, "skyddad person": _protect(region)}


def _register(region: Region, slug: str, by: Actor) -> None:
    with scope(by.scope()):
        name_contact(
            by=by,
            responsible="Kommunstyrelsen" if slug != "fyrbodal" else "Direktionen",
            officer="Dataskyddsombudet",
            email=f"dataskydd@{slug}.example",
            phone="0000-100 10",
        )
        for key, said in NOTES.items():
            note_processing(key, by=by, impact_on=today_here(), **said)


def _resident(region: Region, key: str, slug: str) -> Actor:
    person = region.persons[key]
    return Actor(kind="person", organisation=region.organisation(slug).id, person=person.id, channel="demo")


def _answer_the_first(region: Region) -> int:
    eva = region.actor("eva")
    with scope(eva.scope()):
        for case in Item.objects.of_kind(services.KIND).at(eva.organisation).newest_first()[:3]:
            services.answers_of_case(by=eva, item=case)
        waiting = list(Dispute.objects.filter(owner_id=eva.organisation).select_related("item").order_by("at"))
        if waiting:
            accept_dispute(waiting[0], by=eva, note="Avsändaren har uppgett att det var på tisdagen.")
    return len(waiting)


def _protect(region: Region) -> int:
    eva = region.actor("eva")
    number = example_number(today_here().replace(year=1979, month=4, day=2), 980).number12
    with scope(region.system("sotenas").scope()):
        make_known(name="Påhittad Skyddad", number=number)
    with scope(eva.scope()):
        mark = protect_by_number(by=eva, number=number, kind=ProtectionMark.CONFIDENTIALITY)
        johan = Employment.objects.get(id=region.actor("johan").employment)
        choose_handler(mark, by=eva, handler=johan)
    return 1

"""The documents of the example: drafts, fixed versions, one that may not be opened, and remisser on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from medskick.demo.region import Region
from medskick.kernel.documents import actions
from medskick.kernel.documents.models import DocumentVersion, IncomingReferral, Referral
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope
from medskick.kernel.records.classes import Classes
from medskick.lib.dates import today_here

REVIEW_IN_DAYS = 300
ANSWER_IN_DAYS = 21


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it was first written: where from, by whom, and what it says."""

    template: str
    title: str
    values: Mapping[str, str]


OPEN_HOURS = Written(
    "guideline",
    "Riktlinje för meröppet bibliotek",
    {
        "purpose": "Fler ska kunna använda biblioteket också när ingen personal är där.",
        "covers": "Alla bibliotek i kommunen. Den gäller för den som har lånekort och är över 16 år.",
        "rules": "Biblioteket är öppet utan personal klockan 7 till 21.\nDen som går in visar sitt lånekort vid dörren.\n"
        "Varje kväll går en medarbetare eller väktare en runda.",
        "responsible": "Bibliotekschefen.",
        "follow_up": "Vi räknar besök och händelser varje månad, och frågar besökarna en gång om året.",
        "local": "Biblioteket i Tanumshede stänger klockan 20 på söndagar.",
    },
)
PHONE = Written(
    "routine",
    "Rutin när telefonen inte fungerar",
    {
        "when": "När växeln har varit borta i mer än tio minuter.",
        "steps": "Ring it-jouren från en mobiltelefon.\nSätt upp skylten vid entrén.\nSkriv på webbplatsen att växeln är borta.",
        "who": "Den som har vakten i servicecenter gör stegen i ordning.",
        "exceptions": "Om också webbplatsen är borta, be närradion att säga det.",
    },
)
ALARM = Written(
    "plan_document",
    "Plan för lås och larm i kommunens hus",
    {
        "now": "Elva hus har olika lås. I fyra av dem går nycklar att kopiera.",
        "goal": "Alla hus har lås som går att spärra på en timme.",
        "actions": "Byt lås i de fyra husen före sommaren.\nGå igenom vem som har nyckel varje kvartal.",
        "money": "Ryms i ramen för underhåll.",
    },
)
SHARED = Written(
    "agreement",
    "Samverkansavtal om digitala medborgarmöten",
    {
        "parties": "Kommunalförbundet och de kommuner som skriver under.",
        "about": "Vi håller möten med invånare på samma sätt, och visar vad som kom ut av dem.",
        "shares": "Förbundet håller plattformen. Varje kommun utser en mötesledare.",
        "costs": "Förbundet betalar driften. Varje kommun betalar för sin egen tid.",
        "term": "Ett år i taget. Den som vill sluta säger till tre månader i förväg.",
    },
)


def build_documents(region: Region) -> dict[str, int]:
    """Write, fix and send, each as the person who would do it. Returns how many of each there are."""
    today = today_here()
    _guideline(region, today)
    _alarm(region)
    tove = region.actor("tove")
    with scope(tove.scope()):
        draft = _begin(tove, PHONE)
        actions.share_working_paper(
            draft,
            by=tove,
            with_organisations=[region.organisation("sotenas").id],
            reason="De har samma växel och kan säga om stegen stämmer.",
        )
    _referrals(region, today)
    return {"dokument": 4, "remisser": 2}


def _begin(by: Actor, written: Written, **more: object) -> DocumentVersion:
    given = {"template": document_templates()[written.template], "title": written.title, "values": written.values}
    return actions.draft_document(by=by, **given, **more)  # type: ignore[arg-type]


def _guideline(region: Region, today: date) -> None:
    """Drafted, read through, fixed twice, and written on in a draft that only the own people read."""
    tove, kerstin = region.actor("tove"), region.actor("kerstin")
    with scope(tove.scope()):
        draft = _begin(tove, OPEN_HOURS, review_by=today + timedelta(days=REVIEW_IN_DAYS))
    with scope(kerstin.scope()):
        actions.note_review(draft, by=kerstin, note="Läst utan anmärkning")
    with scope(tove.scope()):
        first = actions.fix_version(draft, by=tove, reason="Beslut i kultur- och fritidsnämnden § 14")
        rules = OPEN_HOURS.values["rules"].replace("7 till 21", "6 till 22").replace("väktare", "vaktmästare")
        changed = actions.change_draft(
            first, by=tove, title=OPEN_HOURS.title, values={"rules": rules}, reason="Längre öppet efter medborgarmötet"
        )
    with scope(kerstin.scope()):
        actions.note_review(changed, by=kerstin, note="Tiderna stämmer med nämndens beslut")
    with scope(tove.scope()):
        second = actions.fix_version(changed, by=tove, reason="Beslut i kultur- och fritidsnämnden § 31")
        actions.change_draft(
            second,
            by=tove,
            title=OPEN_HOURS.title,
            values={"follow_up": "Vi räknar besök varje vecka."},
            reason="Prövar tätare uppföljning",
        )


def _alarm(region: Region) -> None:
    """Fixed, but its class keeps it from being opened: the registrar gets a task."""
    birgit = region.actor("birgit")
    with scope(birgit.scope()):
        draft = _begin(birgit, ALARM)
        actions.classify(
            draft.document.item,
            by=birgit,
            classes=Classes(3, 2, 2, "OSL 18 kap. 8 §"),
            reason="Säger hur lås och larm är byggda",
        )
        fixed = actions.fix_version(draft, by=birgit, reason="Beslut i kommunstyrelsen § 8")
        if fixed.item is not None:
            actions.classify(
                fixed.item, by=birgit, classes=Classes(1, 2, 2), reason="Husen och låsen är borttagna ur texten"
            )


def _referrals(region: Region, today: date) -> None:
    """The region asks everybody; some have answered, one wants more time, one declines, and Sotenäs asks Tanum."""
    maria, answer_by = region.actor("maria"), today + timedelta(days=ANSWER_IN_DAYS)
    slugs = ("tanum", "sotenas", "lysekil", "munkedal")
    with scope(maria.scope()):
        draft = _begin(maria, SHARED)
        referral = actions.circulate(
            draft,
            by=maria,
            receivers=[region.organisation(slug).id for slug in slugs],
            answer_by=answer_by,
            message="Läs avtalet och säg om ni kan vara med.",
            questions=["Kan ni vara med från årsskiftet?", "Vem blir mötesledare hos er?"],
        )
    eva, kerstin = region.actor("eva"), region.actor("kerstin")
    with scope(eva.scope()):
        actions.answer_referral(
            _came(referral, eva),
            by=eva,
            stance="supports_with",
            text="Vi vill vara med. Skriv gärna tydligare vad som händer med svaren när någon slutar.",
            answers=["Ja.", "En handläggare på samhällsbyggnad."],
        )
    lysekil = region.system("lysekil")
    with scope(lysekil.scope()):
        actions.decline_referral(
            _came(referral, lysekil), by=lysekil, reason="Vi har ett eget avtal till och med nästa år."
        )
    with scope(kerstin.scope()):
        actions.ask_more_time(
            _came(referral, kerstin),
            by=kerstin,
            day=answer_by + timedelta(days=14),
            reason="Nämnden träffas först veckan efter svarsdagen.",
        )
    with scope(maria.scope()):
        munkedal = IncomingReferral.objects.get(referral=referral, owner=region.organisation("munkedal"))
        actions.remind(munkedal, by=maria)
    tove = region.actor("tove")
    with scope(tove.scope()):
        fixed = DocumentVersion.objects.fixed().filter(title=OPEN_HOURS.title).latest_first()[0]
        actions.circulate(
            fixed,
            by=tove,
            receivers=[region.organisation("sotenas").id],
            answer_by=answer_by,
            message="Vi undrar om ni vill göra på samma sätt.",
        )


def _came(referral: Referral, by: Actor) -> IncomingReferral:
    return IncomingReferral.objects.select_related("referral__item", "item").get(
        referral=referral, owner_id=by.organisation
    )

"""What is common in the example: guidelines shared in the region, followed here and declined there, and the networks."""

from datetime import datetime, time, timedelta

from medskick.demo.region import Region
from medskick.kernel.documents.actions import Openness, change_draft, draft_document, fix_version
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people import roles
from medskick.kernel.people.actions import employ, make_known
from medskick.kernel.people.queries import staff_actor
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing.actions.adopting import adopt, consider, decline
from medskick.kernel.sharing.actions.following import decline_new_version, override
from medskick.kernel.sharing.actions.sharing import comment, describe_in_catalogue, share_document
from medskick.kernel.sharing.models import Adoption
from medskick.kernel.sharing.queries import newer_version
from medskick.kernel.spaces.actions import accept_answer, answer_question, ask_question, follow_space
from medskick.lib.dates import STOCKHOLM, today_here

LIBRARIES = {
    "purpose": "Biblioteken ska gå att använda också när personalen har gått hem, och vara trygga då.",
    "covers": "Alla folkbibliotek med meröppet.",
    "rules": "Den som är över 15 år får nyckel.\nNyckeln är personlig.\nBiblioteket stänger senast klockan 22.",
    "responsible": "Bibliotekschefen.",
    "follow_up": "Varje höst, tillsammans med biblioteken.",
    "local": "",
}
LIBRARIES_NEXT = {
    "rules": "Den som är över 15 år får nyckel efter en visning.\nNyckeln är personlig.\nBiblioteket stänger senast klockan 21.",
    "covers": "Alla folkbibliotek med meröppet, och läsesalar i kommunens hus.",
}
ANSWERS = {
    "purpose": "Den som hör av sig ska veta när svaret kommer, och få det då.",
    "covers": "Alla förvaltningar och kommunens bolag.",
    "rules": "Svara samma dag att frågan har kommit fram.\nSäg när hela svaret kommer.\nHåll det.",
    "responsible": "Varje förvaltningschef.",
    "follow_up": "Svarstiden mäts varje månad.",
    "local": "",
}
CHECKLIST = {
    "purpose": "Ingen ska behöva en app för att få det hon har rätt till.",
    "covers": "Alla e-tjänster som är till för invånare.",
    "rules": "Det finns alltid en väg utan app.\nDen vägen står lika tydligt som e-tjänsten.",
    "responsible": "Den som äger e-tjänsten.",
    "follow_up": "En gång om året.",
    "local": "",
}
LEADERS = {"lysekil": "Karin Dahlgren", "stromstad": "Bo Lindahl", "uddevalla": "Ylva Sand"}


def build_sharing(region: Region) -> dict[str, int]:
    """Share three guidelines, let municipalities follow, change and decline them, and let a network talk."""
    libraries, answers = _of_the_region(region), _of_tanum(region)
    _followed(region, libraries, answers)
    _next_libraries(region, libraries)
    _stay(region, libraries)
    questions = _network(region)
    return {"delade handlingar": 3, "ställningstaganden": 7, "frågor i nätverk": questions}


def _fixed(
    by: Actor, title: str, values: dict[str, str], *, openly: bool, network: Network | None = None
) -> DocumentVersion:
    template = document_templates()["guideline"]
    review = today_here() + timedelta(days=40) if network else None
    draft = draft_document(by=by, template=template, title=title, values=values, network=network, review_by=review)
    if openly:
        return fix_version(draft, by=by, reason="Beslutad")
    why = "Den prövas tillsammans med de andra kommunerna först."
    return fix_version(draft, by=by, reason="Beslutad", openness=Openness.READERS, why_not=why)


def _item(version: DocumentVersion) -> Item:
    return Item.objects.get(id=version.document_id)


def _of_the_region(region: Region) -> DocumentVersion:
    by = region.actor("maria")
    with scope(by.scope()):
        libraries = _fixed(by, "Riktlinje för meröppna bibliotek", LIBRARIES, openly=True)
        share_document(_item(libraries), by=by, with_token=by.circle, may=Share.ADOPT)
        describe_in_catalogue(
            _item(libraries),
            by=by,
            suits="Kommuner som har meröppet, eller tänker ha det.",
            cost="Ingenting. Räkna med en dag för att gå igenom den.",
            contact="Kulturnätverket i Fyrbodal",
        )
        checklist = _fixed(by, "En väg utan app", CHECKLIST, openly=False, network=region.networks["E-nätverket"])
        share_document(_item(checklist), by=by, with_token=region.networks["E-nätverket"].id, may=Share.ADOPT)
    return libraries


def _of_tanum(region: Region) -> DocumentVersion:
    by = region.actor("tove")
    with scope(by.scope()):
        answers = _fixed(by, "Riktlinje för svar till den som hör av sig", ANSWERS, openly=False)
        share_document(_item(answers), by=by, with_token=by.circle, may=Share.ADOPT)
        last_day = datetime.combine(today_here() + timedelta(days=90), time(), STOCKHOLM)
        share_document(
            _item(answers), by=by, with_token=region.networks["E-nätverket"].id, may=Share.COMMENT, until=last_day
        )
    return answers


def _followed(region: Region, libraries: DocumentVersion, answers: DocumentVersion) -> None:
    tove, eva, maria = (region.actor(key) for key in ("tove", "eva", "maria"))
    with scope(tove.scope()):
        adoption = adopt(_item(libraries), by=tove, reason="Vi har två bibliotek med meröppet.", openly=True)
        reason = "Skolbiblioteket i Hamburgsund är öppet för alla på kvällen."
        wording = "Alla folkbibliotek med meröppet, och skolbiblioteket i Hamburgsund."
        override(adoption, by=tove, field="covers", value=wording, reason=reason)
        override(adoption, by=tove, field="local", value="Nyckeln hämtas i receptionen i Tanumshede.", reason="")
    with scope(eva.scope()):
        adopt(_item(libraries), by=eva, reason="Biblioteket i Kungshamn ska få meröppet i vår.", openly=True)
        reason = "Vi har redan en egen, som är strängare. Vi svarar inom en dag."
        decline(_item(answers), by=eva, reason=reason)
        comment(_item(answers), by=eva, text="Bra att det står när hela svaret kommer. Det tar vi in i vår egen.")
    with scope(maria.scope()):
        consider(_item(answers), by=maria, reason="Vi tar upp den på nästa ledningsmöte.")
    for slug in ("lysekil", "stromstad", "uddevalla"):
        by = _leader(region, slug)
        with scope(by.scope()):
            adopted = adopt(_item(libraries if slug != "uddevalla" else answers), by=by, reason="Den passar oss.")
            if slug == "lysekil":
                override(
                    adopted, by=by, field="responsible", value="Kulturchefen.", reason="Vi har ingen bibliotekschef."
                )


def _leader(region: Region, slug: str) -> Actor:
    """Somebody who decides in a municipality, employed the first time that one is asked for; nobody logs in as her."""
    key = f"{slug} kansli"
    if key not in region.actors:
        by = region.system(slug)
        with scope(by.scope()):
            employment = employ(
                by=by,
                person=make_known(name=LEADERS[slug]),
                title="Kanslichef",
                unit=region.units[slug, "Kommunledning"],
                roles=[roles.REGISTRAR],
            )
            acting = staff_actor(employment.person_id, employment.id)
        if acting is None:
            raise LookupError(f"nobody could be employed in {slug}")
        region.actors[key] = acting
    return region.actor(key)


def _next_libraries(region: Region, libraries: DocumentVersion) -> None:
    by = region.actor("maria")
    with scope(by.scope()):
        draft = change_draft(
            libraries, by=by, title=libraries.title, values=LIBRARIES_NEXT, reason="Kvällarna blev för sena"
        )
        fix_version(draft, by=by, reason="Ny stängningstid efter ett års prov")


def _stay(region: Region, libraries: DocumentVersion) -> None:
    by = _leader(region, "stromstad")
    with scope(by.scope()):
        adoption = Adoption.objects.select_related("item").get(
            owner_id=by.organisation, source_id=libraries.document_id
        )
        newest = newer_version(adoption)
        if newest is not None:
            reason = "Vi har många sommargäster och vill ha öppet till klockan 22."
            decline_new_version(adoption, by=by, version=newest, reason=reason)


def _network(region: Region) -> int:
    network = region.networks["E-nätverket"]
    maria, tove = region.actor("maria"), region.actor("tove")
    with scope(maria.scope()):
        follow_space(network, by=maria)
    with scope(tove.scope()):
        asked = ask_question(
            network,
            by=tove,
            title="Hur gör ni med den som saknar e-legitimation?",
            text="Vi får allt fler som vill skicka in blanketter utan e-legitimation. Vad har ni för rutin?",
            tags=["e-legitimation", "servicekontor"],
        )
        ask_question(network, by=tove, title="Vem har upphandlat en ny växel?", tags=["upphandling"])
    with scope(maria.scope()):
        answer = answer_question(
            asked,
            by=maria,
            text="I Lysekil tar servicekontoret emot på papper och skriver in det medan personen är med. Det tar tio minuter.",
        )
    with scope(tove.scope()):
        accept_answer(answer, by=tove)
    return 2

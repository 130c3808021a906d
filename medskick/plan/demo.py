"""Plan's part of the example year: needs from six networks, sorted and decided on, and how far the activities are.

Everything is invented. Made by the verbs that people use, after the plan of the year is decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network
from medskick.plan.action_plans.actions import report_progress, revise_plan
from medskick.plan.action_plans.models import ActionPlan, Activity, Progress
from medskick.plan.action_plans.queries import working_version
from medskick.plan.initiatives.actions import choose_horizon, propose_initiative
from medskick.plan.moments import moment_of
from medskick.plan.needs.actions import accept_need, choose_goal_area, merge_need, open_need, record_need, reject_need
from medskick.plan.needs.models import Need


@dataclass(frozen=True, slots=True)
class _Said:
    """A need of the example. `area` "" waits to be sorted; `no` is the reason of a rejection."""

    text: str
    heading: str = ""
    area: str = ""
    joint: bool = False
    no: str = ""


# network -> (days from today, what was said)
NEEDS: Mapping[str, tuple[int, Sequence[_Said]]] = {
    "Socialnätverket": (
        -310,
        (
            _Said("Den som får hemtjänst behöver se i förväg vem som kommer och när", "Trygghet hemma", "safety"),
            _Said("Personalen behöver ett enda ställe att logga in på i stället för elva", "Verktyg", "infrastructure"),
            _Said("Anhöriga som bor långt bort vill kunna följa med på distans", "Delaktighet", "innovation"),
            _Said("Nattpersonal missar utbildningar som bara ges på dagtid", "Kompetens", "competence"),
            _Said("Ta fram en gemensam rutin för digital tillsyn", "Tillsammans", "leadership", joint=True),
            _Said("Larmen ska fungera också när strömmen går", "Trygghet hemma", "safety"),
        ),
    ),
    "Utbildningsnätverket": (
        -295,
        (
            _Said("Vårdnadshavare behöver ett språk som de förstår i skolans app", "Hemmet", "competence"),
            _Said("Frånvaro ska anmälas en gång och nå alla som behöver veta", "Vardagen", "infrastructure"),
            _Said(
                "Lärare behöver tid och handledning för att pröva ny teknik i klassrummet", "Kompetens", "competence"
            ),
            _Said(
                "Elevers uppgifter ska följa med vid byte av kommun utan att skrivas in igen",
                "Övergångar",
                "infrastructure",
            ),
            _Said(
                "Gör en gemensam bedömning av vilka läromedel som är säkra att använda",
                "Tillsammans",
                "safety",
                joint=True,
            ),
            _Said(
                "Alla elever behöver egna hörlurar",
                "Utrustning",
                no="Varje skola köper in själv och kan göra det redan nu.",
            ),
        ),
    ),
    "Näringslivsnätverket": (
        -280,
        (
            _Said("Småföretag vill ha en väg in till kommunen, inte sju", "Service", "leadership"),
            _Said(
                "Den som söker serveringstillstånd vill se hur långt ärendet har kommit", "Service", "infrastructure"
            ),
            _Said(
                "Företag på öarna behöver ett nät som håller för kortbetalning hela sommaren",
                "Uppkoppling",
                "infrastructure",
            ),
            _Said(
                "Hantverkare vill få veta om upphandlingar i tid, med ord som de förstår", "Upphandling", "competence"
            ),
            _Said("Prova gemensamma öppna data för besökare", "Tillsammans", "innovation", joint=True),
        ),
    ),
    "Stadsbyggnadsnätverket": (
        -265,
        (
            _Said("Den som bygger altan vill veta direkt om det behövs lov", "Bygglov", "innovation"),
            _Said("Kartan på webben och kartan på kontoret ska visa samma sak", "Karta", "infrastructure"),
            _Said("Synpunkter på detaljplaner ska gå att lämna på själva kartan", "Samråd", "innovation"),
            _Said("Handläggare behöver kunna läsa ritningar på plats utan uppkoppling", "Verktyg", "infrastructure"),
            _Said("Dela på en specialist i digitala detaljplaner", "Tillsammans", "leadership", joint=True),
            _Said(
                "Drönare för tillsyn av strandskydd",
                "Verktyg",
                no="Lagen ger inte stöd för det som tänkt. Frågan är ställd till länsstyrelsen.",
            ),
        ),
    ),
    "E-nätverket": (
        -250,
        (
            _Said("Ledningsgrupper behöver förstå vad ett digitalt val kostar att drifta", "Styrning"),
            _Said("Vi behöver våga stänga av gamla system", "Mod"),
            _Said("Varje kommun utvärderar samma programvara var för sig", "Samverkan"),
            _Said("Någon måste få tid att mäta om det blev bättre", "Resurser"),
            _Said("Utbilda beställare tillsammans innan nästa upphandling", "Resurser", joint=True),
            _Said(
                "Mejl med personuppgifter går fortfarande okrypterade mellan kommuner", "Informationssäkerhet", "safety"
            ),
        ),
    ),
    "Kulturnätverket": (
        -230,
        (
            _Said("Föreningar vill boka lokaler och betala på samma ställe", "Bokning", "infrastructure"),
            _Said(
                "Den som inte läser svenska behöver få veta vad som händer på biblioteket", "Delaktighet", "competence"
            ),
            _Said("Äldre vill lära sig av unga, inte av en broschyr", "Lärande", "competence"),
            _Said(
                "Gör ett gemensamt kalendarium som hämtar från varje kommun", "Tillsammans", "innovation", joint=True
            ),
            _Said("Boka lokal och betala hyran ska ske på samma ställe för föreningar", "Bokning", "infrastructure"),
        ),
    ),
}
SAME = (
    "Boka lokal och betala hyran ska ske på samma ställe för föreningar",
    "Föreningar vill boka lokaler och betala på samma ställe",
)
# title, in one sentence, the texts of its needs, years, why
LATER: Sequence[tuple[str, str, Sequence[str], int, str]] = (
    (
        "En väg in för företag",
        "En kontakt, ett ärendenummer och samma besked vart man än vänder sig.",
        (
            "Småföretag vill ha en väg in till kommunen, inte sju",
            "Den som söker serveringstillstånd vill se hur långt ärendet har kommit",
        ),
        3,
        "Kommunerna byter ärendesystem inom tre år. Vägen in behöver vara ritad innan dess.",
    ),
    (
        "Stäng det gamla",
        "En gemensam lista över system som ska avvecklas, med dag och ansvarig.",
        (
            "Vi behöver våga stänga av gamla system",
            "Ledningsgrupper behöver förstå vad ett digitalt val kostar att drifta",
        ),
        5,
        "Avtalen går ut vid olika tid. Den sista av dem om fem år.",
    ),
)
VERSIONS = (
    (-30, "Synpunkter från nätverken är inarbetade"),
    (-9, "Kostnader räknade om efter remissvar från sex kommuner"),
)


def fill_out(*, by: Actor, networks: Mapping[str, Network], today: date) -> int:
    """Write down the year's needs, decide on them, propose what is to come, and report how far the decided work is.

    by: the region's process leader. networks: by name; needs of a network that is not there have none.
    Returns how many needs were written down.
    """
    needs = {
        said.text: _write_down(by, said, networks.get(name), today + timedelta(days=days))
        for name, (days, listed) in NEEDS.items()
        for said in listed
    }
    merge_need(by=by, need=needs[SAME[0]], into=needs[SAME[1]], reason="Samma sak, sagt två gånger")
    for title, summary, texts, years, why in LATER:
        made = propose_initiative(
            by=by,
            title=title,
            summary=summary,
            needs=[needs[text] for text in texts],
            proposed_on=today - timedelta(days=70),
        )
        choose_horizon(by=by, initiative=made, years=years, motivation=why, at=moment_of(today - timedelta(days=60)))
    _revise(by, today)
    _report(by, today)
    return len(needs)


def _write_down(by: Actor, said: _Said, network: Network | None, day: date) -> Need:
    need = record_need(
        by=by,
        text=said.text,
        channel=Need.WORKSHOP,
        said_on=day,
        heading=said.heading,
        need_kind=Need.JOINT_ACTION if said.joint else Need.NEED,
        network=network,
    )
    sorted_at = moment_of(day + timedelta(days=6))
    if said.area:
        choose_goal_area(by=by, need=need, area=said.area, at=sorted_at)
    if said.no:
        reject_need(by=by, need=need, reason=said.no, at=sorted_at)
    elif said.area and not said.joint and said.text != SAME[0]:
        accept_need(by=by, need=need, at=sorted_at)
        open_need(by=by, need=need)
    return need


def _revise(by: Actor, today: date) -> None:
    """The next plan is on its third working version, where it has anything in it."""
    for one in ActionPlan.objects.of(by.organisation):
        working = working_version(one)
        if working is not None and working.activities.exists():
            for days, reason in VERSIONS:
                revise_plan(by=by, plan=one, reason=reason, revised_on=today + timedelta(days=days))


def _report(by: Actor, today: date) -> None:
    """What is decided has begun."""
    lines = Activity.objects.in_force().filter(item__isnull=False, item__owner=by.organisation).in_order()
    for place, line in enumerate(lines.select_related("item", "unit", "lead")):
        began = min(line.start + timedelta(days=7 * place), today)
        report_progress(by=by, activity=line, step=Progress.STARTED, day=began)

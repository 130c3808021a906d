"""This engine's part of the example year: what invented residents sent in, and what became of each, by the verbs.

The cases here have whole lives: passed on, answered late, opened again, closed. Everything is made up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.scope import reader_token, scope, widen_scope
from medskick.lib.dates import STOCKHOLM
from medskick.services.cases.actions import answer_case, note_on_case, reassign_case, take_case
from medskick.services.cases.models import Outcome
from medskick.services.cases.sender_actions import Submitted, say_not_satisfied, say_satisfied, submit_case

OfficerOf = Callable[[str, Unit], Actor]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer `after` days from the day that the case came in."""

    after: int
    outcome: Outcome
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Life:
    """One case. `days` before today; `by` is an invented resident's key, "" for somebody without log-in.

    moved_to: words of the name of the unit that it is passed on to after a day. verdict: what the sender thinks of the
    first answer: "" (nothing), "nöjd", or what is missing in it; then `again` is the second answer.
    """

    place: str
    days: int
    kind: str
    topic: str
    text: str
    where: str = ""
    by: str = ""
    taken: bool = False
    note: str = ""
    moved_to: str = ""
    why_moved: str = ""
    reply: Reply | None = None
    verdict: str = ""
    again: Reply | None = None


LIVES = (
    Life(
        "sotenas",
        210,
        "klagomal",
        "gator",
        "Brunnslocket utanför nummer 14 slamrar varje gång en bil kör över det. Vi sover inte.",
        "Hovenäset",
        taken=True,
        reply=Reply(
            6,
            Outcome.ACTION_TAKEN,
            "Nu är locket bytt mot ett med gummilist. Hör du det fortfarande, ring oss på en gång.",
            "Det gamla locket var slitet och kunde inte justeras.",
        ),
        verdict="nöjd",
    ),
    Life(
        "sotenas",
        140,
        "synpunkt",
        "annat",
        "Det finns ingen ramp in till medborgarkontoret på baksidan, där handikapparkeringen är.",
        "Kungshamn",
        by="amir",
        moved_to="Samhällsbyggnad",
        why_moved="Rampen hör till fastigheten, och den sköter samhällsbyggnad.",
        note="Fastighet räknar på en ramp i plåt, besked på måndag.",
        reply=Reply(
            27,
            Outcome.WILL_CONSIDER,
            "Vi bygger en ramp i vår. Till dess kan du ringa på klockan vid dörren, så hjälper vi dig in.",
            "Den som har rätt att parkera där ska också kunna komma in.",
        ),
        verdict="Klockan sitter för högt för den som sitter i rullstol. Kan ni flytta den nu?",
        again=Reply(
            41,
            Outcome.ACTION_TAKEN,
            "Du har rätt. Klockan sitter nu på 90 centimeters höjd, och rampen är beställd.",
            "Det gick att göra direkt.",
        ),
    ),
    Life(
        "sotenas",
        88,
        "ide",
        "kultur",
        "Låna ut kajaker på biblioteket, som ni gör med fiskespön.",
        "Hunnebostrand",
        reply=Reply(
            52,
            Outcome.NO_CHANGE,
            "Tack för en rolig idé. Vi säger nej den här gången, och förlåt att svaret dröjde.",
            "Kajaker kräver tillsyn och försäkring som biblioteket inte har.",
        ),
    ),
    Life(
        "sotenas",
        41,
        "klagomal",
        "omsorg",
        "Det kommer en ny person från hemtjänsten nästan varje dag. Mamma orkar inte berätta allt igen.",
        "",
        taken=True,
        note="Ring anhörig efter veckomötet om det går bra för henne.",
    ),
    Life(
        "sotenas",
        6,
        "synpunkt",
        "digitalt",
        "E-tjänsten för förskolan går inte att använda från min telefon. Knappen syns inte.",
        "",
        by="amir",
        taken=True,
    ),
    Life(
        "tanum",
        175,
        "synpunkt",
        "natur",
        "Badplatsen saknar livboj sedan i våras.",
        "Grebbestad",
        reply=Reply(
            2,
            Outcome.ACTION_TAKEN,
            "Livbojen är på plats i dag. Tack för att du sa till så snabbt.",
            "Det är fara för liv och går före annat.",
        ),
        verdict="nöjd",
    ),
    Life(
        "tanum",
        64,
        "klagomal",
        "avfall",
        "Soporna blev inte hämtade på tre veckor när vägen var avstängd, och ingen sa något.",
        "Fjällbacka",
        reply=Reply(
            38,
            Outcome.WILL_CONSIDER,
            "Det var fel av oss att inte höra av oss. Nästa gång ställer vi ut kärl vid vägskälet och skickar sms.",
            "Avstängningen var känd en månad i förväg, så vi kunde ha planerat.",
        ),
    ),
    Life(
        "tanum",
        36,
        "ide",
        "omsorg",
        "Låt trygghetslarmen prova batteriet själva och säga till i tid. Ring mig gärna på 070-174 06 05.",
        "",
        taken=True,
    ),
    Life(
        "lysekil",
        190,
        "berom",
        "kultur",
        "Datorhjälpen på biblioteket är guld värd. Nu kan jag betala räkningar själv.",
        "",
        by="ingrid",
        reply=Reply(
            4,
            Outcome.WILL_CONSIDER,
            "Så glada vi blir! Vi fortsätter hela vintern, och har nu två timmar till på tisdagar.",
            "Många har sagt samma sak som du.",
        ),
        verdict="nöjd",
    ),
    Life(
        "lysekil",
        101,
        "klagomal",
        "bygga",
        "Trappan ner till färjeläget är hal av alger varje morgon.",
        "Fiskebäckskil",
        by="ingrid",
        reply=Reply(
            18,
            Outcome.NOT_OURS,
            "Trappan är Trafikverkets. Vi har skickat din anmälan dit, och du når dem på deras eget nummer.",
            "Kommunen får inte arbeta på statens anläggning.",
        ),
        verdict="Jag har ringt dem två gånger. De säger att trappan är er.",
        again=Reply(
            33,
            Outcome.ACTION_TAKEN,
            "Vi har gått igenom kartan med Trafikverket. De nedre tolv stegen är våra, och de är tvättade och räfflade.",
            "Gränsen gick inte där vi trodde.",
        ),
    ),
    Life(
        "uddevalla",
        132,
        "synpunkt",
        "skola",
        "Det är så bullrigt i matsalen att min son inte äter.",
        "",
        moved_to="Barn",
        reply=Reply(
            22,
            Outcome.ACTION_TAKEN,
            "Klasserna äter nu i två omgångar, och ljuddämpande skivor sätts upp på höstlovet.",
            "Mätningen visade 78 decibel, vilket är för högt.",
        ),
    ),
    Life(
        "uddevalla",
        47,
        "klagomal",
        "gator",
        "Rödljuset vid sjukhuset ger en knapp sju sekunder att gå över. Det räcker inte med rullator.",
        "",
        reply=Reply(
            12,
            Outcome.ACTION_TAKEN,
            "Grönt ljus för gående varar nu i fjorton sekunder.",
            "Tiden ska räcka för den som går långsammast.",
        ),
        verdict="nöjd",
    ),
    Life("uddevalla", 40, "ide", "natur", "Ställ ut en låda med hundpåsar vid motionsspåret.", "Herrestadsfjället"),
    Life(
        "trollhattan",
        77,
        "ide",
        "digitalt",
        "Visa på webben hur länge man får vänta i kön, så att man vet om det är värt att ringa nu.",
        "",
        taken=True,
        reply=Reply(
            19,
            Outcome.WILL_CONSIDER,
            "Vi provar det på två sidor från i höst, och frågar er som ringer om det hjälper.",
            "Växeln har redan siffran, så det kostar lite att prova.",
        ),
    ),
    Life(
        "trollhattan",
        34,
        "klagomal",
        "avfall",
        "Glascontainern på torget töms klockan fem på morgonen.",
        "Strömslund",
    ),
    Life(
        "vanersborg",
        58,
        "synpunkt",
        "omsorg",
        "Besökstiden på boendet slutar innan vi som arbetar hinner dit.",
        "",
        reply=Reply(
            17,
            Outcome.ACTION_TAKEN,
            "Ni är välkomna till klockan 20 alla dagar. Skylten i entrén är bytt.",
            "Den gamla tiden var en vana, inte en regel.",
        ),
    ),
    Life(
        "bengtsfors",
        53,
        "ide",
        "kultur",
        "Öppna simhallen en kväll i veckan bara för tjejer.",
        "",
        reply=Reply(
            26,
            Outcome.NO_CHANGE,
            "Vi stänger inte ute någon från allmänhetens bad, men föreningar kan hyra hallen på söndagar till halva priset.",
            "Kommunen ska behandla alla lika, kommunallagen 2 kap. 3 §.",
        ),
    ),
    Life(
        "dals-ed",
        29,
        "synpunkt",
        "gator",
        "Vägmärket vid avfarten är överväxt av sly.",
        "Steneby",
        reply=Reply(5, Outcome.ACTION_TAKEN, "Slyet är borta sedan i måndags.", "Märket måste gå att se i tid."),
    ),
    Life("fargelanda", 22, "klagomal", "bygga", "Ödehuset mittemot håller på att rasa ut mot vägen.", "Högsäter"),
)


def run(
    *,
    organisations: Mapping[str, Organisation],
    officer_of: OfficerOf,
    residents: Mapping[str, Actor],
    units: Mapping[str, Sequence[Unit]],
    today: date,
) -> list[Submitted]:
    """Live the cases through, ending today.

    organisations and units: by the municipality's slug. officer_of: somebody who handles a unit's cases, acting through
    the channel "demo". residents: by key, as Life names them.
    """
    return [
        _live(one, organisations[one.place], officer_of, residents.get(one.by), units[one.place], today)
        for one in LIVES
    ]


def _live(
    life: Life,
    organisation: Organisation,
    officer_of: OfficerOf,
    resident: Actor | None,
    units: Sequence[Unit],
    today: date,
) -> Submitted:
    at = datetime.combine(today - timedelta(days=life.days), time(9, 40), STOCKHOLM)
    sender = Actor(
        kind="person" if resident else "device",
        organisation=organisation.id,
        person=resident.person if resident else None,
        channel="demo",
    )
    answers = {"slag": life.kind, "amne": life.topic, "plats": life.where, "text": life.text}
    with scope(sender.scope()):
        sent = submit_case(by=sender, service="synpunkt", answers=answers, at=at)
    unit = _handle(life, sent, officer_of, units, at)
    if life.reply:
        _reply(sent, officer_of(life.place, unit), life.reply, at)
        _judge(life, sent, sender, at + timedelta(days=life.reply.after + 1))
    if life.again:
        _reply(sent, officer_of(life.place, unit), life.again, at)
    return sent


def _handle(life: Life, sent: Submitted, officer_of: OfficerOf, units: Sequence[Unit], at: datetime) -> Unit:
    """Passed on, taken, noted; returns the unit that has it then."""
    item_id, unit = sent.case.item_id, sent.case.unit
    wanted = next((one for one in units if life.moved_to and life.moved_to in one.name), unit)
    if wanted.id != unit.id:
        first = officer_of(life.place, unit)
        with scope(first.scope()):
            reason = life.why_moved or "Det är den enheten som kan göra något åt det."
            reassign_case(item_id, by=first, unit=wanted, reason=reason, at=at + timedelta(days=1))
    if life.taken or life.note:
        officer = officer_of(life.place, wanted)
        with scope(officer.scope()):
            if life.taken:
                take_case(item_id, by=officer, at=at + timedelta(days=1, hours=2))
            if life.note:
                note_on_case(item_id, by=officer, text=life.note)
    return wanted


def _reply(sent: Submitted, officer: Actor, reply: Reply, at: datetime) -> None:
    said = {"text": reply.text, "outcome": reply.outcome, "reason": reply.reason}
    with scope(officer.scope()):
        answer_case(sent.case.item_id, by=officer, at=at + timedelta(days=reply.after), **said)


def _judge(life: Life, sent: Submitted, sender: Actor, at: datetime) -> None:
    if not life.verdict:
        return
    holder = sender.person or reader_token(sent.address)
    with scope(sender.scope()):
        widen_scope([holder])
        if life.verdict == "nöjd":
            say_satisfied(sent.case, by=sender, holder=holder, at=at)
        else:
            say_not_satisfied(sent.case, by=sender, holder=holder, reason=life.verdict, at=at)

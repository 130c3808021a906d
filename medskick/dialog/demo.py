"""The dialogue of the example year: sessions of networks and municipalities, and what invented people answered in them.

Built only by the verbs that people's clicks call. Everything here is made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from medskick.dialog import demo_answers as said
from medskick.dialog import demo_workshops as workshops
from medskick.dialog.sessions.actions.answering import answer_step, join
from medskick.dialog.sessions.actions.asking import add_step, hide_answer, open_step
from medskick.dialog.sessions.actions.planning import cancel_session, end_session, open_session, plan_session
from medskick.dialog.sessions.models import Answer, Cluster, LiveSession, Step
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.scope import scope
from medskick.lib.dates import STOCKHOLM

BEGINS = time(9, 30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of the year and its answers."""

    text: str
    answers: Sequence[str]
    help_text: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session of the year. `days` from today, before or after; `holder` is an organisation's slug."""

    key: str
    title: str
    days: int
    asked: Sequence[Asked]
    purpose: str = ""
    network: str = ""
    holder: str = "fyrbodal"
    public: bool = False
    asks_municipality: bool = False
    aliases: Sequence[str] = ()
    ends: bool = True
    cancelled: str = ""


GATHERINGS = (
    Gathering(
        "digitalisering",
        "Vad är digitalisering?",
        -331,
        (
            Asked("Vad betyder digitalisering för dig?", said.WHAT_IT_MEANS, "Ett ord eller en mening."),
            Asked("Vad skulle göra störst skillnad för invånarna?", said.BIGGEST_DIFFERENCE),
        ),
        "Svaren blir underlag till e-rådets behovsanalys.",
        network="E-nätverket",
        asks_municipality=True,
    ),
    Gathering(
        "omsorg",
        "Tiden i vården och omsorgen",
        -303,
        (Asked("Var tar tiden slut i vården och omsorgen?", said.CARE),),
        "Vi letar efter det som många kommuner kan lösa tillsammans.",
        network="Socialnätverket",
        asks_municipality=True,
    ),
    Gathering(
        "skola",
        "Behov i förskola och skola",
        -274,
        (Asked("Vad skulle underlätta mest i skolan?", said.SCHOOL),),
        "Svaren blir underlag till e-rådets behovsanalys.",
        network="Utbildningsnätverket",
        asks_municipality=True,
    ),
    Gathering(
        "naringsliv",
        "Företagens väg in i kommunen",
        -246,
        (Asked("Vad är krångligast för ett litet företag?", ()),),
        network="Näringslivsnätverket",
        cancelled="Bara tre av fjorton kommuner kunde komma. Frågan tas upp på nätverkets möte till hösten.",
    ),
    Gathering(
        "bygglov",
        "Enklare bygglov",
        -205,
        (Asked("Vad gör bygglov krångligt?", said.BUILDING, settings={"kept_phrases": ["ingen svarar"]}),),
        "Vi ritar om vägen från fråga till beslut.",
        network="Stadsbyggnadsnätverket",
        aliases=said.ALIASES,
    ),
    Gathering(
        "bibliotek",
        "Digital hjälp på biblioteken",
        -128,
        (Asked("Vad hindrar människor från att använda bibliotekens digitala tjänster?", said.LIBRARY),),
        network="Kulturnätverket",
        asks_municipality=True,
    ),
    Gathering(
        "atervinning",
        "Kvällsdialog om återvinningen",
        -64,
        (Asked("Vad vill du kunna göra på återvinningscentralen?", said.RECYCLING),),
        "Samhällsbyggnad ser över öppettiderna till våren.",
        holder="tanum",
        public=True,
    ),
    Gathering(
        "hamnplan",
        "Vad ska hamnplanen bli?",
        0,
        (Asked("Vad vill du ha på hamnplanen?", (*said.HARBOUR, said.SPAM)),),
        "Svaren går till samhällsbyggnad, som tar fram två förslag till sommaren.",
        holder="sotenas",
        public=True,
        ends=False,
    ),
    Gathering(
        "malbild",
        "Digital målbild: 1, 3, 5 och 10 år",
        16,
        (Asked("Hur vill du att det är om tre år?", ()),),
        "E-rådet väljer riktning för nästa handlingsplan.",
        network="E-nätverket",
        asks_municipality=True,
    ),
)


@dataclass(slots=True)
class Year:
    """Handles to what was built, for flows to take up: sessions by key, answers by their text, clusters and drafts by title."""

    sessions: dict[str, LiveSession] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    drafts: dict[str, Answer] = field(default_factory=dict)


def run(
    *,
    leaders: Mapping[str, Actor],
    colleagues: Mapping[str, Actor],
    networks: Mapping[str, Network],
    municipalities: Sequence[Organisation],
    today: date,
) -> Year:
    """Build the year's sessions, ending today.

    leaders: by the slug of each holder ("fyrbodal", "tanum", "sotenas"), who leads the sessions there, through the
    channel "demo". colleagues: known employees by key, for what they do around the workshops. networks: by name, held by
    the region. municipalities: where participants come from.
    """
    year = Year()
    for gathering in GATHERINGS:
        leader = leaders[gathering.holder]
        with scope(leader.scope()):
            _hold(year, gathering, leader, networks, municipalities, today)
    built = workshops.run(
        leaders=leaders,
        colleagues=colleagues,
        networks=networks,
        municipalities=municipalities,
        earlier=year.sessions,
        today=today,
    )
    year.sessions |= built.sessions
    year.clusters, year.drafts = built.clusters, built.drafts
    return year


def _hold(
    year: Year,
    gathering: Gathering,
    leader: Actor,
    networks: Mapping[str, Network],
    municipalities: Sequence[Organisation],
    today: date,
) -> None:
    day = today + timedelta(days=gathering.days)
    begins = datetime.combine(day, BEGINS, STOCKHOLM)
    session = plan_session(
        by=leader,
        title=gathering.title,
        held_on=day,
        network=networks[gathering.network] if gathering.network else None,
        purpose=gathering.purpose,
        anonymity=LiveSession.ALIAS if gathering.aliases else LiveSession.ANONYMOUS,
        asks_municipality=gathering.asks_municipality,
        public=gathering.public,
    )
    steps = [
        add_step(session, by=leader, text=one.text, help_text=one.help_text, settings=one.settings)
        for one in gathering.asked
    ]
    if gathering.cancelled:
        before = begins - timedelta(days=3)
        session = cancel_session(session, by=leader, reason=gathering.cancelled, at=before)
    elif gathering.days <= 0:
        session = open_session(session, by=leader, at=begins)
        for number, (step, asked) in enumerate(zip(steps, gathering.asked, strict=True)):
            opens = begins + timedelta(minutes=10 + 20 * number)
            open_step(step, by=leader, at=opens)
            _answer(year, gathering, session, step, asked.answers, leader, municipalities, opens)
        if gathering.ends:
            session = end_session(session, by=leader, at=begins + timedelta(hours=2))
    year.sessions[gathering.key] = session


def _answer(
    year: Year,
    gathering: Gathering,
    session: LiveSession,
    step: Step,
    answers: Sequence[str],
    leader: Actor,
    municipalities: Sequence[Organisation],
    opens: datetime,
) -> None:
    for seat, text in enumerate(answers):
        phone = Actor(
            kind="device",
            organisation=session.owner_id,
            device=uuid5(NAMESPACE_OID, f"{session.pk} {seat}"),
            channel="demo",
        )
        at = opens + timedelta(seconds=20 + 7 * seat)
        join(
            session,
            by=phone,
            called=gathering.aliases[seat % len(gathering.aliases)] if gathering.aliases else "",
            municipality=municipalities[seat * 3 % len(municipalities)] if municipalities else None,
            at=at,
        )
        answer = answer_step(step, by=phone, value=text, at=at)
        year.answers[text] = answer
        if text == said.SPAM:
            hide_answer(answer, by=leader, reason=said.SPAM_REASON, at=at + timedelta(minutes=1))

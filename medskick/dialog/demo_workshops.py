"""The workshops of the example: two that were held, whole, and one that is planned, so that every part of the method is met.

Built only by the verbs that people's clicks call. Everything here is made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from medskick.dialog.demo_answers import ALIASES
from medskick.dialog.sessions.actions.adding import add_answers
from medskick.dialog.sessions.actions.answering import answer_step, join
from medskick.dialog.sessions.actions.asking import add_step, close_step, open_step, show_result
from medskick.dialog.sessions.actions.clustering import make_cluster, move_notes
from medskick.dialog.sessions.actions.floor import mark_answered, up_vote
from medskick.dialog.sessions.actions.grouping import divide, write_note
from medskick.dialog.sessions.actions.inviting import Invited, add_attending, invite, note_attendance
from medskick.dialog.sessions.actions.placing import add_entry, place_entry
from medskick.dialog.sessions.actions.planning import (
    confirm_session,
    end_session,
    open_session,
    plan_session,
    summarise_session,
)
from medskick.dialog.sessions.actions.reading import add_reading, mark_read
from medskick.dialog.sessions.actions.roles import give_role
from medskick.dialog.sessions.actions.submitting import accept_submission, reject_submission, take_in
from medskick.dialog.sessions.actions.summarising import write_summary
from medskick.dialog.sessions.models import (
    Answer,
    Cluster,
    GroupSeat,
    LiveSession,
    Participant,
    PreReading,
    SessionRole,
    Step,
)
from medskick.dialog.sessions.pasting import PastedNeed
from medskick.dialog.sessions.programmes import programme
from medskick.dialog.sessions.steps.types.joint_summary import AGREES, DISAGREES
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.scope import scope
from medskick.lib.dates import STOCKHOLM

BEGINS = time(9)

# --- Digital destination -------------------------------------------------------------------------------------------

# Under the title of each cluster: its notes, how many want to start within so many years, where it was placed, and why.
SKILLS = "Kompetens för alla som arbetar här"
ONE_WAY_IN = "En väg in, lika i alla kommuner"
INFORMATION = "Uppgifter som följer med"
NOBODY_OUTSIDE = "Ingen lämnas utanför"
COVERAGE = "Täckning hela vägen fram"


@dataclass(frozen=True, slots=True)
class Sorted:
    notes: Sequence[str]
    votes: Mapping[int, int]
    years: int
    why: str = ""


NOTES = {
    SKILLS: Sorted(
        (
            "Tid i schemat för att lära sig, inte bara en film",
            "Någon på varje enhet som kan hjälpa kollegorna",
            "Grundkurs i AI för alla chefer",
            "Vikarier ska kunna systemen från första dagen",
            "Samma utbildning i alla fjorton kommuner",
            "Våga visa att man inte kan",
            "Digital kompetens i varje utvecklingssamtal",
        ),
        {1: 9, 3: 4},
        1,
        "Allt annat bygger på det, och det går att börja med den personal som finns.",
    ),
    NOBODY_OUTSIDE: Sorted(
        (
            "Hjälp på biblioteket i alla kommuner",
            "Den som saknar e-legitimation ska få samma service",
            "Språk som alla förstår",
            "En människa att ringa",
            "Test av nya e-tjänster med dem som har svårast",
            "Skärmläsare ska fungera överallt",
        ),
        {1: 8, 3: 4, 5: 1},
        1,
        "De som står utanför i dag kan inte vänta på nästa plan.",
    ),
    ONE_WAY_IN: Sorted(
        (
            "Samma e-tjänster oavsett kommun",
            "Se var mitt ärende ligger",
            "Ett ställe för alla fullmakter",
            "Bygglov på samma sätt i hela Fyrbodal",
            "En gemensam inloggning för företag",
            "Vi bygger en gång och delar",
        ),
        {1: 3, 3: 8, 5: 2},
        3,
        "Vi behöver enas om hur e-tjänsterna ägs innan vi bygger dem tillsammans.",
    ),
    COVERAGE: Sorted(
        (
            "Fiber till sista huset i Dalsland",
            "Mobilen fungerar i skärgården",
            "Hemtjänsten ska kunna läsa journalen ute hos brukaren",
            "Robust nät när strömmen går",
        ),
        {1: 2, 3: 6, 5: 4},
        3,
    ),
    INFORMATION: Sorted(
        (
            "Skriv in samma uppgift en gång",
            "Öppna data som går att jämföra mellan kommuner",
            "Skolan och socialtjänsten ser samma sak, när lagen tillåter",
            "Gemensamma begrepp",
            "Veta vilka uppgifter vi har och vem som får läsa dem",
        ),
        {3: 3, 5: 7, 10: 2},
        5,
        "Det kräver gemensamma begrepp först, och de tar tid.",
    ),
}
LOOSE_NOTES = ("Bättre kaffe på nästa möte", "Mod")
PUT_ASIDE = ("Gemensam upphandling av skolplattform", "Inköpsnätverket har redan frågan.")

BUZZ_NOTES = (
    "Kompetensen är viktigast. Vi köper system som ingen har fått tid att lära sig.",
    "Att ingen lämnas utanför. Hos oss är var femte invånare över 75 år.",
    "En väg in. Invånarna bryr sig inte om var kommungränsen går, och många pendlar.",
    "Täckningen. I Dalsland och i skärgården hjälper inga e-tjänster om nätet inte bär.",
    "Tid för lärande, och att cheferna går först. Annars blir det en kurs till som ingen minns.",
    "Uppgifter som följer med. Hemtjänsten skriver i två system och skolan i tre.",
    "Vi tog kompetens och ingen utanför: det är samma sak, fast på var sin sida om disken.",
)
SUMMARIES = (
    "Vi börjar med människorna: kompetens för dem som arbetar här, och hjälp för den som inte kan eller vill vara digital."
    "\n\nSedan bygger vi e-tjänster tillsammans, en gång för alla fjorton kommuner.",
    "Vi börjar med människorna: kompetens för dem som arbetar här, och hjälp för den som inte kan eller vill vara digital."
    "\n\nSamtidigt driver vi på för täckning i hela Fyrbodal. Utan nät hjälper inget av det andra."
    "\n\nSedan bygger vi e-tjänster tillsammans, en gång för alla fjorton kommuner, på gemensamma begrepp.",
)
OBJECTIONS = ("Täckningen saknas. Utan nät hjälper inget av det andra.", "Vi sa gemensamma begrepp också.")
LEFT_OUT = "Jag tycker fortfarande att begreppen ska komma först."

# Name, slug of the organisation, and the key of a known person where she is one. Came: True, "remote", False.
INVITED: Sequence[tuple[str, str, str, bool | str]] = (
    ("Tove Brink", "tanum", "tove", True),
    ("Per-Olof Strand", "lysekil", "perolof", False),
    ("Karin Ahl", "bengtsfors", "", True),
    ("Stig Norén", "dals-ed", "", "remote"),
    ("Fatima Haddad", "fargelanda", "", True),
    ("Lars Öberg", "lysekil", "", True),
    ("Jenny Lind", "mellerud", "", True),
    ("Erik Sand", "munkedal", "", True),
    ("Monika Bratt", "orust", "", "remote"),
    ("Ulf Sten", "sotenas", "", True),
    ("Anna Koster", "stromstad", "", True),
    ("Milan Petrović", "trollhattan", "", True),
    ("Helena Grip", "uddevalla", "", True),
    ("Johanna Kvist", "vanersborg", "", True),
    ("Peter Åman", "amal", "", False),
)
CAME_UNINVITED = ("Rebecka Stål", "amal")

LATE_ACCEPTED = "Stöd till föreningar som ska söka bidrag digitalt"
LATE_REJECTED = "Byt telefonväxel i kommunhuset i Ed"
ACCEPTED_BECAUSE = "Dals-Ed hade fler tankar än som hann skrivas, och detta saknades på tavlan."
REJECTED_BECAUSE = "Gäller bara en kommuns egen drift. Vi har skickat det vidare till kommunens it-enhet."

# --- VAD, VEM och HUR ----------------------------------------------------------------------------------------------

COMPLETE = "Digital handledare på varje enhet"
WITHOUT_HOW = "Hjälp med det digitala på alla bibliotek"
WITHOUT_FIELDS = "En gemensam katalog över e-tjänster"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft: VAD, VEM and HUR by the fields of the templates; what is left out is lacking."""

    area: str
    what: Mapping[str, str]
    who: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, str] = field(default_factory=dict)


DRAFTS = {
    COMPLETE: Drafted(
        "competence",
        {
            "problem": "Den som inte kan ett system frågar den som sitter närmast. Det går olika bra, och ingen har tid avsatt.",
            "proposal": "En medarbetare på varje enhet får två timmar i veckan för att hjälpa sina kollegor.",
            "expected_effect": "Fler klarar vardagens system själva inom ett halvår, och supporten får färre enkla frågor.",
            "shared": "Gemensam utbildning i regionen, handledarna finns i varje kommun.",
            "scope": "Köp av nya system.",
        },
        {
            "group": "Medarbetare i vård, omsorg och skola.",
            "size": "ungefär 9 000",
            "situation": "De flesta delar dator, byter skift och har sällan tid vid en skärm.",
            "group_needs": "Någon att fråga på plats, på det egna schemat.",
            "other_way": "Den som inte vill fråga en kollega ringer supporten som i dag.",
        },
        {
            "steps": "Utse handledare, utbilda dem två dagar, träffas varje månad och dela det som fungerar.",
            "responsible": "Kommunledning, Fyrbodal. En samordnare i varje kommun.",
            "time": "Börjar i höst och är igång i alla kommuner om ett år.",
            "cost": "1,2 miljoner kronor om året i arbetstid, som varje kommun bär för sina enheter.",
            "measure": "Andel medarbetare som säger att de får hjälp när de behöver, i medarbetarenkäten.",
        },
    ),
    WITHOUT_HOW: Drafted(
        "safety",
        {
            "problem": "Hjälpen finns på vissa bibliotek vissa tider. Den som behöver den vet inte när.",
            "proposal": "Samma hjälp, samma tider och samma namn på alla bibliotek i Fyrbodal.",
            "expected_effect": "Fler äldre klarar sina ärenden, och det märks redan första terminen.",
            "shared": "Gemensamt i regionen.",
        },
        {
            "group": "Invånare som vill ha hjälp med e-legitimation, bokningar och myndigheter.",
            "situation": "Många bor ensamma och har ingen att fråga.",
            "group_needs": "En lugn plats, en människa med tid och en dator som fungerar.",
            "other_way": "Allt går att göra på papper eller i telefon också.",
        },
    ),
    WITHOUT_FIELDS: Drafted(
        "innovation",
        {
            "problem": "Fjorton kommuner bygger samma e-tjänst var för sig, eftersom ingen vet vad de andra har.",
            "proposal": "En katalog där varje kommun visar sina e-tjänster, så att andra kan ta över dem.",
        },
        {"group": "De som utvecklar e-tjänster i kommunerna.", "group_needs": "Se vad som redan finns."},
        {"steps": "Samla in, beskriva, publicera, och hålla aktuellt.", "responsible": "E-nätverket"},
    ),
}
TAKEN_ALONG = "Handledarna är färdigbeskrivna. Biblioteken behöver ett HUR, och katalogen någon som äger den."

FLOOR = (
    "Får vi räkna arbetstid som medfinansiering?",
    "När beslutar e-rådet om nästa handlingsplan?",
    "Vem äger en insats som bara tre kommuner vill ha?",
    "Kan en kommun gå med senare?",
)
FLOOR_VOTES = (5, 3, 2, 0)
FLOOR_ANSWERED = {1: "I mars. Underlaget behöver vara klart en månad före."}

LATE_WAITING = "Handledarna behöver finnas på kvällar och helger också, när vikarierna arbetar"

# --- Planned in Tanum ----------------------------------------------------------------------------------------------

INVITED_IN_TANUM = (
    ("Lena Sjöberg", "lena"),
    ("Birgit Olsson", "birgit"),
    ("Marcus Hed", ""),
    ("Sofia Lindell", ""),
    ("Håkan Rist", ""),
    ("Ylva Kämpe", ""),
)


@dataclass(slots=True)
class Workshops:
    """Handles to what was built: sessions by key, clusters and drafts (VAD) by title, for flows to take up."""

    sessions: dict[str, LiveSession] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    drafts: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """A session that goes on, who leads it, and its phones."""

    session: LiveSession
    leader: Actor
    phones: Sequence[Actor]
    begins: datetime

    def at(self, minutes: float) -> datetime:
        return self.begins + timedelta(minutes=minutes)

    def steps(self) -> list[Step]:
        return list(self.session.steps.in_order())


def run(
    *,
    leaders: Mapping[str, Actor],
    colleagues: Mapping[str, Actor],
    networks: Mapping[str, Network],
    municipalities: Sequence[Organisation],
    earlier: Mapping[str, LiveSession],
    today: date,
) -> Workshops:
    """Build the workshops around today.

    leaders: as for the year's sessions. colleagues: known employees by key, who are invited, record and read; others are
    names only. earlier: the year's sessions by key, to read before a workshop.
    """
    built = Workshops()
    region, tanum = leaders["fyrbodal"], leaders["tanum"]
    with scope(region.scope()):
        network = networks["E-nätverket"]
        room = _destination(built, region, colleagues, network, municipalities, earlier, today - timedelta(days=20))
    if "tove" in colleagues:
        _read(room.session, colleagues["tove"], room.begins - timedelta(days=2))
    with scope(region.scope()):
        _close_destination(built, room)
        _what_who_how(built, region, network, municipalities, today - timedelta(days=10))
    with scope(tanum.scope()):
        _planned_in_tanum(built, tanum, colleagues, municipalities, earlier, today)
    return built


def _destination(
    built: Workshops,
    leader: Actor,
    colleagues: Mapping[str, Actor],
    network: Network,
    municipalities: Sequence[Organisation],
    earlier: Mapping[str, LiveSession],
    day: date,
) -> Room:
    begins = datetime.combine(day, BEGINS, STOCKHOLM)
    session = plan_session(
        by=leader,
        title="Digital destination: vart är vi på väg?",
        held_on=day,
        network=network,
        purpose="Vi väljer vad som behöver påbörjas inom 1, 3, 5 och 10 år.",
        anonymity=LiveSession.ALIAS,
        asks_municipality=True,
        place=LiveSession.HYBRID,
        programme=programme("destination"),
    )
    _appoint(session, leader, colleagues.get("sara"), begins - timedelta(days=15))
    _invite_all(session, leader, colleagues, municipalities, begins - timedelta(days=14))
    add_reading(
        session,
        by=leader,
        title="Vad är digitalisering? Det vi sa förra gången",
        item=earlier["digitalisering"].item,
        note="Läs svaren och fundera på vad som har ändrats.",
    )
    session = open_session(session, by=leader, at=begins - timedelta(minutes=10))
    phones = _seat(session, 14, municipalities, begins)
    room = Room(session, leader, phones, begins)
    talk, notes, buzz, summary, horizons = room.steps()
    open_step(talk, by=leader, at=begins)
    _write_notes(built, room, notes)
    _buzz(room, buzz)
    _agree(room, summary)
    _vote_and_place(built, room, horizons)
    room = Room(end_session(session, by=leader, at=room.at(120)), leader, phones, begins)
    built.sessions["destination"] = room.session
    return room


def _close_destination(built: Workshops, room: Room) -> None:
    """What came in afterwards is decided, and the workshop gone through and confirmed."""
    notes = room.steps()[1]
    two_days_later = room.begins + timedelta(days=2)
    accepted, rejected = take_in(
        room.session,
        by=room.leader,
        needs=[PastedNeed(LATE_ACCEPTED), PastedNeed(LATE_REJECTED)],
        channel=Participant.MAIL,
        received_on=two_days_later.date(),
        sender="Dals-Eds kommun",
    )
    note = accept_submission(accepted, by=room.leader, step=notes, reason=ACCEPTED_BECAUSE, at=two_days_later)
    move_notes(notes, by=room.leader, notes=[note.id], to=built.clusters[NOBODY_OUTSIDE])
    reject_submission(rejected, by=room.leader, reason=REJECTED_BECAUSE, at=two_days_later)
    session = summarise_session(room.session, by=room.leader, at=room.begins + timedelta(days=3))
    built.sessions["destination"] = confirm_session(session, by=room.leader, at=room.begins + timedelta(days=7))


def _write_notes(built: Workshops, room: Room, step: Step) -> None:
    """Each phone writes two or three notes in silence; then they are shown, and sorted together."""
    texts = [text for one in NOTES.values() for text in one.notes] + list(LOOSE_NOTES)
    open_step(step, by=room.leader, at=room.at(5))
    written: dict[str, UUID] = {}
    for seat, phone in enumerate(room.phones):
        own = texts[seat :: len(room.phones)]
        for answer in add_answers(step, by=phone, values=own, at=room.at(7 + seat / 4)):
            written[answer.text] = answer.id
    show_result(step, by=room.leader, at=room.at(15))
    for title, one in NOTES.items():
        notes = [written[text] for text in one.notes]
        built.clusters[title] = make_cluster(step, by=room.leader, title=title, notes=notes)
    close_step(step, by=room.leader, at=room.at(28))


def _buzz(room: Room, step: Step) -> None:
    open_step(step, by=room.leader, at=room.at(30))
    groups = divide(step, by=room.leader, seed=7)
    devices = {one.device: one for one in room.phones}
    for group, text in zip(groups, BUZZ_NOTES, strict=False):
        seat = GroupSeat.objects.filter(group=group).select_related("participant").first()
        if seat is not None:
            write_note(step, by=devices[seat.participant.device], text=text, at=room.at(36 + group.number / 2))
    close_step(step, by=room.leader, at=room.at(42))


def _agree(room: Room, step: Step) -> None:
    """The first version is objected to; the second is what was meant."""
    open_step(step, by=room.leader, at=room.at(45))
    for number, text in enumerate(SUMMARIES, start=1):
        minute = 43 + 10 * number
        write_summary(step, by=room.leader, text=text, seen=number - 1, at=room.at(minute))
        against = OBJECTIONS if number == 1 else (LEFT_OUT,)
        _confirm(room, step, number, against, len(room.phones) - 4 + 2 * number, minute + 2)
    close_step(step, by=room.leader, at=room.at(75))


def _confirm(room: Room, step: Step, version: int, against: Sequence[str], voters: int, minute: float) -> None:
    """So many phones say whether the version is right; the first of them do not think so, and say why."""
    for place, phone in enumerate(room.phones[:voters]):
        why = against[place] if place < len(against) else ""
        value = {"says": DISAGREES if why else AGREES, "version": version, "why": why}
        answer_step(step, by=phone, value=value, at=room.at(minute + place / 8))


def _vote_and_place(built: Workshops, room: Room, step: Step) -> None:
    """Each alone first, then together. Nothing lies under 10 years, and that is a result too."""
    open_step(step, by=room.leader, at=room.at(80))
    chosen: dict[int, dict[str, int]] = {}
    for shift, (title, one) in enumerate(NOTES.items()):
        ballots = [years for years, count in one.votes.items() for _vote in range(count)]
        for place, years in enumerate(ballots):
            seat = (place + 3 * shift) % len(room.phones)
            chosen.setdefault(seat, {})[str(built.clusters[title].id)] = years
    for seat, placed in sorted(chosen.items()):
        answer_step(step, by=room.phones[seat], value={"placed": placed}, at=room.at(83 + seat / 4))
    for minute, (title, one) in enumerate(NOTES.items(), start=95):
        key = str(built.clusters[title].id)
        place_entry(step, by=room.leader, key=key, years=one.years, motivation=one.why, at=room.at(minute))
    title, why = PUT_ASIDE
    entry = add_entry(step, by=room.leader, title=title)
    place_entry(step, by=room.leader, key=entry.key, years=None, motivation=why, at=room.at(110))


def _invite_all(
    session: LiveSession,
    leader: Actor,
    colleagues: Mapping[str, Actor],
    municipalities: Sequence[Organisation],
    at: datetime,
) -> None:
    """Everybody who was invited, with who came, and one who came all the same."""
    places = {one.slug: one for one in municipalities}
    people = [_invited(name, places.get(slug), colleagues.get(key)) for name, slug, key, _came in INVITED]
    came = {name: how for name, _slug, _key, how in INVITED}
    for row in invite(session, by=leader, people=people, at=at):
        note_attendance(row, by=leader, present=bool(came[row.name]), remote=came[row.name] == "remote")
    name, slug = CAME_UNINVITED
    add_attending(session, by=leader, one=_invited(name, places.get(slug)))


def _invited(name: str, place: Organisation | None = None, known: Actor | None = None) -> Invited:
    return Invited(name, place, known.person if known else None)


def _read(session: LiveSession, reader: Actor, at: datetime) -> None:
    with scope(reader.scope()):
        for reading in PreReading.objects.filter(session=session):
            mark_read(reading, by=reader, at=at)


def _appoint(session: LiveSession, leader: Actor, recorder: Actor | None, at: datetime) -> None:
    if recorder is not None and recorder.person is not None:
        give_role(session, by=leader, role=SessionRole.RECORDER, person=recorder.person, name=recorder.name, at=at)


def _seat(session: LiveSession, count: int, municipalities: Sequence[Organisation], begins: datetime) -> list[Actor]:
    """So many phones join in the minutes before the session begins, from one municipality after another."""
    phones = []
    for seat in range(count):
        device = uuid5(NAMESPACE_OID, f"{session.pk} {seat}")
        phone = Actor(kind="device", organisation=session.owner_id, device=device, channel="demo")
        join(
            session,
            by=phone,
            called=ALIASES[seat] if session.anonymity == LiveSession.ALIAS else "",
            municipality=municipalities[seat % len(municipalities)],
            at=begins - timedelta(seconds=20 * (count - seat)),
        )
        phones.append(phone)
    return phones


def _what_who_how(
    built: Workshops, leader: Actor, network: Network, municipalities: Sequence[Organisation], day: date
) -> None:
    """Held and not yet gone through: what came by mail waits for its answer, and paper can still be typed in."""
    begins = datetime.combine(day, BEGINS, STOCKHOLM)
    session = plan_session(
        by=leader,
        title="VAD, VEM och HUR: från målbild till insats",
        held_on=day,
        network=network,
        purpose="Vi beskriver det som ska påbörjas först, i handlingsplanens mallar.",
        asks_municipality=True,
        programme=programme("what_who_how"),
    )
    add_step(session, by=leader, kind="question_list", text="Vad vill ni fråga e-rådet?", minutes=10)
    session = open_session(session, by=leader, at=begins - timedelta(minutes=10))
    room = Room(session, leader, _seat(session, 9, municipalities, begins), begins)
    talk, what, who, how, summary, floor = room.steps()
    open_step(talk, by=leader, at=begins)
    open_step(what, by=leader, at=room.at(10))
    for writer, (title, one) in enumerate(DRAFTS.items()):
        value = {"title": title, "area": one.area, "fields": dict(one.what)}
        built.drafts[title] = answer_step(what, by=room.phones[writer], value=value, at=room.at(30 + writer))
    for step, part, minute in ((who, "who", 42), (how, "how", 70)):
        open_step(step, by=leader, at=room.at(minute))
        for writer, (title, one) in enumerate(DRAFTS.items()):
            if getattr(one, part):
                value = {"about": str(built.drafts[title].id), "fields": dict(getattr(one, part))}
                answer_step(step, by=room.phones[writer], value=value, at=room.at(minute + 20 + writer))
    open_step(summary, by=leader, at=room.at(100))
    write_summary(summary, by=leader, text=TAKEN_ALONG, at=room.at(104))
    _confirm(room, summary, 1, (), 8, 105)
    _ask_from_the_floor(room, floor)
    built.sessions["vad-vem-hur"] = end_session(session, by=leader, at=room.at(130))
    take_in(
        session,
        by=leader,
        needs=[PastedNeed(LATE_WAITING)],
        channel=Participant.MAIL,
        received_on=day + timedelta(days=3),
        sender="Uddevalla kommun",
    )


def _ask_from_the_floor(room: Room, step: Step) -> None:
    open_step(step, by=room.leader, at=room.at(112))
    asked = [
        add_answers(step, by=phone, values=[text], at=room.at(113 + seat))[0]
        for seat, (phone, text) in enumerate(zip(room.phones, FLOOR, strict=False))
    ]
    for question, votes in zip(asked, FLOOR_VOTES, strict=True):
        for phone in room.phones[len(FLOOR) :][:votes]:
            up_vote(step, by=phone, question=question.id, at=room.at(118))
    for place, words in FLOOR_ANSWERED.items():
        mark_answered(asked[place], by=room.leader, words=words, at=room.at(121))


def _planned_in_tanum(
    built: Workshops,
    leader: Actor,
    colleagues: Mapping[str, Actor],
    municipalities: Sequence[Organisation],
    earlier: Mapping[str, LiveSession],
    today: date,
) -> None:
    """Everything is ready, so that it can be rehearsed."""
    planned = datetime.combine(today - timedelta(days=1), time(14), STOCKHOLM)
    session = plan_session(
        by=leader,
        title="Vad behöver vi i Tanum?",
        held_on=today + timedelta(days=14),
        purpose="Enheterna säger vad de behöver, inom e-rådets fem målområden.",
        programme=programme("given_questions"),
    )
    _appoint(session, leader, colleagues.get("lena"), planned)
    here = next(one for one in municipalities if one.id == leader.organisation)
    people = [_invited(name, here, colleagues.get(key)) for name, key in INVITED_IN_TANUM]
    invite(session, by=leader, people=people, at=planned)
    add_reading(
        session,
        by=leader,
        title="Kvällsdialogen om återvinningen",
        item=earlier["atervinning"].item,
        note="Så svarade invånarna. Ta med det ni känner igen.",
    )
    built.sessions["tanum"] = session

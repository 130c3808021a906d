"""What came out of a session, put together for its report: the page, and the file that is printed.

The staff's report says who came, and shows every answer as people were promised. The open report is made as the holder
sees it and holds what was shown to everybody: no names, no result that is not shown, no answer that seems to tell of a
person. What was hidden is counted, with the reason, in both.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Outcome
from medskick.dialog.sessions.access import SMALLEST_GROUP
from medskick.dialog.sessions.actions.answering import ANSWER_KIND
from medskick.dialog.sessions.actions.planning import KIND as SESSION_KIND
from medskick.dialog.sessions.models import (
    Answer,
    Attendance,
    LiveSession,
    Participant,
    SessionRole,
    Step,
    StepOpening,
    Submission,
    Summary,
)
from medskick.dialog.sessions.queries import Told, answers_of, participants_of, tellable
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.showing import as_holder, has_result, open_result_of, tells_of_person
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.places import place_of
from medskick.kernel.trace.queries import TraceStep, steps_after
from medskick.lib.small_groups import suppress_list
from medskick.lib.text import count_noun

# So many answers of a step are read at a glance; more are folded.
UNFOLDED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. meta: the cluster it lies in, its group, through which channel, and who, as far as may be told."""

    text: str
    meta: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hidden:
    """So many answers were hidden for this reason."""

    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """The joint summary in its latest version."""

    text: str
    version: int
    at: datetime
    answered: int

    @property
    def stamp(self) -> str:
        said = count_noun(self.answered, _("har svarat på den"), _("har svarat på den"))
        words = {"number": self.version, "day": _day(timezone.localdate(self.at)), "answered": said}
        return _("Version %(number)s, %(day)s. %(answered)s.") % words


@dataclass(frozen=True, slots=True)
class Part:
    """One step: what was asked, how long it took, and what came of it.

    outcome: None where nothing was asked, the step never was open, or its result is not for everybody (`withheld_result`).
    """

    step: Step
    type_label: str
    planned: int | None
    used: int | None
    outcome: Outcome | None = None
    answered: int = 0
    lines: Sequence[Line] = ()
    hidden: Sequence[Hidden] = ()
    left_out: int = 0
    agreed: Agreed | None = None
    asks: bool = False
    withheld_result: bool = False

    @property
    def was_open(self) -> bool:
        return self.used is not None

    @property
    def is_empty(self) -> bool:
        return self.asks and self.was_open and not self.withheld_result and not self.answered

    @property
    def many_lines(self) -> bool:
        """So many answers that they are folded on the page; what they say together stands above."""
        return len(self.lines) > UNFOLDED

    @property
    def time(self) -> str:
        """12 minuter (planerat 10)."""
        if self.used is None:
            return _("steget öppnades inte")
        used = _("mindre än en minut") if self.used == 0 else count_noun(self.used, _("minut"), _("minuter"))
        return _("%(used)s (planerat %(planned)s)") % {"used": used, "planned": self.planned} if self.planned else used


@dataclass(frozen=True, slots=True)
class Came:
    """How many came from where; None where so few came that it is not told."""

    place: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What came in after the session, by e-mail or on paper."""

    text: str
    channel: str
    day: str
    state: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Something that came of the session: a need, an initiative, a decision."""

    kind: str
    title: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class SessionReport:
    session: LiveSession
    facts: list[tuple[str, str]]
    parts: list[Part]
    cancelled_why: str = ""
    came: list[Came] = field(default_factory=list)
    came_in_all: int = 0
    came_by_list: bool = False
    names: list[str] = field(default_factory=list)
    afterwards: list[Afterwards] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    made_elsewhere: list[tuple[str, int]] = field(default_factory=list)
    open_to_all: bool = False

    @property
    def cancelled(self) -> bool:
        return self.session.state == LiveSession.CANCELLED

    @property
    def finished(self) -> bool:
        return self.session.state in LiveSession.OVER

    @property
    def only_places(self) -> list[str]:
        """Where people came from, where no number is told from anywhere: a table of nothing says less than a sentence."""
        return [] if any(one.number is not None for one in self.came) else [one.place for one in self.came]

    @property
    def protects(self) -> bool:
        """Whether a number is not told since it is too small."""
        return any(one.number is None for one in self.came)

    @property
    def title(self) -> str:
        return _("Rapport: %(title)s") % {"title": self.session.title}


def staff_report(session: LiveSession) -> SessionReport:
    """The whole report, for the staff of the organisation that holds the session."""
    return _with_what_was_made(_report(session, open_to_all=False))


def open_report(session: LiveSession) -> SessionReport:
    """The report for everybody. What came of the session is told as its reader may read it, the rest as the holder."""
    with as_holder(session):
        found = _report(session, open_to_all=True)
    return _with_what_was_made(found)


def _report(session: LiveSession, *, open_to_all: bool) -> SessionReport:
    if session.state == LiveSession.CANCELLED:
        last = session.transitions.filter(to_state=LiveSession.CANCELLED).order_by("-at").first()
        return SessionReport(
            session,
            _facts(session, open_to_all=open_to_all),
            [],
            cancelled_why=last.reason if last else "",
            open_to_all=open_to_all,
        )
    came, in_all, by_list = _attendance(session)
    return SessionReport(
        session,
        _facts(session, open_to_all=open_to_all),
        _parts(session, open_to_all=open_to_all),
        came=came,
        came_in_all=in_all,
        came_by_list=by_list,
        names=[] if open_to_all else _names(session),
        open_to_all=open_to_all,
        afterwards=_afterwards(session, open_to_all=open_to_all),
    )


def _facts(session: LiveSession, *, open_to_all: bool) -> list[tuple[str, str]]:
    place = place_of(session.owner_id)
    facts = [
        (_("Hålls av"), place.name if place else ""),
        *([(_("Nätverk"), session.network.name)] if session.network else []),
        (_("Dag"), _days(session)),
        (_("Plats"), str(session.get_place_display())),
        (_("Läge"), str(session.get_state_display())),
    ]
    if session.purpose:
        facts.insert(0, (_("Syfte"), session.purpose))
    if session.state != LiveSession.CANCELLED:
        facts.append((_("Svaren gavs"), str(session.get_anonymity_display())))
    if not open_to_all:
        facts += _leaders(session)
    return facts


def _day(day: date) -> str:
    """With the year: a report is read long after."""
    return date_format(day, "j F Y")


def _days(session: LiveSession) -> str:
    first, last = session.held_on, session.last_day
    return f"{_day(first)} – {_day(last)}" if last and last != first else _day(first)


def _leaders(session: LiveSession) -> list[tuple[str, str]]:
    """Who led and who recorded; each that had the role, in order, where it was handed over."""
    given: dict[str, list[str]] = {role: [] for role, _label in SessionRole.ROLES}
    for one in session.roles.order_by("at", "id"):
        if one.name not in given[one.role]:
            given[one.role].append(one.name)
    if not given[SessionRole.FACILITATOR]:
        opened = session.transitions.filter(to_state=LiveSession.OPEN).order_by("at").first()
        if opened is not None and opened.by_name:
            given[SessionRole.FACILITATOR] = [opened.by_name]
    labels = {SessionRole.FACILITATOR: _("Mötesledare"), SessionRole.RECORDER: _("Antecknare")}
    return [(labels[role], ", ".join(names)) for role, names in given.items() if names]


def _attendance(session: LiveSession) -> tuple[list[Came], int, bool]:
    """By the attendance list where there is one, else by what the phones said of themselves.

    Few from one place are not told: they would be known by what else the report says of their municipality.
    """
    present = Attendance.objects.filter(session=session, present=True).values_list("organisation", flat=True)
    places: list[UUID | None] = list(present)
    by_list = bool(places)
    if not by_list:
        places = list(Participant.objects.filter(session=session).values_list("municipality", flat=True))
    counted = Counter(str(one) for one in places if one is not None)
    shown = suppress_list(counted, threshold=SMALLEST_GROUP)
    came = []
    for one, number in shown.items():
        place = place_of(UUID(one))
        came.append(Came(place.short_name if place else _("Okänd"), number))
    return sorted(came, key=lambda one: (one.number is None, one.place)), len(places), by_list


def _names(session: LiveSession) -> list[str]:
    """The attendance list, for staff."""
    found = []
    for one in Attendance.objects.filter(session=session).select_related("organisation"):
        where = f", {one.organisation.short_name}" if one.organisation else ""
        state = {True: "", False: _(" (kom inte)"), None: _(" (inte avprickad)")}[one.present]
        from_home = _(" (hemifrån)") if one.present and one.remote else ""
        found.append(f"{one.name}{where}{from_home}{state}")
    return sorted(found, key=str.casefold)


def _parts(session: LiveSession, *, open_to_all: bool) -> list[Part]:
    used = _minutes_used(session)
    hidden = _hidden(session, open_to_all=open_to_all)
    lines: dict[UUID, list[Line]] = {}
    if not open_to_all:
        told = tellable(session, participants_of(session))
        shown = answers_of(session, include_hidden=False).select_related("cluster", "group", "participant")
        for answer in shown:
            lines.setdefault(answer.step_id, []).append(_line(answer, told.get(answer.participant_id)))
    return [
        _part(step, used.get(step.id), hidden.get(step.id, []), lines.get(step.id, []), open_to_all=open_to_all)
        for step in session.steps.in_order()
    ]


def _part(step: Step, used: int | None, hidden: Sequence[Hidden], lines: Sequence[Line], *, open_to_all: bool) -> Part:
    kind = step_type(step.kind)
    part = Part(step, str(kind.label), step.minutes, used, hidden=hidden, asks=has_result(step))
    if used is None and not lines:
        return part
    if not part.asks:
        # What was shown is the programme's; a step of another sort (a joint summary) says what it gave.
        part = replace(part, agreed=_agreed(step, 0))
        return replace(part, outcome=kind.outcome(step, [])) if part.agreed else part
    if not open_to_all:
        result = result_of(step)
        return replace(
            part,
            outcome=result.outcome,
            answered=result.answered,
            lines=_in_order(lines),
            agreed=_agreed(step, result.answered),
        )
    opened = open_result_of(step)
    if opened is None:
        return replace(part, withheld_result=True)
    return replace(
        part,
        outcome=opened.result.outcome,
        answered=opened.result.answered,
        lines=_in_order(_line(one, None) for one in opened.answers),
        left_out=opened.withheld,
        agreed=_agreed(step, opened.result.answered),
    )


def _line(answer: Answer, told: Told | None) -> Line:
    cluster = _("i gruppen av lappar ”%(title)s”") % {"title": answer.cluster.title} if answer.cluster else ""
    if answer.group is not None:
        # A group's note is the group's; who held the phone is not told.
        return Line(answer.text, tuple(one for one in (_group(answer), cluster) if one))
    told_of = (told.called, told.municipality) if told else ()
    channel = "" if told is None or answer.participant.channel == Participant.PHONE else _channel(answer)
    return Line(answer.text, tuple(one for one in (*told_of, cluster, channel) if one))


def _group(answer: Answer) -> str:
    return _("bikupa %(number)s") % {"number": answer.group.number} if answer.group else ""


def _channel(answer: Answer) -> str:
    return str(answer.participant.get_channel_display())


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """By cluster and words: the order of answering tells who was quick."""
    return sorted(lines, key=lambda one: (one.text.casefold(), one.meta))


def _minutes_used(session: LiveSession) -> dict[UUID, int]:
    """How many minutes each step that has been open was so, in all."""
    seconds: dict[UUID, float] = {}
    for one in StepOpening.objects.filter(session=session):
        until = one.closed_at or timezone.now()
        seconds[one.step_id] = seconds.get(one.step_id, 0.0) + max((until - one.opened_at).total_seconds(), 0.0)
    return {step: round(used / 60) for step, used in seconds.items()}


def _hidden(session: LiveSession, *, open_to_all: bool) -> dict[UUID, list[Hidden]]:
    reasons: dict[UUID, Counter[str]] = {}
    for answer in answers_of(session).filter(hidden=True):
        why = "" if open_to_all and tells_of_person(answer.hidden_why) else answer.hidden_why
        reasons.setdefault(answer.step_id, Counter())[why] += 1
    return {step: [Hidden(why, many) for why, many in found.most_common()] for step, found in reasons.items()}


def _agreed(step: Step, answered: int) -> Agreed | None:
    latest = Summary.objects.filter(step=step).order_by("-number").first()
    return Agreed(latest.text, latest.number, latest.at, answered) if latest else None


def _afterwards(session: LiveSession, *, open_to_all: bool) -> list[Afterwards]:
    """What came in later. Everybody reads what was accepted; what was not, and why, only the staff reads."""
    found = []
    asked = Submission.objects.filter(session=session).prefetch_related("decisions").order_by("received_on", "id")
    for one in asked:
        latest = max(one.decisions.all(), key=lambda decision: (decision.at, decision.id), default=None)
        if open_to_all and (latest is None or not latest.accepted or tells_of_person(one.text)):
            continue
        state = _("väntar") if latest is None else _("med i resultatet") if latest.accepted else _("inte med")
        if latest is not None and latest.reason and not latest.accepted:
            state = f"{state}: {latest.reason}"
        sender = "" if open_to_all else one.sender
        found.append(Afterwards(one.text, str(one.get_channel_display()), _day(one.received_on), state, sender))
    return found


def _with_what_was_made(report: SessionReport) -> SessionReport:
    """What was made of it so far, by its trace; what the reader may not read is told by kind and number."""
    made: dict[UUID, Made] = {}
    told: Counter[str] = Counter()
    seen: set[UUID] = set()
    for step in steps_after(report.session.item):
        if step.kind.key in (ANSWER_KIND, SESSION_KIND) or step.item in seen:
            continue
        seen.add(step.item)
        if step.readable:
            made[step.item] = _made(step)
        else:
            told[str(step.kind.label)] += 1
    return replace(report, made=list(made.values()), made_elsewhere=sorted(told.items()))


def _made(step: TraceStep) -> Made:
    return Made(str(step.kind.label), step.title, step.number, reverse("trace", args=[step.number]))

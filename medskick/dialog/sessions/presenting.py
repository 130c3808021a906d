"""From sessions and answers to what the design layer draws, and to files."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _

from medskick.design.charts import Chart
from medskick.design.parts import Event, Row, Step
from medskick.dialog.sessions.models import Answer, LiveSession, SessionRole, SessionTransition
from medskick.dialog.sessions.queries import Told
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.places import place_of
from medskick.kernel.trace.presenting import thread
from medskick.kernel.trace.queries import TraceStep
from medskick.lib.csv_rows import write_rows
from medskick.lib.dates import say_date, say_period
from medskick.lib.text import count_noun

TONES = {
    LiveSession.PLANNED: "neutral",
    LiveSession.OPEN: "now",
    LiveSession.PAUSED: "wait",
    LiveSession.HELD: "done",
    LiveSession.SUMMARISED: "done",
    LiveSession.CONFIRMED: "done",
    LiveSession.CANCELLED: "stop",
}
INVENTED = "Påhittade uppgifter"


def session_row(session: Any) -> Row:
    """A session in a list."""
    meta = [date_format(session.held_on, "j F Y"), session.owner.short_name]
    if session.network is not None:
        meta.append(session.network.name)
    if session.answers:
        meta.append(count_noun(session.answers, "svar", "svar"))
    if session.imported:
        meta.append(_("importerat"))
    return Row(
        title=session.title,
        url=reverse("session", args=[session.pk]),
        meta=meta,
        status=str(session.get_state_display()),
        tone=TONES[session.state],
    )


def sessions_csv(sessions: Iterable[LiveSession]) -> bytes:
    """The list of sessions as a file."""
    header = [_("Spårnummer"), _("Möte"), _("Dag"), _("Hålls av"), _("Nätverk"), _("Läge"), _("Syfte")]
    return write_rows(
        header,
        (
            [
                one.item.number,
                one.title,
                one.held_on.isoformat(),
                one.owner.name,
                one.network.name if one.network else "",
                one.get_state_display(),
                one.purpose,
            ]
            for one in sessions
        ),
    )


def session_facts(session: Any) -> list[tuple[str, str]]:
    """What the record bar says of a session beside its registration."""
    several = session.last_day is not None and session.last_day != session.held_on
    day = say_period(session.held_on, session.last_day) if several else date_format(session.held_on, "j F Y")
    facts = [(_("Dagar") if several else _("Dag"), day), (_("Plats"), str(session.get_place_display()))]
    if session.network is not None:
        facts.append((_("Nätverk"), session.network.name))
    facts.append((_("Svaren ges"), str(session.get_anonymity_display())))
    if session.imported:
        facts.append((_("Ursprung"), _("importerat, mötet hölls utanför Medskick")))
    return facts


def role_facts(roles: Mapping[str, SessionRole]) -> list[tuple[str, str]]:
    """Who leads and who records now."""
    named = dict(SessionRole.ROLES)
    return [(str(named[one.role]).capitalize(), one.name) for one in roles.values()]


def public_facts(session: Any, took_part: int = 0) -> list[tuple[str, str]]:
    """What anyone may know of a session she may read of. took_part: how many phones and sheets of paper; 0 says nothing."""
    facts = [(_("Hålls av"), session.owner.name), (_("Svaren ges"), str(session.get_anonymity_display()))]
    if took_part:
        facts.append((_("Deltagare"), str(took_part)))
    return facts if session.network is None else [facts[0], (_("Nätverk"), session.network.name), facts[1]]


def session_events(session: LiveSession) -> list[Event]:
    """How the session came to where it is."""
    names = dict(LiveSession.STATES) | {LiveSession.OPEN: _("öppnades")}
    return [
        Event(title=str(names[one.to_state]).capitalize(), when=one.at, text=_why(one), who=one.by_name)
        for one in session.transitions.order_by("at", "id")
    ]


def _why(one: SessionTransition) -> str:
    if one.continues_on is None:
        return one.reason
    return _("Fortsätter %(day)s.") % {"day": say_date(one.continues_on)}


def programme(steps: Iterable[Any]) -> list[Any]:
    """The steps in order, each with its type's name and the places beside it."""
    listed = list(steps)
    for one in listed:
        one.type_label = step_type(one.kind).label
        one.asks = step_type(one.kind).question is not None
        one.board = step_type(one.kind).board
        one.place_before, one.place_after = one.position - 1, one.position + 1
    return listed


def join_url(request: HttpRequest, session: LiveSession) -> str:
    """The whole address that the QR code carries; empty while nobody can join."""
    if session.state != LiveSession.OPEN:
        return ""
    return request.build_absolute_uri(reverse("take_part", args=[session.code]))


def short_address(request: HttpRequest) -> str:
    """The address to type, as people say it: medskick.example/delta."""
    return request.get_host() + reverse("join")


def answer_rows(answers: Iterable[Any], told: dict[Any, Told]) -> list[Row]:
    """Answers in a list for staff: never which phone."""
    return [
        Row(
            title=one.text,
            url=reverse("answer", args=[one.id]),
            meta=[part for part in (told_name(told, one), told_place(told, one)) if part],
            status=_("dolt") if one.hidden else _("har lett vidare") if one.item_id else "",
            tone="stop" if one.hidden else "done",
        )
        for one in answers
    ]


def told_name(told: dict[Any, Told], answer: Answer) -> str:
    return told[answer.participant_id].called if answer.participant_id in told else ""


def told_place(told: dict[Any, Told], answer: Answer) -> str:
    return told[answer.participant_id].municipality if answer.participant_id in told else ""


def answers_csv(session: LiveSession, answers: Iterable[Any], told: dict[Any, Told]) -> bytes:
    """All answers as a file. Anonymous ones carry no time of day: it would tell who sat where in the room."""
    header = [_("Fråga"), _("Svar"), _("Kommun"), _("Visas"), _("Skäl att dölja")]
    named = session.anonymity != LiveSession.ANONYMOUS
    if named:
        header.append(_("Namn") if session.anonymity == LiveSession.NAMED else _("Alias"))
    if session.item.invented:
        header.append(INVENTED)
    rows = []
    for one in answers:
        row = [one.step.text, one.text, told_place(told, one), _("nej") if one.hidden else _("ja"), one.hidden_why]
        rows.append([*row, *([told_name(told, one)] if named else []), *(["ja"] if session.item.invented else [])])
    # In the order of the words, not of the answering: the order of answers tells who was quick.
    rows.sort(key=lambda row: (row[0], row[1].casefold()))
    return write_rows(header, rows)


def picture_file(chart: Chart, *, invented: bool) -> str:
    """A chart as a picture file that stands alone, with its look inside."""
    cloud = "text-anchor:middle;" if "cloud-svg" in chart.svg else ""
    look = (
        f"<style>text{{font-family:'Source Sans 3',Arial,sans-serif;{cloud}fill:#1d2b33;font-weight:500}}"
        ".w0{fill:#00576b;font-weight:700}.w1{font-weight:620}.w3{fill:#54626b;font-weight:400}"
        ".end{text-anchor:end}.strong{font-weight:650}.bar{fill:#7b7a75}.bar.emphasis{fill:#00576b}</style>"
    )
    mark = (
        f'<text x="800" y="752" font-size="22" class="w3" text-anchor="middle">{escape(INVENTED)}</text>'
        if invented
        else ""
    )
    start, close, rest = str(chart.svg).partition(">")
    return start + close + look + rest.replace("</svg>", mark + "</svg>")


def own_thread_of(answer: Answer, steps: list[TraceStep], alike: dict[UUID, int] | None = None) -> list[Step]:
    """What became of an answer: the answer itself, then each step.

    alike: how many answers led to a step, where they are so many that it may be told (queries.voices_behind).
    """
    if answer.item is not None:
        told = alike or {}
        drawn = thread(answer.item, steps, first_label=_("Sagt"))
        return [
            drawn[0],
            *(_with_company(one, told.get(step.item)) for one, step in zip(drawn[1:], steps, strict=True)),
        ]
    place = place_of(answer.owner_id)
    said = Step(
        label=_("Sagt"),
        title=answer.text,
        when=answer.given_at,
        facts=[place.name if place else ""],
        state="now",
    )
    return [said]


def _with_company(step: Step, voices: int | None) -> Step:
    if voices is None:
        return step
    return replace(step, facts=[*step.facts, _("ditt svar är ett av %(count)s") % {"count": voices}])

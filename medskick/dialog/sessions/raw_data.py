"""The raw data of a session, as CSV and JSON: each answer in its step's own columns, and never who gave it.

The rows of a step stand in the order of their words: the order of answering would tell who was quick. Anonymous answers
carry no time of day. Rows are read and handed on in small portions, each in a scope of its own, so that a full hall's
answers never stand in memory at once.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Placing, Step, Submission, Summary
from medskick.dialog.sessions.queries import SMALLEST_GROUP, Told, answers_of, participants_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import Scope, scope
from medskick.lib.csv_rows import csv_safe
from medskick.lib.small_groups import suppress

PORTION = 500
INVENTED = "Påhittade uppgifter"


def told_with_channel(participants: Sequence[Participant]) -> dict[UUID, Told]:
    """What a file may say of who answered, where it also says through which channel.

    The only paper form from Dals-Ed would be known by the two together, so both are counted as one table, and a
    municipality is told where its cell is large enough (lib.small_groups); always, where people answer by name.
    """
    places = sorted({one.municipality_id for one in participants if one.municipality_id is not None}, key=str)
    channels = sorted({one.channel for one in participants})
    counts = [[0] * len(channels) for _place in places]
    for one in participants:
        if one.municipality_id is not None:
            counts[places.index(one.municipality_id)][channels.index(one.channel)] += 1
    hidden = suppress(counts, threshold=SMALLEST_GROUP).hidden if places else frozenset()
    told = {}
    for one in participants:
        name = ""
        if one.municipality_id is not None:
            cell = (places.index(one.municipality_id), channels.index(one.channel))
            if one.mode == LiveSession.NAMED or cell not in hidden:
                place = place_of(one.municipality_id)
                name = place.short_name if place else ""
        told[one.id] = Told(one.called, name)
    return told


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file needs, read at once; the answers themselves are read in portions."""

    session: LiveSession
    steps: list[Step]
    told: dict[UUID, Told]
    channels: dict[UUID, str]
    order: dict[UUID, list[UUID]]  # answers of each step, in the order in which they stand in the file
    reader: Scope
    language: str
    invented: bool
    extra: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    submissions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def named(self) -> bool:
        return self.session.anonymity != LiveSession.ANONYMOUS


def read_raw(session: LiveSession, *, reader: Scope, language: str) -> Raw:
    """Everything but the answers' own words, and in which order they come."""
    steps = list(session.steps.in_order())
    participants = participants_of(session)
    channels = dict(Participant.CHANNELS)
    listed: dict[UUID, list[tuple[str, bytes, UUID]]] = {step.id: [] for step in steps}
    for answer, step, text in answers_of(session).order_by().values_list("id", "step_id", "text"):
        # Ids grow with time, so equal words are told apart by a digest of them.
        listed[step].append((text.casefold(), blake2s(answer.bytes).digest(), answer))
    return Raw(
        session=session,
        steps=steps,
        told=told_with_channel(participants),
        channels={one.id: str(channels[one.channel]) for one in participants},
        order={step: [answer for _text, _digest, answer in sorted(rows)] for step, rows in listed.items()},
        reader=reader,
        language=language,
        invented=session.item.invented,
        extra={step.id: _beside(step) for step in steps},
        submissions=_submissions(session),
    )


def csv_portions(raw: Raw) -> Iterator[bytes]:
    """The file as CSV: columns that all answers have, then those of each step, under its number."""
    with override(raw.language):
        shared = [_("Steg"), _("Stegtyp"), _("Fråga"), _("Svar"), *(label for label, _value in _columns(raw))]
        own = {step.id: _own_columns(step) for step in raw.steps}
    places, at = {}, len(shared)
    for step in raw.steps:
        places[step.id], at = at, at + len(own[step.id])
    heads = [f"{step.position}. {label}" for step in raw.steps for label in own[step.id]]
    yield b"\xef\xbb\xbf" + _line([*shared, *heads])

    def row(step: Step, answer: Answer) -> bytes:
        cells: list[Any] = [""] * at
        cells[: len(shared)] = [
            step.position,
            str(step_type(step.kind).label),
            step.text,
            answer.text,
            *(value(answer) for _label, value in _columns(raw)),
        ]
        begin = places[step.id]
        cells[begin : begin + len(own[step.id])] = step_type(step.kind).cells(step, answer)
        return _line(cells)

    for step in raw.steps:
        yield from _portions(raw, step, row)


def json_portions(raw: Raw) -> Iterator[bytes]:
    """The file as JSON: the session, its steps, and under each its answers."""
    session = raw.session
    with override(raw.language):
        head = {
            "title": session.title,
            "purpose": session.purpose,
            "day": session.held_on.isoformat(),
            "last_day": session.last_day.isoformat() if session.last_day else None,
            "state": session.state,
            "place": session.place,
            "anonymity": session.anonymity,
            **({"invented": True} if raw.invented else {}),
        }
        yield b'{"session": ' + _json(head) + b', "steps": ['
    for number, step in enumerate(raw.steps):
        with override(raw.language):
            kind = step_type(step.kind)
            about = {
                "number": step.position,
                "type": step.kind,
                "type_label": str(kind.label),
                "text": step.text,
                "minutes": step.minutes,
                "columns": _own_columns(step),
                **raw.extra[step.id],
            }
        yield (b", " if number else b"") + _json(about)[:-1] + b', "answers": ['
        first = True

        def entry(step: Step, answer: Answer) -> bytes:
            nonlocal first
            told = {label: value(answer) for label, value in _json_columns(raw)}
            cells = [one if isinstance(one, (int, float, bool)) else str(one) for one in _cells(step, answer)]
            lead, first = (b"" if first else b", "), False
            return lead + _json({"text": answer.text, "cells": cells, **told})

        yield from _portions(raw, step, entry)
        yield b"]}"
    yield b'], "submissions": ' + _json(raw.submissions) + b"}"


def _portions(raw: Raw, step: Step, write: Callable[[Step, Answer], bytes]) -> Iterator[bytes]:
    """The step's answers, written; nothing is handed on while the scope is open, so that no reader holds it up."""
    ids = raw.order[step.id]
    for begin in range(0, len(ids), PORTION):
        with scope(raw.reader), override(raw.language):
            asked = answers_of(raw.session).select_related("step", "cluster", "group", "about")
            found = asked.order_by().in_bulk(ids[begin : begin + PORTION])
            # An answer that was taken back since the file was begun is not in it.
            made = b"".join(write(step, found[one]) for one in ids[begin : begin + PORTION] if one in found)
        if made:
            yield made


type Column = tuple[str, Callable[[Answer], Any]]


def _columns(raw: Raw) -> list[Column]:
    named: list[Column] = [
        (_("Namn") if raw.session.anonymity == LiveSession.NAMED else _("Alias"), lambda one: _who(raw, one)),
        (_("När"), lambda one: timezone.localtime(one.given_at).strftime("%Y-%m-%d %H:%M")),
    ]
    return [
        (_("Om"), lambda one: one.about.text if one.about else ""),
        (_("Grupp av lappar"), lambda one: one.cluster.title if one.cluster else ""),
        (_("Grupp"), lambda one: one.group.number if one.group else ""),
        (_("Kanal"), lambda one: _channel(raw, one)),
        (_("Kommun"), lambda one: _place(raw, one)),
        *(named if raw.named else []),
        (_("Visas"), lambda one: _("nej") if one.hidden else _("ja")),
        (_("Skäl att dölja"), lambda one: one.hidden_why if one.hidden else ""),
        *([(INVENTED, lambda one: "ja")] if raw.invented else []),
    ]


def _json_columns(raw: Raw) -> list[Column]:
    return [
        ("about", lambda one: one.about.text if one.about else None),
        ("cluster", lambda one: one.cluster.title if one.cluster else None),
        ("group", lambda one: one.group.number if one.group else None),
        ("channel", lambda one: _channel(raw, one) or None),
        ("municipality", lambda one: _place(raw, one) or None),
        *([("called", lambda one: _who(raw, one)), ("at", _moment)] if raw.named else []),
        ("hidden", lambda one: one.hidden),
        ("hidden_why", lambda one: one.hidden_why if one.hidden else None),
    ]


def _moment(answer: Answer) -> str:
    return timezone.localtime(answer.given_at).isoformat(timespec="minutes")


def _who(raw: Raw, answer: Answer) -> str:
    """A group's note is the group's: who held the phone is not told."""
    return "" if answer.group_id else raw.told[answer.participant_id].called


def _place(raw: Raw, answer: Answer) -> str:
    return "" if answer.group_id else raw.told[answer.participant_id].municipality


def _channel(raw: Raw, answer: Answer) -> str:
    return "" if answer.group_id else raw.channels[answer.participant_id]


def _own_columns(step: Step) -> list[str]:
    return [str(one) for one in step_type(step.kind).columns(step)]


def _cells(step: Step, answer: Answer) -> list[Any]:
    return step_type(step.kind).cells(step, answer)


def _beside(step: Step) -> dict[str, Any]:
    """What a step has beside its answers: clusters, summaries, where the group placed what."""
    found: dict[str, Any] = {}
    clusters = [one.title for one in step.clusters.all()]
    summaries = [
        {"version": one.number, "text": one.text} for one in Summary.objects.filter(step=step).order_by("number")
    ]
    placings = [
        {"cluster": one.cluster.title, "within_years": one.horizon, "motivation": one.motivation}
        for one in Placing.objects.filter(step=step).select_related("cluster").order_by("at", "id")
    ]
    for name, rows in (("clusters", clusters), ("summaries", summaries), ("placings", placings)):
        if rows:
            found[name] = rows
    return found


def _submissions(session: LiveSession) -> list[dict[str, Any]]:
    """What came in afterwards, without who sent it."""
    asked = Submission.objects.filter(session=session).prefetch_related("decisions").order_by("received_on", "text")
    rows = []
    for one in asked:
        latest = max(one.decisions.all(), key=lambda decision: (decision.at, decision.id), default=None)
        rows.append(
            {
                "text": one.text,
                "channel": str(one.get_channel_display()),
                "received_on": one.received_on.isoformat(),
                "accepted": latest.accepted if latest else None,
                "reason": latest.reason if latest else None,
            }
        )
    return rows


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _line(cells: Sequence[object]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([csv_safe(one) for one in cells])
    return out.getvalue().encode()

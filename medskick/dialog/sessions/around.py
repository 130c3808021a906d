"""The reads of what surrounds a session: who leads, who is invited and came, what is read before, what came after."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from medskick.dialog.sessions.duplicates import Alike, alike
from medskick.dialog.sessions.models import (
    Attendance,
    LiveSession,
    PreReading,
    ReadMark,
    SessionRole,
    SessionTransition,
    Step,
    Submission,
)
from medskick.dialog.sessions.queries import answers_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.lib.swedish import sort_key


def roles_of(session: LiveSession) -> dict[str, SessionRole]:
    """Who leads and who records now, by role. One query."""
    given = SessionRole.objects.filter(session=session).order_by("at", "id")
    return {one.role: one for one in given}


def continues_on(session: LiveSession) -> date | None:
    """The day when a paused session goes on; None where nobody said it, or it is not paused."""
    if session.state != LiveSession.PAUSED:
        return None
    paused = SessionTransition.objects.filter(session=session, to_state=LiveSession.PAUSED)
    latest = paused.order_by("-at", "-id").first()
    return latest.continues_on if latest else None


def attending(session: LiveSession) -> list[Attendance]:
    """The list of a session, by municipality and name. Names are encrypted, so the order is made here, on one query."""
    found = Attendance.objects.filter(session=session).select_related("organisation")
    return sorted(found, key=lambda one: (_place_order(one), sort_key(one.name), str(one.id)))


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a municipality were invited, came (of them from home), and did not. organisation "" is unknown."""

    organisation: str
    invited: int
    present: int
    remote: int
    absent: int


def turnout_of(attendances: Sequence[Attendance]) -> list[Turnout]:
    """The list in numbers, by municipality: what a report says. Holds no names."""
    names = sorted({_place_name(one) for one in attendances}, key=lambda name: (not name, sort_key(name)))
    return [_turnout(name, [one for one in attendances if _place_name(one) == name]) for name in names]


def total_turnout(attendances: Sequence[Attendance]) -> Turnout:
    return _turnout("", attendances)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read: whether the reader has read it, how many have, and who of the known invited has not."""

    reading: PreReading
    mine: bool
    read: int
    unread: tuple[str, ...]


def readings_of(session: LiveSession, person: UUID | None, invited: Sequence[Attendance]) -> list[Reading]:
    """What to read before the session, with read status among the invited that the reader may know of. Two queries."""
    readings = list(PreReading.objects.filter(session=session).select_related("item"))
    marks = set(ReadMark.objects.filter(pre_reading__in=readings).values_list("pre_reading_id", "person"))
    known = [one for one in invited if one.person]
    return [
        Reading(
            reading,
            (reading.id, person) in marks,
            sum(marked == reading.id for marked, _person in marks),
            tuple(one.name for one in known if (reading.id, one.person) not in marks),
        )
        for reading in readings
    ]


def readings_waiting(person: UUID | None, networks: Collection[UUID] = (), *, most: int = 5) -> list[PreReading]:
    """What this person is invited to read before sessions that are to come, and has not said that she has read."""
    if person is None:
        return []
    invited = Attendance.objects.filter(session=OuterRef("session"), person=person)
    read = ReadMark.objects.filter(pre_reading=OuterRef("pk"), person=person)
    waiting = PreReading.objects.filter(
        Q(Exists(invited)) | Q(session__network__in=networks),
        ~Exists(read),
        session__state__in=(LiveSession.PLANNED, LiveSession.PAUSED),
    )
    return list(waiting.select_related("session").order_by("session__held_on", "position")[:most])


@dataclass(frozen=True, slots=True)
class Late:
    """Something that came in, what was decided about it, and who has said the same."""

    submission: Submission
    accepted: bool | None
    reason: str
    by_name: str
    alike: tuple[Alike, ...] = ()


def late_needs_of(session: LiveSession) -> list[Late]:
    """What came in after the session, undecided first; those are compared with each other and with all answers that the
    staff may read by now."""
    found = list(Submission.objects.filter(session=session).prefetch_related("decisions").order_by("received_on", "id"))
    said = list(answers_of(session, include_hidden=False).exclude(text="").values_list("text", flat=True))
    # What was accepted is among the answers already.
    written = {one.id: one.text for one in found if one.answer_id is None}
    late = []
    for one in found:
        decisions = sorted(one.decisions.all(), key=lambda decision: (decision.at, str(decision.id)))
        last = decisions[-1] if decisions else None
        others = [] if last else [*said, *(text for key, text in written.items() if key != one.id)]
        late.append(
            Late(
                one,
                last.accepted if last else None,
                last.reason if last else "",
                last.by_name if last else "",
                tuple(alike(one.text, others)) if others else (),
            )
        )
    return sorted(late, key=lambda one: one.accepted is not None)


def steps_that_ask(session: LiveSession) -> list[Step]:
    """The steps in which participants answer, in order."""
    return [one for one in Step.objects.filter(session=session).in_order() if step_type(one.kind).question is not None]


def _turnout(name: str, rows: Sequence[Attendance]) -> Turnout:
    counted = Counter((one.present, one.remote) for one in rows)
    remote = counted[(True, True)]
    return Turnout(
        name,
        sum(one.invited_at is not None for one in rows),
        counted[(True, False)] + remote,
        remote,
        counted[(False, False)],
    )


def _place_name(one: Attendance) -> str:
    return one.organisation.short_name if one.organisation else ""


def _place_order(one: Attendance) -> tuple[bool, str]:
    name = _place_name(one)
    return (not name, sort_key(name) if name else "")

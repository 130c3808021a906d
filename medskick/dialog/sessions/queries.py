"""The reads that pages, exports and the front door need."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from medskick.dialog.sessions.access import SMALLEST_GROUP, code_token
from medskick.dialog.sessions.models import (
    Answer,
    AnswerQuerySet,
    JoinCode,
    LiveSession,
    LiveSessionQuerySet,
    Participant,
    ResultShowing,
    Step,
    StepOpening,
    Summary,
)
from medskick.dialog.sessions.step_queries import Told as Told
from medskick.dialog.sessions.step_queries import is_revealed as is_revealed
from medskick.dialog.sessions.step_queries import is_shown as is_shown
from medskick.dialog.sessions.step_queries import latest_summary as latest_summary
from medskick.dialog.sessions.step_queries import own_answers as own_answers
from medskick.dialog.sessions.step_queries import tellable as tellable
from medskick.dialog.sessions.steps.registry import step_types
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.places import Place
from medskick.kernel.organisations.scope import reader_token, scope, widen_scope
from medskick.kernel.records.models import Link
from medskick.kernel.trace.queries import TraceStep
from medskick.lib.dates import today_here


def session_of_code(code: str) -> LiveSession | None:
    """The open session with this code. Whoever typed the code may read it for the rest of the request."""
    opened = JoinCode.objects.filter(code=code).first()
    if opened is None:
        return None
    widen_scope([code_token(code, opened.session_id)])
    return LiveSession.objects.filter(pk=opened.session_id).first()


def session_taken_part_in(code: str, device: UUID | None) -> LiveSession | None:
    """The latest session with this code that the phone took part in, also when it is over and the code is free."""
    if device is None:
        return None
    mine = Participant.objects.filter(device=device).values("session")
    return LiveSession.objects.filter(code=code, pk__in=mine).newest_first().first()


def open_step_of(session: LiveSession) -> Step | None:
    """The step that phones answer now."""
    opening = StepOpening.objects.filter(session=session, closed_at__isnull=True).select_related("step").first()
    return opening.step if opening else None


def opening_of(step: Step) -> StepOpening | None:
    """How long the step has been open and when its time is out; None while it is not open."""
    return StepOpening.objects.filter(step=step, closed_at__isnull=True).first()


def joint_summaries(session: LiveSession) -> list[Summary]:
    """The newest version of each of the session's joint summaries, in the order of the programme."""
    newest = (
        Summary.objects.filter(step__session=session).order_by("step__position", "-number").distinct("step__position")
    )
    return list(newest.select_related("step"))


def last_step_of(session: LiveSession) -> Step | None:
    """The step that is open, else the one that was open last: what the presenter screen shows."""
    opening = StepOpening.objects.filter(session=session).select_related("step").order_by("-opened_at").first()
    return opening.step if opening else None


def participant_of(session: LiveSession, device: UUID | None) -> Participant | None:
    if device is None:
        return None
    return Participant.objects.filter(session=session, device=device).first()


def answers_of(session: LiveSession, *, include_hidden: bool = True) -> AnswerQuerySet:
    """The answers of a session in order, each with `hidden` and `hidden_why`, its step and item at hand.

    What is private until it is shown is not among them before that.
    """
    answers = _revealed(Answer.objects.standing().of_session(session))
    answers = answers.with_visibility().select_related("step", "item")
    return (answers if include_hidden else answers.filter(hidden=False)).order_by("step__position", "given_at", "id")


def get_answer(answer_id: UUID) -> Answer | None:
    """One answer with its step, session and item, or None where there is none that the scope may read (yet)."""
    return (
        _revealed(Answer.objects.with_visibility())
        .select_related("step__session__network", "item", "participant")
        .filter(id=answer_id)
        .first()
    )


def _revealed(answers: AnswerQuerySet) -> AnswerQuerySet:
    """Without what only its writers may read so far."""
    private = [one.key for one in step_types() if one.private_first]
    revealed = ResultShowing.objects.filter(step=OuterRef("step"), shown=True)
    return answers.filter(~Q(step__kind__in=private) | Exists(revealed))


def sessions_for(organisation: UUID) -> LiveSessionQuerySet:
    """The organisation's sessions, and those of networks that it may read, newest first."""
    return LiveSession.objects.select_related("network", "owner").with_counts().newest_first()


def open_public_sessions(place: Place) -> list[LiveSession]:
    """Open sessions that anybody may join, of the place itself or of its region."""
    sessions = LiveSession.objects.public().in_state(LiveSession.OPEN)
    return list(sessions.filter(owner_id__in={place.id, place.region_id}).order_by("title")[:10])


def coming_public_sessions(place: Place) -> list[LiveSession]:
    """Planned sessions that anybody may come to, those that go on another day, and those called off whose day is to come."""
    called_off = Q(state=LiveSession.CANCELLED, held_on__gte=today_here())
    planned = Q(state__in=(LiveSession.PLANNED, LiveSession.PAUSED))
    sessions = LiveSession.objects.public().filter(planned | called_off)
    return list(sessions.filter(owner_id__in={place.id, place.region_id}).order_by("held_on")[:10])


def latest_public_sessions(place: Place) -> list[LiveSession]:
    """Sessions that are over and that anybody may read of, of the place itself or of its region."""
    sessions = LiveSession.objects.public().in_state(*LiveSession.OVER).select_related("owner")
    return list(sessions.filter(owner_id__in={place.id, place.region_id}).order_by("-held_on", "-pk")[:6])


def open_public_steps(place: Place) -> list[Step]:
    """Questions that anybody may answer right now, of the place itself or of its region."""
    openings = StepOpening.objects.filter(
        closed_at__isnull=True,
        session__state=LiveSession.OPEN,
        session__item__level="public",
        session__owner_id__in={place.id, place.region_id},
    ).select_related("step__session")
    return [one.step for one in openings.order_by("-opened_at")[:5]]


def participants_of(session: LiveSession) -> list[Participant]:
    return list(Participant.objects.filter(session=session))


@dataclass(frozen=True, slots=True)
class Voice:
    """One's own answer, and what it was an answer to."""

    answer: Answer
    step: Step
    session: LiveSession


def voices_at_address(address: str) -> list[Voice] | None:
    """The answers of whoever holds this personal trace address, newest session first; None where nobody does.

    The holder may read them for the rest of the request.
    """
    token = reader_token(address)
    widen_scope([token])
    held = Participant.objects.filter(address=token)
    if not held.exists():
        return None
    return _voices(Q(participant__in=held) | Q(group__seats__participant__in=held))


def is_claimed(address: str) -> bool:
    """Whether somebody has put the answers of this personal trace address under Mina sidor."""
    found = Participant.objects.filter(address=reader_token(address)).values_list("person", flat=True)
    return bool(found) and None not in found


def voices_of_person(person: UUID, *, most: int = 20) -> list[Voice]:
    """The answers that a person has claimed."""
    held = Participant.objects.filter(person=person)
    return _voices(Q(participant__in=held) | Q(group__seats__participant__in=held), most=most)


def _voices(whose: Q, *, most: int = 100) -> list[Voice]:
    """Own answers, and the notes of the groups that one sat in: another of the group may have held the phone."""
    own = Answer.objects.standing().filter(whose).values("pk")
    found = Answer.objects.filter(pk__in=own).with_visibility()
    listed = found.select_related("step__session", "item", "cluster", "group").order_by("-given_at", "slot")[:most]
    return [Voice(one, one.step, one.step.session) for one in listed]


def voices_behind(steps: dict[UUID, list[TraceStep]], holders: Iterable[UUID]) -> dict[UUID, int]:
    """How many phones' answers led straight to each readable step, for those with at least five.

    Fewer are not told at all. Several answers of one phone are one voice. A phone reads no answers but its own, so they
    are counted as the organisations that hold the sessions see them.
    """
    nearest = {one.item for after in steps.values() for one in after if one.readable and one.depth == 1}
    phones: Counter[UUID] = Counter()
    for holder in set(holders) if nearest else ():
        with scope(system(holder).scope()):
            links = Link.objects.filter(to_item__in=nearest, from_kind="dialog.answer", ended_at__isnull=True)
            ends = dict.fromkeys(links.values_list("from_item", "to_item"))
            sources = {answer for answer, _step in ends}
            who = dict(Answer.objects.filter(item__in=sources).values_list("item", "participant"))
        phones.update(step for step, _who in {(step, who[answer]) for answer, step in ends if answer in who})
    return {step: number for step, number in phones.items() if number >= SMALLEST_GROUP}

"""The reads that pages, exports and the front door need."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from medskick.design.charts import Chart
from medskick.dialog.questions.contract import Size
from medskick.dialog.questions.registry import question_kind
from medskick.dialog.sessions.access import SMALLEST_GROUP, code_token
from medskick.dialog.sessions.models import (
    Answer,
    AnswerQuerySet,
    JoinCode,
    LiveSession,
    LiveSessionQuerySet,
    Participant,
    Question,
    QuestionOpening,
)
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.records.models import Link
from medskick.kernel.trace.queries import TraceStep
from medskick.lib.small_groups import suppress_list
from medskick.lib.text import count_noun


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


def open_question_of(session: LiveSession) -> Question | None:
    """The question that phones answer now."""
    opening = QuestionOpening.objects.filter(session=session, closed_at__isnull=True).select_related("question").first()
    return opening.question if opening else None


def last_question_of(session: LiveSession) -> Question | None:
    """The question that is open, else the one that was open last: what the presenter screen shows."""
    opening = QuestionOpening.objects.filter(session=session).select_related("question").order_by("-opened_at").first()
    return opening.question if opening else None


def participant_of(session: LiveSession, device: UUID | None) -> Participant | None:
    if device is None:
        return None
    return Participant.objects.filter(session=session, device=device).first()


def answers_of(session: LiveSession, *, include_hidden: bool = True) -> AnswerQuerySet:
    """The answers of a session in order, each with `hidden` and `hidden_why`, its question and item at hand."""
    answers = Answer.objects.of_session(session).with_visibility().select_related("question", "item")
    return (answers if include_hidden else answers.filter(hidden=False)).order_by(
        "question__position", "given_at", "id"
    )


def get_answer(answer_id: UUID) -> Answer | None:
    """One answer with its question, session and item, or None where there is none that the scope may read."""
    return (
        Answer.objects.with_visibility()
        .select_related("question__session__network", "item", "participant")
        .filter(id=answer_id)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a question gave, as the screen shows it: the picture, and how many of the phones have answered."""

    chart: Chart
    answered: int
    phones: int

    @property
    def sentence(self) -> str:
        """38 av 41 har svarat."""
        if self.phones > self.answered:
            return _("%(answered)s av %(phones)s har svarat") % {"answered": self.answered, "phones": self.phones}
        return _("%(answered)s har svarat") % {"answered": count_noun(self.answered, _("telefon"), _("telefoner"))}


def result_of(question: Question, *, size: Size = "page", until: datetime | None = None) -> Result:
    """The result of a question without its hidden answers; `until` gives what it was at a moment."""
    answers = Answer.objects.filter(question=question).shown()
    if until is not None:
        answers = answers.filter(changed_at__lte=until)
    texts = list(answers.in_order().values_list("text", flat=True))
    phones = Participant.objects.filter(session=question.session_id).count()
    return Result(question_kind(question.kind).chart(question, texts, size=size), len(texts), phones)


def sessions_for(organisation: UUID) -> LiveSessionQuerySet:
    """The organisation's sessions, and those of networks that it may read, newest first."""
    return LiveSession.objects.select_related("network", "owner").with_counts().newest_first()


def open_public_sessions(place: Place) -> list[LiveSession]:
    """Open sessions that anybody may join, of the place itself or of its region."""
    sessions = LiveSession.objects.public().in_state(LiveSession.OPEN)
    return list(sessions.filter(owner_id__in={place.id, place.region_id}).order_by("title")[:10])


def coming_public_sessions(place: Place) -> list[LiveSession]:
    """Planned sessions that anybody may come to."""
    sessions = LiveSession.objects.public().in_state(LiveSession.PLANNED)
    return list(sessions.filter(owner_id__in={place.id, place.region_id}).order_by("held_on")[:10])


def open_public_questions(place: Place) -> list[Question]:
    """Questions that anybody may answer right now, of the place itself or of its region."""
    openings = QuestionOpening.objects.filter(
        closed_at__isnull=True,
        session__state=LiveSession.OPEN,
        session__item__level="public",
        session__owner_id__in={place.id, place.region_id},
    ).select_related("question__session")
    return [one.question for one in openings.order_by("-opened_at")[:5]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the facilitator may be told of who gave an answer."""

    called: str
    municipality: str


def tellable(session: LiveSession, participants: Sequence[Participant]) -> dict[UUID, Told]:
    """Name, alias and municipality of each participant, as far as she was promised.

    A municipality with fewer than five phones in the session is not told, unless people answer by name: the only one
    from Dals-Ed would be known by it. Nor is another, where what is left over would tell. `participants` are all of the
    session's.
    """
    size = Counter(str(one.municipality_id) for one in participants if one.municipality_id)
    large = {name for name, phones in suppress_list(size, threshold=SMALLEST_GROUP).items() if phones is not None}
    told = {}
    for one in participants:
        shown = one.municipality_id and (one.mode == LiveSession.NAMED or str(one.municipality_id) in large)
        place = place_of(one.municipality_id) if shown else None
        told[one.id] = Told(one.called, place.short_name if place else "")
    return told


def participants_of(session: LiveSession) -> list[Participant]:
    return list(Participant.objects.filter(session=session))


@dataclass(frozen=True, slots=True)
class Voice:
    """One's own answer, and what it was an answer to."""

    answer: Answer
    question: Question
    session: LiveSession


def voices_at_address(address: str) -> list[Voice] | None:
    """The answers of whoever holds this personal trace address, newest session first; None where nobody does.

    The holder may read them for the rest of the request.
    """
    token = reader_token(address)
    widen_scope([token])
    if not Participant.objects.filter(address=token).exists():
        return None
    return _voices(Answer.objects.filter(participant__address=token))


def voices_of_person(person: UUID, *, most: int = 20) -> list[Voice]:
    """The answers that a person has claimed."""
    return _voices(Answer.objects.of_person(person), most=most)


def _voices(answers: AnswerQuerySet, *, most: int = 100) -> list[Voice]:
    found = (
        answers.with_visibility()
        .select_related("question__session", "item", "participant")
        .order_by("-given_at")[:most]
    )
    return [Voice(one, one.question, one.question.session) for one in found]


def voices_behind(steps: dict[UUID, list[TraceStep]]) -> dict[UUID, int]:
    """How many answers led straight to each readable step, for those with at least five; fewer are not told at all."""
    nearest = {one.item for after in steps.values() for one in after if one.readable and one.depth == 1}
    counted = (
        Link.objects.filter(to_item__in=nearest, from_kind="dialog.answer", ended_at__isnull=True)
        .values("to_item")
        .annotate(voices=Count("from_item", distinct=True))
    )
    return {one["to_item"]: one["voices"] for one in counted if one["voices"] >= SMALLEST_GROUP}

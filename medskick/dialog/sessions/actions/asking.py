"""The verbs of questions and answers as the facilitator handles them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.sessions.access import NotPossible, require_leader
from medskick.dialog.sessions.live import tell_phones, tell_screen
from medskick.dialog.sessions.models import Answer, AnswerDecision, LiveSession, Question, QuestionOpening
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor

MOST_QUESTIONS = 40


def add_question(
    session: LiveSession,
    *,
    by: Actor,
    text: str,
    kind: str = "word_cloud",
    help_text: str = "",
    kept_phrases: Sequence[str] = (),
    submission_key: UUID | None = None,
) -> Question:
    """Put a question last in the session's programme. See dialog.api.add_question."""
    require_leader(by, session.owner_id)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if submission_key is not None:
        standing = Question.objects.filter(session=session, submission_key=submission_key).first()
        if standing is not None:
            return standing
    if session.state not in (LiveSession.PLANNED, LiveSession.OPEN):
        raise NotPossible(_("Mötet är slut. Nya frågor hör till ett nytt möte."))
    last = Question.objects.filter(session=session).aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_QUESTIONS:
        raise NotPossible(_("Ett möte kan ha högst %(most)s frågor.") % {"most": MOST_QUESTIONS})
    question = Question(
        session=session,
        position=last + 1,
        kind=question_kind(kind).key,
        text=text,
        help_text=help_text,
        settings={"kept_phrases": list(kept_phrases)} if kept_phrases else {},
        submission_key=submission_key,
    )
    question.save(force_insert=True)
    log("question.added", by=by, item=session.pk, references=[question.id])
    return question


def open_question(question: Question, *, by: Actor, at: datetime | None = None) -> QuestionOpening:
    """Let phones answer this question; another that is open is closed. See dialog.api.open_question."""
    session = _leading(question, by)
    if session.state != LiveSession.OPEN:
        raise NotPossible(_("Öppna mötet först, så att telefonerna kommer in."))
    standing = QuestionOpening.objects.filter(session=session, closed_at__isnull=True).first()
    if standing is not None and standing.question_id == question.id:
        return standing
    moment = at or timezone.now()
    if standing is not None:
        _close(standing, by=by, at=moment)
    opening = QuestionOpening(session=session, question=question, opened_at=moment, opened_by=by.person)
    opening.save(force_insert=True)
    log("question.opened", by=by, item=session.pk, references=[question.id])
    tell_phones(session, question)
    return opening


def close_question(question: Question, *, by: Actor, at: datetime | None = None) -> None:
    """Take no more answers to this question. Closing what is closed changes nothing."""
    session = _leading(question, by)
    standing = QuestionOpening.objects.filter(question=question, closed_at__isnull=True).first()
    if standing is None:
        return
    _close(standing, by=by, at=at or timezone.now())
    tell_phones(session)


def hide_answer(answer: Answer, *, by: Actor, reason: str, at: datetime | None = None) -> AnswerDecision:
    """Take an answer off the screen, with the reason. The answer stays in the record of the session."""
    if not reason.strip():
        raise NotPossible(_("Skriv varför svaret döljs. Den som skrev det får läsa skälet."))
    return _decide(answer, by=by, hidden=True, reason=reason, at=at)


def show_answer(answer: Answer, *, by: Actor, reason: str = "", at: datetime | None = None) -> AnswerDecision:
    """Put a hidden answer back on the screen."""
    return _decide(answer, by=by, hidden=False, reason=reason, at=at)


def _decide(answer: Answer, *, by: Actor, hidden: bool, reason: str, at: datetime | None) -> AnswerDecision:
    require_leader(by, answer.owner_id)
    decision = AnswerDecision(
        owner_id=answer.owner_id,
        answer=answer,
        hidden=hidden,
        reason=reason,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    )
    decision.save(force_insert=True)
    session = answer.question.session
    log("answer.hidden" if hidden else "answer.shown", by=by, item=session.pk, references=[answer.id])
    tell_screen(session)
    return decision


def _leading(question: Question, by: Actor) -> LiveSession:
    """The question's session, locked: two facilitators who press at once come one after the other."""
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=question.session_id)
    require_leader(by, session.owner_id)
    return session


def _close(opening: QuestionOpening, *, by: Actor, at: datetime) -> None:
    opening.closed_at, opening.closed_by = at, by.person
    opening.save(update_fields=["closed_at", "closed_by"])
    log("question.closed", by=by, item=opening.session_id, references=[opening.question_id])

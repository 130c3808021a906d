"""Needs that came after the session, by e-mail or on paper: taken in, compared with what was said, accepted or rejected."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import NotPossible, require_leader, require_recorder
from medskick.dialog.sessions.actions.recording import Said, record
from medskick.dialog.sessions.live import tell_screen
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step, Submission, SubmissionDecision
from medskick.dialog.sessions.pasting import PastedNeed
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.lib.codes import new_id


def take_in(
    session: LiveSession,
    *,
    by: Actor,
    needs: Sequence[PastedNeed],
    channel: str,
    received_on: date,
    sender: str = "",
    submission_key: UUID | None = None,
) -> list[Submission]:
    """Note what came in, and how; nothing of it is an answer yet. The same form sent twice is taken in once."""
    require_recorder(by, session)
    if session.state not in LiveSession.OVER and session.state not in (LiveSession.OPEN, LiveSession.PAUSED):
        raise NotPossible(_("Mötet är %(state)s. Behov tas emot när det har börjat.") % _state(session))
    if session.state == LiveSession.CONFIRMED:
        raise NotPossible(_("Mötet är bekräftat. Ta upp det som kommer nu i ett nytt möte."))
    if submission_key is not None:
        standing = list(Submission.objects.filter(session=session, submission_key=submission_key))
        if standing:
            return standing
    if channel not in (Participant.MAIL, Participant.PAPER):
        raise NotPossible(_("Välj om det kom med e-post eller på papper."))
    rows = [
        Submission(
            owner_id=session.owner_id,
            session=session,
            channel=channel,
            received_on=received_on,
            sender=sender,
            text=one.text,
            area=one.area[:60],
            submission_key=submission_key,
        )
        for one in needs
    ]
    Submission.objects.bulk_create(rows)
    log("submission.taken_in", by=by, item=session.pk, references=[one.id for one in rows])
    return rows


def accept_submission(
    submission: Submission, *, by: Actor, step: Step, reason: str = "", at: datetime | None = None
) -> Answer:
    """Let it count: it becomes an answer in the step, of a participant with its own channel. Twice is once.

    Raise NotPossible where it is rejected already, or where the step takes no answer in words.
    """
    session = submission.session
    require_leader(by, session.owner_id)
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.answer_id is not None:
        return Answer.objects.get(pk=submission.answer_id)
    _require_undecided(submission, session)
    if step.session_id != session.pk:
        raise NotPossible(_("Steget hör till ett annat möte."))
    value = value_in_words(step, submission.text, submission.area)
    if value is None:
        raise NotPossible(_("Steget ”%(step)s” tar inte emot svar i ord. Välj ett annat steg.") % {"step": step.text})
    moment = at or timezone.now()
    participant = Participant(
        owner_id=session.owner_id,
        session=session,
        device=new_id(),
        mode=session.anonymity,
        channel=submission.channel,
        joined_at=moment,
    )
    participant.save(force_insert=True)
    (answer,) = record(step, Said(participant, {0: value}), by=by, at=moment)
    submission.answer, submission.step = answer, step
    submission.save(update_fields=["answer", "step"])
    _decide(submission, by=by, accepted=True, reason=reason, at=moment)
    tell_screen(session)
    return answer


def reject_submission(
    submission: Submission, *, by: Actor, reason: str, at: datetime | None = None
) -> SubmissionDecision:
    """It does not count, and why: kept beside it and told in the report."""
    session = submission.session
    require_leader(by, session.owner_id)
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if not reason.strip():
        raise NotPossible(_("Skriv varför behovet inte tas med. Skälet sparas och står i mötets rapport."))
    _require_undecided(submission, session)
    return _decide(submission, by=by, accepted=False, reason=reason, at=at or timezone.now())


def value_in_words(step: Step, text: str, area: str = "") -> Value | None:
    """The text as an answer to the step, in the shape that the step's type stores; None where it takes no words."""
    asked = step_type(step.kind).question
    if asked is None:
        return None
    for shape in (text, {"text": text, "area": area}):
        try:
            value = asked.clean(step, shape)
            if text[:40] in asked.words(step, value):
                return value
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return None


def _require_undecided(submission: Submission, session: LiveSession) -> None:
    if session.state in (LiveSession.CONFIRMED, LiveSession.CANCELLED):
        raise NotPossible(_("Mötet är %(state)s, så det som kom in kan inte avgöras längre.") % _state(session))
    if SubmissionDecision.objects.filter(submission=submission).exists():
        raise NotPossible(_("Det är redan avgjort."))


def _decide(submission: Submission, *, by: Actor, accepted: bool, reason: str, at: datetime) -> SubmissionDecision:
    decision = SubmissionDecision(
        submission=submission, accepted=accepted, reason=reason, by_person=by.person, by_name=by.name, at=at
    )
    decision.save(force_insert=True)
    verb = "submission.accepted" if accepted else "submission.rejected"
    log(verb, by=by, item=submission.session_id, references=[submission.id])
    return decision


def _state(session: LiveSession) -> dict[str, object]:
    return {"state": session.get_state_display()}

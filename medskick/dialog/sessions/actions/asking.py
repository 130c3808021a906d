"""The verbs of steps and answers as the facilitator handles them: the programme, what is open, shown and hidden."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_leader
from medskick.dialog.sessions.live import tell_clock, tell_list, tell_phones, tell_screen
from medskick.dialog.sessions.models import (
    Answer,
    AnswerDecision,
    LiveSession,
    ResultShowing,
    Step,
    StepOpening,
)
from medskick.dialog.sessions.queries import open_step_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor

MOST_STEPS = 40


def add_step(
    session: LiveSession,
    *,
    by: Actor,
    text: str,
    kind: str = "word_cloud",
    help_text: str = "",
    settings: Mapping[str, Any] | None = None,
    minutes: int | None = None,
    shows_results: bool = True,
    submission_key: UUID | None = None,
) -> Step:
    """Put a step last in the session's programme. See dialog.api.add_step."""
    session = _changing(session, by)
    if submission_key is not None:
        standing = Step.objects.filter(session=session, submission_key=submission_key).first()
        if standing is not None:
            return standing
    if session.state not in (LiveSession.PLANNED, LiveSession.OPEN, LiveSession.PAUSED):
        raise NotPossible(_("Mötet är slut. Nya steg hör till ett nytt möte."))
    last = Step.objects.filter(session=session).aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_STEPS:
        raise NotPossible(_("Ett möte kan ha högst %(most)s steg.") % {"most": MOST_STEPS})
    asked = step_type(kind)
    step = Step(
        session=session,
        position=last + 1,
        kind=asked.key,
        text=text,
        help_text=help_text,
        settings=dict(settings or {}),
        minutes=minutes,
        # What is private at first is shown by a decision, never by a setting.
        shows_results=shows_results and not asked.private_first,
        submission_key=submission_key,
    )
    step.save(force_insert=True)
    log("step.added", by=by, item=session.pk, references=[step.id])
    return step


def change_step(
    step: Step,
    *,
    by: Actor,
    text: str,
    help_text: str = "",
    settings: Mapping[str, Any] | None = None,
    minutes: int | None = None,
    shows_results: bool = True,
) -> Step:
    """Change what a step asks. Raise NotPossible once it has answers: they answered what stood there."""
    session = _changing(step.session, by)
    if Answer.objects.filter(step=step).exists():
        raise NotPossible(_("Steget har fått svar och kan inte ändras. Kopiera det och ändra kopian."))
    step.text, step.help_text, step.settings = text, help_text, dict(settings or {})
    step.minutes = minutes
    step.shows_results = shows_results and not step_type(step.kind).private_first
    step.save(update_fields=["text", "help_text", "settings", "minutes", "shows_results"])
    log("step.changed", by=by, item=session.pk, references=[step.id])
    return step


def copy_step(step: Step, *, by: Actor) -> Step:
    """The same step once more, straight after it; it takes answers of its own."""
    copied = add_step(
        step.session,
        by=by,
        text=step.text,
        kind=step.kind,
        help_text=step.help_text,
        settings=step.settings,
        minutes=step.minutes,
        shows_results=step.shows_results,
    )
    return move_step(copied, by=by, to=step.position + 1)


def move_step(step: Step, *, by: Actor, to: int) -> Step:
    """Put a step at another place in the programme, counted from 1; the others close the gap."""
    session = _changing(step.session, by)
    steps = [one for one in Step.objects.filter(session=session).in_order() if one.id != step.id]
    steps.insert(min(max(to, 1), len(steps) + 1) - 1, step)
    for place, one in enumerate(steps, start=1):
        one.position = place
    Step.objects.bulk_update(steps, ["position"])
    log("step.moved", by=by, item=session.pk, references=[step.id])
    return step


def remove_step(step: Step, *, by: Actor) -> None:
    """Take a step out of the programme. Raise NotPossible where it has been open: that is part of what happened."""
    session = _changing(step.session, by)
    if StepOpening.objects.filter(step=step).exists():
        raise NotPossible(_("Steget har varit öppet och hör till mötets handlingar. Det kan inte tas bort."))
    removed = step.id
    step.delete()
    for place, one in enumerate(Step.objects.filter(session=session).in_order(), start=1):
        Step.objects.filter(id=one.id).update(position=place)
    log("step.removed", by=by, item=session.pk, references=[removed])


def show_result(step: Step, *, by: Actor, shown: bool = True, at: datetime | None = None) -> ResultShowing:
    """Show the step's result on the screen and on phones from now on, or hide it."""
    session = _leading(step, by)
    showing = ResultShowing(step=step, shown=shown, by_person=by.person, by_name=by.name, at=at or timezone.now())
    showing.save(force_insert=True)
    log("result.shown" if shown else "result.hidden", by=by, item=session.pk, references=[step.id])
    tell_phones(session, open_step_of(session))
    tell_list(session)
    return showing


def extend_step(step: Step, *, by: Actor, minutes: int, at: datetime | None = None) -> StepOpening:
    """Give an open step more time: so many minutes from when its time is out, or from now where it has none."""
    session = _leading(step, by)
    opening = StepOpening.objects.filter(step=step, closed_at__isnull=True).first()
    if opening is None:
        raise NotPossible(_("Steget är inte öppet, så det har ingen klocka."))
    if not 1 <= minutes <= 240:
        raise NotPossible(_("Ge mellan 1 och 240 minuter."))
    now = at or timezone.now()
    opening.ends_at = max(opening.ends_at or now, now) + timedelta(minutes=minutes)
    opening.save(update_fields=["ends_at"])
    log("step.extended", by=by, item=session.pk, references=[step.id])
    tell_clock(session, opening)
    return opening


def open_step(step: Step, *, by: Actor, at: datetime | None = None) -> StepOpening:
    """Let phones answer this step; another that is open is closed. See dialog.api.open_step."""
    session = _leading(step, by)
    if session.state != LiveSession.OPEN:
        raise NotPossible(_("Öppna mötet först, så att telefonerna kommer in."))
    standing = StepOpening.objects.filter(session=session, closed_at__isnull=True).first()
    if standing is not None and standing.step_id == step.id:
        return standing
    moment = at or timezone.now()
    if standing is not None:
        _close(standing, by=by, at=moment)
    ends_at = moment + timedelta(minutes=step.minutes) if step.minutes else None
    opening = StepOpening(session=session, step=step, opened_at=moment, opened_by=by.person, ends_at=ends_at)
    opening.save(force_insert=True)
    log("step.opened", by=by, item=session.pk, references=[step.id])
    tell_phones(session, step)
    return opening


def close_step(step: Step, *, by: Actor, at: datetime | None = None) -> None:
    """Take no more answers to this step. Closing what is closed changes nothing."""
    session = _leading(step, by)
    standing = StepOpening.objects.filter(step=step, closed_at__isnull=True).first()
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
    session = answer.step.session
    log("answer.hidden" if hidden else "answer.shown", by=by, item=session.pk, references=[answer.id])
    tell_screen(session)
    tell_list(session)
    return decision


def _changing(session: LiveSession, by: Actor) -> LiveSession:
    """The session, locked, for one who may change its programme."""
    require_leader(by, session.owner_id)
    return LiveSession.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _leading(step: Step, by: Actor) -> LiveSession:
    """The step's session, locked: two facilitators who press at once come one after the other."""
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    require_leader(by, session.owner_id)
    return session


def _close(opening: StepOpening, *, by: Actor, at: datetime) -> None:
    opening.closed_at, opening.closed_by = at, by.person
    opening.save(update_fields=["closed_at", "closed_by"])
    log("step.closed", by=by, item=opening.session_id, references=[opening.step_id])

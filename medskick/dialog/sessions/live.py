"""The live channels of a session. Events say that something changed, how many have answered and when time is up, never what."""

import json
from datetime import datetime

from django.utils import timezone

from medskick.dialog.sessions.models import LiveSession, Step, StepOpening
from medskick.dialog.sessions.progress import progress_of
from medskick.dialog.sessions.queries import is_shown, last_step_of
from medskick.kernel.notifications.live import publish
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import before_commit, set_scope

RESULT_SECONDS = 2.0  # a hall of phones looks at a result that grows no more often


def phones_channel(session: LiveSession) -> str:
    """Phones listen here: another step, the end, and that a result that is shown has grown."""
    return f"session:{session.pk}"


def screen_channel(session: LiveSession) -> str:
    """The presenter screen and the facilitator listen here: also every answer."""
    return f"screen:{session.pk}"


def marker(session: LiveSession, step: Step | None) -> str:
    """What phones do now, in a few words without secrets; a page that shows it stays.

    "over" or "paused"; or a step's id; or "wait", with the id of the step that was open last. "shown" after it, where its
    result is shown: a phone that has answered sees the result then, and turns when that is hidden.
    """
    if session.state in (*LiveSession.OVER, LiveSession.CANCELLED):
        return "over"
    if session.state == LiveSession.PAUSED:
        return "paused"
    about = step or last_step_of(session)
    return words_of(step, about, shown=about is not None and is_shown(about))


def words_of(step: Step | None, about: Step | None, *, shown: bool) -> str:
    """The same, where what is shown is known already."""
    now = str(step.id) if step else f"wait {about.id}" if about else "wait"
    return f"{now} shown" if shown else now


def tell_phones(session: LiveSession, step: Step | None = None, *, again: bool = False) -> None:
    """`step`, or none, is open now: phones and screen turn to it, unless they have already.

    again: also those that show it already have something new to show, such as their group.
    """
    now = marker(session, step)
    publish(phones_channel(session), "step", f"{now} again" if again else now)
    publish(screen_channel(session), "step", now)


def tell_clock(session: LiveSession, opening: StepOpening) -> None:
    """The open step has a new end. It goes in the event itself: a phone that is being typed on must not be reloaded for it,
    and a hall of phones need not ask.
    """
    if opening.ends_at is None:
        return
    moved = f"{opening.step_id} {opening.ends_at.isoformat()}"
    publish(phones_channel(session), "clock", moved)
    publish(screen_channel(session), "clock", moved)


def tell_list(session: LiveSession) -> None:
    """What phones may read beside the question has changed: a new question from the floor, notes that are shown."""
    publish(phones_channel(session), "list")


def tell_screen(session: LiveSession) -> None:
    """Something else than the number of answers has changed: an answer was hidden, a note moved. Screens look again."""
    publish(screen_channel(session), "changed")
    publish(phones_channel(session), "result", pace=RESULT_SECONDS)


def tell_answers(step: Step) -> None:
    """An answer came, was changed or was taken back, or a phone came in while the step is open.

    Told once for all of a transaction, at its end: how many have answered, of how many. Phones hear of it only where the
    result is shown.
    """
    before_commit(lambda: _tell_progress(step), once=("answers", step.pk))


def _tell_progress(step: Step) -> None:
    """The event's number (microseconds since 1970) is at least that of every answer told of."""
    set_scope(system(step.session.owner_id).scope())  # a phone reads no answers but its own
    progress, shown = progress_of(step)
    told = {"step": str(step.pk), "answered": progress.answered, "phones": progress.phones}
    publish(screen_channel(step.session), "answers", json.dumps({"number": event_number(timezone.now()), **told}))
    if shown:
        publish(phones_channel(step.session), "result", pace=RESULT_SECONDS)


def event_number(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1_000_000))

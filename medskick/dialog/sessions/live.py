"""The live channels of a session. Events say that something changed, never what."""

from datetime import datetime

from django.utils import timezone

from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.queries import is_shown, last_step_of
from medskick.kernel.notifications.live import publish


def phones_channel(session: LiveSession) -> str:
    """Phones listen here: another step, the end."""
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


def tell_list(session: LiveSession) -> None:
    """What phones may read beside the question has changed: a new question from the floor, notes that are shown."""
    publish(phones_channel(session), "list")


def tell_screen(session: LiveSession, at: datetime | None = None) -> None:
    """An answer came, was changed or was hidden.

    The event's number (microseconds since 1970) grows from one to the next: a screen that shows a state fetched after an
    event with the same or a higher number has everything up to it.
    """
    publish(screen_channel(session), "answers", event_number(at or timezone.now()))


def event_number(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1_000_000))

"""The live channels of a session. Events say that something changed, never what."""

from medskick.dialog.sessions.models import LiveSession, Question
from medskick.kernel.notifications.live import publish


def phones_channel(session: LiveSession) -> str:
    """Phones listen here: another question, the end."""
    return f"session:{session.pk}"


def screen_channel(session: LiveSession) -> str:
    """The presenter screen and the facilitator listen here: also every answer."""
    return f"screen:{session.pk}"


def marker(session: LiveSession, question: Question | None) -> str:
    """What phones do now, in a word without secrets: a question's id, "wait" or "over". A page that shows it stays."""
    if session.state in (LiveSession.HELD, LiveSession.CANCELLED):
        return "over"
    return str(question.id) if question else "wait"


def tell_phones(session: LiveSession, question: Question | None = None) -> None:
    """`question`, or none, is open now: phones and screen turn to it, unless they have already."""
    now = marker(session, question)
    publish(phones_channel(session), "question", now)
    publish(screen_channel(session), "question", now)


def tell_screen(session: LiveSession) -> None:
    """An answer came, was changed or was hidden."""
    publish(screen_channel(session), "answers")

"""The live channels of a session. Events say that something changed, never what."""

from medskick.dialog.sessions.models import LiveSession
from medskick.kernel.notifications.live import publish


def phones_channel(session: LiveSession) -> str:
    """Phones listen here: another question, the end."""
    return f"session:{session.pk}"


def screen_channel(session: LiveSession) -> str:
    """The presenter screen and the facilitator listen here: also every answer."""
    return f"screen:{session.pk}"


def tell_phones(session: LiveSession) -> None:
    """Another question, or the end: phones and screen fetch anew."""
    publish(phones_channel(session), "question")
    publish(screen_channel(session), "question")


def tell_screen(session: LiveSession) -> None:
    """An answer came, was changed or was hidden."""
    publish(screen_channel(session), "answers")

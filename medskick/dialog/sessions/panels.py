"""The parts of start pages that sessions bring."""

from django.http import HttpRequest

from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.queries import open_public_questions, voices_of_person


def open_questions(request: HttpRequest) -> dict[str, object] | None:
    """Just nu: questions that anybody may answer."""
    questions = open_public_questions(request.place) if request.place else []
    return {"questions": questions, "count": len(questions)} if questions else None


def my_voices(request: HttpRequest) -> dict[str, object] | None:
    """Mina sidor: what I said on a phone and later claimed."""
    voices = voices_of_person(request.actor.principal)
    return {"voices": voices} if voices else None


def my_meetings(request: HttpRequest) -> dict[str, object] | None:
    """Min dag: sessions that my organisation holds, open or soon."""
    found = LiveSession.objects.at(request.actor.organisation).in_state(LiveSession.OPEN, LiveSession.PLANNED)
    sessions = list(found.order_by("held_on")[:5])
    return {"sessions": sessions} if sessions else None

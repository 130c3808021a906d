"""The parts of start pages that sessions bring."""

from django.http import HttpRequest

from medskick.dialog.sessions.access import LEADERS
from medskick.dialog.sessions.around import readings_waiting
from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.queries import open_public_steps, voices_of_person

MOST_COMING = 60  # of all that one may read; a region's fourteen municipalities do not plan more at a time


def open_questions(request: HttpRequest) -> dict[str, object] | None:
    """Just nu: steps that anybody may answer."""
    steps = open_public_steps(request.place) if request.place else []
    return {"steps": steps, "count": len(steps)} if steps else None


def my_voices(request: HttpRequest) -> dict[str, object] | None:
    """Mina sidor: what I said on a phone and later claimed."""
    voices = voices_of_person(request.actor.principal)
    return {"voices": voices} if voices else None


def my_meetings(request: HttpRequest) -> dict[str, object] | None:
    """Min dag: sessions that my organisation holds, open or soon, and what I am to read before those I am invited to."""
    actor = request.actor
    states = (LiveSession.OPEN, LiveSession.PAUSED, LiveSession.PLANNED)
    coming = list(LiveSession.objects.in_state(*states).order_by("held_on")[:MOST_COMING])
    own = [one for one in coming if one.owner_id == actor.organisation][:5]
    readings = readings_waiting(actor.person, actor.networks) if coming else []
    leads = actor.has(*LEADERS)
    return {"sessions": own, "readings": readings, "leads": leads} if own or readings or leads else None

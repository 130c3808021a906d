"""Plan's parts of the pages that are put together from several engines. One query each: the whole page has few."""

from django.http import HttpRequest

from medskick.kernel.people.roles import PROCESS_LEADER
from medskick.plan.initiatives.models import Initiative
from medskick.plan.needs.queries import unmapped_count


def load_start(request: HttpRequest) -> dict[str, object] | None:
    """What we do: the latest public initiatives of the place."""
    if request.place is None:
        return None
    latest = list(
        Initiative.objects.of(request.place.id, request.place.region_id)
        .public()
        .select_related("item")
        .newest_first()[:3]
    )
    return {"latest": latest} if latest else None


def load_my_day(request: HttpRequest) -> dict[str, object] | None:
    """Needs that wait for somebody to sort them, shown to those who do. (Promises to follow up come as tasks.)"""
    actor = request.actor
    if actor.organisation is None or not actor.has(PROCESS_LEADER):
        return None
    waiting = unmapped_count(actor.organisation)
    return {"unmapped": waiting} if waiting else None

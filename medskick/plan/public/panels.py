"""Plan's parts of the pages that are put together from several engines. Few queries each: the whole page has few."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from medskick.kernel.organisations.places import with_region
from medskick.kernel.people.roles import PROCESS_LEADER
from medskick.plan.action_plans.queries import version_in_force
from medskick.plan.benefits.models import Benefit
from medskick.plan.benefits.verdict import LABELS, TONES
from medskick.plan.initiatives.models import Initiative
from medskick.plan.needs.queries import unmapped_count

MOST_PROMISES = 100


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
    """The plan in force and how its promises go, for all staff; needs to sort, for those who sort them.

    Promises that wait to be followed up come as tasks.
    """
    actor = request.actor
    if actor.organisation is None:
        return None
    owners = with_region(actor.organisation)
    shown: dict[str, object] = {
        "version": version_in_force(*owners),
        "promises": _how_promises_go(Benefit.objects.of(*owners).with_outcomes()[:MOST_PROMISES]),
        "unmapped": unmapped_count(actor.organisation) if actor.has(PROCESS_LEADER) else 0,
    }
    return shown if any(shown.values()) else None


def _how_promises_go(benefits: Iterable[Benefit]) -> list[tuple[str, str, int]]:
    """(label, tone, how many) of each finding there is, what has gone wrong first."""
    today = timezone.localdate()
    counted = Counter(one.verdict(today).finding for one in benefits)
    worst = ("stop", "wait", "now", "neutral", "done")
    order = sorted(counted, key=lambda finding: worst.index(TONES[finding]))
    return [(LABELS[finding], TONES[finding], counted[finding]) for finding in order]

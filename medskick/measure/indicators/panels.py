"""The part of the start page that this feature fills: what came in last, as a sentence."""

from django.http import HttpRequest
from django.urls import reverse

from medskick.measure.indicators import presenting
from medskick.measure.indicators.periods import say_period
from medskick.measure.indicators.queries import latest_listed


def latest_finding(request: HttpRequest) -> dict[str, object] | None:
    """The latest finding at this place, or None where nothing has been measured."""
    found = latest_listed(request.place) if request.place else None
    if found is None or found.finding.latest is None or found.about is None:
        return None
    return {
        "headline": presenting.sentence(found.indicator, found.finding),
        "course": presenting.course(found.indicator, found.finding),
        "url": reverse("indicator", args=[found.indicator.key]),
        "meta": [found.about.shown, say_period(found.finding.latest.period)],
    }

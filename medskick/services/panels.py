"""What services puts on pages that several engines share. Each costs at most one query."""

from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from medskick.design.parts import Link
from medskick.services.cases import presenting, queries
from medskick.services.definitions.catalogue import catalogue

MOST_ON_MY_PAGES = 20
OPINION = "synpunkt"


def common_services(request: HttpRequest) -> dict[str, object] | None:
    """The most used e-services. No query."""
    common = catalogue().common()
    links = [Link(str(one.title), reverse("service", args=[one.slug])) for one in common]
    return {"links": links, "all_url": reverse("services")} if links else None


def opinion(request: HttpRequest) -> dict[str, object] | None:
    """The way to say anything at any time, with what became of what others said."""
    place = request.place
    share = queries.public_share(place.id, since=timezone.localdate() - timedelta(days=365)) if place else None
    return {"service": catalogue().get(OPINION), "url": reverse("service", args=[OPINION]), "share": share}


def my_cases(request: HttpRequest) -> dict[str, object] | None:
    """What I have sent in, wherever in the region, the newest first."""
    if request.actor.principal is None:
        return None
    cases = list(queries.cases_of_sender(request.actor.principal)[:MOST_ON_MY_PAGES])
    rows = [presenting.sender_row(case) for case in cases]
    return {"rows": rows, "url": reverse("services")} if rows else None

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medskick.kernel.menu import panels_for
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.records.kinds import item_url, kind_of
from medskick.kernel.search.queries import search

LONGEST_QUESTION = 200


def _where(owner: UUID, everywhere: bool) -> list[str]:
    """Whose it is, where hits of several organisations stand side by side."""
    place = place_of(owner) if everywhere else None
    return [place.short_name] if place else []


@audience(PUBLIC)
def search_page(request: HttpRequest) -> HttpResponse:
    """One search over everything that the reader may read here; where that gives nothing, in the whole region."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    page = request.GET.get("sida", "1")
    number = min(int(page), 50) if page.isdecimal() and page.isascii() and int(page) > 0 else 1
    everywhere = request.GET.get("var") == "alla" or request.place is None or request.place.is_region
    found = search(text, owner=None if everywhere else request.place.id, page=number)
    elsewhere = bool(text) and not everywhere and not found.items and number == 1
    if elsewhere:
        found, everywhere = search(text, owner=None), True
    staff = request.actor.staff
    rows = [
        {
            "title": item.title,
            "url": item_url(item, staff=staff),
            "meta": [str(kind_of(item.kind).label), *_where(item.owner_id, everywhere)],
            "when": item.occurred_at,
            "text": item.summary if item.summary != item.title else "",
        }
        for item in found.items
    ]
    context = {
        "q": text,
        "rows": rows,
        "found": found,
        "number": number,
        "everywhere": everywhere,
        "elsewhere": elsewhere,
    }
    # Who finds nothing is told where to say it instead; engines know where.
    context["panels"] = panels_for("nothing_found", request) if text and not rows else []
    return render(request, "kernel/search/page.html", context)

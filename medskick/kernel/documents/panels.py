"""What the start page says of documents: the newest that are fixed and open for all."""

from django.http import HttpRequest
from django.urls import reverse

from medskick.kernel.documents.queries import public_list
from medskick.lib.dates import say_date

SHOWN = 3


def load_start(request: HttpRequest) -> dict[str, object] | None:
    """The place's newest published documents, or nothing where there are none. One query."""
    if request.place is None:
        return None
    newest = public_list(request.place.id).order_by("-fixed_at", "pk")[:SHOWN]
    rows = [
        {
            "title": version.title,
            "url": reverse("public_document", args=[version.document.item.number]),
            "meta": say_date(version.fixed_at, weekday=False, year=True),
        }
        for version in newest
    ]
    return {"rows": rows} if rows else None

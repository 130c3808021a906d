from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from medskick.design.parts import Link, Row
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.places import all_places
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.services.definitions.catalogue import catalogue
from medskick.services.definitions.definition import Definition

LONGEST_QUESTION = 200


@audience(PUBLIC)
def services(request: HttpRequest) -> HttpResponse:
    """What can be applied for and reported here: search, and the most used ones first."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    found = catalogue().search(asked)
    rows = [Row(title=str(one.title), url=reverse("service", args=[one.slug]), text=str(one.lead)) for one in found]
    return render(request, "services/services.html", {"q": asked, "rows": rows})


@audience(PUBLIC)
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One e-service: for whom, how long it takes, what happens afterwards, and where to begin."""
    definition = service_or_404(slug)
    place, actor = request.place, request.actor
    elsewhere = actor.staff and place is not None and actor.organisation != place.id
    days = (
        sorted(set(Unit.objects.filter(organisation_id=place.id).values_list("answer_days", flat=True)))
        if place
        else []
    )
    context = {
        "service": definition,
        "begin_url": reverse("apply", args=[slug]) if days and not elsewhere else "",
        "works_elsewhere": bool(days) and elsewhere,
        "days": days[-1] if days else None,
        "places": _elsewhere(slug, request.actor) if place is None or place.is_region else [],
        "crumbs": [(_("Ansök och anmäl"), reverse("services")), (str(definition.title), "")],
    }
    return render(request, "services/service.html", context)


def service_or_404(slug: str) -> Definition:
    try:
        return catalogue().get(slug)
    except LookupError:
        raise Http404 from None


def _elsewhere(slug: str, actor: Actor) -> list[Link]:
    """The same service at each municipality: one way in, wherever one lives; for staff, where they work."""
    path = reverse("apply", args=[slug])
    return [
        Link(one.short_name, f"/{one.slug}{path}")
        for one in all_places()
        if not one.is_region and (not actor.staff or one.id == actor.organisation)
    ]

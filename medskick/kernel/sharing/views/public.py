"""What residents read: the documents that their municipality follows, with its own wordings told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.records.models import Level
from medskick.kernel.sharing import presenting, queries
from medskick.kernel.sharing.models import Adoption
from medskick.lib.codes import normalise_code


@audience(PUBLIC)
@require_safe
def public_adoptions(request: HttpRequest) -> HttpResponse:
    """The common documents that are followed here, or in the whole region."""
    place = request.place
    shown = Adoption.objects.followed().filter(item__level=Level.PUBLIC)
    if place is not None and not place.is_region:
        shown = shown.of(place.id)
    page = page_of(shown.with_overrides().order_by("item__title_key", "owner__name_key"), request.GET.get("sida"))
    rows = [
        Row(
            title=one.item.title,
            url=reverse("public_adoption", args=[one.item.number]),
            meta=[
                one.owner.short_name,
                _("kommer från %(owner)s") % {"owner": presenting.short_name(one.source_owner_id)},
                *([presenting.many_deviations(len(one.standing))] if one.standing else []),
            ],
        )
        for one in page
    ]
    context = {"title": _("Det här följer vi"), "page": page, "rows": rows}
    return render(request, "kernel/sharing/public_list.html", context)


@audience(PUBLIC)
@require_safe
def public_adoption(request: HttpRequest, number: str) -> HttpResponse:
    """A common document as it is valid at one organisation."""
    openly = Adoption.objects.with_overrides().filter(item__level=Level.PUBLIC)
    one = get_object_or_404(openly, item__number=normalise_code(number))
    version = queries.pinned(one)
    if version is None:
        raise Http404
    context = {
        "title": one.item.title,
        "crumbs": [(_("Det här följer vi"), reverse("public_adoptions")), (one.item.title, "")],
        "one": one,
        "owner": presenting.short_name(one.source_owner_id),
        "version": version,
        "fields": queries.effective_text(one, version),
        "since": queries.decisions_of([one])[one.item_id][0].at,
    }
    return render(request, "kernel/sharing/public.html", context)

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.notifications.actions import follow, unfollow
from medskick.kernel.notifications.queries import is_following
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.people.private_address import guarded, page_at, private
from medskick.kernel.records.kinds import item_url, kind_of
from medskick.kernel.records.models import Item
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts, thread
from medskick.kernel.trace.queries import sources, steps_after, steps_before
from medskick.lib.codes import normalise_code

LONGEST_TYPED = 300  # a whole link, with a long host name


@audience(PUBLIC)
def trace(request: HttpRequest, number: str) -> HttpResponse:
    """Spåret: what became of an item, and which voices led to it."""
    with throttle.guard(request, "trace"):
        item = get_object_or_404(Item.objects.select_related("record"), number=normalise_code(number))
    record = getattr(item, "record", None)
    return render(
        request,
        "kernel/trace/trace.html",
        {
            "title": item.title,
            "item": item,
            "kind": kind_of(item.kind),
            "steps": thread(item, steps_after(item), before=steps_before(item)),
            "sources": sources(item),
            "facts": record_facts(item, record),
            "offers": offers_for(request.actor, item) if request.actor.staff else [],
            "page_url": item_url(item, staff=request.actor.staff),
            "following": request.actor.signed_in and is_following(request.actor, item),
        },
    )


@audience(PUBLIC)
def trace_of(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """From an item's id, as notifications carry it, to its trace."""
    item = get_object_or_404(Item, id=item_id)
    return HttpResponseRedirect(reverse("trace", args=[item.number]))


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def find_trace(request: HttpRequest) -> HttpResponse:
    """Where somebody with a trace number or a private address on a slip of paper begins.

    The form is posted: an address is a secret, and stands in no log's query.
    """
    typed = (request.POST or request.GET).get("nummer", "").replace("\0", "")[:LONGEST_TYPED]
    number = normalise_code(typed)
    if number:
        attempt = guarded(request)
        item = Item.objects.filter(number=number).first()
        page = reverse("trace", args=[item.number]) if item is not None else page_at(typed)
        if page:
            return private(HttpResponseRedirect(page))
        attempt.failed()
    context = {"number": number, "typed": typed}
    return private(render(request, "kernel/trace/find_trace.html", context, status=404 if number else 200))


@audience(RESIDENT)
@require_POST
def following(request: HttpRequest, number: str) -> HttpResponse:
    """Follow a trace, or stop."""
    item = get_object_or_404(Item, number=normalise_code(number))
    if request.POST.get("follow") == "0":
        unfollow(item, by=request.actor)
    else:
        follow(item, by=request.actor)
    return HttpResponseRedirect(reverse("trace", args=[item.number]))

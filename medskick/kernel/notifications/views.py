from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medskick.design.paging import page_of
from medskick.kernel.notifications.actions import mark_read, stop_following
from medskick.kernel.notifications.delivering import shows_outbox
from medskick.kernel.notifications.models import Subscription
from medskick.kernel.notifications.queries import followed, for_actor, led_here
from medskick.kernel.people.audience import RESIDENT, audience


@audience(RESIDENT)
def notifications(request: HttpRequest) -> HttpResponse:
    """What has happened to what the person follows."""
    page = page_of(for_actor(request.actor), request.GET.get("sida"))
    led_here(page, request.place)
    return render(request, "kernel/notifications/list.html", {"page": page, "outbox": shows_outbox()})


@audience(RESIDENT)
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    mark_read(by=request.actor)
    return HttpResponseRedirect(reverse("notifications"))


@audience(RESIDENT)
def subscriptions(request: HttpRequest) -> HttpResponse:
    """What the person follows, and since when."""
    mine = Subscription.objects.followed_by(request.actor).order_by("-at", "-id")
    page = page_of(mine, request.GET.get("sida"))
    context = {"page": page, "followed": followed(page)}
    return render(request, "kernel/notifications/subscriptions.html", context)


@audience(RESIDENT)
@require_POST
def stop_one(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    if not stop_following(by=request.actor, subscription=subscription_id):
        raise Http404
    messages.success(request, _("Du följer det inte längre."))
    return HttpResponseRedirect(reverse("subscriptions"))


@audience(RESIDENT)
@require_POST
def stop_all(request: HttpRequest) -> HttpResponse:
    stop_following(by=request.actor)
    messages.success(request, _("Du följer inget längre. Det du redan har fått veta finns kvar bland meddelandena."))
    return HttpResponseRedirect(reverse("subscriptions"))

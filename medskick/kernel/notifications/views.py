from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from medskick.design.paging import page_of
from medskick.kernel.notifications.actions import mark_read
from medskick.kernel.notifications.queries import for_actor
from medskick.kernel.people.audience import RESIDENT, audience


@audience(RESIDENT)
def notifications(request: HttpRequest) -> HttpResponse:
    """What has happened to what the person follows."""
    page = page_of(for_actor(request.actor), request.GET.get("sida"))
    return render(request, "kernel/notifications/list.html", {"page": page})


@audience(RESIDENT)
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    mark_read(by=request.actor)
    return HttpResponseRedirect(reverse("notifications"))

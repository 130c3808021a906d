"""Hjälp på plats: the public page, and the administrator's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.parts import Row
from medskick.kernel.assistance.access import NotPossible
from medskick.kernel.assistance.actions.places import Schedule, change_help_place, close_help_place, open_help_place
from medskick.kernel.assistance.forms import HelpPlaceForm
from medskick.kernel.assistance.models import HelpPlace
from medskick.kernel.assistance.presenting import crumbs, place_shown, times_of
from medskick.kernel.assistance.queries import help_places
from medskick.kernel.organisations.places import Place, all_places
from medskick.kernel.people.audience import PUBLIC, audience, staff_with
from medskick.kernel.people.roles import ADMINISTRATOR


@audience(PUBLIC)
def help_in_person(request: HttpRequest) -> HttpResponse:
    """Where somebody helps you, and when next: here, or at the region's site in every municipality."""
    place, now = request.place, timezone.now()
    shown = [one for one in all_places() if place is None or place.is_region or one.id == place.id]
    found: dict[UUID, list[Any]] = {one.id: [] for one in shown}
    for one in help_places(found):
        found[one.owner_id].append(place_shown(one, now))
    groups: list[tuple[Place, list[Any]]] = [(one, found[one.id]) for one in shown if found[one.id]]
    return render(request, "kernel/assistance/help_in_person.html", {"groups": groups})


@audience(staff_with(ADMINISTRATOR))
def administer_help_places(request: HttpRequest) -> HttpResponse:
    standing = HelpPlace.objects.of(request.actor.organisation).standing()
    rows = [
        Row(title=one.name, url=reverse("change_help_place", args=[one.id]), meta=[one.address, times_of(one)])
        for one in standing
    ]
    context = {"rows": rows, "crumbs": crumbs("administration", _("Administration"), _("Hjälp på plats"))}
    return render(request, "kernel/assistance/help_places.html", context)


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def new_help_place(request: HttpRequest) -> HttpResponse:
    return _form_page(request, None)


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def change_place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    return _form_page(request, _own(request, place_id))


@audience(staff_with(ADMINISTRATOR))
@require_POST
def close_place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    close_help_place(_own(request, place_id), by=request.actor)
    messages.success(request, _("Platsen visas inte längre."))
    return HttpResponseRedirect(reverse("help_places"))


def _own(request: HttpRequest, place_id: UUID) -> HelpPlace:
    return get_object_or_404(HelpPlace.objects.of(request.actor.organisation).standing(), id=place_id)


def _form_page(request: HttpRequest, place: HelpPlace | None) -> HttpResponse:
    names = ("name", "address", "weekdays", "opens", "closes", "hours")
    initial = {name: getattr(place, name) for name in names} if place else None
    form = HelpPlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        schedule = Schedule(tuple(given["weekdays"]), given["opens"], given["closes"], given["hours"])
        told = {"by": request.actor, "name": given["name"], "address": given["address"], "schedule": schedule}
        try:
            change_help_place(place, **told) if place else open_help_place(**told)
            messages.success(request, _("Sparat. Platsen visas på sidan Hjälp på plats."))
            return HttpResponseRedirect(reverse("help_places"))
        except NotPossible as fault:
            form.add_error(None, str(fault))
    here = place.name if place else _("Ny plats")
    context = {"form": form, "place_shown": place, "crumbs": crumbs("help_places", _("Hjälp på plats"), here)}
    return render(request, "kernel/assistance/help_place.html", context, status=422 if form.is_bound else 200)

"""Handover between helpers at a place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.kernel.assistance.access import NotPossible
from medskick.kernel.assistance.actions.handover import leave_note, take_note
from medskick.kernel.assistance.forms import HandoverForm
from medskick.kernel.assistance.models import HandoverNote
from medskick.kernel.assistance.presenting import crumbs
from medskick.kernel.assistance.queries import open_notes
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.roles import HELPER


@audience(staff_with(HELPER))
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """What the last helper left, and what to leave to the next."""
    form = HandoverForm(request.POST or None, organisation=request.actor.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            leave_note(form.cleaned_data["place"], by=request.actor, text=form.cleaned_data["text"])
            messages.success(request, _("Nästa hjälpare ser det här."))
            return HttpResponseRedirect(reverse("handover"))
        except NotPossible as fault:
            form.add_error(None, str(fault))
    page = page_of(open_notes(request.actor.organisation), request.GET.get("sida"))
    context = {"form": form, "page": page, "crumbs": crumbs("assistance", _("Hjälpa"), _("Överlämning"))}
    return render(request, "kernel/assistance/handover.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(HELPER))
@require_POST
def handover_taken(request: HttpRequest, note_id: UUID) -> HttpResponse:
    take_note(get_object_or_404(HandoverNote, id=note_id), by=request.actor)
    return HttpResponseRedirect(reverse("handover"))

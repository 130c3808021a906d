from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.operation.forms import DepartureForm
from medskick.kernel.operation.leaving_actions import confirm_departure, propose_departure, withdraw_departure
from medskick.kernel.operation.models import Departure
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.roles import ADMINISTRATOR

ADMINISTRATORS = staff_with(ADMINISTRATOR)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def departures(request: HttpRequest) -> HttpResponse:
    """Who leaves the region: proposed here by one, confirmed by another."""
    leavers = _may_leave(request.actor)
    form = DepartureForm(
        [(str(one.id), one.name) for one in leavers], request.POST if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        leaver = next(one for one in leavers if str(one.id) == form.cleaned_data["leaver"])
        try:
            propose_departure(
                by=request.actor,
                leaver=leaver,
                turn_to=form.cleaned_data["turn_to"],
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Förslaget är sparat. Någon annan måste bekräfta det."))
            return HttpResponseRedirect(reverse("departures"))
        except ValidationError as fault:
            form.add_error(None, fault)
    context = {
        "form": form,
        "leavers": leavers,
        "proposed": Departure.objects.select_related("leaver").order_by("-id")[:20],
        "crumbs": [(_("Administration"), reverse("administration")), (_("Lämna regionen"), "")],
    }
    return render(request, "kernel/operation/departures.html", context, status=422 if form.is_bound else 200)


@audience(ADMINISTRATORS)
@require_POST
def departure_confirm(request: HttpRequest, departure_id: UUID) -> HttpResponse:
    """The second pair of eyes; it is carried out at once."""
    proposed = get_object_or_404(Departure.objects.select_related("leaver__region"), id=departure_id)
    try:
        confirm_departure(proposed, by=request.actor)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return HttpResponseRedirect(reverse("departures"))
    messages.success(request, _("%(name)s har lämnat regionen.") % {"name": proposed.leaver.name})
    stays = request.actor.organisation != proposed.leaver_id
    return HttpResponseRedirect(reverse("departures" if stays else "start"))


@audience(ADMINISTRATORS)
@require_POST
def departure_withdraw(request: HttpRequest, departure_id: UUID) -> HttpResponse:
    proposed = get_object_or_404(Departure.objects.select_related("leaver"), id=departure_id)
    try:
        withdraw_departure(proposed, by=request.actor)
        messages.success(request, _("Förslaget är tillbakataget."))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    return HttpResponseRedirect(reverse("departures"))


def _may_leave(actor: Actor) -> list[Organisation]:
    """For the region its municipalities; for a municipality itself."""
    open_proposals = Departure.objects.filter(withdrawn_at__isnull=True, confirmed_at__isnull=True)
    found = Organisation.objects.municipalities().filter(left_at__isnull=True).in_order()
    waiting = set(open_proposals.values_list("leaver_id", flat=True))
    concerned = [one for one in found if actor.organisation in (one.id, one.region_id)]
    return [one for one in concerned if one.id not in waiting]

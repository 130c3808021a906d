from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.dialog import api as dialog
from medskick.flows.adopt_initiative.actions import MAY_ADOPT, adopt_initiative, written_in
from medskick.flows.adopt_initiative.forms import AdoptInitiativeForm
from medskick.kernel.people.audience import audience, staff_with


@audience(staff_with(*MAY_ADOPT))
@require_http_methods(["GET", "POST"])
def adopt_a_draft(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Make an initiative of a workshop's VAD, VEM and HUR."""
    answer = dialog.get_answer(answer_id)
    if answer is None or answer.owner_id != request.actor.organisation:
        raise Http404
    chain = dialog.chain_of(answer)
    if chain is None:
        raise Http404
    form = AdoptInitiativeForm(request.POST or None, initial={"title": chain.title})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "summary", "reason")}
        try:
            made = adopt_initiative(by=request.actor, answer=answer, submission_key=UUID(form.submission_key), **given)
        except PermissionDenied:
            raise
        except ValueError as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Insatsen är föreslagen, med det som skrevs i workshopen."))
            return HttpResponseRedirect(made.get_absolute_url())
    shortened = written_in(chain).shortened if chain.complete else []
    context = {"title": _("Gör till en insats i planen"), "form": form, "chain": chain, "shortened": shortened}
    return render(request, "flows/adopt_initiative.html", context, status=422 if form.is_bound else 200)

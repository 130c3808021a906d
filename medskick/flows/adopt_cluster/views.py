from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.forms import PlainForm
from medskick.dialog import api as dialog
from medskick.flows.adopt_cluster.actions import (
    MAY_ADOPT,
    adopt_as_initiative,
    adopt_as_need,
    may_choose_horizon,
    said_by,
)
from medskick.flows.adopt_cluster.forms import InitiativeForm, NeedForm
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.records.kinds import item_url
from medskick.plan import api as plan


@audience(staff_with(*MAY_ADOPT))
@require_http_methods(["GET", "POST"])
def need_of_cluster(request: HttpRequest, cluster_id: UUID) -> HttpResponse:
    """Take up what several notes say as one need."""
    gathered = _gathered(request, cluster_id)
    guess = plan.suggest_goal_area(gathered.title)
    form = NeedForm(request.POST or None, initial={"text": gathered.title, "area": guess.area.key if guess else ""})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "area", "reason")}
        need = adopt_as_need(by=request.actor, gathered=gathered, submission_key=UUID(form.submission_key), **given)
        messages.success(request, _("Behovet är antecknat. De som skrev lapparna får veta det."))
        return HttpResponseRedirect(item_url(need.item, staff=True))
    return _page(request, gathered, form, _("Gör till ett behov"), _("Anteckna behovet"))


@audience(staff_with(*MAY_ADOPT))
@require_http_methods(["GET", "POST"])
def initiative_of_cluster(request: HttpRequest, cluster_id: UUID) -> HttpResponse:
    """Propose as an initiative what the group wants to start."""
    gathered = _gathered(request, cluster_id)
    years = gathered.years if may_choose_horizon(request.actor) else None
    form = InitiativeForm(request.POST or None, years=years, initial={"title": gathered.title[:120]})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "summary", "reason")}
        made = adopt_as_initiative(
            by=request.actor,
            gathered=gathered,
            takes_horizon=form.cleaned_data.get("takes_horizon", False),
            submission_key=UUID(form.submission_key),
            **given,
        )
        messages.success(request, _("Insatsen är föreslagen. Beskriv nu vad, för vem och hur."))
        return HttpResponseRedirect(made.get_absolute_url())
    return _page(request, gathered, form, _("Gör till en insats"), _("Föreslå insatsen"))


def _gathered(request: HttpRequest, cluster_id: UUID) -> dialog.Gathered:
    found = dialog.gathered_in(cluster_id)
    if found is None or found.session.owner_id != request.actor.organisation:
        raise Http404
    return found


def _page(request: HttpRequest, gathered: dialog.Gathered, form: PlainForm, title: str, submit: str) -> HttpResponse:
    context = {"title": title, "form": form, "gathered": gathered, "submit": submit, "said_by": said_by(gathered)}
    return render(request, "flows/adopt_cluster.html", context, status=422 if form.is_bound else 200)

"""The resident's pages: approve help, see what others did for her, end it, object to it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.assistance import queries
from medskick.kernel.assistance.access import NotPossible
from medskick.kernel.assistance.actions.helping import approve_help, end_help
from medskick.kernel.assistance.actions.objecting import object_to_act, object_to_help
from medskick.kernel.assistance.forms import CodeForm, ObjectionTextForm
from medskick.kernel.assistance.models import Assistance, Ended, Mandate, Objection
from medskick.kernel.assistance.presenting import Names, about_act, about_help, crumbs, help_given, objection_steps
from medskick.kernel.assistance.queries import Act
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import ONESELF, audience
from medskick.lib.dates import say_date


@audience(ONESELF)
def help_received(request: HttpRequest) -> HttpResponse:
    """Det här har andra gjort åt dig."""
    person = request.actor.person
    acts = queries.acts_for(person)
    given = help_given(
        queries.help_given_to(person),
        acts,
        queries.items_of(acts),
        _names(person, acts),
        queries.objections_of(person),
    )
    return render(request, "kernel/assistance/help_received.html", {"given": given})


@audience(ONESELF)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """Type the code, read who asks, and say yes."""
    form = CodeForm(request.POST or None)
    asked = None
    if request.method == "POST" and form.is_valid():
        attempt = throttle.guard(request, "log_in", key=f"code {request.actor.person}")
        asked = queries.asked_by(form.cleaned_data["code"])
        if asked is None:
            attempt.failed()
            form.add_error("code", _("Koden stämmer inte, eller så är den för gammal. Be om en ny."))
        elif request.POST.get("yes") == "1":
            try:
                approve_help(asked, form.cleaned_data["code"], by=request.actor)
            except NotPossible as fault:
                form.add_error("code", str(fault))
            else:
                messages.success(
                    request, _("Du har sagt ja. Nu kan %(name)s hjälpa dig.") % {"name": asked.helper_name}
                )
                return HttpResponseRedirect(reverse("help_received"))
    known = asked if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "asked": known,
        "owner": place_of(known.owner) if known else None,
        "crumbs": _crumbs(_("Låt någon hjälpa dig")),
    }
    return render(request, "kernel/assistance/approve.html", context, status=422 if form.errors else 200)


@audience(ONESELF)
@require_POST
def end_help_given(request: HttpRequest, assistance_id: UUID) -> HttpResponse:
    """The resident ends the help: at the helper's next click it is over."""
    given = get_object_or_404(Assistance, id=assistance_id, resident=request.actor.person)
    if end_help(given.id, by=request.actor, how=Ended.RESIDENT):
        messages.success(request, _("Hjälpen är avslutad."))
    return HttpResponseRedirect(reverse("help_received"))


@audience(ONESELF)
@require_http_methods(["GET", "POST"])
def objection_form(request: HttpRequest, about_id: UUID) -> HttpResponse:
    """Object to one time of help, or to one act by a mandate."""
    given, about = _objected_to(request.actor.person, about_id)
    form = ObjectionTextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {"by": request.actor, "about": about, "text": form.cleaned_data["text"]}
        try:
            made = object_to_act(given, **words) if isinstance(given, Act) else object_to_help(given, **words)
            thanks = _("Tack. Din invändning har kommit fram. %(owner)s svarar senast %(day)s.")
            messages.success(request, thanks % {"owner": made.owner.name, "day": say_date(made.due)})
            return HttpResponseRedirect(reverse("my_objection", args=[made.item_id]))
        except NotPossible as fault:
            form.add_error(None, str(fault))
    context = {"form": form, "about": about, "crumbs": _crumbs(_("Invänd"))}
    return render(request, "kernel/assistance/object.html", context, status=422 if form.is_bound else 200)


def _objected_to(person: UUID, about_id: UUID) -> tuple[Assistance | Act, str]:
    acts = queries.acts_for(person)
    given = queries.help_given_to_her(person, about_id)
    if given is not None:
        return given, about_help(given, acts)
    act = next((one for one in acts if one.id == about_id), None)
    if act is None:
        raise Http404
    return act, about_act(act, _names(person, [act]))


def _names(person: UUID, acts: list[Act]) -> Names:
    agents = {one.agent: str(one.agent_name) for one in Mandate.objects.given_by(person)}
    return Names(agents, queries.staff_names({act.person for act in acts if act.person is not None} - agents.keys()))


@audience(ONESELF)
def my_objection(request: HttpRequest, item_id: UUID) -> HttpResponse:
    found = get_object_or_404(
        Objection.objects.select_related("item", "item__record", "owner", "decision"),
        item_id=item_id,
        made_by=request.actor.person,
    )
    context = {"objection": found, "steps": objection_steps(found), "crumbs": _crumbs(_("Din invändning"))}
    return render(request, "kernel/assistance/my_objection.html", context)


def _crumbs(here: str) -> list[tuple[str, str]]:
    return crumbs("help_received", _("Hjälp du har fått"), here)

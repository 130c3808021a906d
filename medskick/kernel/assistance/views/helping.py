"""The helper's pages: begin, wait for the code, end; and what came in how."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.parts import Column, Table
from medskick.kernel.assistance.access import KEEPERS, NotPossible
from medskick.kernel.assistance.actions.helping import ask_to_help, begin_help, end_help
from medskick.kernel.assistance.actions.mandates import Named
from medskick.kernel.assistance.forms import HelpForm, WhomForm
from medskick.kernel.assistance.models import Assistance, AssistanceGround
from medskick.kernel.assistance.presenting import CHANNELS
from medskick.kernel.assistance.queries import FEWEST_TOLD, ChannelCount, channel_counts
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people import login
from medskick.kernel.people.audience import HELPING, STAFF, audience, staff_with
from medskick.kernel.people.device import put_aside, take_back
from medskick.kernel.people.roles import HELPER
from medskick.kernel.records.kinds import kind_of
from medskick.lib.codes import group_code

_CODE = "assistance_code"
NAMED = (AssistanceGround.STATED, AssistanceGround.PAPER)


@audience(staff_with(*KEEPERS))
@require_http_methods(["GET", "POST"])
def assistance(request: HttpRequest) -> HttpResponse:
    """Begin to help somebody: how one knows what she wants, and where."""
    actor = request.actor
    form = HelpForm(request.POST or None, organisation=actor.organisation)
    if request.method == "POST" and actor.has(HELPER) and form.is_valid():
        try:
            return _next_step(request, form.cleaned_data)
        except NotPossible as fault:
            form.add_error(None, str(fault))
    context = {"form": form, "helps": actor.has(HELPER)}
    return render(request, "kernel/assistance/begin.html", context, status=422 if form.is_bound else 200)


def _next_step(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    """With e-legitimation a code, without a name straight to it, else who it is."""
    ground, where = given["ground"], {"channel": given["channel"], "place": given["place"]}
    if ground == AssistanceGround.EID:
        asked = ask_to_help(by=request.actor, **where)
        request.session[_CODE] = asked.code
        return HttpResponseRedirect(reverse("assistance_asked", args=[asked.assistance.id]))
    if ground == AssistanceGround.UNNAMED:
        return _to_the_resident_side(request, begin_help(by=request.actor, ground=ground, **where))
    chosen = {"ground": ground, "channel": given["channel"], "place": given["place"].id if given["place"] else ""}
    return HttpResponseRedirect(f"{reverse('assistance_whom')}?{urlencode(chosen)}")


@audience(staff_with(HELPER))
@require_http_methods(["GET", "POST"])
def assistance_whom(request: HttpRequest) -> HttpResponse:
    """Who is helped, where she says it herself or has left a paper."""
    chosen = HelpForm(request.GET, organisation=request.actor.organisation)
    if not chosen.is_valid() or chosen.cleaned_data["ground"] not in NAMED:
        return HttpResponseRedirect(reverse("assistance"))
    how = chosen.cleaned_data
    form = WhomForm(request.POST or None, ground=how["ground"])
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data
        try:
            begun = begin_help(
                by=request.actor,
                ground=how["ground"],
                named=Named(who["number"], who["name"]),
                reason=who.get("reason", ""),
                channel=how["channel"],
                place=how["place"],
            )
            return _to_the_resident_side(request, begun)
        except NotPossible as fault:
            form.add_error(None, str(fault))
    context = {"form": form, "crumbs": [(_("Hjälpa"), reverse("assistance")), (_("Vem"), "")], "ground": how["ground"]}
    return render(request, "kernel/assistance/whom.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(HELPER))
@require_http_methods(["GET", "POST"])
def assistance_asked(request: HttpRequest, assistance_id: UUID) -> HttpResponse:
    """The code, until the resident has typed it; then the way to begin."""
    asked = Assistance.objects.filter(id=assistance_id, helper=request.actor.person, ended_at__isnull=True).first()
    if asked is None or asked.ground != AssistanceGround.EID:
        raise Http404
    if request.method == "POST" and asked.started_at is not None:
        request.session.pop(_CODE, None)
        return _to_the_resident_side(request, asked)
    context = {
        "asked": asked,
        "code": group_code(request.session.get(_CODE, ""), 3).replace("-", " "),
        "address": request.build_absolute_uri(reverse("approve_help")),
    }
    return render(request, "kernel/assistance/asked.html", context)


def _to_the_resident_side(request: HttpRequest, begun: Assistance) -> HttpResponse:
    """From here on the helper is at the resident's pages, at her own municipality's site."""
    login.begin_to_help(request, begun.id)
    home = reverse("start")
    if request.place is None or request.place.id != begun.owner_id:
        place = place_of(begun.owner_id)
        home = f"/{place.slug}/" if place and not place.is_region else home
    return put_aside(request, HttpResponseRedirect(home))


@audience(HELPING)
@require_POST
def end_assistance(request: HttpRequest) -> HttpResponse:
    """Stop helping: the helper is at work again, and sees nothing of it."""
    end_help(request.actor.assistance, by=request.actor)
    login.be_oneself(request)
    messages.success(request, _("Du hjälper inte längre. Det ni gjorde finns hos den du hjälpte."))
    return take_back(request, HttpResponseRedirect(reverse("assistance")))


@audience(HELPING)
def assistance_alive(request: HttpRequest) -> HttpResponse:
    """Somebody is typing in a long form: asking who acts was the sign of life, so there is nothing left to do."""
    return HttpResponse(status=204)


@audience(STAFF)
def came_in(request: HttpRequest) -> HttpResponse:
    """Så kom det in: by channel, for the last year."""
    counts = channel_counts(request.actor.organisation, since=timezone.localdate() - timedelta(days=365))
    context = {"table": _table(counts) if counts else None, "fewest": FEWEST_TOLD}
    return render(request, "kernel/assistance/came_in.html", context)


def _table(counts: list[ChannelCount]) -> Table:
    rows = []
    for one in counts:
        many = str(one.many) if one.many is not None else _("färre än %(few)s") % {"few": FEWEST_TOLD}
        rows.append([str(kind_of(one.kind).label), str(CHANNELS.get(one.channel, one.channel)), many])
    columns = [Column(_("Vad")), Column(_("Hur")), Column(_("Antal"), numeric=True)]
    return Table(_("Det som kom in det senaste året"), columns, rows)

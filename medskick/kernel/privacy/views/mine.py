"""Mina uppgifter: what is kept of me, who has read it, what I have said yes to, and what I say is wrong."""

from uuid import UUID

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.people.audience import RESIDENT, audience
from medskick.kernel.privacy import presenting, queries
from medskick.kernel.privacy.access import herself
from medskick.kernel.privacy.actions import disputes, exports
from medskick.kernel.privacy.actions.consents import give_consent, withdraw_consent
from medskick.kernel.privacy.forms import DisputeForm
from medskick.kernel.privacy.jobs import copy_of_data
from medskick.kernel.privacy.models import DataExport
from medskick.kernel.privacy.purposes import purposes


@audience(RESIDENT)
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept of me: part by part, each by organisation and sort."""
    with herself(request.actor) as person:
        things = queries.my_things(person)
        readings, more = queries.readings_of(person, size=presenting.COUNTED_READINGS)
        copies = DataExport.objects.filter(person=person, asked_at__gt=timezone.now() - exports.KEPT_FOR)
        context = {
            "parts": presenting.parts_shown(things, readings, more=more),
            "many": len(things),
            "copies": list(copies.order_by("-asked_at")[:5]),
        }
    return render(request, "kernel/privacy/my_data.html", context)


@audience(RESIDENT)
@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    """A copy of everything, at once where it is small, else as a file that a job makes."""
    with herself(request.actor) as person:
        made = exports.copy_now(by=request.actor)
        if made is not None:
            answer = FileResponse(made, as_attachment=True, filename="mina-uppgifter.zip")
            answer["Cache-Control"] = "no-store"
            return answer
        asked = exports.ask_for_copy(by=request.actor)
        copy_of_data.defer(by=request.actor, export=str(asked.id), person=str(person))
    messages.success(request, _("Kopian är stor och görs i ordning. Den ligger här när den är klar, i en vecka."))
    return HttpResponseRedirect(reverse("my_data"))


@audience(RESIDENT)
def kept_copy(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """A copy that a job has made, for a week."""
    with herself(request.actor) as person:
        found = get_object_or_404(DataExport, id=export_id, person=person, ready_at__isnull=False)
    if not exports.path_of(found.id).exists():
        raise Http404
    answer = StreamingHttpResponse(exports.open_copy(found), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="mina-uppgifter.zip"'
    answer["Content-Length"] = str(found.size)
    answer["Cache-Control"] = "no-store"
    return answer


@audience(RESIDENT)
def readings(request: HttpRequest) -> HttpResponse:
    """Who at work has read what about me."""
    page = presenting.page_number(request.GET.get("sida"))
    with herself(request.actor) as person:
        found, more = queries.readings_of(person, page=page)
    crumbs = presenting.below_my_data(_("Vem har läst om mig?"))
    context = {"days": presenting.by_day(found), "page": page, "more": more, "crumbs": crumbs}
    return render(request, "kernel/privacy/my_readings.html", context)


@audience(RESIDENT)
def consents(request: HttpRequest) -> HttpResponse:
    """What I have said yes to here, and what I could."""
    with herself(request.actor) as person:
        standing = queries.consents_of(person, request.actor.organisation)
    rows = [(one, standing.get(one.key)) for one in purposes()]
    crumbs = presenting.below_my_data(_("Det jag har sagt ja till"))
    return render(request, "kernel/privacy/my_consents.html", {"rows": rows, "crumbs": crumbs})


@audience(RESIDENT)
@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Say yes to a purpose, or take it back."""
    actor = request.actor
    with herself(actor) as person:
        if purpose not in {one.key for one in purposes()}:
            raise Http404
        if request.POST.get("yes") == "1":
            give_consent(purpose, by=actor)
            messages.success(request, _("Du har sagt ja. Du kan ta tillbaka det när du vill."))
        elif standing := queries.consents_of(person, actor.organisation).get(purpose):
            withdraw_consent(standing, by=actor)
            messages.success(request, _("Ditt ja är återkallat och gäller inte längre."))
    return HttpResponseRedirect(reverse("my_consents"))


@audience(RESIDENT)
@require_http_methods(["GET", "POST"])
def dispute_thing(request: HttpRequest, model: str, row_id: UUID) -> HttpResponse:
    """Det här stämmer inte: say what is wrong with one thing that is kept of me."""
    form = DisputeForm(request.POST or None)
    with herself(request.actor) as person:
        thing = queries.thing_of(person, model, row_id)
        if thing is None:
            raise Http404
        if form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("wrong", "right")}
            disputes.dispute(thing, by=request.actor, **said)
            messages.success(request, _("Tack. Det är diariefört, och en registrator prövar det."))
            return HttpResponseRedirect(reverse("my_data"))
    crumbs = presenting.below_my_data(_("Det här stämmer inte"))
    context = {"form": form, "thing": thing, "crumbs": crumbs}
    return render(request, "kernel/privacy/dispute.html", context, status=422 if form.is_bound else 200)

"""The organisation's register of processing, what it says of it to everybody, and the disputes it answers."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import PUBLIC, audience, staff_with
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.kernel.privacy import presenting, queries
from medskick.kernel.privacy.actions.disputes import KIND, AlreadyAnswered, accept_dispute, refuse_dispute
from medskick.kernel.privacy.actions.register import name_contact, note_processing
from medskick.kernel.privacy.forms import ContactForm, DisputeAnswerForm, ProcessingForm
from medskick.kernel.privacy.models import Dispute, DisputeAnswer
from medskick.kernel.privacy.rights import edition_of


@audience(PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """What this organisation keeps of people, why, how long, and what one may ask of it."""
    place = request.place
    context = {
        "contact": queries.contact_of(place.id) if place else None,
        "rows": queries.register_of(place.id) if place else [],
        "edition": edition_of(timezone.localdate()),
    }
    return render(request, "kernel/privacy/privacy.html", context)


@audience(staff_with(ADMINISTRATOR))
def processing_register(request: HttpRequest) -> HttpResponse:
    """The register of processing of the acting organisation."""
    organisation = request.actor.organisation
    rows = queries.register_of(organisation)
    context = {
        "rows": [presenting.register_row(one) for one in rows],
        "noted": sum(1 for one in rows if one.note),
        "total": len(rows),
        "contact": queries.contact_of(organisation),
    }
    return render(request, "kernel/privacy/register.html", context)


@audience(staff_with(ADMINISTRATOR))
def register_csv(request: HttpRequest) -> HttpResponse:
    """The whole register as a file, for the supervisory authority."""
    actor = request.actor
    content = presenting.register_csv(
        queries.register_of(actor.organisation), queries.contact_of(actor.organisation), actor.organisation_name
    )
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="behandlingar.csv"'
    return answer


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def processing(request: HttpRequest, key: str) -> HttpResponse:
    """One processing: what the product says of it, and what the organisation adds."""
    row = next((one for one in queries.register_of(request.actor.organisation) if one.processing.key == key), None)
    if row is None:
        raise Http404
    form = ProcessingForm(request.POST or None, initial=presenting.note_initial(row.note))
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name in ProcessingForm.base_fields}
        note_processing(key, by=request.actor, **said)
        messages.success(request, _("Registret är ändrat."))
        return HttpResponseRedirect(reverse("processing_register"))
    crumbs = presenting.below_register(str(row.processing.label))
    context = {"form": form, "row": row, "crumbs": crumbs}
    return render(request, "kernel/privacy/processing.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Who answers for the personal data, and the data protection officer."""
    organisation = request.actor.organisation
    initial = presenting.contact_initial(queries.contact_of(organisation))
    form = ContactForm(request.POST or None, organisation=organisation, initial=initial)
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name in ContactForm.base_fields}
        name_contact(by=request.actor, **said)
        messages.success(request, _("Kontakten är ändrad och syns på sidan om personuppgifter."))
        return HttpResponseRedirect(reverse("processing_register"))
    context = {"form": form, "crumbs": presenting.below_register(_("Ansvarig och dataskyddsombud"))}
    return render(request, "kernel/privacy/contact.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(REGISTRAR))
def disputes(request: HttpRequest) -> HttpResponse:
    """What people say is wrong, those that wait first."""
    own = Dispute.objects.filter(owner_id=request.actor.organisation).select_related("item", "reply")
    page = page_of(own.order_by(F("reply__at").desc(nulls_first=True), "-at"), request.GET.get("sida"))
    rows = [presenting.dispute_row(one) for one in page]
    return render(request, "kernel/privacy/disputes.html", {"page": page, "rows": rows})


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def answer_dispute(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Read what somebody says is wrong, and correct it with a note or say why not."""
    own = Dispute.objects.select_related("item").filter(owner_id=request.actor.organisation)
    found = get_object_or_404(own, item_id=item_id)
    log_read(request.actor, KIND, [found.item_id])
    answered = DisputeAnswer.objects.filter(dispute=found).select_related("dispute__note").first()
    form = DisputeAnswerForm(request.POST or None)
    if answered is None and form.is_valid() and _answered(request, form, found):
        return HttpResponseRedirect(reverse("disputes"))
    context = presenting.dispute_page(found, answered) | {"form": form}
    return render(request, "kernel/privacy/answer_dispute.html", context, status=422 if form.is_bound else 200)


def _answered(request: HttpRequest, form: DisputeAnswerForm, found: Dispute) -> bool:
    text = form.cleaned_data["text"]
    try:
        if form.cleaned_data["verdict"] == DisputeAnswerForm.ACCEPT:
            accept_dispute(found, by=request.actor, note=text)
        else:
            refuse_dispute(found, by=request.actor, reason=text)
    except AlreadyAnswered as fault:
        form.add_error(None, str(fault))
        return False
    messages.success(request, _("Svaret är skickat till den som sade ifrån."))
    return True

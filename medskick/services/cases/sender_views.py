"""The sender's side: filling in, checking, sending, the receipt, following the case, and judging the answer."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.log.actions import log_read
from medskick.kernel.notifications.mail_box import mail_box
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope, set_scope
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.people.private_address import guarded, holder_at, private
from medskick.lib.codes import parse_trace_address
from medskick.services.cases import presenting, queries
from medskick.services.cases.downloads import download
from medskick.services.cases.forms import ObjectionForm
from medskick.services.cases.handling import units_of
from medskick.services.cases.models import Case
from medskick.services.cases.moves import KIND, TransitionRefused
from medskick.services.cases.presenting import SenderUrls
from medskick.services.cases.sender_actions import (
    address_taken_home,
    say_not_satisfied,
    say_satisfied,
    submit_case,
)
from medskick.services.definitions.definition import Definition
from medskick.services.definitions.views import service_or_404
from medskick.services.forms.answers import answers_from
from medskick.services.forms.building import FileForm, ServiceForm, file_form_for, form_for
from medskick.services.forms.warnings import fields_with_personal_numbers

FILL_IN, EDIT, SEND = "", "edit", "send"
_SENT = "case_sent"


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, then the page where the answers are checked, then sending. Nothing is kept before it is sent."""
    service = service_or_404(slug)
    _refuse_elsewhere(request)
    step = request.POST.get("step", FILL_IN)
    form = form_for(service, request.POST if request.method == "POST" else None)
    if request.method == "POST" and step != EDIT and form.is_valid():
        files = file_form_for(service, request.POST, request.FILES) if step == SEND else file_form_for(service)
        if step == SEND and (files is None or files.is_valid()):
            return _send(request, service, form, files)
        return _check_page(request, service, form, files)
    context = {"service": service, "form": form, "steps": presenting.form_steps(1), **_crumbs(service)}
    failed = request.method == "POST" and step != EDIT
    return render(request, "services/apply.html", context, status=422 if failed else 200)


def _send(request: HttpRequest, service: Definition, form: ServiceForm, files: FileForm | None) -> HttpResponse:
    chosen = next(iter(files.cleaned_data.values()), None) if files is not None else None
    try:
        sent = submit_case(
            by=request.actor,
            service=service.slug,
            answers=form.typed(),
            attachment=chosen,
            submission_key=form.submission_key,
        )
    except ValidationError as fault:
        if files is None:
            raise
        files.add_error(next(iter(files.fields)), fault)
        return _check_page(request, service, form, files)
    if sent.address and not sent.case.signed_in:
        return HttpResponseRedirect(_by_address(sent.address).receipt)
    if sent.address:
        request.session[_SENT] = (str(sent.case.item_id), str(request.actor.assistance), form.submission_key)
    return HttpResponseRedirect(_by_person(sent.case.item_id).receipt)


def _to_take_home(request: HttpRequest, case: Case) -> str:
    """The private address that goes home on the receipt, in the browser where it was sent and while the help lasts."""
    item_id, assistance, submission_key = request.session.get(_SENT, ("", "", ""))
    if (item_id, assistance) != (str(case.item_id), str(request.actor.assistance)):
        return ""
    return address_taken_home(case, by=request.actor, submission_key=submission_key)


def _check_page(request: HttpRequest, service: Definition, form: ServiceForm, files: FileForm | None) -> HttpResponse:
    answers = answers_from(service, form.cleaned_data, in_swedish=False)
    context = {
        "service": service,
        "answers": [(one.label, one.shown) for one in answers],
        "warned": fields_with_personal_numbers(answers),
        "kept": list(form),
        "files": files,
        "steps": presenting.form_steps(2),
        **_crumbs(service),
    }
    return render(request, "services/check.html", context, status=422 if files is not None and files.errors else 200)


@audience(PUBLIC)
def sender_case(request: HttpRequest, address: str) -> HttpResponse:
    """The private address: whoever holds it reads the case, and nobody else can."""
    return _sender_page(request, _at_address(request, address), _by_address(address))


@audience(RESIDENT)
def my_case(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _sender_page(request, _mine(request, item_id), _by_person(item_id))


@audience(PUBLIC)
def sender_case_receipt(request: HttpRequest, address: str) -> HttpResponse:
    return _receipt(request, _at_address(request, address), _by_address(address))


@audience(RESIDENT)
def my_case_receipt(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _receipt(request, _mine(request, item_id), _by_person(item_id))


@audience(PUBLIC)
@require_POST
def sender_case_verdict(request: HttpRequest, address: str) -> HttpResponse:
    return _judge(request, _at_address(request, address), _by_address(address))


@audience(RESIDENT)
@require_POST
def my_case_verdict(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _judge(request, _mine(request, item_id), _by_person(item_id))


@audience(PUBLIC)
def sender_case_file(request: HttpRequest, address: str, file_id: UUID) -> HttpResponseBase:
    return download(_at_address(request, address), file_id)


@audience(RESIDENT)
def my_case_file(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponseBase:
    return download(_mine(request, item_id), file_id)


def _judge(request: HttpRequest, case: Case, urls: SenderUrls) -> HttpResponse:
    """Satisfied, or not and why."""
    by = _acting_where_the_case_is(request.actor, case)
    form = ObjectionForm(request.POST)
    try:
        if request.POST.get("satisfied") == "1":
            say_satisfied(case, by=by, holder=case.sender)
        elif form.is_valid():
            say_not_satisfied(case, by=by, holder=case.sender, reason=form.cleaned_data["reason"])
        else:
            return _sender_page(request, case, urls, form=form)
    except TransitionRefused as fault:
        form.add_error(None, str(fault))
        return _sender_page(request, case, urls, form=form)
    return HttpResponseRedirect(urls.page)


def _sender_page(request: HttpRequest, case: Case, urls: SenderUrls, form: ObjectionForm | None = None) -> HttpResponse:
    context = presenting.for_sender(case, urls) | {"form": form or ObjectionForm()}
    if urls.by_address:
        context["mail"] = mail_box(parse_trace_address(str(urls.key)), back=urls.page)
    status = 422 if form is not None and form.errors else 200
    return private(render(request, "services/sender_case.html", context, status=status))


def _receipt(request: HttpRequest, case: Case, urls: SenderUrls) -> HttpResponse:
    taken_home = _to_take_home(request, case)
    private_urls = _by_address(taken_home) if taken_home else urls if urls.by_address else None
    context = presenting.receipt(case) | {
        "url": urls.page,
        "address": request.build_absolute_uri(private_urls.page) if private_urls else "",
        "to_take_home": bool(taken_home),
    }
    return private(render(request, "services/receipt.html", context))


def _by_address(address: str) -> SenderUrls:
    return SenderUrls("sender_case", address)


def _by_person(item_id: UUID) -> SenderUrls:
    return SenderUrls("my_case", item_id)


def _at_address(request: HttpRequest, address: str) -> Case:
    """The case at a private address, or 404; whoever tries many is slowed down."""
    with guarded(request):
        try:
            return queries.case_at_address(holder_at(request, address))
        except Case.DoesNotExist:
            raise Http404 from None


def _mine(request: HttpRequest, item_id: UUID) -> Case:
    try:
        case = queries.case_by_item(item_id)
    except Case.DoesNotExist:
        raise Http404 from None
    if case.sender != request.actor.principal:
        raise Http404
    if request.actor.acting_for:
        # Whoever acts for another leaves a trace of what she read, too: the other sees it.
        log_read(_acting_where_the_case_is(request.actor, case), KIND, [case.item_id])
    return case


def _acting_where_the_case_is(actor: Actor, case: Case) -> Actor:
    """A sender may judge an answer from any site of the region; the writing goes to the case's own organisation."""
    set_scope(replace(current_scope(), acting=case.owner_id))
    return replace(actor, organisation=case.owner_id)


def _refuse_elsewhere(request: HttpRequest) -> None:
    """Sending needs an organisation to send to, and somebody at work sends only to her own."""
    place, actor = request.place, request.actor
    if place is None or not units_of(place.id):
        raise PermissionDenied(_("Här finns ingen som kan ta emot det än. Välj din kommun på startsidan, eller ring."))
    if actor.staff and actor.organisation != place.id:
        raise PermissionDenied(_("Du arbetar i en annan organisation just nu. Byt roll till dig själv för att skicka."))


def _crumbs(service: Definition) -> dict[str, Any]:
    crumbs = [
        (_("Ansök och anmäl"), reverse("services")),
        (str(service.title), reverse("service", args=[service.slug])),
        (_("Fyll i"), ""),
    ]
    return {"crumbs": crumbs}

"""Protected identity, looked after by the registrar; and asking again those who agreed to be asked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.people.models import ProtectionMark
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.privacy import presenting
from medskick.kernel.privacy.actions import protection as verbs
from medskick.kernel.privacy.actions.consents import NobodyToAsk
from medskick.kernel.privacy.actions.consents import ask_again as send_question
from medskick.kernel.privacy.forms import (
    AskAgainForm,
    EndProtectionForm,
    HandlerForm,
    ProtectForm,
    ProtectVoiceForm,
)
from medskick.kernel.records.kinds import item_url
from medskick.kernel.records.models import Item


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def protected_persons(request: HttpRequest) -> HttpResponse:
    """Those with protected identity that we know of, and the form that marks one more."""
    form = ProtectForm(request.POST or None)
    if form.is_valid():
        number, kind = form.cleaned_data["number"], form.cleaned_data["kind"]
        verbs.protect_by_number(by=request.actor, number=number, kind=kind)
        # The same words for somebody we knew and somebody we did not.
        messages.success(request, _("Skyddet gäller från och med nu. Välj vem som ska handlägga."))
        return HttpResponseRedirect(reverse("protected_persons"))
    own = ProtectionMark.objects.filter(owner_id=request.actor.organisation).order_by("ended_at", "-since")
    context = {"form": form, "rows": [presenting.mark_row(one) for one in own[:200]]}
    return render(request, "kernel/privacy/protected.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def protection(request: HttpRequest, mark_id: UUID) -> HttpResponse:
    """One mark: who handles her matters. The name stands on no page but the handler's own."""
    mark = _own(request, mark_id)
    form = HandlerForm(request.POST or None, candidates=presenting.possible_handlers(request.actor.organisation))
    log_read(request.actor, "protection", [mark.person_id])
    if mark.ended_at is None and form.is_valid():
        verbs.choose_handler(mark, by=request.actor, handler=form.cleaned_data["handler"])
        messages.success(request, _("Nu är det bara den du valde som läser namn och ärenden."))
        return HttpResponseRedirect(reverse("protected_persons"))
    context = {"form": form, "mark": mark, "facts": presenting.mark_facts(mark)}
    context["crumbs"] = presenting.below_protected(_("Skydd för en person"))
    return render(request, "kernel/privacy/protection.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, mark_id: UUID) -> HttpResponse:
    """Say that a protection has ended, and why."""
    mark = _own(request, mark_id)
    form = EndProtectionForm(request.POST or None)
    if form.is_valid():
        verbs.end_protection(mark, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Skyddet har upphört. Det som redan är förseglat förblir det."))
        return HttpResponseRedirect(reverse("protected_persons"))
    context = {"form": form, "mark": mark, "crumbs": presenting.below_protected(_("Skyddet har upphört"))}
    return render(request, "kernel/privacy/protection_end.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def protect_voice(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Mark the one whose voice this is."""
    item = get_object_or_404(Item, id=item_id, owner_id=request.actor.organisation)
    form = ProtectVoiceForm(request.POST or None)
    if form.is_valid():
        try:
            verbs.protect_voice(item, by=request.actor, kind=form.cleaned_data["kind"])
        except ValueError as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Skyddet gäller från och med nu. Välj vem som ska handlägga."))
            return HttpResponseRedirect(reverse("protected_persons"))
    context = {"form": form, "item": item, "back": item_url(item, staff=True)}
    return render(request, "kernel/privacy/protect_voice.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def ask_again(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Send a question to the one who said something, if she has agreed to be contacted."""
    item = get_object_or_404(Item, id=item_id, owner_id=request.actor.organisation)
    form = AskAgainForm(request.POST or None)
    if form.is_valid():
        try:
            send_question(item, by=request.actor, question=form.cleaned_data["question"])
        except NobodyToAsk as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Frågan ligger bland personens meddelanden."))
            return HttpResponseRedirect(item_url(item, staff=True))
    context = {"form": form, "item": item, "back": item_url(item, staff=True)}
    return render(request, "kernel/privacy/ask_again.html", context, status=422 if form.is_bound else 200)


def _own(request: HttpRequest, mark_id: UUID) -> ProtectionMark:
    return get_object_or_404(ProtectionMark, id=mark_id, owner_id=request.actor.organisation)

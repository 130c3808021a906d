"""The registrar's desk: requests for records, the masking, the answer and the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.kernel.disclosure import access, actions, presenting, queries
from medskick.kernel.disclosure.forms import MaskForm, OutcomeForm, PickForm
from medskick.kernel.disclosure.masking import mask, propose
from medskick.kernel.disclosure.models import DisclosedCopy, DisclosureAnswer, DisclosureRequest, RequestState
from medskick.kernel.disclosure.rules import disclosure_rules
from medskick.kernel.disclosure.stranger import strangers_text, strangers_view
from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.kinds import item_url
from medskick.kernel.records.models import Item

REGISTRARS = staff_with(REGISTRAR)


@audience(REGISTRARS)
def disclosure_requests(request: HttpRequest) -> HttpResponse:
    """What people have asked to read."""
    answered = request.GET.get("visa") == "besvarade"
    page = page_of(queries.requests_at(request.actor.organisation, answered=answered), request.GET.get("sida"))
    here = reverse("disclosure_requests")
    context = {
        "page": page,
        "rows": presenting.request_rows(page, timezone.localdate()),
        "answered": answered,
        "tabs": [
            {"label": _("Väntar på svar"), "url": here, "current": not answered},
            {"label": _("Besvarade"), "url": f"{here}?visa=besvarade", "current": answered},
        ],
    }
    return render(request, "kernel/disclosure/requests.html", context)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def disclosure_request(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One request: what is asked for, which records are picked, and what has been answered."""
    found = _request(request, item_id)
    form = PickForm(request.POST or None, initial={"number": found.diary_number})
    if request.method == "POST" and form.is_valid():
        record = queries.record_by_number(found.owner_id, form.cleaned_data["number"])
        if record is not None:
            return HttpResponseRedirect(reverse("masking", args=[item_id, record.item_id]))
        form.add_error("number", _("Det finns ingen handling med det numret som du får läsa. Kontrollera numret."))
    actions.read_request(found, by=request.actor)
    context = _request_context(found) | {"form": form}
    return render(request, "kernel/disclosure/request.html", context, status=422 if form.errors else 200)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def masking(request: HttpRequest, item_id: UUID, record_id: UUID) -> HttpResponse:
    """The workbench: what a stranger reads today, the whole text, the proposal, and how the copy becomes."""
    found, item = _request(request, item_id), _own_item(request, record_id)
    form = MaskForm(request.POST or None)
    ticked = set(request.POST.getlist("words")) if request.method == "POST" else None
    words = [*(ticked or ()), *_lines(form)]
    context = _workbench(request, found, item, ticked) | {"form": form}
    grounds = [one["key"] for one in context["findings"] if one["ticked"] and one["key"]]
    if request.method == "POST" and form.is_valid() and request.POST.get("step") == "save":
        try:
            actions.prepare_copy(found, by=request.actor, item=item, words=words, grounds=grounds)
            messages.success(request, _("Kopian är klar. Den lämnas ut när du svarar."))
            return HttpResponseRedirect(reverse("disclosure_request", args=[item_id]))
        except actions.DisclosureRefused as fault:
            form.add_error(None, str(fault))
    if request.method == "POST":
        context["missing"] = [line for line in _lines(form) if not _stands_in(context["fields"], line)]
        context["masked"], context["marks"] = mask(context["fields"], words)
    return render(request, "kernel/disclosure/masking.html", context, status=422 if form.errors else 200)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def disclosure_answer(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The officer's answer."""
    return _outcome(request, item_id, stage=DisclosureAnswer.Stage.ANSWER)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def disclosure_decision(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The authority's decision, when the asker wants one."""
    return _outcome(request, item_id, stage=DisclosureAnswer.Stage.DECISION)


@audience(STAFF)
def as_stranger(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What may a stranger read of this? By its page, search, the diary and a trace."""
    item = get_object_or_404(Item.objects.select_related("record"), id=item_id)
    if not access.may_see_as_stranger(request.actor, item):
        raise Http404
    log_read(request.actor, item.kind, [item.id])
    seen = strangers_view(item)
    context = {
        "item": item,
        "seen": seen,
        "row": presenting.diary_rows([seen.line], item.owner_id)[0] if seen.line else None,
        "page_url": item_url(item, staff=True),
        "entry": access.keeps_diary(request.actor, item.owner_id) and hasattr(item, "record"),
    }
    return render(request, "kernel/disclosure/as_stranger.html", context)


@audience(REGISTRARS)
def disclosed_copy(request: HttpRequest, item_id: UUID, copy_id: UUID) -> HttpResponse:
    """A copy as the asker gets it, to print or to send to whoever did not want it at the address."""
    found = _request(request, item_id)
    copy = get_object_or_404(DisclosedCopy, request=found, id=copy_id)
    log_read(request.actor, actions.KIND, [item_id, copy.item])
    context = {"asked": found, "copy": copy, "fields": presenting.fields_of(copy)}
    return render(request, "kernel/disclosure/desk_copy.html", context)


def _outcome(request: HttpRequest, item_id: UUID, *, stage: str) -> HttpResponse:
    found = _request(request, item_id)
    decides = stage == DisclosureAnswer.Stage.DECISION
    if not found.may_become(RequestState.DECIDED if decides else RequestState.ANSWERED):
        messages.warning(request, _("Det finns inget att svara på just nu."))
        return HttpResponseRedirect(reverse("disclosure_request", args=[item_id]))
    form = OutcomeForm(request.POST or None, copies=queries.copies_of(found))
    if form.is_valid():
        verb = actions.decide_request if decides else actions.answer_request
        try:
            verb(found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Klart. Den som frågade läser det på sin adress."))
            return HttpResponseRedirect(reverse("disclosure_request", args=[item_id]))
        except actions.DisclosureRefused as fault:
            form.add_error(None, str(fault))
    actions.read_request(found, by=request.actor)
    context = _request_context(found) | {"form": form, "decides": decides}
    return render(request, "kernel/disclosure/outcome.html", context, status=422 if form.errors else 200)


def _request(request: HttpRequest, item_id: UUID) -> DisclosureRequest:
    try:
        found = queries.request_by_item(item_id)
    except DisclosureRequest.DoesNotExist:
        raise Http404 from None
    if not access.keeps_diary(request.actor, found.owner_id):
        raise Http404
    return found


def _own_item(request: HttpRequest, item_id: UUID) -> Item:
    return get_object_or_404(
        Item.objects.select_related("record"), id=item_id, owner_id=request.actor.organisation, record__isnull=False
    )


def _request_context(found: DisclosureRequest) -> dict[str, Any]:
    answers = list(found.answers.all())
    rules = disclosure_rules(timezone.localdate())
    asked = Item.objects.filter(id=found.asked_item, owner_id=found.owner_id).select_related("record").first()
    return {
        "asked": found,
        "number": found.item.record.diary_number,
        "tone": presenting.STATE_TONES[RequestState(found.state)],
        "answers": [(one, presenting.TONES[DisclosureAnswer.Outcome(one.outcome)]) for one in answers],
        "copies": queries.copies_of(found),
        "asked_record": getattr(asked, "record", None) if asked else None,
        "may_answer": found.may_become(RequestState.ANSWERED),
        "may_decide": found.may_become(RequestState.DECIDED),
        "rules": rules,
    }


def _workbench(request: HttpRequest, found: DisclosureRequest, item: Item, ticked: set[str] | None) -> dict[str, Any]:
    fields = actions.read_in_full(item, by=request.actor)
    names = queries.known_names(item)
    rules = disclosure_rules(timezone.localdate())
    return {
        "asked": found,
        "item": item,
        "number": item.record.diary_number,
        "strangers": strangers_text(item),
        "fields": fields,
        "pieces": presenting.highlighted(fields, names),
        "findings": presenting.finding_rows(propose(fields, names), rules, ticked),
        "rules": rules,
    }


def _lines(form: MaskForm) -> list[str]:
    text = form.cleaned_data.get("more", "") if form.is_bound and form.is_valid() else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _stands_in(fields: list[tuple[str, str]], words: str) -> bool:
    return mask(fields, [words])[1] > 0

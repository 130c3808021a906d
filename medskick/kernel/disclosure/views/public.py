"""What everybody opens: the diary, the form that asks for a record, and the secret address of one request."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.kernel.disclosure import access, actions, presenting, queries
from medskick.kernel.disclosure.forms import AskForm, DiarySearchForm
from medskick.kernel.disclosure.models import DisclosedCopy, DisclosureAnswer, DisclosureRequest
from medskick.kernel.disclosure.queries import COUNTED, DiarySearch
from medskick.kernel.organisations.places import all_places, place_of
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.people.private_address import guarded, holder_at, private


@audience(PUBLIC)
def diary(request: HttpRequest) -> HttpResponse:
    """The authority's diary, as everybody may read it: all that is registered, told as far as it may be told."""
    place = request.place
    if place is None:
        raise Http404
    form = DiarySearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    lines = DiarySearch(place.id, asked.get("ord", ""), asked.get("fran"), asked.get("till"))
    page = page_of(lines, request.GET.get("sida"))
    # A first page that is not full is all there is.
    whole = page.number == 1 and not page.has_next
    count = (len(page) if whole else lines.count()) if any(asked.values()) else None
    context = {
        "authority": place,
        "form": form,
        "page": page,
        "rows": presenting.diary_rows(page, place.id),
        "count": count,
        "many": count is not None and count > COUNTED,
        "counted": COUNTED,
        "authorities": [one for one in all_places() if not one.is_region] if place.is_region else [],
    }
    return render(request, "kernel/disclosure/diary.html", context, status=422 if form.errors else 200)


@audience(PUBLIC)
def ask_here(request: HttpRequest) -> HttpResponse:
    """From the short address to the form of the authority whose site this is."""
    if request.place is None:
        raise Http404
    return HttpResponseRedirect(reverse("disclosure", args=[request.place.id]))


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def disclosure(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Ask for a record that one may not read: a right, and here is the way. Nobody asks who you are."""
    place = place_of(organisation_id)
    if place is None:
        raise Http404
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=_from_address(request))
    if form.is_bound and form.is_valid():
        throttle.guard(request, "ask").failed()  # each one counts: a flood of requests is slowed down
        said = {name: form.cleaned_data[name] for name in ("wanted", "diary_number", "asked_item", "delivery", "email")}
        asked = actions.ask_for_record(
            by=request.actor, organisation=organisation_id, submission_key=form.submission_key, **said
        )
        return HttpResponseRedirect(reverse("own_request_receipt", args=[asked.address]))
    context = {"authority": place, "form": form}
    return render(request, "kernel/disclosure/ask.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
def own_request_receipt(request: HttpRequest, address: str) -> HttpResponse:
    found = _at_address(request, address)
    context = _own_context(request, found, address)
    return private(render(request, "kernel/disclosure/receipt.html", context))


@audience(PUBLIC)
def own_request(request: HttpRequest, address: str) -> HttpResponse:
    """The secret address: whoever holds it reads the answer, and nobody else can."""
    found = _at_address(request, address)
    return private(render(request, "kernel/disclosure/own_request.html", _own_context(request, found, address)))


@audience(PUBLIC)
@require_POST
def own_request_decision(request: HttpRequest, address: str) -> HttpResponse:
    """The asker wants a decision, which can be appealed."""
    found = _at_address(request, address)
    try:
        actions.want_decision(found, by=request.actor, holder=found.asker)
        messages.success(request, _("Vi har tagit emot det. Beslutet kommer på den här adressen."))
    except actions.DisclosureRefused as fault:
        messages.warning(request, str(fault))
    return private(HttpResponseRedirect(reverse("own_request", args=[address])))


@audience(PUBLIC)
def own_copy(request: HttpRequest, address: str, copy_id: UUID) -> HttpResponse:
    """A record as it was given out, to read and to print."""
    found = _at_address(request, address)
    copy = _copy(found, copy_id)
    context = {
        "copy": copy,
        "fields": presenting.fields_of(copy),
        "address": address,
        "authority": place_of(found.owner_id),
    }
    return private(render(request, "kernel/disclosure/copy.html", context))


@audience(PUBLIC)
def own_copy_file(request: HttpRequest, address: str, copy_id: UUID) -> HttpResponse:
    """The same as plain text."""
    copy = _copy(_at_address(request, address), copy_id)
    text = presenting.as_plain_text(copy, copy.diary_number or _("Handling"))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="handling.txt"'
    return private(response)


def _from_address(request: HttpRequest) -> dict[str, str]:
    """What the diary or a trace already knows of the question. A step that is no id is left out."""
    step = request.GET.get("steg", "")
    try:
        step = str(UUID(step))
    except ValueError:
        step = ""
    clean = {name: request.GET.get(name, "").replace("\0", "")[:200] for name in ("nummer", "vad")}
    return {"diary_number": clean["nummer"][:30], "wanted": clean["vad"], "asked_item": step}


def _at_address(request: HttpRequest, address: str) -> DisclosureRequest:
    """The request of a secret address, or 404; whoever tries many is slowed down."""
    with guarded(request):
        try:
            return queries.request_of(holder_at(request, address))
        except DisclosureRequest.DoesNotExist:
            raise Http404 from None


def _copy(found: DisclosureRequest, copy_id: UUID) -> DisclosedCopy:
    """A copy that has been given out; also staff who hold the address read no other here."""
    copy = DisclosedCopy.objects.filter(request=found, id=copy_id, released_at__isnull=False).first()
    if copy is None:
        raise Http404
    return copy


def _own_context(request: HttpRequest, found: DisclosureRequest, address: str) -> dict[str, Any]:
    answers = list(found.answers.all())
    url = reverse("own_request", args=[address])
    return {
        "asked": found,
        "answers": [(one, presenting.TONES[DisclosureAnswer.Outcome(one.outcome)]) for one in answers],
        "copies": [copy for copy in queries.copies_of(found) if copy.released_at],
        "steps": presenting.steps_of(found, answers),
        "may_want_decision": access.may_want_decision(found),
        "authority": place_of(found.owner_id),
        "number": found.item.record.diary_number,
        "address": address,
        "url": url,
        "whole_address": request.build_absolute_uri(url),
    }

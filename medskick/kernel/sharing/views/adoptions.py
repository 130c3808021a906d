"""The adopter's side: taking a stand, own wordings, new versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.models import Item, Level
from medskick.kernel.records.offers import offers_for
from medskick.kernel.sharing import presenting, queries
from medskick.kernel.sharing.access import DECIDERS, may_change
from medskick.kernel.sharing.actions import adopting, following
from medskick.kernel.sharing.effective import EffectiveField, changes, effective
from medskick.kernel.sharing.forms import NewVersionForm, OverrideForm, ReasonForm, StandForm
from medskick.kernel.sharing.models import Adoption, AdoptionStatus
from medskick.kernel.trace.presenting import record_facts


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def stand(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Take a stand on what another shares: consider, adopt or decline."""
    source = get_object_or_404(Item, id=item_id, kind="kernel.document")
    ours = Adoption.objects.of(request.actor.organisation).on([source.id]).first()
    adopting.require_may_adopt(source, request.actor)
    version = queries.latest_version(source.id)
    fields = effective(version.fields, {}) if version else []
    seen = {"seen": version.id} if version else {}
    form = StandForm(request.POST or None, now=ours.status if ours else None, fields=fields, initial=seen)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("adoption", _take(request, source, form).item_id)
        except ValueError as refused:
            form.add_error(None, str(refused))
            # What was typed comes back; the next press is about the version that is read now.
            form.data = {**form.data.dict(), "seen": str(version.id) if version else ""}
    context = {
        "title": _("Ta ställning"),
        "source": source,
        "owner": presenting.short_name(source.owner_id),
        "version": version,
        "form": form,
        "crumbs": [(source.title, reverse("shared_document", args=[source.id])), (_("Ta ställning"), "")],
    }
    return render(request, "kernel/sharing/stand.html", context, status=422 if form.is_bound else 200)


def _take(request: HttpRequest, source: Item, form: StandForm) -> Adoption:
    given, by = form.cleaned_data, request.actor
    reason = given["reason"]
    if given["status"] == AdoptionStatus.ADOPTED and form.own:
        taken = following.adopt_with_wordings(
            source, by=by, seen=given["seen"], own=form.own, reason=reason, openly=given["openly"]
        )
        messages.success(request, _("Ni följer nu dokumentet, med er egen lydelse."))
        return taken
    if given["status"] == AdoptionStatus.ADOPTED:
        messages.success(request, _("Ni följer nu dokumentet. Skriv en egen lydelse där det behövs."))
        return adopting.adopt(source, by=by, reason=reason, openly=given["openly"])
    if given["status"] == AdoptionStatus.DECLINED:
        messages.success(request, _("Ni har avböjt. Skälet syns för den som äger dokumentet."))
        return adopting.decline(source, by=by, reason=reason)
    messages.success(request, _("De andra ser nu att ni överväger det."))
    return adopting.consider(source, by=by, reason=reason)


@audience(STAFF)
@require_safe
def adoption(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What an organisation follows: its text field by field, marked as the source's or its own, and its decisions."""
    one = _adoption(item_id)
    version, newest = queries.pinned(one), queries.newer_version(one)
    decisions = queries.decisions_of([one])[one.item_id]
    ours = one.owner_id == request.actor.organisation
    changes_it = may_change(request.actor, one)
    context = {
        **_head(request, one, ours=ours),
        "version": version,
        "fields": queries.effective_text(one, version) if version and one.followed else [],
        "newest": newest if ours else None,
        "declined_newest": newest is not None and _was_declined(newest, decisions),
        "history": presenting.history(decisions),
        "may_change": changes_it and one.followed,
        "may_open": changes_it and one.followed and one.item.level != Level.PUBLIC,
        "may_take_stand": changes_it and not one.followed,
        "source_shared": Item.objects.filter(id=one.source_id).exists(),
    }
    return render(request, "kernel/sharing/adoption.html", context)


def _head(request: HttpRequest, one: Adoption, *, ours: bool) -> dict[str, Any]:
    back = (_("Det vi följer"), reverse("followed")) if ours else (_("Vem följer vad"), reverse("deviations"))
    return {
        "title": one.item.title,
        "crumbs": [back, (one.item.title, "")],
        "one": one,
        "ours": ours,
        "owner": presenting.short_name(one.source_owner_id),
        "status": (AdoptionStatus(one.status).label, presenting.TONES[one.status]),
        "facts": record_facts(one.item, getattr(one.item, "record", None)),
        "offers": offers_for(request.actor, one.item),
    }


def _was_declined(version: DocumentVersion, decisions: list[Any]) -> bool:
    return any(one.version_id == version.id and one.status == AdoptionStatus.DECLINED for one in decisions)


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def own_wording(request: HttpRequest, item_id: UUID, field: str) -> HttpResponse:
    """Give a field a wording of the organisation's own."""
    one, stated = _own_field(request, item_id, field)
    standing = {"value": stated.value, "reason": stated.own.reason if stated.own else ""}
    form = OverrideForm(request.POST or None, field=stated, initial=standing)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        following.override(one, by=request.actor, field=field, value=given["value"], reason=given["reason"])
        messages.success(request, _("Er egen lydelse gäller nu."))
        return redirect("adoption", one.item_id)
    context = {
        "title": _("Egen lydelse: %(label)s") % {"label": stated.label},
        "one": one,
        "field": stated,
        "owner": presenting.short_name(one.source_owner_id),
        "form": form,
        "crumbs": [(one.item.title, reverse("adoption", args=[one.item_id])), (stated.label, "")],
    }
    return render(request, "kernel/sharing/own_wording.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*DECIDERS))
@require_POST
def source_wording(request: HttpRequest, item_id: UUID, field: str) -> HttpResponse:
    """Go back to the source's wording of a field."""
    one, _stated = _own_field(request, item_id, field)
    following.back_to_source(one, by=request.actor, field=field)
    messages.success(request, _("Källans lydelse gäller nu."))
    return redirect("adoption", one.item_id)


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def new_version(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What a new version of the source changes, and the organisation's stand on it."""
    one = _ours(request, item_id)
    before, newest = queries.pinned(one), queries.newer_version(one)
    if before is None or newest is None:
        messages.info(request, _("Det finns ingen nyare version som ni får läsa. Ni följer den senaste."))
        return redirect("adoption", one.item_id)
    found = changes(before.fields, newest.fields, queries.own_values(one))
    form = NewVersionForm(request.POST or None, found=found, number=newest.number, now=before.number)
    if request.method == "POST" and form.is_valid():
        _answer_version(request, one, newest, form)
        return redirect("adoption", one.item_id)
    context = {
        "title": _("Ta ställning till version %(number)s") % {"number": newest.number},
        "one": one,
        "owner": presenting.short_name(one.source_owner_id),
        "before": before,
        "newest": newest,
        "changes": [change for change in found if change.state != "same" or change.own],
        "form": form,
        "crumbs": [(one.item.title, reverse("adoption", args=[one.item_id])), (_("Ny version"), "")],
    }
    return render(request, "kernel/sharing/new_version.html", context, status=422 if form.is_bound else 200)


def _answer_version(request: HttpRequest, one: Adoption, newest: DocumentVersion, form: NewVersionForm) -> None:
    by, reason = request.actor, form.cleaned_data["reason"]
    if form.cleaned_data["stand"] == form.ADOPT:
        following.adopt_new_version(one, by=by, version=newest, kept=form.kept, reason=reason)
        messages.success(request, _("Ni följer nu version %(number)s.") % {"number": newest.number})
    else:
        following.decline_new_version(one, by=by, version=newest, reason=reason)
        messages.success(request, _("Ni stannar vid den version ni har. Skälet är sparat."))


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def adoption_ending(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Stop following a document."""
    one = _ours(request, item_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adopting.end_adoption(one, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Ni följer inte längre dokumentet."))
        return redirect("adoption", one.item_id)
    context = {
        "title": _("Sluta följa"),
        "one": one,
        "form": form,
        "crumbs": [(one.item.title, reverse("adoption", args=[one.item_id])), (_("Sluta följa"), "")],
    }
    return render(request, "kernel/sharing/adoption_ending.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*DECIDERS))
@require_POST
def adoption_publication(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show residents what the organisation follows."""
    one = _ours(request, item_id)
    adopting.open_adoption(one, by=request.actor)
    messages.success(request, _("Invånarna kan nu läsa vad ni följer."))
    return redirect("adoption", one.item_id)


def _adoption(item_id: UUID) -> Adoption:
    return get_object_or_404(Adoption.objects.with_overrides().select_related("item__record"), item_id=item_id)


def _ours(request: HttpRequest, item_id: UUID) -> Adoption:
    """What the reader's own organisation follows now, and she may change."""
    one = _adoption(item_id)
    if one.owner_id != request.actor.organisation:
        raise Http404
    if not one.followed:
        raise PermissionDenied(_("Ni följer inte det här dokumentet."))
    return one


def _own_field(request: HttpRequest, item_id: UUID, key: str) -> tuple[Adoption, EffectiveField]:
    """A field that may have a wording of its own."""
    one = _ours(request, item_id)
    version = queries.pinned(one)
    for field in queries.effective_text(one, version) if version else ():
        if field.key == key and not field.locked:
            return one, field
    raise Http404

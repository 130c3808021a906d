"""What is common: what others share with us, what we follow, what we share, and who follows what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medskick.design.paging import page_of
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing import presenting, queries
from medskick.kernel.sharing.access import may_decide, may_share
from medskick.kernel.sharing.actions.sharing import comment
from medskick.kernel.sharing.forms import CatalogueFilter, CommentForm
from medskick.kernel.sharing.models import Adoption, SharedComment


@audience(STAFF)
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """The catalogue: what others share with us, who follows it, and where we stand."""
    form = CatalogueFilter(request.GET or None)
    found = queries.shared_with_us(request.actor, timezone.now())
    if form.is_valid() and form.cleaned_data["q"]:
        found = found.filter(title__icontains=form.cleaned_data["q"])
    if form.is_valid() and form.cleaned_data["sort"]:
        found = found.filter(document__template=form.cleaned_data["sort"])
    page = page_of(found, request.GET.get("sida"))
    context = {
        "title": _("Gemensamt"),
        "rooms": presenting.rooms("shared"),
        "form": form,
        "page": page,
        "rows": [presenting.offered_row(one) for one in queries.offered(request.actor, page.items, timezone.now())],
        "filtered": bool(request.GET),
    }
    return render(request, "kernel/sharing/catalogue.html", context)


@audience(STAFF)
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    """What the organisation has taken a stand on: what it follows, and what it has declined."""
    page = page_of(queries.stands_of(request.actor.organisation), request.GET.get("sida"))
    latest = queries.latest_versions(one.source_id for one in page if one.followed)
    rows = []
    for one in page:
        newest = latest.get(one.source_id)
        rows.append(presenting.stand_row(one, new=newest is not None and one.older_than(newest)))
    context = {"title": _("Det vi följer"), "rooms": presenting.rooms("followed"), "page": page, "rows": rows}
    return render(request, "kernel/sharing/followed.html", context)


@audience(STAFF)
@require_safe
def shared_by_us(request: HttpRequest) -> HttpResponse:
    """What the organisation shares, and who follows it."""
    page = page_of(queries.shared_by_us(request.actor, timezone.now()), request.GET.get("sida"))
    found = queries.offered(request.actor, page.items, timezone.now())
    context = {
        "title": _("Det vi delar"),
        "rooms": presenting.rooms("shared_by_us"),
        "page": page,
        "rows": [presenting.offered_row(one, own=True) for one in found],
    }
    return render(request, "kernel/sharing/shared_by_us.html", context)


@audience(STAFF)
@require_safe
def deviations(request: HttpRequest) -> HttpResponse:
    """Organisations by documents: who follows what, with how many wordings of their own."""
    stands = list(Adoption.objects.with_overrides().in_order())
    table, decisions = queries.deviation_table(stands), queries.decisions_of(stands)
    context = {
        "title": _("Vem följer vad"),
        "rooms": presenting.rooms("deviations"),
        "documents": table.documents,
        "rows": presenting.table_rows(table, decisions),
    }
    return render(request, "kernel/sharing/deviations.html", context)


@audience(STAFF)
@require_safe
def deviations_csv(request: HttpRequest) -> HttpResponse:
    """All stands and own wordings as a file."""
    stands = list(Adoption.objects.with_overrides().in_order())
    content = presenting.stands_csv(stands, queries.decisions_of(stands))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="vem-foljer-vad.csv"'
    return answer


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def shared_document(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A shared document: its text, who follows it and how, what was said of it, and our own stand."""
    item = _document(item_id)
    (one,) = queries.offered(request.actor, [item], timezone.now())
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        comment(item, by=request.actor, text=form.cleaned_data["text"], submission_key=UUID(form.submission_key))
        messages.success(request, _("Kommentaren är skickad till den som äger dokumentet."))
        return redirect("shared_document", item.id)
    context = {**_document_context(request, one), "form": form}
    return render(request, "kernel/sharing/document.html", context, status=422 if form.is_bound else 200)


def _document_context(request: HttpRequest, one: queries.Offered) -> dict[str, Any]:
    actor, own = request.actor, one.item.owner_id == request.actor.organisation
    return {
        "title": one.item.title,
        "crumbs": [(_("Gemensamt"), reverse("shared_by_us" if own else "shared")), (one.item.title, "")],
        "one": one,
        "own": own,
        "owner": presenting.short_name(one.item.owner_id),
        "template": presenting.template_label(one.template),
        "fields": one.version.fields if one.version else [],
        "lines": presenting.stand_lines(one.stands, queries.decisions_of(one.stands)),
        "may_comment": not own and one.may in (Share.COMMENT, Share.ADOPT) and one.version is not None,
        "may_take_stand": not own and one.may == Share.ADOPT and may_decide(actor) and one.version is not None,
        "may_share": may_share(actor, one.item),
        "comments": list(
            SharedComment.objects.filter(item=one.item).select_related("owner", "version").order_by("-at")[:50]
        ),
    }


def _document(item_id: UUID) -> Item:
    """A document that the reader may read. What is shared no longer is not found."""
    item = get_object_or_404(Item, id=item_id)
    if item.kind != "kernel.document":
        raise Http404
    return item

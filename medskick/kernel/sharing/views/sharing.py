"""The owner's side: whom a document is shared with, and ending a share."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing.access import DECIDERS, may_share
from medskick.kernel.sharing.actions.sharing import describe_in_catalogue, end_sharing, share_document
from medskick.kernel.sharing.forms import CatalogueForm, ReasonForm, ShareForm
from medskick.kernel.sharing.models import CatalogueEntry
from medskick.kernel.sharing.presenting import share_lines
from medskick.kernel.sharing.queries import PUBLISHED, latest_version, receivers


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def item_shares(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Whom a document is shared with, and a form to share it with more."""
    item = _own(request, item_id)
    form = ShareForm(request.POST or None, receivers=receivers(request.actor))
    if request.method == "POST" and form.is_valid() and _share(request, item, form):
        return redirect("item_shares", item.id)
    shares = Share.objects.filter(item=item).exclude(PUBLISHED).order_by("-ended_at", "-at")
    context = {
        "title": _("Dela"),
        "item": item,
        "crumbs": [
            (_("Det vi delar"), reverse("shared_by_us")),
            (item.title, reverse("shared_document", args=[item.id])),
        ],
        "form": form,
        "version": latest_version(item.id),
        "lines": share_lines(list(shares), timezone.now()),
    }
    return render(request, "kernel/sharing/shares.html", context, status=422 if form.is_bound else 200)


def _share(request: HttpRequest, item: Item, form: ShareForm) -> bool:
    """Share; where that is refused, say why on the form, which keeps what was chosen."""
    given = form.cleaned_data
    whom = form.receivers[given["with_whom"]]
    try:
        share_document(item, by=request.actor, with_token=whom.token, may=given["may"], until=given["until"])
    except (PermissionDenied, ValueError) as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Dokumentet är delat med %(whom)s.") % {"whom": whom.label})
    return True


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def share_ending(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """End a share, with the reason."""
    standing = Share.objects.exclude(PUBLISHED).filter(ended_at__isnull=True)
    shared = get_object_or_404(standing.select_related("item"), id=share_id)
    item = _own(request, shared.item_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end_sharing(shared, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Delningen är avslutad. De som har antagit en version kan fortfarande läsa den."))
        return redirect("item_shares", item.id)
    (line,) = share_lines([shared], timezone.now())
    context = {
        "title": _("Avsluta delningen"),
        "item": item,
        "line": line,
        "form": form,
        "crumbs": [(item.title, reverse("item_shares", args=[item.id])), (_("Avsluta delningen"), "")],
    }
    return render(request, "kernel/sharing/share_ending.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*DECIDERS))
@require_http_methods(["GET", "POST"])
def catalogue_entry(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What the catalogue says of a document beside its text: whom it suits, what it costs, whom to ask."""
    item = _own(request, item_id)
    entry = CatalogueEntry.objects.filter(item=item).first()
    standing = {name: getattr(entry, name) for name in ("suits", "cost", "contact")} if entry else {}
    form = CatalogueForm(request.POST or None, initial=standing)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        describe_in_catalogue(
            item, by=request.actor, suits=given["suits"], cost=given["cost"], contact=given["contact"]
        )
        messages.success(request, _("Beskrivningen är sparad."))
        return redirect("shared_document", item.id)
    context = {
        "title": _("Beskriv i katalogen"),
        "item": item,
        "form": form,
        "crumbs": [(item.title, reverse("shared_document", args=[item.id])), (_("Beskriv i katalogen"), "")],
    }
    return render(request, "kernel/sharing/entry.html", context, status=422 if form.is_bound else 200)


def _own(request: HttpRequest, item_id: UUID) -> Item:
    """A document of the reader's own organisation that she may share."""
    item = get_object_or_404(Item, id=item_id)
    if item.kind != "kernel.document" or not may_share(request.actor, item):
        raise Http404
    return item

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medskick.kernel.documents.comparing import compare_fields
from medskick.kernel.documents.exporting import as_json, as_markdown
from medskick.kernel.documents.models import Document, DocumentVersion
from medskick.kernel.documents.presenting import history_rows
from medskick.kernel.documents.queries import history_of, versions_of
from medskick.kernel.documents.views.drafts import PAGE, as_number, document_page, get_document
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.models import Item
from medskick.lib.text import slug


@audience(STAFF)
@require_safe
def document_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version of a document, with the document around it where the reader may read that too."""
    version = get_version(version_id)
    one = Document.objects.select_related("item", "network").filter(pk=version.document_id).first()
    if one is not None:
        return document_page(request, one, version)
    record = getattr(version.item, "record", None) if version.item else None
    context = {
        "version": version,
        "owner": place_of(version.owner_id),
        "record": record,
        "history": history_rows(history_of([version]), staff=True, number=""),
    }
    return render(request, PAGE + "version.html", context)


@audience(STAFF)
@require_safe
def document_version_of(request: HttpRequest, number: str) -> HttpResponse:
    """From a version's item, as search and the trace carry it, to the version."""
    item = get_object_or_404(Item, number=as_number(number))
    return redirect("document_version", get_object_or_404(DocumentVersion, item=item).pk)


@audience(STAFF)
@require_safe
def document_comparison(request: HttpRequest, number: str) -> HttpResponse:
    """What differs between any two versions."""
    one = get_document(number)
    return comparison(request, versions_of(one), reverse("document", args=[number]), "design/shells/staff.html")


def comparison(request: HttpRequest, versions: list[DocumentVersion], back: str, shell: str) -> HttpResponse:
    """Compare two of these versions, by their numbers in the address; left out, the latest with the one before it."""
    if not versions:
        raise Http404
    by_number = {version.number: version for version in versions}
    after = by_number.get(request.GET.get("till", ""), versions[0])
    before = by_number.get(request.GET.get("fran", ""), _before(versions, after))
    context = {
        "versions": versions,
        "before": before,
        "after": after,
        "changes": compare_fields(before.fields, after.fields, (before.title, after.title), _("Rubrik")),
        "back": back,
        "shell": shell,
    }
    return render(request, PAGE + "comparison.html", context)


def _before(versions: list[DocumentVersion], after: DocumentVersion) -> DocumentVersion:
    later = versions.index(after) + 1
    return versions[later] if later < len(versions) else after


@audience(STAFF)
@require_safe
def document_print(request: HttpRequest, version_id: UUID) -> HttpResponse:
    return print_page(request, get_version(version_id))


@audience(STAFF)
@require_safe
def document_file(request: HttpRequest, version_id: UUID, form: str) -> HttpResponse:
    return as_file(get_version(version_id), form)


def print_page(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """The version as it goes on paper, with head and foot on every page."""
    context = {
        "version": version,
        "owner": place_of(version.owner_id),
        "record": getattr(version.item, "record", None) if version.item else None,
        "history": history_rows(history_of([version]), staff=True, number=""),
    }
    return render(request, PAGE + "print.html", context)


def as_file(version: DocumentVersion, form: str) -> HttpResponse:
    """The version as Markdown (md) or JSON (json)."""
    place, record = place_of(version.owner_id), getattr(version.item, "record", None) if version.item else None
    owner, diary_number = place.name if place else "", record.diary_number if record else ""
    rows = history_rows(history_of([version]), staff=True, number="")
    if form == "json":
        told = as_json(version, owner=owner, diary_number=diary_number, history=rows)
        answer: HttpResponse = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    elif form == "md":
        text = as_markdown(version, owner=owner, diary_number=diary_number)
        answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    else:
        raise Http404
    name = f"{slug(version.title) or 'dokument'}-{version.number}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def get_version(version_id: UUID) -> DocumentVersion:
    found: DocumentVersion = get_object_or_404(DocumentVersion.objects.select_related("item__record"), pk=version_id)
    return found

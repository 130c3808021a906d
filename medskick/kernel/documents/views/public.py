from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.documents.exporting import page_style
from medskick.kernel.documents.models import KIND, DocumentVersion
from medskick.kernel.documents.presenting import history_rows, template_label
from medskick.kernel.documents.queries import history_of, public_list, public_versions
from medskick.kernel.documents.views.drafts import PAGE, as_number
from medskick.kernel.documents.views.reading import as_file, comparison, print_page
from medskick.kernel.notifications.queries import is_following
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.records.models import Item
from medskick.lib.dates import say_date


@audience(PUBLIC)
@require_safe
def public_documents(request: HttpRequest) -> HttpResponse:
    """What the place has fixed and opened: its guidelines, plans and agreements."""
    place = request.place
    page = page_of(public_list(place.id if place else None), request.GET.get("sida"))
    rows = [
        Row(
            title=f"{version.title} {version.number}",
            url=reverse("public_document", args=[version.document.item.number]),
            meta=[template_label(version.document.template), say_date(version.fixed_at, weekday=False, year=True)],
        )
        for version in page
    ]
    return render(request, PAGE + "public_list.html", {"page": page, "rows": rows})


@audience(PUBLIC)
@require_safe
def public_document(request: HttpRequest, number: str) -> HttpResponse:
    """The document as everybody reads it: its latest published version."""
    versions = get_versions(number)
    return _page(request, number, versions, versions[0])


@audience(PUBLIC)
@require_safe
def public_version(request: HttpRequest, number: str, major: int) -> HttpResponse:
    """An earlier published version."""
    versions = get_versions(number)
    return _page(request, number, versions, _one_of(versions, major))


@audience(PUBLIC)
@require_safe
def public_version_of(request: HttpRequest, number: str) -> HttpResponse:
    """From a version's item, as the trace carries it, to the version on the document's page."""
    item = get_object_or_404(Item, number=as_number(number))
    version = get_object_or_404(DocumentVersion.objects.select_related("document__item"), item=item)
    return redirect("public_version", version.document.item.number, version.major)


@audience(PUBLIC)
@require_safe
def public_comparison(request: HttpRequest, number: str) -> HttpResponse:
    """What differs between two published versions."""
    back = reverse("public_document", args=[number])
    return comparison(request, get_versions(number), back, "design/shells/resident.html")


@audience(PUBLIC)
@require_safe
def public_print(request: HttpRequest, number: str, major: int) -> HttpResponse:
    return print_page(request, _one_of(get_versions(number), major))


@audience(PUBLIC)
@require_safe
def print_style(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Head and foot of each printed page, "sida n (N)", as a style sheet: only there may a page number stand."""
    version = get_object_or_404(DocumentVersion.objects.select_related("item__record"), pk=version_id)
    return HttpResponse(page_style(version), content_type="text/css; charset=utf-8")


@audience(PUBLIC)
@require_safe
def public_file(request: HttpRequest, number: str, major: int, form: str) -> HttpResponse:
    return as_file(_one_of(get_versions(number), major), form)


def get_versions(number: str) -> list[DocumentVersion]:
    """The published versions behind a document's number, the latest first; 404 where there are none."""
    item = get_object_or_404(Item, number=as_number(number), kind=KIND)
    versions = public_versions(item.id)
    if not versions:
        raise Http404
    return versions


def _one_of(versions: list[DocumentVersion], major: int) -> DocumentVersion:
    found = next((version for version in versions if version.major == major), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, number: str, versions: list[DocumentVersion], version: DocumentVersion) -> HttpResponse:
    item = version.item
    context = {
        "version": version,
        "versions": versions,
        "newest": version == versions[0],
        "number": number,
        "owner": place_of(version.owner_id),
        "kind": template_label(version.document.template),
        "record": getattr(item, "record", None),
        "history": history_rows(history_of(versions), staff=False, number=number),
        "following": request.actor.signed_in and is_following(request.actor, version.document.item),
    }
    return render(request, PAGE + "public.html", context)

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.kernel.log.actions import log_read
from medskick.kernel.operation.forms import ObstacleForm, ReportAnswerForm, StatementForm
from medskick.kernel.operation.models import AccessibilityReport
from medskick.kernel.operation.statement_actions import answer_report, report_obstacle, save_statement
from medskick.kernel.operation.statement_queries import report_by_address, reports_of, statement_of
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import set_scope
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, audience, staff_with
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.lib.codes import parse_trace_address


@audience(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that law asks for, and the form by which anybody tells of an obstacle."""
    place = request.place
    if place is None:
        raise Http404
    form = ObstacleForm(request.POST if request.method == "POST" else None, initial={"where": _from(request)})
    if form.is_bound and form.is_valid():
        sent = report_obstacle(
            by=_at_place(request.actor, place.id),
            text=form.cleaned_data["text"],
            where=form.cleaned_data["where"],
            submission_key=form.submission_key,
        )
        return HttpResponseRedirect(reverse("own_accessibility_report", args=[sent.address]))
    said = statement_of(place.id)
    context = {
        "form": form,
        "said": said,
        "shortcomings": [line for line in said.shortcomings.splitlines() if line.strip()],
        "phone": said.phone or place.phone,
        "authority": settings.ACCESSIBILITY_AUTHORITY,
    }
    return render(request, "kernel/operation/statement.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
def own_accessibility_report(request: HttpRequest, address: str) -> HttpResponse:
    """What the sender told, and the answer: for whoever holds the address."""
    with throttle.guard(request, "trace"):
        report = _by_address(address)
    context = {"report": report, "address": request.build_absolute_uri()}
    answer = render(request, "kernel/operation/own_report.html", context)
    answer["Referrer-Policy"], answer["X-Robots-Tag"] = "no-referrer", "noindex"
    answer["Cache-Control"] = "no-store"
    return answer


@audience(staff_with(ADMINISTRATOR, REGISTRAR))
def accessibility_reports(request: HttpRequest) -> HttpResponse:
    """What has been told of obstacles on the organisation's site."""
    page = page_of(reports_of(request.actor.organisation), request.GET.get("sida"))
    context = {
        "page": page,
        "said": statement_of(request.actor.organisation),
        "may_edit": request.actor.has(ADMINISTRATOR),
        "shown_at": _shown_at(request),
        "crumbs": [(_("Administration"), reverse("administration")), (_("Tillgänglighet"), "")],
    }
    return render(request, "kernel/operation/reports.html", context)


@audience(staff_with(ADMINISTRATOR, REGISTRAR))
@require_http_methods(["GET", "HEAD", "POST"])
def accessibility_report(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One report, and the form for its answer."""
    found = AccessibilityReport.objects.select_related("item__record").filter(item__owner_id=request.actor.organisation)
    report = get_object_or_404(found, item_id=item_id)
    form = ReportAnswerForm(request.POST if request.method == "POST" else None, initial={"text": report.answer or ""})
    if form.is_bound and form.is_valid():
        answer_report(report, by=request.actor, text=form.cleaned_data["text"])
        messages.success(request, _("Svaret är sparat. Den som anmälde läser det på sin adress."))
        return HttpResponseRedirect(reverse("accessibility_reports"))
    log_read(request.actor, "kernel.accessibility_report", [report.item_id])
    context = {"report": report, "form": form, "crumbs": _crumbs(_("En anmälan"))}
    return render(request, "kernel/operation/report.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request: HttpRequest) -> HttpResponse:
    """What the organisation says of its site's accessibility."""
    owner = request.actor.organisation
    said = statement_of(owner)
    begun = {name: getattr(said, name) for name in StatementForm.base_fields if name != "unit"}
    form = StatementForm(
        owner,
        request.POST if request.method == "POST" else None,
        initial={**begun, "unit": str(said.unit_id or "")},
    )
    if form.is_bound and form.is_valid():
        save_statement(by=request.actor, owner=owner, **form.cleaned_data)
        messages.success(request, _("Redogörelsen är sparad och syns nu på webbplatsen."))
        return HttpResponseRedirect(reverse("accessibility_reports"))
    context = {"form": form, "crumbs": _crumbs(_("Redogörelsen"))}
    return render(request, "kernel/operation/statement_edit.html", context, status=422 if form.is_bound else 200)


def _at_place(actor: Actor, place: UUID) -> Actor:
    """Whoever meets an obstacle tells the site's own organisation, also one who works in another."""
    if actor.organisation == place:
        return actor
    visitor = Actor(kind=actor.kind, organisation=place, person=actor.person, device=actor.device)
    set_scope(visitor.scope())
    return visitor


def _by_address(address: str) -> AccessibilityReport:
    try:
        report = report_by_address(parse_trace_address(address))
    except ValueError:
        raise Http404 from None
    if report is None:
        raise Http404
    return report


def _shown_at(request: HttpRequest) -> str:
    """Where residents read it: at the organisation's own site, which is not always where she works."""
    place, own = request.place, place_of(request.actor.organisation)
    path = reverse("accessibility")
    if own is None or own.is_region or (place is not None and place.id == own.id):
        return path
    return f"/{own.slug}{path}"


def _from(request: HttpRequest) -> str:
    return request.GET.get("fran", "").replace("\0", "")[:200]


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [
        (_("Administration"), reverse("administration")),
        (_("Tillgänglighet"), reverse("accessibility_reports")),
        (last, ""),
    ]

"""The registrar's diary: what it says to everybody, classification, voided numbers, holds and disposal."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.kernel.disclosure import diary_actions, presenting, queries
from medskick.kernel.disclosure.actions import DisclosureRefused
from medskick.kernel.disclosure.disclosables import disposer_of
from medskick.kernel.disclosure.forms import DiaryEntryForm, DisposalForm, ReasonForm
from medskick.kernel.disclosure.models import DiaryRevision, Disposal, LegalHold
from medskick.kernel.disclosure.rules import retention_schedule
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.kinds import item_url
from medskick.kernel.records.models import Record, VoidedNumber

REGISTRARS = staff_with(REGISTRAR)
MOST_ROWS = 20_000


@audience(REGISTRARS)
def staff_diary(request: HttpRequest) -> HttpResponse:
    """The diary at work: with what the registrar may read, and what waits to be looked through."""
    view, words = request.GET.get("visa", queries.ALL), request.GET.get("ord", "").replace("\0", "")[:100]
    page = page_of(queries.staff_diary(request.actor.organisation, view=view, words=words), request.GET.get("sida"))
    here = reverse("staff_diary")
    labels = {
        queries.ALL: _("Alla"),
        queries.UNREVIEWED: _("Inte klassade"),
        queries.UNTITLED: _("Utan öppen rubrik"),
        queries.SECRET: _("Med sekretessmarkering"),
    }
    context = {
        "page": page,
        "rows": [presenting.staff_row(one) for one in page],
        "words": words,
        "open_diary": _open_diary(request.actor.organisation),
        "view": view if view in labels else queries.ALL,
        "tabs": [
            {"label": label, "url": f"{here}?visa={key}", "current": key == view} for key, label in labels.items()
        ],
    }
    return render(request, "kernel/disclosure/staff_diary.html", context)


@audience(REGISTRARS)
def staff_diary_csv(request: HttpRequest) -> HttpResponse:
    """The whole diary as a file, at most MOST_ROWS lines, the latest first."""
    records = queries.staff_diary(request.actor.organisation)[:MOST_ROWS]
    response = HttpResponse(presenting.diary_csv(records), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="diarium.csv"'
    response["Cache-Control"] = "no-store"
    return response


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def diary_entry(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One entry: what everybody reads of it, and how it is classified."""
    record = _record(request, item_id)
    names = [*DiaryEntryForm.base_fields]
    form = DiaryEntryForm(request.POST or None, initial={name: getattr(record, name, "") for name in names})
    if form.is_valid():
        try:
            diary_actions.revise_diary(record, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Diariet är ändrat."))
            return HttpResponseRedirect(reverse("diary_entry", args=[item_id]))
        except DisclosureRefused as fault:
            form.add_error(None, str(fault))
    return _entry_page(request, record, form)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def diary_void(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Void a number that should never have been taken."""
    record, form = _record(request, item_id), ReasonForm(request.POST or None)
    if form.is_valid():
        done = _try(form, lambda: diary_actions.void_diary_number(record, by=request.actor, **form.cleaned_data))
        if done:
            messages.success(request, _("Numret är makulerat. Det står kvar i diariet och används inte igen."))
            return HttpResponseRedirect(reverse("diary_entry", args=[item_id]))
    text = _("Numret står kvar i diariet som makulerat och används aldrig igen. Det går inte att ångra.")
    return _form_page(request, record, form, _("Makulera numret"), text)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def diary_hold(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Keep a record whatever the schedule says."""
    record, form = _record(request, item_id), ReasonForm(request.POST or None)
    if form.is_valid() and _try(form, lambda: diary_actions.hold(record, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("Handlingen gallras inte förrän du tar bort stoppet."))
        return HttpResponseRedirect(reverse("diary_entry", args=[item_id]))
    text = _("Handlingen behålls tills stoppet tas bort, till exempel för att beslutet är överklagat.")
    return _form_page(request, record, form, _("Stoppa gallring"), text)


@audience(REGISTRARS)
@require_POST
def diary_hold_end(request: HttpRequest, item_id: UUID) -> HttpResponse:
    record = _record(request, item_id)
    held = get_object_or_404(LegalHold, record=record, ended_at__isnull=True)
    diary_actions.end_hold(held, by=request.actor)
    messages.success(request, _("Stoppet är borttaget. Nu gäller gallringsplanen igen."))
    return HttpResponseRedirect(reverse("diary_entry", args=[item_id]))


@audience(REGISTRARS)
def disposals(request: HttpRequest) -> HttpResponse:
    """What the schedule says is to be disposed of, and what cannot be yet."""
    today = timezone.localdate()
    page = page_of(queries.due_for_disposal(request.actor.organisation, today), request.GET.get("sida"))
    rows = [
        {
            "title": f"{one.diary_number} {one.item.title}",
            "url": reverse("dispose_record", args=[one.item_id]) if disposer_of(one.item.kind) else "",
            "meta": [
                presenting.kind_label(one.item.kind),
                presenting.retention_label(one.retention),
                one.registered_at,
            ],
            "text": ""
            if disposer_of(one.item.kind)
            else _("Den här sortens handling går inte att gallra här än. Den behålls tills vidare."),
        }
        for one in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "schedule": retention_schedule(today),
        "decision": settings.RETENTION_DECISION,
    }
    return render(request, "kernel/disclosure/disposals.html", context)


@audience(REGISTRARS)
@require_http_methods(["GET", "POST"])
def dispose_record(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Destroy a record's content, on a decision."""
    record = _record(request, item_id)
    form = DisposalForm(request.POST or None, initial={"decision": settings.RETENTION_DECISION})
    if form.is_valid() and _try(form, lambda: diary_actions.dispose(record, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("Handlingen är gallrad. Raden i diariet finns kvar."))
        return HttpResponseRedirect(reverse("disposals"))
    text = _("Innehållet förstörs för gott. Raden i diariet finns kvar, med att handlingen är gallrad.")
    return _form_page(request, record, form, _("Gallra handlingen"), text)


@audience(REGISTRARS)
def disposal_log(request: HttpRequest) -> HttpResponse:
    """What has been disposed of: when, by whom, on what decision."""
    done = Disposal.objects.filter(owner_id=request.actor.organisation).select_related("record", "record__item")
    page = page_of(done, request.GET.get("sida"))
    rows = [
        {
            "title": one.record.diary_number,
            "url": reverse("diary_entry", args=[one.record_id]),
            "meta": [one.at, one.by_name, presenting.retention_label(one.retention)],
            "text": _("Efter beslut: %(decision)s") % {"decision": one.decision},
        }
        for one in page
    ]
    return render(request, "kernel/disclosure/disposal_log.html", {"page": page, "rows": rows})


def _open_diary(organisation: UUID) -> str:
    """Where everybody reads the organisation's diary, whichever site this page is at."""
    place = place_of(organisation)
    return f"/{place.slug}/diarium" if place and not place.is_region else "/diarium"


def _record(request: HttpRequest, item_id: UUID) -> Record:
    try:
        return queries.record_by_item(item_id, organisation=request.actor.organisation)
    except Record.DoesNotExist:
        raise Http404 from None


def _entry_page(request: HttpRequest, record: Record, form: DiaryEntryForm) -> HttpResponse:
    lines = queries.DiarySearch(record.owner_id, record.diary_number).page(skip=0, most=1)
    context: dict[str, Any] = {
        "record": record,
        "form": form,
        "row": presenting.diary_rows(lines, record.owner_id)[0] if lines else None,
        "voided": VoidedNumber.objects.filter(owner_id=record.owner_id, year=record.year, serial=record.serial).first(),
        "held": LegalHold.objects.filter(record=record, ended_at__isnull=True).first(),
        "disposal": Disposal.objects.filter(record=record).first(),
        "revisions": DiaryRevision.objects.filter(record=record)[:20],
        "page_url": item_url(record.item, staff=True),
        "retention": presenting.retention_label(record.retention),
    }
    return render(request, "kernel/disclosure/diary_entry.html", context, status=422 if form.errors else 200)


def _form_page(request: HttpRequest, record: Record, form: Any, title: str, lead: str) -> HttpResponse:
    context = {"record": record, "form": form, "title": title, "lead": lead}
    return render(request, "kernel/disclosure/entry_form.html", context, status=422 if form.errors else 200)


def _try(form: Any, verb: Any) -> bool:
    try:
        verb()
    except DisclosureRefused as fault:
        form.add_error(None, str(fault))
        return False
    return True

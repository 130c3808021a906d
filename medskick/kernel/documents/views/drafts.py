from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medskick.design.forms import PlainForm
from medskick.design.paging import page_of
from medskick.design.parts import Link
from medskick.kernel.documents import actions
from medskick.kernel.documents.access import FIXERS, is_own, may_fix
from medskick.kernel.documents.comparing import compare_texts
from medskick.kernel.documents.forms import (
    PREFIX,
    DraftForm,
    KeepingForm,
    LendingForm,
    NewDocumentForm,
    NoteForm,
    ReviewForm,
)
from medskick.kernel.documents.models import Document, DocumentVersion
from medskick.kernel.documents.presenting import (
    class_words,
    diary_number_of,
    document_row,
    duty_rows,
    history_rows,
    keeping_facts,
    sent_remiss,
    template_label,
)
from medskick.kernel.documents.queries import (
    FILTERS,
    class_of_version,
    colleagues,
    history_of,
    latest_version,
    listed,
    sent_referrals,
    versions_of,
)
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.places import Place, all_places
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts
from medskick.lib.codes import normalise_code

PAGE = "kernel/documents/"
SHARE = "share"
LONGEST_NUMBER = 40


@audience(STAFF)
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The organisation's documents, all or by filter."""
    shown = request.GET.get("visa", "alla")
    shown = shown if shown in FILTERS else "alla"
    actor = request.actor
    found = listed(actor.organisation, shown=shown, person=actor.person, today=timezone.localdate())
    page = page_of(found, request.GET.get("sida"))
    labels = (_("Alla"), _("Mina"), _("Utkast"), _("Fastställda"), _("Ska ses över"))
    tabs = [Link(label, f"?visa={key}", key == shown) for key, label in zip(FILTERS, labels, strict=True)]
    context = {"page": page, "rows": [document_row(one) for one in page], "tabs": tabs, "shown": shown}
    return render(request, PAGE + "list.html", context)


@audience(STAFF)
@require_safe
def new_document(request: HttpRequest) -> HttpResponse:
    """Choose a template to begin from."""
    return render(request, PAGE + "templates.html", {"templates": document_templates().values()})


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def new_document_from(request: HttpRequest, template: str) -> HttpResponse:
    """Begin a document from a template."""
    chosen = document_templates().get(template)
    if chosen is None:
        raise Http404
    actor = request.actor
    fields = [{"key": one.key, "label": one.label, "help": one.help} for one in chosen.fields]
    networks = Network.objects.filter(id__in=actor.networks).order_by("name")
    form = NewDocumentForm(request.POST or None, fields=fields, networks=networks, has_unit=actor.unit is not None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "level", "network", "review_by")}
        unit = actor.unit if given["level"] == "unit" else None
        version = actions.draft_document(by=actor, template=chosen, values=form.values, unit=unit, **given)
        return redirect("document", version.document.item.number)
    context = {"form": form, "template": chosen}
    return render(request, PAGE + "new.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """A document: its latest version, its history, and what may be done."""
    return document_page(request, get_document(number))


def document_page(request: HttpRequest, one: Document, asked: DocumentVersion | None = None) -> HttpResponse:
    """The document with one of its versions: the latest, or the one that was asked for."""
    versions = versions_of(one)
    if not versions:
        raise Http404
    version = next((each for each in versions if each == asked), versions[0])
    own = is_own(request.actor, one)
    events = history_of(versions)
    offers = offers_for(request.actor, one.item)
    context = {
        "document": one,
        "version": version,
        "versions": versions,
        "newest": version == versions[0],
        "own": own,
        "may_fix": may_fix(request.actor, version) and version == versions[0] and not version.fixed,
        "kind": template_label(one.template),
        "facts": _facts(one, version, versions),
        # To share stands with the other ways to let others read, where they can be told apart.
        "offers": [offer for offer in offers if offer.name != SHARE],
        "to_share": [offer for offer in offers if offer.name == SHARE],
        "history": history_rows(events, staff=True, number=one.item.number),
        "duty": duty_rows(version, events) if version.fixed else [],
        "has_fixed": any(each.fixed for each in versions),
        "is_fixer": request.actor.has(*FIXERS),
        **(_for_own(one, version) if own else {}),
    }
    return render(request, PAGE + "document.html", context)


def _for_own(one: Document, version: DocumentVersion) -> dict[str, object]:
    """What only those who work with the document are shown."""
    return {
        "class_words": class_words(class_of_version(version)),
        "keeping": keeping_facts(one),
        "referrals": [sent_remiss(referral) for referral in sent_referrals(one)],
    }


def _facts(one: Document, version: DocumentVersion, versions: list[DocumentVersion]) -> list[tuple[str, str]]:
    """The record bar of the version; a draft has no item of its own, and is not as open as its document may be."""
    record = getattr(version.item, "record", None) if version.item else None
    facts = record_facts(version.item or one.item, record)
    if record is None:
        facts.append((_("Diarienummer"), diary_number_of(version, versions)))
    if version.item is not None:
        return facts
    who = one.unit.name if one.unit else _("den egna organisationen")
    return [(label, who if label == _("Läses av") else value) for label, value in facts]


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def document_change(request: HttpRequest, number: str) -> HttpResponse:
    """Write the next decimal; where somebody else has just done so, both texts are shown and nothing is lost."""
    one = get_own_document(request, number)
    latest = latest_version(one)
    if latest is None:
        raise Http404
    if request.method != "POST":
        return draft_page(request, one, latest, DraftForm(fields=with_help(one, latest), initial=_begun_with(latest)))
    base = _base_of(one, request.POST.get("based_on"), latest)
    form = DraftForm(request.POST, fields=with_help(one, base))
    if not form.is_valid():
        return draft_page(request, one, base, form)
    given = {"title": form.cleaned_data["title"], "values": form.values, "reason": form.cleaned_data["reason"]}
    try:
        actions.change_draft(base, by=request.actor, **given)
    except actions.LaterVersion as later:
        return _both_texts(request, one, base, later.latest, form)
    return redirect("document", one.item.number)


def _begun_with(version: DocumentVersion) -> dict[str, object]:
    values = {f"{PREFIX}{field['key']}": field["value"] for field in version.fields}
    return {"title": version.title, "based_on": version.pk, **values}


def _base_of(one: Document, asked: str | None, latest: DocumentVersion) -> DocumentVersion:
    """The version that the writing began from; what cannot be read as one is the latest."""
    try:
        return one.versions.filter(pk=UUID(asked or "")).first() or latest
    except ValueError:
        return latest


def _both_texts(
    request: HttpRequest, one: Document, base: DocumentVersion, theirs: DocumentVersion, form: DraftForm
) -> HttpResponse:
    """What I wrote stays in the boxes; what only the other one changed is taken in; where both did, both are shown."""
    mine = {"title": form.cleaned_data["title"], **{f"{PREFIX}{key}": text for key, text in form.values.items()}}
    before, after = _begun_with(base), _begun_with(theirs)
    merged, both = dict(request.POST.items()), []
    for name, text in mine.items():
        was, now = str(before.get(name, "")), str(after.get(name, ""))
        if text == was:
            merged[name] = now
        elif now not in (was, text):
            both.append({"label": form.fields[name].label, "pieces": compare_texts(text, now), "theirs": now})
    merged["based_on"] = str(theirs.pk)
    again = DraftForm(merged, fields=with_help(one, theirs))
    again.is_valid()
    return draft_page(request, one, theirs, again, later=theirs, both=both)


def draft_page(
    request: HttpRequest, one: Document, base: DocumentVersion, form: DraftForm, **more: object
) -> HttpResponse:
    context = {"document": one, "base": base, "form": form, "next": f"{base.major}.{base.minor + 1}", **more}
    return render(request, PAGE + "change.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def document_reading(request: HttpRequest, number: str) -> HttpResponse:
    """Say that one has read the latest version through."""
    one = get_own_document(request, number)
    latest = latest_version(one)
    form = NoteForm(request.POST or None, label=_("Vad såg du?"), help_text=_("Till exempel ”Läst utan anmärkning”."))
    if latest is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_review(latest, by=request.actor, note=form.cleaned_data["note"])
            return redirect("document", number)
        except ValueError as fault:
            form.add_error(None, str(fault))
    title = _("Läs igenom version %(number)s") % {"number": latest.number}
    return form_page(request, one, form, title, _("Spara genomläsningen"))


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def document_review(request: HttpRequest, number: str) -> HttpResponse:
    """Look the document over: it stands as it is, or a new draft is begun."""
    one = get_own_document(request, number)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("note", "next_review")}
        try:
            actions.keep_unchanged(one, by=request.actor, **given)
            messages.success(request, _("Översynen är sparad: ingen ändring."))
            return redirect("document", number)
        except ValueError as fault:
            form.add_error(None, str(fault))
    lead = _("Läs igenom det som är fastställt. Behöver något ändras skriver du ett nytt utkast i stället.")
    return form_page(request, one, form, _("Se över dokumentet"), _("Spara: ingen ändring"), lead)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def document_keeping(request: HttpRequest, number: str) -> HttpResponse:
    """Who sees to it, when it is looked over, where the information is kept."""
    one = get_own_document(request, number)
    initial = {"review_by": one.review_by, "responsible": str(one.responsible or ""), "storage": one.storage}
    form = KeepingForm(request.POST or None, initial=initial, people=colleagues(request.actor.organisation))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        responsible = UUID(given["responsible"]) if given["responsible"] else None
        actions.look_after(
            one, by=request.actor, review_by=given["review_by"], responsible=responsible, storage=given["storage"]
        )
        return redirect("document", number)
    return form_page(request, one, form, _("Ansvar och förvaring"), _("Spara"))


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def document_lending(request: HttpRequest, number: str) -> HttpResponse:
    """Let other organisations read the latest draft, informally."""
    one = get_own_document(request, number)
    latest = latest_version(one)
    if latest is None or latest.fixed:
        raise PermissionDenied(_("Den senaste versionen är fastställd. Det finns inget utkast att låta andra läsa."))
    form = LendingForm(request.POST or None, places=others(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.share_working_paper(latest, by=request.actor, with_organisations=form.organisations, reason=reason)
        messages.success(request, _("De kan läsa version %(number)s nu.") % {"number": latest.number})
        return redirect("document", number)
    lead = _(
        "Utkastet är arbetsmaterial. Det diarieförs inte, och de läser bara den här versionen. Vill ni ha ett svar, skicka remiss."
    )
    title = _("Låt andra läsa utkast %(number)s") % {"number": latest.number}
    return form_page(request, one, form, title, _("Låt dem läsa"), lead)


def form_page(
    request: HttpRequest,
    one: Document,
    form: PlainForm,
    title: str,
    submit: str,
    lead: str = "",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with one form that belongs to a document."""
    context = {"document": one, "form": form, "title": title, "submit": submit, "lead": lead, **(more or {})}
    context["back"] = reverse("document", args=[one.item.number])
    return render(request, PAGE + "form_page.html", context, status=422 if request.method == "POST" else 200)


def get_document(number: str) -> Document:
    found: Document = get_object_or_404(
        Document.objects.select_related("item", "network", "unit"), item__number=as_number(number)
    )
    return found


def as_number(typed: str) -> str:
    """A number from an address as it is stored; what no number can hold is not found."""
    if "\0" in typed or len(typed) > LONGEST_NUMBER:
        raise Http404
    return normalise_code(typed)


def get_own_document(request: HttpRequest, number: str) -> Document:
    one = get_document(number)
    if not is_own(request.actor, one):
        raise PermissionDenied(_("Dokumentet tillhör en annan organisation."))
    return one


def others(request: HttpRequest) -> list[Place]:
    """All organisations but the actor's own."""
    return [place for place in all_places() if place.id != request.actor.organisation]


def with_help(one: Document, version: DocumentVersion) -> list[dict[str, str]]:
    """The version's fields, each with the help that its template gives."""
    template = document_templates().get(one.template)
    helps = {field.key: field.help for field in template.fields} if template else {}
    return [{**field, "help": helps.get(field["key"], "")} for field in version.fields]

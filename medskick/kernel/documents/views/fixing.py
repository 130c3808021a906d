from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.forms import PlainForm
from medskick.kernel.documents import actions
from medskick.kernel.documents.access import FIXERS
from medskick.kernel.documents.actions.fixing import may_publish
from medskick.kernel.documents.forms import ClassificationForm, ClosedForm, FixForm, NoteForm
from medskick.kernel.documents.models import KIND, VERSION_KIND, Classification, Document, DocumentVersion
from medskick.kernel.documents.presenting import class_words
from medskick.kernel.documents.queries import (
    class_history,
    class_of,
    last_published,
    latest_version,
    unanswered_referrals,
    waiting_lowering,
)
from medskick.kernel.documents.views.drafts import PAGE, form_page, get_own_document
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.classes import AXES, Classes, scheme, secrecy_marks
from medskick.kernel.records.models import Item


@audience(staff_with(*FIXERS))
@require_http_methods(["GET", "POST"])
def document_fixing(request: HttpRequest, number: str) -> HttpResponse:
    """Fix the latest draft; what will happen is said before."""
    one = get_own_document(request, number)
    latest = latest_version(one)
    if latest is None or latest.fixed:
        return redirect("document", number)
    form = FixForm(request.POST or None, initial={"based_on": latest.pk})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("reason", "openness", "why_not", "secrecy")}
        if form.cleaned_data["based_on"] != latest.pk:
            form.add_error(
                None,
                _("Version %(number)s har skrivits sedan du öppnade sidan. Läs den först.") % {"number": latest.number},
            )
            form.data = {**form.data.dict(), "based_on": str(latest.pk)}
        elif tried(form, lambda: actions.fix_version(latest, by=request.actor, **given)):
            messages.success(request, _("Versionen är fastställd. Nedan ser du vad som hände."))
            return redirect("document", number)
    return form_page(request, one, form, _("Fastställ dokumentet"), _("Fastställ"), more=_what_happens(one, latest))


def tried(form: PlainForm, work: Callable[[], object]) -> bool:
    """Do the work and say that it was done; what the verb refuses is told on the form."""
    try:
        work()
    except (ValueError, actions.LaterVersion) as fault:
        form.add_error(None, str(fault))
        return False
    return True


def _what_happens(one: Document, latest: DocumentVersion) -> dict[str, Any]:
    """What fixing will do, with the class as it is now."""
    classes = class_of(one.item)
    opens = may_publish(one, classes)
    return {
        "version": latest,
        "becomes": f"{latest.major + 1}.0",
        "opens": opens,
        "earlier": last_published(one),
        "class_now": class_words(classes),
        "class_then": class_words(scheme(timezone.localdate()).when_fixed(classes, public=opens)),
        "marks": secrecy_marks(timezone.localdate()),
        "fixing": True,
        "empty_fields": [field["label"] for field in latest.fields if not field["value"]],
        "unanswered": unanswered_referrals(one, timezone.localdate()),
    }


@audience(staff_with(*FIXERS))
@require_http_methods(["GET", "POST"])
def document_publishing(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A fixed version that is not open: change its class, open it, or leave it."""
    readable = DocumentVersion.objects.fixed().select_related("document__item", "item__record")
    version = get_object_or_404(readable, pk=version_id, owner_id=request.actor.organisation)
    closing = request.POST.get("verdict") == "closed"
    opened = NoteForm(None if closing else request.POST or None, label=_("Varför öppnas den nu?"))
    closed = ClosedForm(request.POST if closing else None, initial={"secrecy": version.item.record.secrecy})
    form = closed if closing else opened
    if request.method == "POST" and form.is_valid() and _decided(request, version, form, closing):
        return redirect("document", version.document.item.number)
    classes = class_of(version.item)
    context = {
        "document": version.document,
        "version": version,
        "opened": opened,
        "closed": closed,
        "may_open": may_publish(version.document, classes),
        "class_words": class_words(classes),
        "controls": scheme(timezone.localdate()).controls_for(classes),
        "marks": secrecy_marks(timezone.localdate()),
    }
    return render(request, PAGE + "publishing.html", context, status=422 if form.is_bound else 200)


def _decided(request: HttpRequest, version: DocumentVersion, form: PlainForm, closing: bool) -> bool:
    given = form.cleaned_data
    if closing:
        values = {name: given[name] for name in ("why_not", "secrecy")}
        done, told = (
            tried(form, lambda: actions.leave_closed(version, by=request.actor, **values)),
            _("Beslutet är sparat."),
        )
    else:
        note = given["note"]
        done = tried(form, lambda: actions.publish_version(version, by=request.actor, reason=note))
        told = _("Versionen är publicerad och alla kan läsa den.")
    if done:
        messages.success(request, told)
    return done


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def classification(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The class of a document's working papers or of a fixed version, in words, with its history."""
    own = Item.objects.filter(owner_id=request.actor.organisation, kind__in=(KIND, VERSION_KIND))
    item = get_object_or_404(own.select_related("record"), pk=item_id)
    now = class_of(item)
    form = ClassificationForm(request.POST or None, initial={**now._asdict()})
    if request.method == "POST" and form.is_valid():
        given = {"classes": form.classes, "reason": form.cleaned_data["reason"]}
        if tried(form, lambda: actions.classify(item, by=request.actor, **given)):
            return redirect("classification", item.id)
    waiting = waiting_lowering(item)
    context = {
        "item": item,
        "form": form,
        "class_words": class_words(now),
        "controls": scheme(timezone.localdate()).controls_for(now),
        "waiting": waiting,
        "waiting_words": class_words(_classes(waiting)) if waiting else [],
        "own_proposal": waiting is not None and waiting.by_person == request.actor.person,
        "history": [(one, class_words(_classes(one))) for one in class_history(item)],
        "marks": secrecy_marks(timezone.localdate()),
        "back": _back(item),
    }
    return render(request, PAGE + "classification.html", context, status=422 if form.is_bound else 200)


def _classes(decision: Classification) -> Classes:
    return Classes(**{axis: getattr(decision, axis) for axis in AXES}, secrecy=decision.secrecy)


def _back(item: Item) -> str:
    if item.kind == KIND:
        return reverse("document", args=[item.number])
    version = DocumentVersion.objects.filter(item=item).first()
    return reverse("document_version", args=[version.pk]) if version else reverse("documents")


@audience(STAFF)
@require_POST
def classification_verdict(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """A second person agrees that the class is lowered, or says no."""
    decision = get_object_or_404(
        Classification.objects.select_related("item"), pk=decision_id, owner_id=request.actor.organisation
    )
    verbs = {"agree": actions.agree_to_lowering, "refuse": actions.refuse_lowering}
    verb = verbs.get(request.POST.get("verdict", ""))
    if verb is None:
        raise Http404
    try:
        verb(decision, by=request.actor)
    except ValueError as fault:
        messages.error(request, str(fault))
    return redirect("classification", decision.item_id)

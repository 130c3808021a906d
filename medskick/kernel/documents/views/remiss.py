from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.design.forms import PlainForm
from medskick.design.paging import page_of
from medskick.kernel.documents import actions
from medskick.kernel.documents.access import ANSWERERS, FIXERS, may_answer, sent_it
from medskick.kernel.documents.actions.referrals import due_day, is_settled, waits_for_more_time
from medskick.kernel.documents.forms import CirculationForm, MoreTimeForm, NoteForm, ReplyForm, TimeVerdictForm
from medskick.kernel.documents.models import IncomingReferral, Referral, ReferralAnswer, ReferralStep
from medskick.kernel.documents.presenting import received_row, receiver_row, sent_row
from medskick.kernel.documents.queries import latest_version, received, receivers_of, sent
from medskick.kernel.documents.views.drafts import PAGE, as_number, form_page, get_own_document, others
from medskick.kernel.documents.views.fixing import tried
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.trace.presenting import record_facts


@audience(STAFF)
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """Remisser that have come in to us, and those that we have sent."""
    organisation = request.actor.organisation
    came = page_of(received(organisation), request.GET.get("sida"))
    went = page_of(sent(organisation), request.GET.get("skickade"))
    context = {
        "came": came,
        "came_rows": [received_row(one) for one in came],
        "went": went,
        "went_rows": [sent_row(one) for one in went],
    }
    return render(request, PAGE + "referrals.html", context)


@audience(staff_with(*FIXERS))
@require_http_methods(["GET", "POST"])
def document_circulation(request: HttpRequest, number: str) -> HttpResponse:
    """Send the latest version on remiss."""
    one = get_own_document(request, number)
    latest = latest_version(one)
    if latest is None:
        raise Http404
    form = CirculationForm(request.POST or None, places=others(request))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("answer_by", "message", "questions")}
        if tried(form, lambda: actions.circulate(latest, by=request.actor, receivers=form.organisations, **given)):
            messages.success(request, _("Remissen är skickad och diarieförd, här och hos var och en av mottagarna."))
            return redirect("document", number)
    title = _("Skicka version %(number)s på remiss") % {"number": latest.number}
    lead = _(
        "Remissen diarieförs hos oss och kommer in som en handling hos varje mottagare, också när versionen är ett utkast."
    )
    return form_page(request, one, form, title, _("Skicka remissen"), lead)


@audience(STAFF)
@require_safe
def referral(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A remiss that we have sent: who has answered, who is late."""
    readable = Referral.objects.select_related("item__record", "version")
    one = get_object_or_404(readable, pk=item_id)
    if not sent_it(request.actor, one):
        came = one.receivers.filter(owner_id=request.actor.organisation)
        return redirect("incoming_referral", get_object_or_404(came).pk)
    rows = [receiver_row(incoming) for incoming in receivers_of(one)]
    context = {
        "referral": one,
        "rows": rows,
        "answered": sum(1 for row in rows if row.tone == "done"),
        "answers": [row.incoming.answer for row in rows if hasattr(row.incoming, "answer")],
        "facts": record_facts(one.item, getattr(one.item, "record", None)),
    }
    return render(request, PAGE + "referral.html", context)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def referral_time(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say yes or no to a receiver that asks for more time."""
    incoming = _incoming_of_ours(request, item_id)
    asked = waits_for_more_time(incoming)
    if asked is None or asked.day is None:
        return redirect("referral", incoming.referral_id)
    day, form = asked.day, TimeVerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        yes, reason = form.cleaned_data["verdict"] == form.YES, form.cleaned_data["reason"]
        if tried(
            form,
            lambda: (
                actions.give_more_time(incoming, by=request.actor, day=day)
                if yes
                else actions.refuse_more_time(incoming, by=request.actor, reason=reason)
            ),
        ):
            return redirect("referral", incoming.referral_id)
    context = {"form": form, "asked": asked, "receiver": place_of(incoming.owner_id), "referral": incoming.referral}
    return render(request, PAGE + "referral_time.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_POST
def referral_reminder(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Remind a receiver."""
    incoming = _incoming_of_ours(request, item_id)
    try:
        actions.remind(incoming, by=request.actor)
        messages.success(request, _("Påminnelsen är skickad."))
    except ValueError as fault:
        messages.error(request, str(fault))
    return redirect("referral", incoming.referral_id)


@audience(STAFF)
@require_safe
def incoming_referral(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A remiss that has come in to us: what they ask, what it says, and how we answer."""
    ours = IncomingReferral.objects.filter(pk=item_id, referral__item__owner_id=request.actor.organisation).first()
    if ours is not None:
        return redirect("referral", ours.referral_id)
    incoming = _incoming_here(request, item_id)
    steps = sorted(incoming.steps.all(), key=lambda one: (one.at, one.pk))
    context = {
        "incoming": incoming,
        "referral": incoming.referral,
        "version": incoming.referral.version,
        "sender": place_of(incoming.referral.item.owner_id),
        "due": due_day(incoming),
        "steps": [one for one in steps if one.what != ReferralStep.What.ANSWER_CAME],
        "answer": getattr(incoming, "answer", None),
        "settled": is_settled(incoming),
        "waits": waits_for_more_time(incoming),
        "may_answer": may_answer(request.actor, incoming),
        "facts": record_facts(incoming.item, getattr(incoming.item, "record", None)),
    }
    return render(request, PAGE + "incoming_referral.html", context)


@audience(staff_with(*ANSWERERS))
@require_http_methods(["GET", "POST"])
def referral_reply(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Answer a remiss."""
    incoming = _incoming_here(request, item_id)
    form = ReplyForm(request.POST or None, questions=incoming.referral.questions)
    if request.method == "POST" and form.is_valid():
        given = {"stance": form.cleaned_data["stance"], "text": form.cleaned_data["text"], "answers": form.answers}
        if tried(form, lambda: actions.answer_referral(incoming, by=request.actor, **given)):
            messages.success(request, _("Svaret är skickat och diariefört hos er och hos avsändaren."))
            return redirect("incoming_referral", item_id)
    return _incoming_form(request, incoming, form, _("Svara på remissen"), _("Skicka svaret"))


@audience(staff_with(*ANSWERERS))
@require_http_methods(["GET", "POST"])
def referral_more_time(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Ask for more time."""
    incoming = _incoming_here(request, item_id)
    form = MoreTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("day", "reason")}
        if tried(form, lambda: actions.ask_more_time(incoming, by=request.actor, **given)):
            return redirect("incoming_referral", item_id)
    return _incoming_form(request, incoming, form, _("Be om mer tid"), _("Skicka frågan"))


@audience(staff_with(*ANSWERERS))
@require_http_methods(["GET", "POST"])
def referral_declining(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say that we do not answer, and why."""
    incoming = _incoming_here(request, item_id)
    form = NoteForm(request.POST or None, label=_("Varför avstår ni från att svara?"))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["note"]
        if tried(form, lambda: actions.decline_referral(incoming, by=request.actor, reason=reason)):
            return redirect("incoming_referral", item_id)
    return _incoming_form(request, incoming, form, _("Avstå från att svara"), _("Avstå"))


@audience(STAFF)
@require_safe
def referral_answer_of(request: HttpRequest, number: str) -> HttpResponse:
    """From an answer's item, at either end, to the page where the answer stands."""
    answer = (
        ReferralAnswer.objects.filter(item__number=as_number(number)).select_related("incoming__referral__item").first()
    )
    step = (
        None
        if answer
        else ReferralStep.objects.filter(arrived__number=as_number(number))
        .select_related("incoming__referral__item")
        .first()
    )
    found = answer or step
    if found is None:
        raise Http404
    if sent_it(request.actor, found.incoming.referral):
        return redirect("referral", found.incoming.referral_id)
    return redirect("incoming_referral", found.incoming_id)


def _incoming_form(
    request: HttpRequest, incoming: IncomingReferral, form: PlainForm, title: str, submit: str
) -> HttpResponse:
    if is_settled(incoming):
        return redirect("incoming_referral", incoming.item_id)
    context = {"incoming": incoming, "form": form, "title": title, "submit": submit, "due": due_day(incoming)}
    context["back"] = reverse("incoming_referral", args=[incoming.item_id])
    return render(request, PAGE + "incoming_form.html", context, status=422 if request.method == "POST" else 200)


def _incoming_here(request: HttpRequest, item_id: UUID) -> IncomingReferral:
    readable = IncomingReferral.objects.select_related("item__record", "referral__item__record", "referral__version")
    return get_object_or_404(readable.prefetch_related("steps"), pk=item_id, owner_id=request.actor.organisation)


def _incoming_of_ours(request: HttpRequest, item_id: UUID) -> IncomingReferral:
    """A receiver's incoming of a remiss that we sent."""
    readable = IncomingReferral.objects.select_related("item", "referral__item").prefetch_related("steps")
    incoming = get_object_or_404(readable, pk=item_id)
    if not sent_it(request.actor, incoming.referral):
        raise PermissionDenied(_("Remissen skickades av en annan organisation."))
    return incoming

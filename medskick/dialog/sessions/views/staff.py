"""Lyssna: the pages of those who plan and lead sessions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.design.parts import Link
from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import LEADERS, NotPossible, may_lead
from medskick.dialog.sessions.actions.planning import (
    CHANGEABLE,
    cancel_session,
    change_plan,
    confirm_session,
    end_session,
    open_session,
    pause_session,
    plan_session,
    summarise_session,
)
from medskick.dialog.sessions.around import roles_of
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.forms import ReasonForm, SessionForm
from medskick.dialog.sessions.forms_planning import PauseForm
from medskick.dialog.sessions.live import screen_channel
from medskick.dialog.sessions.models import LiveSession
from medskick.dialog.sessions.programmes import Programme, programme, programmes
from medskick.dialog.sessions.queries import last_step_of, opening_of, sessions_for
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.views.parts import is_part, part_if_changed
from medskick.kernel.menu import panels_for
from medskick.kernel.notifications.live import live_url
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.records.models import Level
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts
from medskick.lib.dates import today_here

TABS = [
    ("", gettext_lazy("Alla")),
    (LiveSession.OPEN, gettext_lazy("Pågår")),
    (LiveSession.PAUSED, gettext_lazy("Pausade")),
    (LiveSession.PLANNED, gettext_lazy("Planerade")),
    (LiveSession.HELD, gettext_lazy("Genomförda")),
    (LiveSession.SUMMARISED, gettext_lazy("Sammanfattade")),
    (LiveSession.CONFIRMED, gettext_lazy("Bekräftade")),
    (LiveSession.CANCELLED, gettext_lazy("Inställda")),
]


MOST_LISTED = 2000


@audience(STAFF)
def listen(request: HttpRequest) -> HttpResponse:
    """What people say, and where we ask: the room Lyssna."""
    nearest = sessions_for(request.actor.organisation).in_state(
        LiveSession.OPEN, LiveSession.PAUSED, LiveSession.PLANNED
    )[:6]
    latest = sessions_for(request.actor.organisation).in_state(*LiveSession.OVER)[:4]
    context = {
        "title": _("Lyssna"),
        "lead": _("Vad säger människor, och var frågar vi?"),
        "nearest": [presenting.session_row(one) for one in nearest],
        "latest": [presenting.session_row(one) for one in latest],
        "panels": panels_for("listen", request),
        "may_plan": request.actor.has(*LEADERS),
    }
    return render(request, "dialog/sessions/listen.html", context)


@audience(STAFF)
def sessions(request: HttpRequest) -> HttpResponse:
    """All sessions that one may read."""
    state = request.GET.get("lage", "")
    found = sessions_for(request.actor.organisation)
    if state in dict(LiveSession.STATES):
        found = found.in_state(state)
    page = page_of(found, request.GET.get("sida"))
    here = reverse("sessions")
    tabs = [Link(str(label), f"{here}?lage={key}" if key else here, current=key == state) for key, label in TABS]
    context = {
        "title": _("Möten"),
        "page": page,
        "rows": [presenting.session_row(one) for one in page],
        "tabs": tabs,
        "may_plan": request.actor.has(*LEADERS),
    }
    return render(request, "dialog/sessions/list.html", context)


@audience(STAFF)
def sessions_csv(request: HttpRequest) -> HttpResponse:
    """The list of sessions, to take along."""
    listed = sessions_for(request.actor.organisation).select_related("item", "network", "owner")
    data = presenting.sessions_csv(listed[:MOST_LISTED])
    headers = {"Content-Disposition": f'attachment; filename="moten-{today_here().isoformat()}.csv"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def new_session(request: HttpRequest) -> HttpResponse:
    """Plan a session: first choose a programme, then say what, when and for whom."""
    chosen = _programme(request.GET.get("program", ""))
    if request.method == "GET" and chosen is None:
        context = {
            "title": _("Nytt möte"),
            "lead": _("Välj hur ni arbetar. Du kan ändra alla steg sedan."),
            "programmes": programmes(),
        }
        return render(request, "dialog/sessions/programmes.html", context)
    form = SessionForm(
        request.POST or None, organisation=request.actor.organisation, initial={"title": _title_of(chosen)}
    )
    if request.method == "POST" and form.is_valid():
        session = plan_session(
            by=request.actor, programme=chosen, submission_key=UUID(form.submission_key), **form.given
        )
        filled = bool(chosen and chosen.steps)
        messages.success(
            request,
            _("Mötet är planerat. Gå igenom stegen.") if filled else _("Mötet är planerat. Skriv den första frågan."),
        )
        return HttpResponseRedirect(reverse("session", args=[session.pk]))
    back = reverse("new_session")
    lead = f"{chosen.label}. {chosen.explained}" if chosen else ""
    return form_page(request, form, _("Nytt möte"), submit=_("Planera mötet"), cancel=back, lead=lead)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def changing_plan(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change what was planned."""
    found = get_object_or_404(LiveSession.objects.select_related("item"), pk=session_id)
    kept = {name: getattr(found, name) for name in SessionForm.base_fields if name != "public"}
    kept["public"] = found.item.level == Level.PUBLIC
    form = SessionForm(request.POST or None, organisation=request.actor.organisation, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(found, by=request.actor, **form.given)
        except NotPossible as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Mötet är ändrat."))
            return HttpResponseRedirect(reverse("session", args=[found.pk]))
    back = reverse("session", args=[found.pk])
    return form_page(request, form, _("Ändra mötet"), submit=_("Spara"), cancel=back)


@audience(STAFF)
@part_if_changed
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session, with the facilitator's controls."""
    found = get_object_or_404(
        LiveSession.objects.select_related("item__record", "network", "owner").with_counts(), pk=session_id
    )
    open_to_all = found.item.level == Level.PUBLIC and found.state in LiveSession.OVER
    if open_to_all and found.owner_id != request.actor.organisation:
        # Whoever does not hold it reads what everybody reads; the answers themselves are not hers.
        return HttpResponseRedirect(reverse("public_session", args=[found.pk]))
    shown = last_step_of(found) if found.state != LiveSession.PLANNED else None
    context = {
        "title": found.title,
        "lead": found.purpose,
        "session": found,
        "leads": may_lead(request.actor, found),
        "ours": found.owner_id == request.actor.organisation,
        "facts": [
            *record_facts(found.item, getattr(found.item, "record", None)),
            *presenting.session_facts(found),
            *presenting.role_facts(roles_of(found)),
        ],
        "offers": offers_for(request.actor, found.item),
        "steps": presenting.programme(found.steps.with_state().with_answer_count().in_order()),
        "changes_programme": may_lead(request.actor, found) and found.state in CHANGEABLE,
        "events": presenting.session_events(found),
        "shown": shown,
        "clock": clock_of(opening_of(shown)) if shown else None,
        "result": result_of(shown) if shown else None,
        "asks": shown is not None and step_type(shown.kind).question is not None,
        "phones": found.participants.count(),
        "join_url": presenting.join_url(request, found),
        "short_address": presenting.short_address(request),
        "live": live_url(screen_channel(found)) if found.state == LiveSession.OPEN else "",
    }
    part = "#result" if is_part(request) else ""
    return render(request, f"dialog/sessions/session.html{part}", context)


@audience(staff_with(*LEADERS))
@require_POST
def opening(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Open a session, or go on with it: phones come in. Before its day it is asked first."""
    found = get_object_or_404(LiveSession, pk=session_id)
    if found.state == LiveSession.PLANNED and found.held_on > today_here() and "tidigt" not in request.POST:
        context = {"title": _("Öppna mötet redan nu?"), "session": found}
        return render(request, "dialog/sessions/open_early.html", context)
    return change_session(request, session_id, lambda one: open_session(one, by=request.actor), _("Mötet är öppet."))


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def pausing(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Pause a session that goes on another day."""
    found = get_object_or_404(LiveSession, pk=session_id)
    form = PauseForm(request.POST if request.method == "POST" else None, initial={"continues_on": found.last_day})
    if request.method == "POST" and form.is_valid():
        try:
            pause_session(found, by=request.actor, continues_on=form.cleaned_data["continues_on"])
        except NotPossible as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Mötet är pausat. Koden är kvar, så samma telefoner kan fortsätta."))
            return HttpResponseRedirect(reverse("session", args=[found.pk]))
    lead = _("Ingen kan svara förrän du fortsätter mötet. Det som är sagt finns kvar.")
    back = reverse("session", args=[found.pk])
    return form_page(request, form, _("Pausa mötet"), submit=_("Pausa mötet"), cancel=back, lead=lead)


@audience(staff_with(*LEADERS))
@require_POST
def summarising(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What the session gave is gone through."""
    done = _("Mötet är sammanfattat. Bekräfta det när deltagarna har fått säga sitt.")
    return change_session(request, session_id, lambda one: summarise_session(one, by=request.actor), done)


@audience(staff_with(*LEADERS))
@require_POST
def confirming(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Those who took part agree with the summary."""
    done = _("Mötet är bekräftat.")
    return change_session(request, session_id, lambda one: confirm_session(one, by=request.actor), done)


@audience(staff_with(*LEADERS))
@require_POST
def ending(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End a session: it is held and registered."""
    done = _("Mötet är genomfört och diariefört.")
    return change_session(request, session_id, lambda one: end_session(one, by=request.actor), done)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def cancelling(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Cancel a session, with a reason."""
    found = get_object_or_404(LiveSession, pk=session_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Mötet är inställt.")
        return change_session(
            request, session_id, lambda one: cancel_session(one, by=request.actor, reason=reason), done
        )
    back = reverse("session", args=[found.pk])
    lead = _("”%(title)s” hålls inte. De som skulle ha kommit får läsa varför.") % {"title": found.title}
    return form_page(request, form, _("Ställ in mötet"), submit=_("Ställ in mötet"), cancel=back, lead=lead)


def change_session(
    request: HttpRequest, session_id: UUID, verb: Callable[[LiveSession], object], done: str
) -> HttpResponseRedirect:
    """Do a verb to a session, say how it went, and go back to the session's page."""
    found = get_object_or_404(LiveSession, pk=session_id)
    try:
        verb(found)
        messages.success(request, done)
    except NotPossible as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect(_came_from(request, found))


def _came_from(request: HttpRequest, session: LiveSession) -> str:
    """The page that the button stood on: the screen, the step's own page, or the session's."""
    origin = request.POST.get("fran", "")
    if origin == "projektor":
        return reverse("projector", args=[session.pk])
    if origin == "tavla" and request.resolver_match and "step_id" in request.resolver_match.kwargs:
        return reverse("board", args=[request.resolver_match.kwargs["step_id"]])
    if origin == "styrning":
        return reverse("session_remote", args=[session.pk])
    if origin == "steg" and request.resolver_match and "step_id" in request.resolver_match.kwargs:
        return reverse("step", args=[request.resolver_match.kwargs["step_id"]])
    return reverse("session", args=[session.pk])


def _programme(key: str) -> Programme | None:
    """The programme that was chosen; None where none was."""
    if not key:
        return None
    try:
        return programme(key)
    except LookupError:
        raise Http404 from None


def _title_of(chosen: Programme | None) -> str:
    return chosen.label if chosen and chosen.steps else ""


def form_page(request: HttpRequest, form: Any, title: str, **context: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "dialog/sessions/form.html", {"form": form, "title": title, **context}, status=status)

"""The phone in a session: one step, one field, one button. Works without JavaScript."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.forms import PlainForm
from medskick.dialog.questions.contract import QuestionKind, Value
from medskick.dialog.sessions import limits
from medskick.dialog.sessions.access import NotPossible, StepClosed, personal_address
from medskick.dialog.sessions.actions.adding import add_answers
from medskick.dialog.sessions.actions.answering import answer_slots, answer_step, join
from medskick.dialog.sessions.actions.floor import take_back_vote, up_vote
from medskick.dialog.sessions.actions.grouping import NoteChanged, come_late, write_note
from medskick.dialog.sessions.around import continues_on
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.desk import answer_ticket
from medskick.dialog.sessions.forms import CodeForm, JoinForm
from medskick.dialog.sessions.groups import own_group
from medskick.dialog.sessions.live import marker, phones_channel, words_of
from medskick.dialog.sessions.models import LiveSession, Participant, Step
from medskick.dialog.sessions.phone_state import state_ticket
from medskick.dialog.sessions.queries import (
    is_shown,
    last_step_of,
    open_step_of,
    opening_of,
    own_answers,
    participant_of,
    session_of_code,
    session_taken_part_in,
)
from medskick.dialog.sessions.results import Result
from medskick.dialog.sessions.showing import has_answered, is_open_to_all, result_for_phones
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.steps.types.bikupa import BothWroteForm
from medskick.kernel.notifications.live import live_url
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.kernel.people.middleware import DEVICE_COOKIE
from medskick.lib.codes import device_token

COOKIE_SECONDS = 180 * 24 * 60 * 60


@audience(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Type the code from the screen."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        attempt = throttle.guard(request, "join_code")
        if session_of_code(code) is not None:
            return HttpResponseRedirect(reverse("take_part", args=[code]))
        attempt.failed()
        form.add_error("code", _no_session(code))
    return render(request, "dialog/sessions/enter_code.html", {"form": form}, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@never_cache
@require_http_methods(["GET"])
def take_part(request: HttpRequest, code: str) -> HttpResponse:
    """What this phone should do now: answer, wait, or read that the session is over."""
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        return _unknown_code(request, code)
    participant = participant_of(session, request.actor.device)
    if session.state == LiveSession.PAUSED:
        return _page(request, session, participant, "paused", continues_on=continues_on(session))
    if session.state != LiveSession.OPEN:
        return _page(request, session, participant, "over", open_to_all=is_open_to_all(session))
    if participant is None and (session.anonymity != LiveSession.ANONYMOUS or session.asks_municipality):
        return HttpResponseRedirect(reverse("join_session", args=[code]))
    step = open_step_of(session)
    if step is None:
        last = last_step_of(session)
        shown = last is not None and is_shown(last)
        result = result_for_phones(session, last) if last is not None and shown else None
        return _page(
            request, session, participant, "wait", now=words_of(None, last, shown=shown), about=last, result=result
        )
    given = own_answers(step, participant)
    shown_as = step_type(step.kind)
    if shown_as.by_group:
        return _group_page(request, session, participant, step)
    asked = shown_as.question
    form = asked.answer_form(step, given=[one.value for one in given]) if asked else None
    shown = is_shown(step)
    sees = shown and (bool(given) or has_answered(step, participant))
    result = result_for_phones(session, step) if sees else None
    now = words_of(step, step, shown=shown)
    return _page(request, session, participant, "ask", step=step, form=form, given=given, now=now, result=result)


@audience(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def join_session(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the session what it asks for: an alias or a name, a municipality."""
    session = session_of_code(code)
    if session is None:
        return _unknown_code(request, code)
    # Where everything asked for is voluntary the form may come back empty, and is still an answer.
    given = request.POST if request.method == "POST" else None
    form = JoinForm(given, session=session, name=request.actor.name)
    if request.method == "POST" and form.is_valid():
        try:
            _participant, secret = _joined(request, session, **form.cleaned_data)
        except (NotPossible, ValueError) as fault:
            form.add_error(None, str(fault))
        else:
            return _with_cookie(HttpResponseRedirect(reverse("take_part", args=[code])), secret)
    context = {"form": form, "session": session, "title": session.title, "promise": _promise(session)}
    return render(request, "dialog/sessions/join.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@never_cache
@require_POST
def answering(request: HttpRequest, code: str, step_id: UUID) -> HttpResponse:
    """Give this phone's answer, or change it."""
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        return _unknown_code(request, code)
    step = get_object_or_404(Step, id=step_id, session=session)
    asked = _question(step)
    form = asked.answer_form(step, request.POST)
    participant = participant_of(session, request.actor.device)
    if request.actor.device and limits.answers.count(str(request.actor.device)):
        form.add_error(None, _("Det gick lite för fort. Vänta en minut och skicka igen. Det du skrev står kvar."))
        return _page(request, session, participant, "ask", step=step, form=form, status=429)
    if not form.is_valid():
        return _page(request, session, participant, "ask", step=step, form=form, status=422)
    try:
        values = asked.values(step, form)
        if step_type(step.kind).by_group:
            chosen = {name: form.cleaned_data[name] for name in ("seen", "keep") if name in form.cleaned_data}
            write_note(step, by=_as_phone(request), text=values[0], key=UUID(form.submission_key), **chosen)
            return HttpResponseRedirect(reverse("take_part", args=[code]))
        secret = _answered(request, session, step, values, asked.slot(form), UUID(form.submission_key))
    except NoteChanged as fault:
        form = BothWroteForm(initial={"answer": values[0], "seen": fault.seen})
        return _group_page(request, session, participant, step, form=form, fault=str(fault), status=409)
    except (StepClosed, NotPossible) as fault:
        typed = "\n".join(asked.words(step, one) for one in asked.values(step, form))
        return _page(request, session, participant, "closed", typed=typed, fault=str(fault), status=409)
    except ValueError as fault:
        form.add_error(None, str(fault))
        return _page(request, session, participant, "ask", step=step, form=form, status=422)
    return _with_cookie(HttpResponseRedirect(reverse("take_part", args=[code])), secret)


@audience(PUBLIC)
@never_cache
@require_POST
def voting(request: HttpRequest, code: str, step_id: UUID, answer_id: UUID) -> HttpResponse:
    """Vote another's question up, or take the vote back. A phone that has said nothing yet joins by it."""
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        return _unknown_code(request, code)
    step = get_object_or_404(Step, id=step_id, session=session)
    back = HttpResponseRedirect(reverse("take_part", args=[code]))
    if session.anonymity != LiveSession.ANONYMOUS and participant_of(session, request.actor.device) is None:
        return back
    if request.actor.device and limits.answers.count(str(request.actor.device)):
        messages.error(request, _("Det gick lite för fort. Vänta en minut och försök igen."))
        return back
    verb = take_back_vote if request.POST.get("rost") == "nej" else up_vote
    try:
        participant, secret = _joined(request, session)
        verb(step, by=replace(request.actor, device=participant.device, channel="phone"), question=answer_id)
    except NotPossible as fault:
        messages.error(request, str(fault))
        return back
    return _with_cookie(back, secret)


@audience(PUBLIC)
@never_cache
@require_POST
def coming_late(request: HttpRequest, code: str, step_id: UUID) -> HttpResponse:
    """Take a seat in a group that was divided before this phone came."""
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        return _unknown_code(request, code)
    step = get_object_or_404(Step, id=step_id, session=session)
    secret = ""
    try:
        participant, secret = _joined(request, session)
        come_late(step, by=replace(request.actor, device=participant.device, channel="phone"))
    except NotPossible as fault:
        messages.error(request, str(fault))
    response = HttpResponseRedirect(reverse("take_part", args=[code]))
    return _with_cookie(response, secret) if secret else response


def _group_page(
    request: HttpRequest,
    session: LiveSession,
    participant: Participant | None,
    step: Step,
    *,
    form: PlainForm | None = None,
    **more: object,
) -> HttpResponse:
    """The page of a phone in a small group, with the note as it stands."""
    group = own_group(step, participant)
    if group is not None and form is None:
        form = step_type(step.kind).asks.answer_form(step, given=[group.note] if group.note else [])
        form.fields["seen"].initial = group.seen
    given = [group.note] if group and group.note else []
    return _page(request, session, participant, "ask", step=step, form=form, given=given, **more)  # type: ignore[arg-type]


def _as_phone(request: HttpRequest) -> Actor:
    return replace(request.actor, channel="phone")


def _question(step: Step) -> QuestionKind:
    asked = step_type(step.kind).question
    if asked is None:
        raise Http404
    return asked


def _answered(
    request: HttpRequest, session: LiveSession, step: Step, values: list[Value], slot: int | None, key: UUID
) -> str:
    """Join where the phone has not, and answer. Returns the phone's secret."""
    if session.anonymity != LiveSession.ANONYMOUS and participant_of(session, request.actor.device) is None:
        raise PermissionDenied(_("Telefonen är inte med i mötet än. Skriv möteskoden igen."))
    if open_step_of(session) != step:
        raise StepClosed(_("Frågan stängdes medan du skrev, så svaret kom inte med."))
    participant, secret = _joined(request, session)
    actor = replace(request.actor, device=participant.device, channel="phone")
    if slot is not None:
        answer_step(step, by=actor, value=values[0], slot=slot, submission_key=key)
    else:
        store = add_answers if step_type(step.kind).adds else answer_slots
        store(step, by=actor, values=values, submission_key=key)
    return secret


def _joined(request: HttpRequest, session: LiveSession, **given: Any) -> tuple[Participant, str]:
    """The phone's seat, made at the first call, and the secret in its cookie."""
    fresh = request.actor.device is None
    if fresh and limits.new_phones.count(request.META.get("REMOTE_ADDR", "")):
        raise NotPossible(_("Väldigt många telefoner kom in på en gång. Vänta en minut och försök igen."))
    secret = device_token() if fresh else request.COOKIES[DEVICE_COOKIE]
    device, address = reader_token(secret), reader_token(personal_address(secret, session.pk))
    widen_scope([device, address])
    actor = replace(request.actor, device=device, channel="phone")
    return join(session, by=actor, address=address, **given), secret


def _with_cookie(response: HttpResponse, secret: str) -> HttpResponse:
    response.set_cookie(
        DEVICE_COOKIE,
        secret,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _page(
    request: HttpRequest,
    session: LiveSession,
    participant: Participant | None,
    state: str,
    *,
    step: Step | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The phone's page in one of its states: ask, wait, closed, over."""
    sees = (step or context.get("about")) if context.get("result") else None
    secret = request.COOKIES.get(DEVICE_COOKIE, "")
    address = personal_address(secret, session.pk) if participant and secret else ""
    path = reverse("own_trace", args=[address]) if address else ""
    shown_as = step_type(step.kind) if step else None
    if step is not None and shown_as is not None:
        context |= {
            "template": shown_as.phone_template,
            "adds": shown_as.adds,
            "takes_more": shown_as.question is not None and shown_as.question.takes_more,
            "clock": clock_of(opening_of(step)),
            "background": _background(session, step) if state == "ask" else None,
            "ticket": ""
            if shown_as.by_group or shown_as.adds
            else answer_ticket(session, known=request.actor.device is not None),
            **shown_as.phone_context(request, step, participant),
        }
    if "now" not in context:
        context["now"] = marker(session, step)
    context |= {
        "state": state,
        "session": session,
        "step": step,
        "code": session.code,
        "participant": participant,
        "promise": _promise(session) if participant is None else PROMISES[session.anonymity],
        "trace_path": path,
        "trace_url": request.build_absolute_uri(path) if path else "",
        "state_ticket": state_ticket(session, asks=step, sees=sees),
        "live": live_url(phones_channel(session)) if session.state in (LiveSession.OPEN, LiveSession.PAUSED) else "",
    }
    return render(request, "dialog/sessions/phone.html", context, status=status)


def _background(session: LiveSession, step: Step) -> tuple[Step, Result] | None:
    """What people talk about in this step, where an earlier one gave it and it is shown."""
    source = step_type(step.kind).looks_back_at(step)
    if source is None or not is_shown(source):
        return None
    result = result_for_phones(session, source)
    return (source, result) if result else None


def _unknown_code(request: HttpRequest, code: str) -> HttpResponse:
    throttle.guard(request, "join_code").failed()
    form = CodeForm({"code": code})
    if form.is_valid():
        form.add_error("code", _no_session(code))
    return render(request, "dialog/sessions/enter_code.html", {"form": form}, status=404)


def _no_session(code: str) -> str:
    return _("Inget öppet möte har koden %(code)s. Titta på skärmen igen, eller vänta tills mötet öppnar.") % {
        "code": code
    }


def _promise(session: LiveSession) -> str:
    """What a phone is told before its first answer: who sees it, and, where the session is open, that all may read it."""
    promise = str(PROMISES[session.anonymity])
    return f"{promise} {OPEN_TO_ALL}" if is_open_to_all(session) else promise


OPEN_TO_ALL = gettext_lazy("Mötet är öppet: det som visas på skärmen får alla läsa i mötets rapport, utan namn.")
PROMISES = {
    LiveSession.ANONYMOUS: gettext_lazy("Du svarar anonymt. Ingen ser vem du är, inte heller mötesledaren."),
    LiveSession.ALIAS: gettext_lazy(
        "Du svarar med det alias du väljer. Mötesledaren och de som arbetar vidare med svaren ser aliaset bredvid ditt svar."
    ),
    LiveSession.NAMED: gettext_lazy(
        "Du svarar med ditt namn. Mötesledaren och de som arbetar vidare med svaren ser namnet bredvid ditt svar."
    ),
}

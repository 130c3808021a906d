"""The phone in a session: one question, one field, one button. Works without JavaScript."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.forms import PlainForm
from medskick.dialog.questions.registry import question_kind
from medskick.dialog.sessions import limits
from medskick.dialog.sessions.access import NotPossible, QuestionClosed, personal_address
from medskick.dialog.sessions.actions.answering import answer_question, join
from medskick.dialog.sessions.forms import CodeForm, JoinForm
from medskick.dialog.sessions.live import marker, phones_channel
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Question
from medskick.dialog.sessions.queries import (
    open_question_of,
    participant_of,
    session_of_code,
    session_taken_part_in,
)
from medskick.kernel.notifications.live import live_url
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
    if session.state != LiveSession.OPEN:
        return _page(request, session, participant, "over")
    if participant is None and (session.anonymity != LiveSession.ANONYMOUS or session.asks_municipality):
        return HttpResponseRedirect(reverse("join_session", args=[code]))
    question = open_question_of(session)
    if question is None:
        return _page(request, session, participant, "wait")
    given = Answer.objects.filter(question=question, participant=participant).first() if participant else None
    form = question_kind(question.kind).answer_form(question, given=given.text if given else "")
    return _page(request, session, participant, "ask", question=question, form=form, given=given)


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
    context = {"form": form, "session": session, "title": session.title, "promise": PROMISES[session.anonymity]}
    return render(request, "dialog/sessions/join.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@never_cache
@require_POST
def answering(request: HttpRequest, code: str, question_id: UUID) -> HttpResponse:
    """Give this phone's answer, or change it."""
    session = session_of_code(code) or session_taken_part_in(code, request.actor.device)
    if session is None:
        return _unknown_code(request, code)
    question = get_object_or_404(Question, id=question_id, session=session)
    form = question_kind(question.kind).answer_form(question, request.POST)
    participant = participant_of(session, request.actor.device)
    if request.actor.device and limits.answers.count(str(request.actor.device)):
        form.add_error(None, _("Det gick lite för fort. Vänta en minut och skicka igen. Det du skrev står kvar."))
        return _page(request, session, participant, "ask", question=question, form=form, status=429)
    if not form.is_valid():
        return _page(request, session, participant, "ask", question=question, form=form, status=422)
    try:
        secret = _answered(request, session, question, form)
    except (QuestionClosed, NotPossible) as fault:
        typed = form.cleaned_data["answer"]
        return _page(request, session, participant, "closed", typed=typed, fault=str(fault), status=409)
    except ValueError as fault:
        form.add_error("answer", str(fault))
        return _page(request, session, participant, "ask", question=question, form=form, status=422)
    return _with_cookie(HttpResponseRedirect(reverse("take_part", args=[code])), secret)


def _answered(request: HttpRequest, session: LiveSession, question: Question, form: PlainForm) -> str:
    """Join where the phone has not, and answer. Returns the phone's secret."""
    if session.anonymity != LiveSession.ANONYMOUS and participant_of(session, request.actor.device) is None:
        raise PermissionDenied(_("Telefonen är inte med i mötet än. Skriv möteskoden igen."))
    if open_question_of(session) != question:
        raise QuestionClosed(_("Frågan stängdes medan du skrev, så svaret kom inte med."))
    participant, secret = _joined(request, session)
    actor = replace(request.actor, device=participant.device, channel="phone")
    answer_question(question, by=actor, text=form.cleaned_data["answer"], submission_key=UUID(form.submission_key))
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
    question: Question | None = None,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """The phone's page in one of its states: ask, wait, closed, over."""
    secret = request.COOKIES.get(DEVICE_COOKIE, "")
    address = personal_address(secret, session.pk) if participant and secret else ""
    path = reverse("own_trace", args=[address]) if address else ""
    context |= {
        "state": state,
        "now": marker(session, question),
        "session": session,
        "question": question,
        "code": session.code,
        "participant": participant,
        "promise": PROMISES[session.anonymity],
        "trace_path": path,
        "trace_url": request.build_absolute_uri(path) if path else "",
        "live": live_url(phones_channel(session)) if session.state == LiveSession.OPEN else "",
    }
    return render(request, "dialog/sessions/phone.html", context, status=status)


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


PROMISES = {
    LiveSession.ANONYMOUS: gettext_lazy("Du svarar anonymt. Ingen ser vem du är, inte heller mötesledaren."),
    LiveSession.ALIAS: gettext_lazy("Du svarar med det alias du väljer. Mötesledaren ser aliaset bredvid ditt svar."),
    LiveSession.NAMED: gettext_lazy("Du svarar med ditt namn. Mötesledaren ser namnet bredvid ditt svar."),
}

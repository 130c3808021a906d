"""Answers as staff read them: in a list, one by one, as a file, as a picture. Never which phone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.paging import page_of
from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import LEADERS, may_lead
from medskick.dialog.sessions.actions.asking import hide_answer, show_answer
from medskick.dialog.sessions.answer_actions import actions_for
from medskick.dialog.sessions.forms import ReasonForm
from medskick.dialog.sessions.models import Answer, LiveSession, Step
from medskick.dialog.sessions.queries import answers_of, get_answer, participants_of, tellable
from medskick.dialog.sessions.results import result_of
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.trace.queries import steps_after
from medskick.lib.csv_rows import write_rows
from medskick.lib.text import slug


@audience(STAFF)
def session_answers(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The answers of a session."""
    session = get_object_or_404(LiveSession.objects.select_related("item", "owner"), pk=session_id)
    step = request.GET.get("steg", "")
    answers = answers_of(session)
    if step.isdecimal() and step.isascii() and len(step) < 4:
        answers = answers.filter(step__position=int(step))
    page = page_of(answers, request.GET.get("sida"), size=50)
    told = tellable(session, participants_of(session))
    context = {
        "title": _("Svaren i ”%(title)s”") % {"title": session.title},
        "session": session,
        "page": page,
        "rows": presenting.answer_rows(page, told),
        "ours": session.owner_id == request.actor.organisation,
    }
    return render(request, "dialog/sessions/answers.html", context)


@audience(STAFF)
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """One answer: what was said, where, what became of it, and what can be done with it."""
    found = _found(answer_id)
    session = found.step.session
    told = tellable(session, participants_of(session)).get(found.participant_id)
    context = {
        "title": _("Svar"),
        "answer": found,
        "step": found.step,
        "session": session,
        "told": told,
        "steps": presenting.own_thread_of(found, steps_after(found.item) if found.item else []),
        "actions": actions_for(request.actor, found),
        "decisions": found.decisions.order_by("-at", "-id"),
        "leads": may_lead(request.actor, session),
    }
    return render(request, "dialog/sessions/answer.html", context)


@audience(STAFF)
def answer_of_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """From an answer's item, as lists and traces carry it, to the answer's page."""
    found = get_object_or_404(Answer, item=item_id)
    return HttpResponseRedirect(reverse("answer", args=[found.id]))


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def hiding(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Take an answer off the screen, with a reason."""
    found = _found(answer_id)
    form = ReasonForm(request.POST or None)
    back = reverse("answer", args=[found.id])
    if request.method == "POST" and form.is_valid():
        hide_answer(found, by=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Svaret visas inte längre. Det finns kvar bland mötets handlingar."))
        return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": _("Dölj svaret"),
        "lead": _("”%(text)s” tas bort från skärmen och ordmolnet. Den som skrev det får läsa skälet.")
        % {"text": found.text},
        "submit": _("Dölj svaret"),
        "cancel": back,
    }
    return render(request, "dialog/sessions/form.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*LEADERS))
@require_POST
def showing(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Put a hidden answer back on the screen."""
    found = _found(answer_id)
    show_answer(found, by=request.actor)
    messages.success(request, _("Svaret visas igen."))
    return HttpResponseRedirect(reverse("answer", args=[found.id]))


@audience(STAFF)
def answers_file(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """All answers as CSV."""
    ours = LiveSession.objects.filter(owner_id=request.actor.organisation)
    session = get_object_or_404(ours.select_related("item"), pk=session_id)
    told = tellable(session, participants_of(session))
    data = presenting.answers_csv(session, answers_of(session), told)
    return _file(data, "text/csv; charset=utf-8", f"svar-{slug(session.title)}.csv")


@audience(STAFF)
def chart_file(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The picture of a step's result as SVG."""
    step = _step(step_id)
    chart = result_of(step, size="projector").outcome.chart
    if chart is None:
        raise Http404
    svg = presenting.picture_file(chart, invented=step.session.item.invented)
    return _file(svg.encode(), "image/svg+xml", f"bild-{slug(step.text)}.svg")


@audience(STAFF)
def result_file(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """A step's result as CSV."""
    step = _step(step_id)
    table = result_of(step).outcome.table
    data = write_rows([column.label for column in table.columns], table.rows)
    return _file(data, "text/csv; charset=utf-8", f"resultat-{slug(step.text)}.csv")


def _step(step_id: UUID) -> Step:
    return get_object_or_404(Step.objects.select_related("session__item"), id=step_id)


def _found(answer_id: UUID) -> Answer:
    found = get_answer(answer_id)
    if found is None:
        raise Http404
    return found


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

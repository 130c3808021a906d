"""The board where the group places proposals under horizons together, and its snapshot as a file."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medskick.dialog.sessions import snapshots
from medskick.dialog.sessions.access import may_record
from medskick.dialog.sessions.actions.placing import SETTLED, add_entry, move_entry, place_entry
from medskick.dialog.sessions.board_queries import led_to
from medskick.dialog.sessions.entry_actions import actions_for_entry
from medskick.dialog.sessions.forms_placing import EntryForm, PlacingForm
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.steps.horizon_board import Board, Card, board_of, loose_notes
from medskick.dialog.sessions.steps.types.horizons import finding_of
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.offers import OfferLink
from medskick.lib.dates import STOCKHOLM
from medskick.lib.text import slug


@audience(STAFF)
def horizon_board(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The four columns, each proposal with the votes beside it, to be placed by select, by keyboard or by drag."""
    step = _step(step_id)
    writes = may_record(request.actor, step.session) and step.session.state not in SETTLED
    answers = list(Answer.objects.filter(step=step).shown())
    board = board_of(step, answers)
    made = led_to([card.entry.cluster for card in board.cards if card.entry.cluster])
    show = partial(_shown, actor=request.actor, step=step, writes=writes, made=made)
    context = {
        "title": _("Placera tillsammans"),
        "lead": step.text,
        "step": step,
        "session": step.session,
        "board": board,
        "finding": finding_of(board, len(answers)),
        "waiting": show(board.waiting),
        "columns": [(one, show(one.cards)) for one in board.columns],
        "aside": show(board.aside),
        "writes": writes,
        "loose": loose_notes(step),
        "entry_form": EntryForm(),
    }
    return render(request, "dialog/sessions/horizon_board.html", context)


@audience(STAFF)
@require_POST
def placing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Put a proposal under a horizon."""
    step = _step(step_id)
    form = PlacingForm(request.POST)
    if not form.is_valid():
        return _refused(request, step, form)
    given = form.cleaned_data
    return _done(
        request,
        step,
        lambda: place_entry(
            step, by=request.actor, key=given["entry"], years=form.chosen, motivation=given["motivation"]
        ),
        _("Förslaget är placerat."),
        given["entry"],
    )


@audience(STAFF)
@require_POST
def entry_moving(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """One place up or down in its column."""
    step = _step(step_id)
    key, up = request.POST.get("forslag", ""), request.POST.get("riktning", "") == "upp"
    return _done(request, step, lambda: move_entry(step, by=request.actor, key=key, up=up), "", key)


@audience(STAFF)
@require_POST
def adding_entry(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """One more proposal, that came up in the room."""
    step = _step(step_id)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _refused(request, step, form)
    title = form.cleaned_data["title"]
    return _done(request, step, lambda: add_entry(step, by=request.actor, title=title), _("Förslaget är tillagt."))


@audience(STAFF)
def horizons_csv(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The board as it stood at the end of a day, as CSV."""
    step, day = _step(step_id), _day(request)
    data = snapshots.horizons_csv(step, _board_at(step, day), day)
    return _file(HttpResponse(data, content_type="text/csv; charset=utf-8"), step, day, "csv")


@audience(STAFF)
def horizons_file(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The board as it stood at the end of a day, as JSON."""
    step, day = _step(step_id), _day(request)
    return _file(JsonResponse(snapshots.horizons_json(step, _board_at(step, day), day)), step, day, "json")


def _shown(
    cards: list[Card], *, actor: Actor, step: Step, writes: bool, made: dict[UUID, list[OfferLink]]
) -> list[dict[str, object]]:
    return [
        {
            "card": card,
            "form": PlacingForm(card=card) if writes else None,
            "actions": actions_for_entry(actor, step, card.entry),
            "made": made.get(card.entry.cluster, []) if card.entry.cluster else [],
        }
        for card in cards
    ]


def _board_at(step: Step, day: date) -> Board:
    until = datetime.combine(day + timedelta(days=1), time(0), STOCKHOLM)
    answers = Answer.objects.filter(step=step, changed_at__lt=until).shown()
    return board_of(step, list(answers), until=until)


def _day(request: HttpRequest) -> date:
    text = request.GET.get("dag", "")
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise Http404 from None


def _file(response: HttpResponse, step: Step, day: date, ending: str) -> HttpResponse:
    name = f"horisonter-{slug(step.text)}-{day.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _done(request: HttpRequest, step: Step, verb: Callable[[], object], done: str, key: str = "") -> HttpResponse:
    try:
        verb()
        if done:
            messages.success(request, done)
    except PermissionDenied:
        raise
    except ValueError as fault:
        messages.error(request, str(fault))
    anchor = f"#f-{key}" if key and key.replace("-", "").isalnum() else ""
    return HttpResponseRedirect(reverse("horizon_board", args=[step.id]) + anchor)


def _refused(request: HttpRequest, step: Step, form: PlacingForm | EntryForm) -> HttpResponse:
    """What could not be taken comes back with why, on a page of its own."""
    context = {
        "title": _("Placera tillsammans"),
        "form": form,
        "submit": _("Spara"),
        "cancel": reverse("horizon_board", args=[step.id]),
    }
    return render(request, "dialog/sessions/form.html", context, status=422)


def _step(step_id: UUID) -> Step:
    return get_object_or_404(Step.objects.select_related("session__item"), id=step_id, kind="horizons")

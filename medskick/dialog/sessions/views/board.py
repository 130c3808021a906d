"""The board on which a step's notes are sorted into clusters: as a board, and as a plain list with a choice a note."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medskick.design.parts import Link
from medskick.dialog.sessions import presenting
from medskick.dialog.sessions.access import SMALLEST_GROUP, NotPossible, may_lead, may_record
from medskick.dialog.sessions.actions.clustering import (
    dissolve_cluster,
    make_cluster,
    merge_clusters,
    move_notes,
    order_cluster,
    rename_cluster,
)
from medskick.dialog.sessions.board_queries import Board, BoardCluster, led_to, told_board
from medskick.dialog.sessions.entry_actions import actions_for_cluster
from medskick.dialog.sessions.models import Answer, Cluster, LiveSession, Step
from medskick.dialog.sessions.queries import Told, is_revealed, participants_of, tellable
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.steps.similar import suggest_clusters
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.offers import OfferLink
from medskick.lib.text import count_noun

NEW, LOOSE = "ny", "utan"
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note on the board, with who wrote it as far as that was promised to be told."""

    id: UUID
    text: str
    who: str
    cluster: UUID | None
    led_on: bool


@dataclass(frozen=True, slots=True)
class ShownCluster:
    id: UUID
    title: str
    meta: str
    notes: list[ShownNote]
    actions: list[OfferLink]
    made: list[OfferLink]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    title: str
    sentence: str
    notes: list[ShownNote]


@audience(STAFF)
def board(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The notes in their clusters, and the tools to sort them."""
    step = _board_step(step_id)
    session, revealed = step.session, is_revealed(step)
    as_list = request.GET.get("vy") == "lista"
    context = {
        "title": step.text,
        "step": step,
        "session": session,
        "revealed": revealed,
        "as_list": as_list,
        "leads": may_lead(request.actor, session),
        "records": may_record(request.actor, session) and session.state != LiveSession.CONFIRMED,
        "views": [
            Link(_("Tavla"), reverse("board", args=[step.id]), current=not as_list),
            Link(_("Lista"), reverse("board", args=[step.id]) + "?vy=lista", current=as_list),
        ],
    }
    if revealed:
        told, here = tellable(session, participants_of(session)), told_board(step)
        made = led_to([one.cluster.id for one in here.clusters])
        context |= {
            "clusters": [_cluster(request, one, told, made) for one in here.clusters],
            "loose": [_note(one, told) for one in here.loose],
            "hidden": here.hidden,
            "notes": here.notes,
            "every": _every(here, told),
            "suggestions": _suggestions(step, here, told),
            "new": NEW,
            "none": LOOSE,
        }
    return render(request, "dialog/sessions/board.html", context)


@audience(STAFF)
@require_POST
def board_moving(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Move the notes that are ticked to a cluster, to a new one, or to none."""
    step = _board_step(step_id)
    notes = [one for one in map(_id, request.POST.getlist("lapp")) if one is not None]

    def move() -> str:
        to = request.POST.get("till", "")
        if to == NEW:
            # A new group without a name is called what its first note says: there is always something to read.
            first = Answer.objects.filter(step=step, id__in=notes[:1]).values_list("text", flat=True).first() or ""
            title = request.POST.get("namn", "").strip() or first[:200]
            if not notes and not title:
                raise NotPossible(_("Skriv vad gruppen heter, eller markera lappar först."))
            made = make_cluster(step, by=request.actor, title=title, notes=notes)
            return _("Gruppen ”%(title)s” är gjord.") % {"title": made.title}
        if not notes:
            raise NotPossible(_("Markera minst en lapp först."))
        moved = move_notes(step, by=request.actor, notes=notes, to=_target(step, to))
        return _moved(moved)

    return _done(request, step, move)


@audience(STAFF)
@require_POST
def board_listing(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Put each note where the list says: one choice for each note."""
    step = _board_step(step_id)

    def place() -> str:
        moved = 0
        wanted: dict[str, list[UUID]] = {}
        for name, to in request.POST.items():
            note = _id(name.removeprefix("till-")) if name.startswith("till-") else None
            if note is not None:
                wanted.setdefault(to, []).append(note)
        standing = dict(Answer.objects.filter(step=step).values_list("id", "cluster"))
        title = request.POST.get("namn", "").strip()
        for to, notes in wanted.items():
            if to == NEW:
                first = Answer.objects.filter(step=step, id=notes[0]).values_list("text", flat=True).first() or ""
                make_cluster(step, by=request.actor, title=title or first[:200], notes=notes)
                moved += len(notes)
                continue
            target = _target(step, to)
            elsewhere = [one for one in notes if one in standing and standing[one] != (target.id if target else None)]
            moved += move_notes(step, by=request.actor, notes=elsewhere, to=target) if elsewhere else 0
        return _moved(moved)

    return _done(request, step, place)


@audience(STAFF)
@require_POST
def cluster_changing(request: HttpRequest, cluster_id: UUID) -> HttpResponse:
    """Rename a cluster, put it elsewhere, merge it into another, or dissolve it."""
    cluster = get_object_or_404(Cluster.objects.select_related("step__session"), id=cluster_id)

    def change() -> str:
        what = request.POST.get("vad", "")
        if what == "namn":
            rename_cluster(cluster, by=request.actor, title=request.POST.get("namn", ""))
            return _("Gruppen har fått ett nytt namn.")
        if what == "plats":
            place = request.POST.get("plats", "")
            if not (place.isascii() and place.isdecimal() and len(place) < 4):
                raise NotPossible(_("Skriv platsen som ett tal, till exempel 2."))
            order_cluster(cluster, by=request.actor, to=int(place))
            return _("Gruppen är flyttad.")
        if what == "ihop":
            into = _target(cluster.step, request.POST.get("till", ""))
            if into is None:
                raise NotPossible(_("Välj en annan grupp på samma tavla att slå ihop med."))
            merge_clusters(cluster, by=request.actor, into=into)
            return _("Grupperna är ihopslagna.")
        if what == "upplos":
            dissolve_cluster(cluster, by=request.actor)
            return _("Gruppen är upplöst. Lapparna ligger utan grupp.")
        raise NotPossible(_("Välj vad du vill göra med gruppen."))

    return _done(request, cluster.step, change)


def _done(request: HttpRequest, step: Step, verb: Callable[[], str]) -> HttpResponseRedirect:
    """Do it, say how it went, and go back to the view that it came from."""
    try:
        messages.success(request, verb())
    except ValueError as fault:
        messages.error(request, str(fault))
    view = "?vy=lista" if request.POST.get("vy") == "lista" else ""
    return HttpResponseRedirect(reverse("board", args=[step.id]) + view)


def _board_step(step_id: UUID) -> Step:
    step = get_object_or_404(Step.objects.select_related("session__item"), id=step_id)
    if not step_type(step.kind).board:
        raise Http404
    return step


def _target(step: Step, to: str) -> Cluster | None:
    """The cluster that was chosen; None for none. Raise NotPossible where it is gone, or nothing was chosen."""
    if to == LOOSE:
        return None
    chosen = _id(to)
    found = Cluster.objects.filter(step=step, id=chosen).first() if chosen else None
    if found is None:
        raise NotPossible(_("Gruppen finns inte längre. Någon annan kan ha slagit ihop den. Välj en annan."))
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moved(count: int) -> str:
    if not count:
        return _("Lapparna låg där redan.")
    return _("%(notes)s.") % {"notes": count_noun(count, _("lapp flyttad"), _("lappar flyttade"))}


def _note(note: Answer, told: dict[UUID, Told]) -> ShownNote:
    parts = (presenting.told_name(told, note), presenting.told_place(told, note))
    return ShownNote(note.id, note.text, ", ".join(part for part in parts if part), note.cluster_id, bool(note.item_id))


def _cluster(
    request: HttpRequest, one: BoardCluster, told: dict[UUID, Told], made: dict[UUID, list[OfferLink]]
) -> ShownCluster:
    meta = count_noun(len(one.notes), _("lapp"), _("lappar")) if one.notes else _("Inga lappar än")
    if one.voices >= SMALLEST_GROUP:
        # Of fewer the number would tell which notes are by the same hand.
        words = {"notes": meta, "voices": count_noun(one.voices, _("deltagare"), _("deltagare"))}
        meta = _("%(notes)s från %(voices)s") % words
    if one.led_on:
        meta += ", " + _("%(count)s har lett vidare") % {"count": one.led_on}
    return ShownCluster(
        one.cluster.id,
        one.cluster.title,
        meta,
        [_note(note, told) for note in one.notes],
        actions_for_cluster(request.actor, one.cluster.id, one.cluster.step.session.owner_id) if one.notes else [],
        made.get(one.cluster.id, []),
        one.cluster.position - 1,
        one.cluster.position + 1,
    )


def _every(here: Board, told: dict[UUID, Told]) -> list[ShownNote]:
    """All notes for the plain list: the loose ones first, since they are what is left to do."""
    return [_note(one, told) for one in (*here.loose, *(note for cluster in here.clusters for note in cluster.notes))]


def _suggestions(step: Step, here: Board, told: dict[UUID, Told]) -> list[ShownSuggestion]:
    found = suggest_clusters([one.text for one in here.loose], besides=step.text)[:MOST_SUGGESTIONS]
    return [
        ShownSuggestion(
            one.word[:1].upper() + one.word[1:],
            _("%(notes)s nämner ”%(word)s”")
            % {"notes": count_noun(len(one.members), _("lapp"), _("lappar")), "word": one.word},
            [_note(here.loose[place], told) for place in one.members],
        )
        for one in found
    ]

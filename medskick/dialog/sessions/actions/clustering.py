"""The verbs of the board: notes that belong together are put in clusters. A note keeps who wrote it, wherever it lies."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_recorder
from medskick.dialog.sessions.live import tell_list, tell_screen
from medskick.dialog.sessions.models import Answer, Cluster, LiveSession, Placing, Step
from medskick.dialog.sessions.queries import is_revealed
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.lib.text import clean_text

MOST_CLUSTERS = 60


def make_cluster(step: Step, *, by: Actor, title: str, notes: Collection[UUID] = ()) -> Cluster:
    """A new cluster last on the board, with these notes in it."""
    session = _sorting(step, by)
    title = _title(title)
    last = Cluster.objects.filter(step=step).aggregate(last=Max("position"))["last"] or 0
    if Cluster.objects.filter(step=step).count() >= MOST_CLUSTERS:
        raise NotPossible(_("Tavlan kan ha högst %(most)s grupper. Slå ihop några.") % {"most": MOST_CLUSTERS})
    cluster = Cluster(step=step, title=title, position=last + 1)
    cluster.save(force_insert=True)
    log("cluster.made", by=by, item=session.pk, references=[cluster.id])
    if notes:
        move_notes(step, by=by, notes=notes, to=cluster)
    _tell(session)
    return cluster


def rename_cluster(cluster: Cluster, *, by: Actor, title: str) -> Cluster:
    """Give a cluster another title."""
    session = _sorting(cluster.step, by)
    cluster.title = _title(title)
    cluster.save(update_fields=["title"])
    log("cluster.renamed", by=by, item=session.pk, references=[cluster.id])
    _tell(session)
    return cluster


def merge_clusters(cluster: Cluster, *, by: Actor, into: Cluster) -> Cluster:
    """Move all notes of a cluster to another one, and take the empty one away."""
    session = _sorting(cluster.step, by)
    if cluster.id == into.id or cluster.step_id != into.step_id:
        raise NotPossible(_("Välj en annan grupp på samma tavla att slå ihop med."))
    _require_free(cluster)
    gone = cluster.id
    Answer.objects.filter(cluster=cluster).update(cluster=into)
    cluster.delete()
    log("cluster.merged", by=by, item=session.pk, references=[gone, into.id])
    _tell(session)
    return into


def move_notes(step: Step, *, by: Actor, notes: Collection[UUID], to: Cluster | None) -> int:
    """Put notes in a cluster, or in none. Returns how many were moved; hidden ones and those taken back stay."""
    session = _sorting(step, by)
    if to is not None and to.step_id != step.id:
        raise NotPossible(_("Gruppen hör till en annan tavla."))
    found = Answer.objects.filter(step=step, id__in=notes).shown()
    moving = [one.id for one in found if one.cluster_id != (to.id if to else None)]
    if moving:
        Answer.objects.filter(id__in=moving).update(cluster=to)
        log("note.moved", by=by, item=session.pk, references=moving[:50])
        _tell(session)
    return len(moving)


def order_cluster(cluster: Cluster, *, by: Actor, to: int) -> Cluster:
    """Put a cluster at another place on the board, counted from 1."""
    session = _sorting(cluster.step, by)
    others = [one for one in Cluster.objects.filter(step=cluster.step_id) if one.id != cluster.id]
    others.insert(min(max(to, 1), len(others) + 1) - 1, cluster)
    for place, one in enumerate(others, start=1):
        one.position = place
    Cluster.objects.bulk_update(others, ["position"])
    log("cluster.moved", by=by, item=session.pk, references=[cluster.id])
    _tell(session)
    return cluster


def dissolve_cluster(cluster: Cluster, *, by: Actor) -> None:
    """Take a cluster away; its notes lie loose again."""
    session = _sorting(cluster.step, by)
    _require_free(cluster)
    gone = cluster.id
    Answer.objects.filter(cluster=cluster).update(cluster=None)
    cluster.delete()
    log("cluster.dissolved", by=by, item=session.pk, references=[gone])
    _tell(session)


def _tell(session: LiveSession) -> None:
    """The board has changed, and with it what a phone says of where its own notes lie."""
    tell_screen(session)
    tell_list(session)


def _sorting(step: Step, by: Actor) -> LiveSession:
    """The session, locked: two who sort at once come one after the other."""
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    require_recorder(by, session)
    if not step_type(step.kind).board:
        raise NotPossible(_("Svaren i det här steget ordnas inte i grupper."))
    if not is_revealed(step):
        raise NotPossible(_("Visa lapparna först. Innan dess är de bara för den som skrev dem."))
    if session.state == LiveSession.CONFIRMED:
        raise NotPossible(_("Mötet är fastställt, så tavlan ligger fast."))
    return session


def _require_free(cluster: Cluster) -> None:
    if Placing.objects.filter(cluster=cluster).exists():
        raise NotPossible(
            _(
                "”%(title)s” är redan prioriterad och måste finnas kvar. Slå ihop åt andra hållet, eller flytta lapparna."
            )
            % {"title": cluster.title}
        )


def _title(text: str) -> str:
    title = " ".join(clean_text(text, max_length=200).split())
    if not title:
        raise NotPossible(_("Skriv vad gruppen heter."))
    return title

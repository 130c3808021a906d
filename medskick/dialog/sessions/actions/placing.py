"""The verbs of a step that puts proposals under horizons, as the group does it together: place, order, add."""

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_recorder
from medskick.dialog.sessions.live import tell_phones, tell_screen
from medskick.dialog.sessions.models import Cluster, LiveSession, Placing, Step, StepOpening
from medskick.dialog.sessions.steps.horizon_board import (
    HORIZONS,
    MOST_ENTRIES,
    OWN_LINE,
    Entry,
    board_of,
    entries_of,
    standing_placings,
)
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.lib.text import clean_text

LONGEST_MOTIVATION = 500
SETTLED = (LiveSession.CONFIRMED, LiveSession.CANCELLED)


def place_entry(
    step: Step, *, by: Actor, key: str, years: int | None, motivation: str = "", at: datetime | None = None
) -> Placing:
    """Put a proposal last under a horizon, or aside (years=None), with why. What stood before is kept as history."""
    session = _recording(step, by)
    if years is not None and years not in HORIZONS:
        raise NotPossible(_("Välj 1, 3, 5 eller 10 år, eller lägg förslaget åt sidan."))
    said = " ".join(clean_text(motivation, max_length=LONGEST_MOTIVATION).split())
    cluster = _cluster_of(step, _entry(step, key))
    standing = standing_placings(step)
    before = standing.get(cluster.id)
    if before is not None and (before.horizon, before.motivation) == (years, said):
        return before
    last = max((one.order for one in standing.values() if one.horizon == years), default=0)
    order = before.order if before is not None and before.horizon == years else last + 1
    placing = _place(step, cluster, by=by, years=years, order=order, motivation=said, at=at)
    log("entry.placed", by=by, item=session.pk, references=[step.id, cluster.id])
    tell_screen(session)
    return placing


def move_entry(step: Step, *, by: Actor, key: str, up: bool, at: datetime | None = None) -> None:
    """Change places with the one before, or after, under the same horizon."""
    session = _recording(step, by)
    cards = next(
        (one.cards for one in board_of(step, []).columns if any(card.entry.key == key for card in one.cards)), []
    )
    here = next((place for place, card in enumerate(cards) if card.entry.key == key), None)
    if here is None:
        raise NotPossible(_("Placera förslaget under en horisont först."))
    there = here - 1 if up else here + 1
    if not 0 <= there < len(cards):
        return
    cards[here], cards[there] = cards[there], cards[here]
    for order, card in enumerate(cards, start=1):
        if card.placing is not None and card.placing.order != order:
            _place(
                step,
                card.placing.cluster,
                by=by,
                years=card.placing.horizon,
                order=order,
                motivation=card.placing.motivation,
                at=at,
            )
    log("entry.placed", by=by, item=session.pk, references=[step.id])
    tell_screen(session)


def add_entry(step: Step, *, by: Actor, title: str) -> Entry:
    """One more proposal to place, that came up in the room. The same words again are the same proposal."""
    session = _recording(step, by)
    called = " ".join(clean_text(title, max_length=200).split())
    if not called:
        raise NotPossible(_("Skriv förslaget."))
    entries = entries_of(step)
    standing = next((one for one in entries if one.title.casefold() == called.casefold()), None)
    if standing is not None:
        return standing
    if len(entries) >= MOST_ENTRIES:
        raise NotPossible(
            _("Fler än %(most)s förslag går inte att överblicka. Slå ihop några.") % {"most": MOST_ENTRIES}
        )
    last = Cluster.objects.filter(step=step).aggregate(last=Max("position"))["last"] or 0
    position = max(last, len(step.settings.get("lines", ()))) + 1
    cluster = Cluster(step=step, title=called, position=position)
    cluster.save(force_insert=True)
    log("entry.added", by=by, item=session.pk, references=[step.id, cluster.id])
    tell_screen(session)
    if _is_open(step):
        tell_phones(session, step, again=True)
    return Entry(f"{OWN_LINE}{position}", called, cluster.id)


def _is_open(step: Step) -> bool:
    return StepOpening.objects.filter(step=step, closed_at__isnull=True).exists()


def _recording(step: Step, by: Actor) -> LiveSession:
    """The step's session, locked, for one who writes down what the group agrees."""
    require_recorder(by, step.session)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    if session.state in SETTLED:
        raise NotPossible(_("Mötet är bekräftat eller inställt. Det som står gäller."))
    return session


def _entry(step: Step, key: str) -> Entry:
    found = next((one for one in entries_of(step) if one.key == key), None)
    if found is None:
        raise NotPossible(_("Förslaget finns inte längre. Ladda om sidan."))
    return found


def _cluster_of(step: Step, entry: Entry) -> Cluster:
    """The proposal's row; a typed line gets one when it is placed the first time."""
    if entry.cluster is not None:
        return Cluster.objects.get(id=entry.cluster)
    cluster = Cluster(step=step, title=entry.title, position=int(entry.key.removeprefix(OWN_LINE)))
    cluster.save(force_insert=True)
    return cluster


def _place(
    step: Step, cluster: Cluster, *, by: Actor, years: int | None, order: int, motivation: str, at: datetime | None
) -> Placing:
    placing = Placing(
        step=step,
        cluster=cluster,
        horizon=years,
        order=order,
        motivation=motivation,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    )
    placing.save(force_insert=True)
    return placing

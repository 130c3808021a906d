"""The reads that the step types themselves need: what a phone has answered, and what is shown to whom."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from medskick.dialog.sessions.access import SMALLEST_GROUP
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, ResultShowing, Step, Summary
from medskick.kernel.organisations.places import place_of
from medskick.lib.small_groups import suppress_list


def own_answers(step: Step, participant: Participant | None) -> list[Answer]:
    """What a participant has answered in a step, by slot."""
    if participant is None:
        return []
    own = Answer.objects.standing().with_visibility().filter(step=step, participant=participant)
    return list(own.select_related("cluster").order_by("slot"))


def is_shown(step: Step) -> bool:
    """Whether others than the facilitator see the step's result now: her latest word, else the step's own setting."""
    latest = ResultShowing.objects.filter(step=step).order_by("-at", "-id").first()
    return latest.shown if latest else step.shows_results


def is_revealed(step: Step) -> bool:
    """Whether the result has ever been shown: from then on the facilitator reads what was private until then."""
    return step.shows_results or ResultShowing.objects.filter(step=step, shown=True).exists()


def latest_summary(step: Step) -> Summary | None:
    """The newest version of what the group says together."""
    return Summary.objects.filter(step=step).order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Told:
    """What the facilitator may be told of who gave an answer."""

    called: str
    municipality: str


def tellable(session: LiveSession, participants: Sequence[Participant]) -> dict[UUID, Told]:
    """Name, alias and municipality of each participant, as far as she was promised.

    A municipality with fewer than five phones in the session is not told, unless people answer by name: the only one
    from Dals-Ed would be known by it. Nor is another, where what is left over would tell. `participants` are all of the
    session's.
    """
    size = Counter(str(one.municipality_id) for one in participants if one.municipality_id)
    large = {name for name, phones in suppress_list(size, threshold=SMALLEST_GROUP).items() if phones is not None}
    told = {}
    for one in participants:
        shown = one.municipality_id and (one.mode == LiveSession.NAMED or str(one.municipality_id) in large)
        place = place_of(one.municipality_id) if shown else None
        told[one.id] = Told(one.called, place.short_name if place else "")
    return told

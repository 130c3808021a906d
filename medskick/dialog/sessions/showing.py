"""Results as others than the staff see them: on phones, on the open page of a session, in its open report.

A phone and a visitor read no answers but their own. What everybody may see is therefore counted in the scope of the
organisation that holds the session, as the system, and only the outcome is handed on: never who, and nothing at all of
a step whose result the facilitator does not show.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import get_language

from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.queries import is_shown
from medskick.dialog.sessions.results import Result, result_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import current_scope, set_scope
from medskick.kernel.records.models import Item
from medskick.lib.personal_number import holds_personal_number

KEPT_SECONDS, MOST_KEPT = 2.0, 200
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_TELEPHONE = re.compile(r"(?<![\d-])(?:\+46|0046|0)[\s-]?[1-9](?:[\s-]?\d){6,9}(?!\d)")


@contextmanager
def as_holder(session: LiveSession) -> Iterator[None]:
    """Read, inside the open transaction, what the organisation that holds the session reads."""
    before = current_scope()
    set_scope(system(session.owner_id).scope())
    try:
        yield
    finally:
        set_scope(before)


def is_open_to_all(session: LiveSession) -> bool:
    """Whether anybody may read of the session. A phone that took part reads the session, but not always its item."""
    return Item.objects.public().filter(id=session.pk).exists()


def has_result(step: Step) -> bool:
    """Whether the step asks for something, so that there is a result to show."""
    return step_type(step.kind).question is not None


def has_answered(step: Step, participant: Participant | None) -> bool:
    """Whether the phone's group has answered; what it answered by itself the phone knows."""
    if participant is None:
        return False
    return Answer.objects.standing().filter(step=step, group__seats__participant=participant).exists()


def result_for_phones(session: LiveSession, step: Step) -> Result | None:
    """The result as phones see it, and None where there is nothing in it. Ask is_shown() first."""
    if not has_result(step):
        return None
    with as_holder(session):
        result = _kept_result(step)
    return result if result.answered else None


def count_of_participants(session: LiveSession) -> int:
    """How many phones and sheets of paper took part in a session that everybody may read of."""
    with as_holder(session):
        return Participant.objects.filter(session=session).count()


def open_results_of(session: LiveSession) -> list[tuple[Step, "OpenResult"]]:
    """What everybody may read afterwards of each step's result, in order."""
    with as_holder(session):
        found = [(step, open_result_of(step)) for step in session.steps.in_order()]
    return [(step, opened) for step, opened in found if opened is not None and opened.result.answered]


@dataclass(frozen=True, slots=True)
class OpenResult:
    """A step's result for everybody. withheld: how many answers are left out since they seem to tell of a person."""

    result: Result
    answers: Sequence[Answer]
    withheld: int


def open_result_of(step: Step) -> OpenResult | None:
    """The result as everybody may read it afterwards, None where it is not shown. To be called as the holder."""
    if not has_result(step) or not is_shown(step):
        return None
    answers = list(Answer.objects.filter(step=step).shown().select_related("cluster", "group", "about").in_order())
    kept = [one for one in answers if not tells_of_person(one.text)]
    phones = Participant.objects.filter(session=step.session_id).count()
    outcome = step_type(step.kind).outcome(step, kept, size="page")
    answered = len({one.participant_id for one in kept})
    return OpenResult(Result(outcome, answered, phones), kept, len(answers) - len(kept))


def tells_of_person(text: str) -> bool:
    """Whether the words hold a personal number, an e-mail address or a telephone number. It cannot see names."""
    return bool(_EMAIL.search(text) or _TELEPHONE.search(text)) or holds_personal_number(text)


_kept: OrderedDict[tuple[object, ...], tuple[float, Result]] = OrderedDict()
_lock = Lock()


def _kept_result(step: Step) -> Result:
    """A hall of phones that asks at once, when a result is shown, has it counted once.

    Kept for two seconds in the process, and no longer than the answers and the decisions on them stand.
    """
    key = (step.id, get_language(), *_state_of(step.id))
    with _lock:
        made, result = _kept.get(key, (0.0, None))
    if result is not None and time.monotonic() - made < KEPT_SECONDS:
        return result
    result = result_of(step, size="phone")
    with _lock:
        _kept[key] = (time.monotonic(), result)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return result


def _state_of(step: UUID) -> tuple[object, ...]:
    """What changes whenever an answer comes, is changed, hidden, moved to another cluster or taken back."""
    found = Answer.objects.filter(step=step).aggregate(
        number=Count("id", distinct=True),
        changed=Max("changed_at"),
        withdrawn=Max("withdrawn_at"),
        taken_back=Count("id", filter=Q(withdrawn_at__isnull=False), distinct=True),
        cluster_number=Count("cluster", distinct=True),
        in_cluster=Count("id", filter=Q(cluster__isnull=False), distinct=True),
        decided_times=Count("decisions", distinct=True),
        decided_last=Max("decisions__at"),
    )
    return tuple(found.values())

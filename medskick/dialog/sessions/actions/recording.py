"""Storing answers: one phone's, or those of a whole hall at once, by the same rules.

An answer is an upsert on (step, participant, slot). However many come at once, they cost a handful of statements and one
commit, and each is acknowledged only after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import NotPossible, StepClosed, nameless, writing_at
from medskick.dialog.sessions.live import tell_answers
from medskick.dialog.sessions.models import Answer, Participant, Step, StepOpening
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.actions import change_item
from medskick.kernel.records.models import Item


@dataclass(frozen=True, slots=True)
class Said:
    """What one participant says in one sending.

    values: by slot. key: the submission key; the same key again changes nothing, and neither does one that the phone made
    before the one that stands (`is_older`). about: the answer that it carries on.
    all_slots: what stands in other slots is taken back.
    """

    participant: Participant
    values: Mapping[int, Value]
    key: UUID | None = None
    about: Answer | None = None
    all_slots: bool = False


@dataclass(slots=True)
class Recorded:
    """What became of a sending: its answers as they stand now, or why it was refused, in plain Swedish."""

    answers: list[Answer] = field(default_factory=list)
    fault: ValueError | None = None


@dataclass(slots=True)
class _Batch:
    step: Step
    standing: dict[tuple[UUID, int], Answer]
    moment: datetime
    fresh: dict[tuple[UUID, int], Answer] = field(default_factory=dict)
    withdrawn: list[Answer] = field(default_factory=list)


def require_open(step: Step, *, otherwise: str = "") -> None:
    """Raise StepClosed where the step takes no answers now. otherwise: what is said then, where it was no answer."""
    if not StepOpening.objects.filter(step=step, closed_at__isnull=True).exists():
        raise StepClosed(otherwise or _("Frågan stängdes medan du skrev, så svaret kom inte med."))


def record(step: Step, said: Said, *, by: Actor, at: datetime | None = None) -> list[Answer]:
    """Store one sending and give its answers as they stand. Raise ValueError in plain Swedish where it is refused."""
    (recorded,) = record_answers(step, [said], by=by, at=at)
    if recorded.fault is not None:
        raise recorded.fault
    # Read anew: where the same phone answered in two tabs at once, the row is the other one's.
    slots = list(said.values)
    return list(Answer.objects.filter(step=step, participant=said.participant, slot__in=slots).order_by("slot"))


def record_answers(step: Step, said: Sequence[Said], *, by: Actor, at: datetime | None = None) -> list[Recorded]:
    """Store many sendings to one open step in one transaction, in order; a faulty one does not spoil the others.

    The caller has seen that the step is open (`require_open`) and holds the participants' reader tokens.
    """
    if not said:
        return []
    owner = said[0].participant.owner_id
    with writing_at(by, owner) as actor:
        rows = Answer.objects.filter(step=step, participant__in={one.participant.id for one in said})
        batch = _Batch(step, {(one.participant_id, one.slot): one for one in rows}, at or timezone.now())
        recorded = [_prepare(batch, one) for one in said]
        _store(batch.fresh.values())
        _retell(batch, by=actor)
        _take_back(batch)
        _log(batch, by=nameless(actor))
        if batch.fresh or batch.withdrawn:
            tell_answers(step)
    return recorded


def is_older(key: UUID | None, standing: UUID | None) -> bool:
    """Whether the phone made this key before the one that stands.

    A phone makes its keys as UUIDv7, by its own clock and each later than the one before (phone.js), so that two of one
    phone's can be compared. A form without JavaScript carries a random one, of which nothing is known.
    """
    return key is not None and standing is not None and key.version == standing.version == 7 and key < standing


def _prepare(batch: _Batch, said: Said) -> Recorded:
    """The sending's rows as they will be stored, or its fault."""
    place = said.participant.id
    mine = {slot: one for (participant, slot), one in batch.standing.items() if participant == place}
    if (
        said.key is not None
        and mine
        and all(slot in mine and mine[slot].submission_key == said.key for slot in said.values)
    ):
        return Recorded([mine[slot] for slot in said.values])
    replaced = mine.values() if said.all_slots else [mine[slot] for slot in said.values if slot in mine]
    if any(is_older(said.key, one.submission_key) for one in replaced):
        # It was on its way for long, and its sender has said something else since.
        return Recorded([mine[slot] for slot in said.values if slot in mine])
    try:
        cleaned = _cleaned(batch.step, said)
        taken_back = _no_longer_said(mine, said)
    except ValueError as fault:
        return Recorded(fault=fault)
    answers = []
    for slot, (value, text) in cleaned.items():
        answer = _row(batch, said, slot, value, text)
        batch.fresh[(place, slot)] = batch.standing[(place, slot)] = answer
        answers.append(answer)
    batch.withdrawn += taken_back
    return Recorded(answers)


def _cleaned(step: Step, said: Said) -> dict[int, tuple[Value, str]]:
    asked = step_type(step.kind).asks
    if any(slot not in range(asked.slots(step)) for slot in said.values):
        raise NotPossible(_("Du har lämnat så många svar som frågan tar emot. Ändra eller ta bort ett av dem."))
    cleaned = {slot: asked.clean(step, value) for slot, value in said.values.items()}
    return {slot: (value, asked.words(step, value)[:2000]) for slot, value in cleaned.items()}


def _no_longer_said(mine: Mapping[int, Answer], said: Said) -> list[Answer]:
    if not said.all_slots:
        return []
    dropped = [one for slot, one in mine.items() if slot not in said.values and one.withdrawn_at is None]
    if any(one.item_id is not None for one in dropped):
        raise NotPossible(_("Svaret har redan tagits upp och kan inte tas bort. Du kan ändra det."))
    return dropped


def _row(batch: _Batch, said: Said, slot: int, value: Value, text: str) -> Answer:
    standing = batch.standing.get((said.participant.id, slot))
    row = Answer(
        owner_id=said.participant.owner_id,
        readers=said.participant.readers,
        step=batch.step,
        participant=said.participant,
        slot=slot,
        value=value,
        text=text,
        about_id=said.about.id if said.about else step_type(batch.step.kind).carries_on(batch.step, value),
        submission_key=said.key,
        given_at=batch.moment,
        changed_at=batch.moment,
    )
    if standing is not None:
        row.id, row.given_at, row.item_id = standing.id, standing.given_at, standing.item_id
        row.cluster_id, row.group_id = standing.cluster_id, standing.group_id
    return row


def _store(rows: Iterable[Answer]) -> None:
    """One row for each participant, step and slot, also when two requests come at once: the database decides."""
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["step", "participant", "slot"],
        update_fields=["value", "text", "about", "submission_key", "changed_at", "withdrawn_at"],
    )


def _retell(batch: _Batch, *, by: Actor) -> None:
    """What an answer has become carries its new words."""
    for row in batch.fresh.values():
        if row.item_id is not None:
            change_item(Item.objects.get(id=row.item_id), by=nameless(by), verb="answer.retold", title=row.text)


def _take_back(batch: _Batch) -> None:
    for row in batch.withdrawn:
        row.withdrawn_at = batch.moment
    if batch.withdrawn:
        Answer.objects.bulk_update(batch.withdrawn, ["withdrawn_at"])


def _log(batch: _Batch, *, by: Actor) -> None:
    """One entry for each verb, however many phones: by reference, and never which phone."""
    given = [one.id for one in batch.fresh.values() if one.given_at == batch.moment]
    changed = [one.id for one in batch.fresh.values() if one.given_at != batch.moment]
    taken = [one.id for one in batch.withdrawn]
    for verb, references in (("answer.given", given), ("answer.changed", changed), ("answer.withdrawn", taken)):
        if references:
            log(verb, by=by, item=batch.step.session_id, references=references)

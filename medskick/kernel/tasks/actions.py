"""The verbs of tasks. Answer debt and Min dag are lists of these rows (kernel.md J)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.models import Item
from medskick.kernel.tasks.models import Task


def create_task(
    item: Item,
    *,
    by: Actor,
    what: str,
    verb: str,
    url: str,
    due: date,
    unit: UUID | None = None,
    person: UUID | None = None,
    relation: str = Task.TO_DO,
    since: date | None = None,
) -> Task:
    """Give a unit or a person of the acting organisation something to do with an item by a day.

    what: one sentence without personal data. verb: the button's word.
    """
    if unit is None and person is None:
        raise ValueError("En uppgift behöver en enhet eller en person.")
    task = Task(
        owner_id=current_scope().acting,
        item=item,
        relation=relation,
        unit_id=unit,
        person_id=person,
        what=what[:200],
        verb=verb,
        url=url,
        due=due,
        since=since or timezone.localdate(),
    )
    task.save(force_insert=True)
    return task


def owe_answer(item: Item, *, by: Actor, unit: Unit, what: str, url: str, since: date | None = None) -> Task:
    """Start the clock of a voice: the unit owes it an answer within its own number of days."""
    began = since or timezone.localdate()
    return create_task(
        item,
        by=by,
        what=what,
        verb="svara",
        url=url,
        due=began + timedelta(days=unit.answer_days),
        unit=unit.id,
        relation=Task.OWED_ANSWER,
        since=began,
    )


def settle(item: Item, *, by: Actor, relation: str, at: datetime | None = None, url: str = "") -> int:
    """Mark the item's open tasks of a relation as done, now or at a moment that is past.

    url: only those that lead to this page, where an item has several things to do. Returns how many there were.
    """
    open_ones = Task.objects.open().filter(item=item, relation=relation)
    open_ones = open_ones.filter(url=url) if url else open_ones
    done = open_ones.update(done_at=at or timezone.now(), done_by=by.person)
    if done:
        log("task.done", by=by, item=item.id, fields=[relation])
    return done


def hand_over(item: Item, *, by: Actor, relation: str, unit: UUID) -> int:
    """Move the item's open tasks of a relation to another unit; the day stays, for the one who waits, waits on.

    Returns how many there were.
    """
    moved = Task.objects.open().filter(item=item, relation=relation).update(unit_id=unit, person_id=None)
    if moved:
        log("task.handed_over", by=by, item=item.id, fields=[relation], references=[unit])
    return moved

"""What officers do with a case. What its sender does stands in sender_actions.py."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import tell_followers
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import widen_scope
from medskick.kernel.records.actions import change_item
from medskick.kernel.records.models import Level
from medskick.kernel.tasks.actions import hand_over, settle
from medskick.kernel.tasks.models import Task
from medskick.services.cases import access
from medskick.services.cases.models import CHANGED, WAITING, Case, CaseAnswer, CaseNote, CaseStep, Outcome, State
from medskick.services.cases.moves import (
    LONGEST_ANSWER,
    LONGEST_REASON,
    TransitionRefused,
    for_officer,
    move,
    needed,
    note_step,
    sender_url,
)
from medskick.services.cases.tally import count


def take_case(item_id: UUID, *, by: Actor, at: datetime | None = None) -> Case:
    """Begin to handle a case: the sender sees that somebody has it."""
    case = for_officer(item_id, by)
    case.officer, case.officer_name = by.person, by.name
    fields = ["officer", "officer_name"]
    return move(case, by=by, verb=CaseStep.TAKEN, state=State.IN_PROGRESS, fields=fields, at=at).case


def answer_case(
    item_id: UUID, *, by: Actor, text: str, outcome: str, reason: str, at: datetime | None = None
) -> CaseAnswer:
    """Answer the sender: what we say, what it comes to, and why. Settles the debt and tells the followers.

    Raise TransitionRefused where the case is answered already, ValueError for an unknown outcome or an empty text.
    """
    case = for_officer(item_id, by)
    moment, chosen = at or timezone.now(), Outcome(outcome)
    said, why = needed(text, LONGEST_ANSWER), needed(reason, LONGEST_REASON)
    in_time = timezone.localtime(moment).date() <= case.due
    case.officer, case.officer_name, case.answered_at = by.person, by.name, moment
    fields = ["officer", "officer_name", "answered_at"]
    step = move(case, by=by, verb=CaseStep.ANSWERED, state=State.ANSWERED, fields=fields, at=moment)
    answer = CaseAnswer(case=case, step=step, text=said, outcome=chosen, reason=why, in_time=in_time)
    answer.save(force_insert=True)
    settle(case.item, by=by, relation=Task.OWED_ANSWER, at=moment)
    if not case.reopened_once and case.item.level != Level.SEALED:
        changed = int(chosen in CHANGED)
        count(case.owner_id, case.submitted_at, answered=1, in_time=int(in_time), changed=changed)
    summary = _("Besvarat: %(outcome)s.") % {"outcome": chosen.label}
    change_item(case.item, by=by, verb="case.summarised", summary=summary)
    tell_followers(case.item, by=by, what=_("Du har fått svar på ditt ärende."), url=sender_url(case), at=moment)
    return answer


def reassign_case(item_id: UUID, *, by: Actor, unit: Unit, reason: str, at: datetime | None = None) -> Case:
    """Pass a case on to another unit of the same organisation, with a reason that the sender may read.

    Its own unit can no longer read it afterwards, and the day when the answer is due stays.
    """
    case = for_officer(item_id, by)
    if unit.organisation_id != case.owner_id or unit.id == case.unit_id:
        raise ValueError(_("Välj en annan enhet i samma organisation."))
    if case.state not in WAITING:
        raise TransitionRefused(_("Ärendet är redan besvarat och kan inte lämnas över."))
    why = needed(reason, LONGEST_REASON)
    # The new readers must be within reach while the row is changed, or row security refuses the change.
    widen_scope([unit.id])
    # Whoever else reads it (a proxy) goes on doing so.
    readers = [*(set(case.item.readers) - {case.unit_id}), unit.id]
    change_item(case.item, by=by, verb="case.reassigned", readers=readers, unit=unit.id)
    case.unit, case.officer, case.officer_name = unit, None, ""
    case.save(update_fields=["unit", "officer", "officer_name"])
    note_step(case, by=by, verb=CaseStep.REASSIGNED, reason=why, at=at)
    hand_over(case.item, by=by, relation=Task.OWED_ANSWER, unit=unit.id)
    told = _("Ditt ärende har lämnats över till %(unit)s.") % {"unit": unit.name}
    tell_followers(case.item, by=by, what=told, url=sender_url(case), at=at)
    return case


def note_on_case(item_id: UUID, *, by: Actor, text: str) -> CaseNote:
    """Write a note between officers. The sender does not see it on her page."""
    case = for_officer(item_id, by)
    tidy = needed(text, LONGEST_ANSWER)
    note = CaseNote(case=case, owner_id=case.owner_id, text=tidy, by_person=by.person, by_name=by.name)
    note.save(force_insert=True)
    log("case.noted", by=by, item=case.item_id)
    return note


def close_case(item_id: UUID, *, by: Actor, reason: str) -> Case:
    """Close an answered case. Refused while the sender still has time to say that she is not satisfied."""
    case = for_officer(item_id, by)
    why = needed(reason, LONGEST_REASON)
    if case.may_become(State.CLOSED) and not access.may_close(case):
        days = _("Avsändaren har %(days)s dagar på sig att säga om svaret duger. Avsluta ärendet efter det.")
        raise TransitionRefused(days % {"days": access.DAYS_TO_OBJECT})
    return move(case, by=by, verb=CaseStep.CLOSED, state=State.CLOSED, reason=why).case

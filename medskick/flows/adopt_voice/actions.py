"""A voice becomes a need: an answer in a meeting or a case is taken up in the plan, with the trace unbroken."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied

from medskick.dialog import api as dialog
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import FACILITATOR, PROCESS_LEADER
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Item
from medskick.plan import api as plan

MAY_ADOPT = (PROCESS_LEADER, FACILITATOR)
CASE_KIND = "services.case"


def may_adopt(actor: Actor, item: Item) -> bool:
    """Whoever leads the work may take up a voice that her own organisation holds."""
    return actor.has(*MAY_ADOPT) and item.owner_id == actor.organisation


def adopt_voice(
    *,
    by: Actor,
    voice: Item,
    text: str,
    area: str = "",
    reason: str = "",
    said_on: date | None = None,
    submission_key: UUID | None = None,
) -> plan.Need:
    """Write down a need that a voice gave rise to. The one who spoke is told, by the link.

    text: the need in words that stand alone, since the voice itself may be for few to read.
    area: the goal area that a person chose, or empty.
    """
    if not (by.kind == "system" or may_adopt(by, voice)):
        raise PermissionDenied("Du kan inte ta upp den här rösten i planen.")
    if not kind_of(voice.kind).voice:
        raise ValueError("Det här är ingen röst.")
    channel = plan.Need.CASE if voice.kind == CASE_KIND else plan.Need.WORKSHOP
    need = plan.record_need(
        by=by,
        text=text,
        channel=channel,
        sources=[voice],
        reason=reason,
        said_on=said_on,
        # Whoever may read the voice, first of all the one who spoke, may read what it became.
        readers=voice.readers,
        submission_key=submission_key,
    )
    if area:
        plan.choose_goal_area(by=by, need=need, area=area)
    return need


def adopt_answer(
    *,
    by: Actor,
    answer: dialog.Answer,
    text: str,
    area: str = "",
    reason: str = "",
    said_on: date | None = None,
    submission_key: UUID | None = None,
) -> plan.Need:
    """Lift an answer out of its meeting, and write down the need that it gave rise to."""
    voice = dialog.lift_answer(by=by, answer=answer)
    return adopt_voice(
        by=by, voice=voice, text=text, area=area, reason=reason, said_on=said_on, submission_key=submission_key
    )

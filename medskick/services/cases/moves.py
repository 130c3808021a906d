"""What every verb of a case does in the same way: fetch and authorise, move by the table, note the step."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.tasks.actions import owe_answer
from medskick.lib.text import clean_text
from medskick.services.cases import access, queries
from medskick.services.cases.models import Case, CaseStep

KIND = "services.case"
LONGEST_ANSWER, LONGEST_REASON = 10_000, 1_000


def coverage_key(service: str) -> str:
    """What a mandate for this e-service is called where mandates are kept."""
    return f"{KIND}.{service}"


class TransitionRefused(ValueError):
    """The case cannot go there from where it is now; somebody else was first. The message says it in Swedish."""


def for_officer(item_id: UUID, by: Actor) -> Case:
    """The case, locked until commit. Raise Case.DoesNotExist where she may not read, PermissionDenied where not act."""
    case = queries.case_by_item(item_id, for_update=True)
    if not access.handles(by, case):
        raise PermissionDenied(_("Ärendet hör till en annan enhet."))
    return case


def move(
    case: Case,
    *,
    by: Actor,
    verb: str,
    state: str,
    reason: str = "",
    fields: Iterable[str] = (),
    at: datetime | None = None,
) -> CaseStep:
    """Change the state by the table, note it as a step and log it. Raise TransitionRefused where the table says no."""
    if not case.may_become(state):
        raise TransitionRefused(_("Ärendet är redan %(state)s. Ladda om sidan.") % {"state": case.get_state_display()})
    case.state = state
    case.save(update_fields=["state", *fields])
    log(f"case.{verb}", by=by, item=case.item_id, fields=["state", *fields])
    return note_step(case, by=by, verb=verb, reason=reason, at=at)


def note_step(case: Case, *, by: Actor, verb: str, reason: str = "", at: datetime | None = None) -> CaseStep:
    step = CaseStep(
        case=case,
        verb=verb,
        state=case.state,
        unit_id=case.unit_id,
        reason=reason,
        by_person=by.person,
        by_name=by.name if by.staff or by.kind == "system" else "",
        at=at or timezone.now(),
    )
    step.save(force_insert=True)
    return step


def owe(case: Case, *, by: Actor, at: datetime) -> None:
    """Start the unit's clock, and let the case know the day."""
    owe_answer(
        case.item,
        by=by,
        unit=case.unit,
        what=case.item.title,
        url=reverse("case", args=[case.item_id]),
        since=timezone.localtime(at).date(),
    )


def due_from(at: datetime, answer_days: int) -> date:
    return timezone.localtime(at).date() + timedelta(days=answer_days)


def needed(text: str, longest: int) -> str:
    """The text, tidied. Raise ValueError, in Swedish, where it is empty, too long or unreadable."""
    tidy = clean_text(text, max_length=longest).strip()
    if not tidy:
        raise ValueError(_("Skriv något i rutan."))
    return tidy


def sender_url(case: Case) -> str:
    """Where a signed-in sender reads it; somebody with a private address has only that."""
    return reverse("my_case", args=[case.item_id]) if case.signed_in else ""

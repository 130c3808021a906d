"""The verbs of looking into the log: a look has a reason and is itself logged."""

from uuid import UUID

from django.utils import timezone

from medskick.kernel.log.actions import log, verify_log
from medskick.kernel.operation.access import require_auditor
from medskick.kernel.operation.models import LogCheck, LogLook
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope


def look_in_log(*, by: Actor, reason: str, person: UUID | None = None, item: UUID | None = None) -> LogLook:
    """Begin to follow one person or one item in the acting organisation's log, for a reason."""
    owner = current_scope().acting
    if owner is None or by.person is None or (person is None) == (item is None):
        raise ValueError("A look into the log is somebody's, about one person or one item")
    require_auditor(by, owner)
    look = LogLook(owner_id=owner, by_person=by.person, about_person=person, about_item=item, reason=reason)
    look.save(force_insert=True)
    log("log.looked", by=by, item=item, references=[look.id, *([person] if person else [])])
    return look


def note_download(look: LogLook, *, by: Actor) -> None:
    """Write that the rows of a look were taken out as a file."""
    require_auditor(by, look.owner_id)
    log("log.downloaded", by=by, item=look.about_item, references=[look.id, *filter(None, [look.about_person])])


def ask_for_check(*, by: Actor) -> LogCheck:
    """Ask for all seals of the acting organisation's log to be computed again; a job does it."""
    owner = current_scope().acting
    if owner is None:
        raise ValueError("A log is an organisation's")
    require_auditor(by, owner)
    check = LogCheck(owner_id=owner, by_person=by.person)
    check.save(force_insert=True)
    log("log.checked", by=by, references=[check.id])
    return check


def run_check(check: LogCheck, *, by: Actor) -> LogCheck:
    """Compute the seals again and note what was found."""
    require_auditor(by, check.owner_id)
    found = verify_log()
    check.seals, check.rows, check.unsealed, check.last = found.seals, found.rows, found.unsealed, found.last
    check.faults = [{"number": one.number, "reason": one.reason} for one in found.faults]
    check.finished_at = timezone.now()
    check.save(update_fields=["seals", "rows", "unsealed", "last", "faults", "finished_at"])
    return check

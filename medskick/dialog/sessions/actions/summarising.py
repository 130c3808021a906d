"""The verb of the joint summary: each saving is a version, and none is written over."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, require_leader
from medskick.dialog.sessions.live import tell_phones
from medskick.dialog.sessions.models import LiveSession, Step, Summary
from medskick.dialog.sessions.queries import latest_summary, open_step_of
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.lib.text import clean_text

LONGEST = 10_000


class SummaryChanged(NotPossible):
    """Another recorder has saved a version meanwhile; it is the newest, and hers stands beside it."""

    def __init__(self, standing: Summary) -> None:
        super().__init__(
            _(
                "%(name)s sparade version %(number)s medan du skrev. Båda texterna står här: sätt ihop dem och spara igen."
            )
            % {"name": standing.by_name, "number": standing.number}
        )
        self.standing = standing


def write_summary(step: Step, *, by: Actor, text: str, seen: int = 0, at: datetime | None = None) -> Summary:
    """Save a version of what the group says together.

    seen: the number of the version that the writer had before her, 0 for none. The same text again is the same version.
    Raise SummaryChanged where somebody else has saved since, NotPossible where there is no text or the session is over.
    """
    require_leader(by, step.session.owner_id)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    text = clean_text(text, max_length=LONGEST).strip()
    if not text:
        raise NotPossible(_("Skriv vad gruppen kom fram till."))
    if session.state in (LiveSession.CONFIRMED, LiveSession.CANCELLED):
        raise NotPossible(_("Mötet är bekräftat. Sammanfattningen kan inte ändras längre."))
    latest = latest_summary(step)
    if latest is not None and latest.text == text:
        return latest
    if latest is not None and latest.number != seen:
        raise SummaryChanged(latest)
    summary = Summary(
        step=step,
        number=latest.number + 1 if latest else 1,
        text=text,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    )
    summary.save(force_insert=True)
    log("summary.written", by=by, item=session.pk, references=[step.id])
    tell_phones(session, open_step_of(session), again=True)
    return summary

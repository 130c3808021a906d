"""Who sits with whom in a step, as far as each may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medskick.dialog.sessions.models import Answer, Group, GroupSeat, LiveSession, Participant, Step
from medskick.dialog.sessions.step_queries import tellable
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope
from medskick.lib.text import join_and

# What holds when two of a group saved at the same time.
KEEP_BOTH, KEEP_MINE, KEEP_THEIRS = "both", "mine", "theirs"


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A phone's group: its number, the company by name where people answer by name or alias, and the note."""

    id: UUID
    number: int
    size: int
    company: Sequence[str]
    note: str
    seen: str

    @property
    def with_whom(self) -> str:
        return join_and(self.company, word=_("och"))


def groups_of(step: Step) -> list[Group]:
    """The groups of a step in order, each with `members` (how many) and `note` (empty where there is none)."""
    groups = list(Group.objects.filter(step=step).order_by("number").prefetch_related("seats"))
    notes = {one.group_id: one.text for one in Answer.objects.standing().filter(step=step, group__isnull=False)}
    for one in groups:
        one.members, one.note = len(one.seats.all()), notes.get(one.id, "")
    return groups


def without_group(step: Step) -> list[Participant]:
    """The phones in the session that sit in no group of the step, in the order that they came."""
    phones = Participant.objects.filter(session=step.session_id, channel=Participant.PHONE)
    return list(phones.exclude(seats__step=step).order_by("joined_at", "id"))


def own_group(step: Step, participant: Participant | None) -> OwnGroup | None:
    """The group that a participant sits in; None where she sits in none."""
    seat = (
        GroupSeat.objects.filter(step=step, participant=participant).select_related("group").first()
        if participant
        else None
    )
    if seat is None or participant is None:
        return None
    # Others' seats are not hers to read: the holder tells what everybody was promised may be told.
    with scope(system(participant.owner_id).scope()):
        company = list(Participant.objects.filter(seats__group=seat.group).exclude(id=participant.id).order_by("id"))
        told = tellable(participant.session, list(Participant.objects.filter(session=participant.session_id)))
        note = Answer.objects.standing().filter(group=seat.group).first()
    names = [] if participant.session.anonymity == LiveSession.ANONYMOUS else [_said(told[one.id]) for one in company]
    return OwnGroup(
        id=seat.group_id,
        number=seat.group.number,
        size=len(company) + 1,
        company=names,
        note=note.text if note else "",
        seen=version_of(note),
    )


def version_of(note: Answer | None) -> str:
    """Which text of a note a writer has before her."""
    return note.changed_at.isoformat() if note else ""


def _said(told: object) -> str:
    called, place = getattr(told, "called", ""), getattr(told, "municipality", "")
    return f"{called} ({place})" if place else called

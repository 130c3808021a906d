"""The verbs of small groups: divide the room, come late, write the group's note."""

import secrets
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, nameless, require_leader, writing_at
from medskick.dialog.sessions.actions.answering import participant_answering
from medskick.dialog.sessions.actions.recording import require_open
from medskick.dialog.sessions.grouping import Seated, make_groups, place_latecomer
from medskick.dialog.sessions.groups import KEEP_BOTH, KEEP_MINE, KEEP_THEIRS, version_of, without_group
from medskick.dialog.sessions.live import tell_answers, tell_phones, tell_screen
from medskick.dialog.sessions.models import Answer, Group, GroupSeat, LiveSession, Participant, Step
from medskick.dialog.sessions.queries import open_step_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.models import reader_ids

SEEDS = 2**31


class NoteChanged(NotPossible):
    """Somebody else in the group wrote in the meantime. `standing` is her text, `seen` its version."""

    def __init__(self, standing: str, seen: str) -> None:
        super().__init__(
            _("Någon annan i gruppen hann spara medan du skrev. Inget är borta: välj vad som ska gälla och spara igen.")
        )
        self.standing, self.seen = standing, seen


def divide(step: Step, *, by: Actor, seed: int | None = None) -> list[Group]:
    """Divide everybody who is in the session into the step's groups; again, while nobody has written.

    Raise NotPossible where a group has written, or where fewer than two are there.
    """
    require_leader(by, step.session.owner_id)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    if Answer.objects.standing().filter(step=step, group__isnull=False).exists():
        raise NotPossible(_("En grupp har redan skrivit. Kopiera steget för att dela in på nytt."))
    people = list(Participant.objects.filter(session=session, channel=Participant.PHONE).order_by("joined_at", "id"))
    if len(people) < 2:
        raise NotPossible(_("Det behövs minst två telefoner i mötet för att dela in i grupper."))
    GroupSeat.objects.filter(step=step).delete()
    Group.objects.filter(step=step).delete()
    rules = step.settings
    made = make_groups(
        [_seated(one) for one in people],
        size=rules.get("size", 2),
        mix=rules.get("mix", True),
        apart=rules.get("apart", True),
        earlier=_met_before(session, step),
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
    )
    groups = [Group(step=step, number=number) for number in range(1, len(made) + 1)]
    Group.objects.bulk_create(groups)
    GroupSeat.objects.bulk_create(
        GroupSeat(step=step, group=group, participant_id=one.key)
        for group, members in zip(groups, made, strict=True)
        for one in members
    )
    log("groups.divided", by=by, item=session.pk, references=[step.id])
    tell_phones(session, open_step_of(session), again=True)
    return groups


def come_late(step: Step, *, by: Actor) -> Group:
    """A phone that came after the division takes a seat in the smallest group. Coming twice is coming once."""
    participant = participant_answering(step, by)
    require_open(step)
    standing = GroupSeat.objects.filter(step=step, participant=participant).select_related("group").first()
    if standing is not None:
        return standing.group
    # Only the holder's staff writes seats; it is done as the system there, and the log says that a phone caused it.
    there = system(participant.owner_id, channel="phone")
    with scope(there.scope()):
        LiveSession.objects.select_for_update(of=("self",)).get(
            pk=step.session_id
        )  # two latecomers one after the other
        groups = list(Group.objects.filter(step=step).order_by("number"))
        if not groups:
            raise NotPossible(_("Grupperna är inte indelade än. Vänta en stund."))
        try:
            with transaction.atomic():
                group = _seat(step, groups, participant)
        except IntegrityError:  # the same phone in two tabs: the other one took the seat
            return GroupSeat.objects.select_related("group").get(step=step, participant=participant).group
        log("group.joined", by=there, item=step.session_id, references=[step.id])
        tell_screen(participant.session)
    return group


def seat_latecomers(step: Step, *, by: Actor) -> int:
    """Seat every phone that has no group, each in the smallest. Returns how many they were.

    Raise NotPossible where nobody has been divided.
    """
    require_leader(by, step.session.owner_id)
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=step.session_id)
    groups = list(Group.objects.filter(step=step).order_by("number"))
    if not groups:
        raise NotPossible(_("Dela in i grupper först."))
    late = without_group(step)
    for one in late:
        _seat(step, groups, one)
    if late:
        log("groups.filled", by=by, item=session.pk, references=[step.id])
        tell_phones(session, open_step_of(session), again=True)
    return len(late)


def write_note(
    step: Step,
    *,
    by: Actor,
    text: str,
    seen: str = "",
    keep: str = KEEP_MINE,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Answer:
    """Write the note of the phone's own group.

    keep: what she chose when another had saved before her. Hers replaces it, or comes after it, or is left.
    seen: the version of the text that the writer had before her. Raise NoteChanged where somebody else has written
    since, PermissionDenied where the phone sits in no group, StepClosed where the step is closed.
    """
    participant = participant_answering(step, by)
    require_open(step)
    seat = GroupSeat.objects.filter(step=step, participant=participant).select_related("group").first()
    if seat is None:
        raise PermissionDenied(_("Du är inte med i någon grupp än."))
    cleaned = step_type(step.kind).asks.clean(step, text)
    moment = at or timezone.now()
    with writing_at(by, participant.owner_id) as actor:
        standing = Answer.objects.select_for_update(of=("self",)).filter(group=seat.group).first()
        if standing is not None and (standing.text == cleaned or (key is not None and standing.submission_key == key)):
            return standing
        if standing is not None and keep == KEEP_THEIRS:
            return standing
        if standing is not None and version_of(standing) != seen:
            raise NoteChanged(standing.text, version_of(standing))
        if standing is not None and keep == KEEP_BOTH:
            cleaned = step_type(step.kind).asks.clean(step, f"{standing.text}\n\n{cleaned}")
        note = _store(step, seat, participant, standing, cleaned, key, moment)
        verb = "answer.changed" if standing else "answer.given"
        log(verb, by=nameless(actor), item=step.session_id, references=[note.id])
        tell_answers(step)
    return note


def _seat(step: Step, groups: list[Group], participant: Participant) -> Group:
    """Seat a latecomer where she fits, and let her read what the group has written."""
    seats = list(GroupSeat.objects.filter(step=step).select_related("participant"))
    company = [[_seated(one.participant) for one in seats if one.group_id == group.id] for group in groups]
    group = groups[place_latecomer(_seated(participant), company, mix=step.settings.get("mix", True))]
    GroupSeat(step=step, group=group, participant=participant).save(force_insert=True)
    for note in Answer.objects.filter(group=group):
        note.readers = reader_ids(*note.readers, *participant.readers)
        note.save(update_fields=["readers"])
    return group


def _store(
    step: Step,
    seat: GroupSeat,
    participant: Participant,
    standing: Answer | None,
    text: str,
    key: UUID | None,
    moment: datetime,
) -> Answer:
    if standing is not None:
        standing.value = standing.text = text
        standing.submission_key, standing.changed_at = key, moment
        standing.save(update_fields=["value", "text", "submission_key", "changed_at"])
        return standing
    note = Answer(
        owner_id=participant.owner_id,
        readers=_members_tokens(seat),
        step=step,
        participant=participant,
        group=seat.group,
        value=text,
        text=text,
        submission_key=key,
        given_at=moment,
        changed_at=moment,
    )
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as fault:  # two in the group sent the first text at once
        written = Answer.objects.get(group=seat.group)
        raise NoteChanged(written.text, version_of(written)) from fault
    return note


def _members_tokens(seat: GroupSeat) -> list[UUID]:
    """What the members of a group hold: the note is theirs to read, all of them."""
    with scope(system(seat.participant.owner_id).scope()):
        members = Participant.objects.filter(seats__group=seat.group)
        return reader_ids(*(token for one in members for token in one.readers))


def _seated(participant: Participant) -> Seated:
    return Seated(participant.id, participant.municipality_id, participant.remote)


def _met_before(session: LiveSession, step: Step) -> set[frozenset[object]]:
    """Pairs that have sat together in another step of the session."""
    company: dict[UUID, list[UUID]] = {}
    for group, participant in (
        GroupSeat.objects.filter(step__session=session).exclude(step=step).values_list("group", "participant")
    ):
        company.setdefault(group, []).append(participant)
    return {frozenset(pair) for members in company.values() for pair in combinations(members, 2)}

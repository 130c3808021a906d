"""The verbs of the one who answers: join, answer, claim; and lifting an answer into something."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.contract import Value
from medskick.dialog.sessions.access import (
    NotPossible,
    nameless,
    require_device,
    writing_at,
)
from medskick.dialog.sessions.actions.recording import Said, record, require_open
from medskick.dialog.sessions.live import tell_answers, tell_screen
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.queries import open_step_of
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Subscription
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people.models import reader_ids
from medskick.kernel.records.actions import change_item, create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.lib.text import clean_text

ANSWER_KIND = "dialog.answer"
MOST_PHONES = 5000


def join(
    session: LiveSession,
    *,
    by: Actor,
    called: str = "",
    municipality: Organisation | None = None,
    address: UUID | None = None,
    at: datetime | None = None,
) -> Participant:
    """Take a phone into an open session; a phone that is in already stays as it was. See dialog.api.join."""
    device = require_device(by)
    standing = Participant.objects.filter(session=session, device=device).first()
    if standing is not None:
        return standing
    if session.state != LiveSession.OPEN:
        raise NotPossible(_("Mötet tar inte emot fler just nu."))
    called = clean_text(called, max_length=60).strip()
    if session.anonymity != LiveSession.ANONYMOUS and not called:
        raise NotPossible(_("Skriv vad du vill heta i mötet."))
    if Participant.objects.filter(session=session).count() >= MOST_PHONES:
        raise NotPossible(_("Mötet är fullt."))
    with writing_at(by, session.owner_id) as actor:
        participant = seat(session, device, address, called=called, municipality=municipality, at=at)
        try:
            with transaction.atomic():
                participant.save(force_insert=True)
        except IntegrityError:
            # The same phone joined in two tabs at once: the other one won.
            return Participant.objects.get(session=session, device=device)
        log("session.joined", by=nameless(actor), item=session.pk)
        step = open_step_of(session)
        if step is None:
            tell_screen(session)
        else:
            tell_answers(step)
    return participant


def seat(
    session: LiveSession,
    device: UUID,
    address: UUID | None,
    *,
    called: str = "",
    municipality: Organisation | None = None,
    at: datetime | None = None,
) -> Participant:
    """A phone's place in the session as it will be stored, with what the session asks for and nothing else."""
    return Participant(
        owner_id=session.owner_id,
        readers=reader_ids(device, address),
        session=session,
        device=device,
        address=address,
        mode=session.anonymity,
        called="" if session.anonymity == LiveSession.ANONYMOUS else called,
        municipality=municipality if session.asks_municipality else None,
        joined_at=at or timezone.now(),
    )


def answer_step(
    step: Step,
    *,
    by: Actor,
    value: Value,
    slot: int = 0,
    about: Answer | None = None,
    submission_key: UUID | None = None,
    at: datetime | None = None,
) -> Answer:
    """Give, or change, this phone's answer in a slot of an open step. See dialog.api.answer_step."""
    participant = participant_answering(step, by)
    require_open(step)
    return record(step, Said(participant, {slot: value}, submission_key, about), by=by, at=at)[0]


def answer_slots(
    step: Step, *, by: Actor, values: Sequence[Value], submission_key: UUID | None = None, at: datetime | None = None
) -> list[Answer]:
    """Give all of this phone's answers in a step at once; what stood in later slots is taken back."""
    participant = participant_answering(step, by)
    require_open(step)
    said = Said(participant, dict(enumerate(values)), submission_key, all_slots=True)
    return record(step, said, by=by, at=at)


def withdraw_answer(answer: Answer, *, by: Actor, at: datetime | None = None) -> None:
    """Take back an own answer while the step is open. What has been taken up stays. See dialog.api.withdraw_answer."""
    participant = participant_answering(answer.step, by)
    if answer.participant_id != participant.id:
        raise PermissionDenied(_("Det är någon annans svar."))
    require_open(answer.step, otherwise=_("Frågan har stängt, så det du skrev kan inte tas tillbaka längre."))
    if answer.withdrawn_at is not None:
        return
    if answer.item_id is not None:
        raise NotPossible(_("Svaret har redan tagits upp och kan inte tas bort. Du kan ändra det."))
    with writing_at(by, participant.owner_id) as actor:
        answer.withdrawn_at = at or timezone.now()
        answer.save(update_fields=["withdrawn_at"])
        log("answer.withdrawn", by=nameless(actor), item=answer.step.session_id, references=[answer.id])
        tell_answers(answer.step)


def participant_answering(step: Step, by: Actor) -> Participant:
    """The seat of the phone that acts. Raise PermissionDenied where it has none in this session."""
    device = require_device(by)
    found = Participant.objects.filter(session=step.session_id, device=device).select_related("session").first()
    if found is None:
        raise PermissionDenied(_("Telefonen är inte med i mötet. Skriv möteskoden igen."))
    return found


def lift_answer(answer: Answer, *, by: Actor) -> Item:
    """Give an answer an item of its own, so that something can come of it. See dialog.api.lift_answer."""
    require_staff(by)
    require_same_organisation(by, answer.owner_id)
    answer = Answer.objects.select_for_update(of=("self",)).select_related("participant", "step").get(pk=answer.pk)
    if answer.item_id is not None:
        return Item.objects.get(id=answer.item_id)
    participant = answer.participant
    item = create_item(
        by=by,
        kind=ANSWER_KIND,
        title=answer.text,
        level=Level.PARTIES,
        # Its parties are the one who spoke, by whatever she holds, and the staff of the organisation that asked.
        readers=[*answer.readers, answer.owner_id],
        occurred_at=answer.given_at,
        searchable=False,
    )
    answer.item = item
    answer.save(update_fields=["item"])
    meeting = Item.objects.get(id=answer.step.session_id)
    link(by=by, from_item=meeting, to_item=item, relation=Relation.GAVE_RISE_TO)
    for token in _followers(participant):
        follow(item, by=by, follower=token)
    log("answer.lifted", by=by, item=item.id, references=[answer.id])
    return item


def claim_voices(*, by: Actor, tokens: Iterable[UUID]) -> int:
    """Put the answers of the phones that hold these tokens under the person who acts. See dialog.api.claim_voices."""
    person = by.principal
    if person is None:
        raise PermissionDenied(_("Logga in för att spara svaren under Mina sidor."))
    claimed = 0
    for participant in Participant.objects.filter(readers__overlap=list(tokens), person__isnull=True):
        with writing_at(by, participant.owner_id) as actor:
            participant.person, participant.claimed_at = person, timezone.now()
            participant.readers = reader_ids(*participant.readers, person)
            participant.save(update_fields=["person", "claimed_at", "readers"])
            claimed += _claim_answers(participant, by=actor, person=person)
            log("voices.claimed", by=actor, item=participant.session_id)
    return claimed


def _claim_answers(participant: Participant, *, by: Actor, person: UUID) -> int:
    answers = list(Answer.objects.filter(participant=participant))
    for answer in answers:
        answer.readers = reader_ids(*answer.readers, person)
        answer.save(update_fields=["readers"])
        if answer.item_id is not None:
            item = Item.objects.get(id=answer.item_id)
            change_item(item, by=by, verb="answer.claimed", readers=[*item.readers, person])
            Subscription.objects.filter(item=item, follower__in=[participant.device, participant.address]).delete()
            follow(item, by=by, follower=person)
    return len(answers)


def _followers(participant: Participant) -> list[UUID]:
    """Who is told when something comes of it: the person who claimed the voice, else the phone and its address."""
    if participant.person is not None:
        return [participant.person]
    return reader_ids(participant.device, participant.address)

"""The verbs of the one who answers: join, answer, claim; and lifting an answer into something."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.sessions.access import (
    NotPossible,
    QuestionClosed,
    nameless,
    require_device,
    writing_at,
)
from medskick.dialog.sessions.live import tell_screen
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Question, QuestionOpening
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
        participant = Participant(
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
        try:
            with transaction.atomic():
                participant.save(force_insert=True)
        except IntegrityError:
            # The same phone joined in two tabs at once: the other one won.
            return Participant.objects.get(session=session, device=device)
        log("session.joined", by=nameless(actor), item=session.pk)
        tell_screen(session)
    return participant


def answer_question(
    question: Question, *, by: Actor, text: str, submission_key: UUID | None = None, at: datetime | None = None
) -> Answer:
    """Give, or change, this phone's answer to an open question. See dialog.api.answer_question."""
    device = require_device(by)
    participant = (
        Participant.objects.filter(session=question.session_id, device=device).select_related("session").first()
    )
    if participant is None:
        raise PermissionDenied(_("Telefonen är inte med i mötet. Skriv möteskoden igen."))
    session = participant.session
    standing = Answer.objects.filter(question=question, participant=participant).first()
    if standing is not None and submission_key is not None and standing.submission_key == submission_key:
        return standing
    if not QuestionOpening.objects.filter(question=question, closed_at__isnull=True).exists():
        raise QuestionClosed(_("Frågan stängdes medan du skrev, så svaret kom inte med."))
    cleaned = question_kind(question.kind).clean(question, text)
    moment = at or timezone.now()
    with writing_at(by, session.owner_id) as actor:
        answer = _store(question, participant, cleaned, submission_key, moment)
        if answer.item_id is not None:
            item = Item.objects.get(id=answer.item_id)
            change_item(item, by=nameless(actor), verb="answer.retold", title=cleaned)
        verb = "answer.given" if standing is None else "answer.changed"
        log(verb, by=nameless(actor), item=session.pk, references=[answer.id])
        tell_screen(session)
    return answer


def lift_answer(answer: Answer, *, by: Actor) -> Item:
    """Give an answer an item of its own, so that something can come of it. See dialog.api.lift_answer."""
    require_staff(by)
    require_same_organisation(by, answer.owner_id)
    answer = Answer.objects.select_for_update(of=("self",)).select_related("participant", "question").get(pk=answer.pk)
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
    meeting = Item.objects.get(id=answer.question.session_id)
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


def _store(question: Question, participant: Participant, text: str, key: UUID | None, moment: datetime) -> Answer:
    """One row for each phone and question, also when two requests come at once: the database decides."""
    fresh = Answer(
        owner_id=participant.owner_id,
        readers=participant.readers,
        question=question,
        participant=participant,
        text=text,
        submission_key=key,
        given_at=moment,
        changed_at=moment,
    )
    Answer.objects.bulk_create(
        [fresh],
        update_conflicts=True,
        unique_fields=["question", "participant"],
        update_fields=["text", "submission_key", "changed_at"],
    )
    return Answer.objects.get(question=question, participant=participant)

"""The verbs of questions from the floor: vote one up, take the vote back, say that it was answered."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import NotPossible, nameless, require_recorder, writing_at
from medskick.dialog.sessions.actions.answering import participant_answering, require_open
from medskick.dialog.sessions.floor_queries import floor_of
from medskick.dialog.sessions.live import tell_list, tell_screen
from medskick.dialog.sessions.models import Answer, Participant, QuestionReply, Step, UpVote
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.lib.text import clean_text


def up_vote(step: Step, *, by: Actor, question: UUID, at: datetime | None = None) -> None:
    """Want another's question to be taken first. To vote twice is to vote once; for one's own there is no vote."""
    participant = _voting(step, by)
    found = next((one for one in floor_of(step, participant) if one.id == question), None)
    if found is None:
        raise NotPossible(_("Frågan finns inte kvar i listan."))
    if found.mine:
        raise NotPossible(_("Det är din egen fråga. Den räknas redan, så rösta på andras."))
    if found.voted:
        return
    with writing_at(by, participant.owner_id) as actor:
        vote = UpVote(
            owner_id=participant.owner_id,
            readers=participant.readers,
            answer_id=question,
            participant=participant,
            at=at or timezone.now(),
        )
        # The same phone in two tabs: the database keeps one.
        UpVote.objects.bulk_create([vote], ignore_conflicts=True)
        log("question.voted", by=nameless(actor), item=step.session_id, references=[question])
        tell_screen(participant.session)


def take_back_vote(step: Step, *, by: Actor, question: UUID) -> None:
    """Take an own vote back. Where there is none nothing changes."""
    participant = _voting(step, by)
    with writing_at(by, participant.owner_id) as actor:
        gone, _each = UpVote.objects.filter(answer=question, participant=participant).delete()
        if gone:
            log("question.vote_withdrawn", by=nameless(actor), item=step.session_id, references=[question])
            tell_screen(participant.session)


def mark_answered(answer: Answer, *, by: Actor, words: str = "", at: datetime | None = None) -> QuestionReply:
    """Say that the question was answered in the room, and in which words where somebody writes them down."""
    return _reply(answer, by=by, answered=True, words=clean_text(words, max_length=500).strip(), at=at)


def mark_waiting(answer: Answer, *, by: Actor, at: datetime | None = None) -> QuestionReply:
    """Put a question back among those that wait for an answer."""
    return _reply(answer, by=by, answered=False, words="", at=at)


def _reply(answer: Answer, *, by: Actor, answered: bool, words: str, at: datetime | None) -> QuestionReply:
    session = answer.step.session
    require_recorder(by, session)
    reply = QuestionReply(
        owner_id=answer.owner_id,
        answer=answer,
        answered=answered,
        words=words,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    )
    reply.save(force_insert=True)
    log("question.answered" if answered else "question.waiting", by=by, item=session.pk, references=[answer.id])
    tell_screen(session)
    tell_list(session)
    return reply


def _voting(step: Step, by: Actor) -> Participant:
    participant = participant_answering(step, by)
    require_open(step, otherwise=_("Frågan har stängt, så rösterna kan inte ändras längre."))
    return participant

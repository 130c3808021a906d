"""The front door of dialog: the only module that flows, demo and project may import.

Every verb takes the actor as `by=` and raises PermissionDenied where she may not, and NotPossible (a ValueError in
plain Swedish) where the state does not allow it. Verbs that take `at=` use now where it is left out.

Sessions (sessions/actions/planning.py)
    plan_session(by, title, held_on, network, purpose, anonymity, asks_municipality, public, submission_key)
        -> LiveSession
        network: one that the acting organisation holds, or None. anonymity: "anonymous", "alias" or "named".
        public: shown on Tyck till and the start page. The same submission_key gives the same session again.
    open_session(session, by, at) -> LiveSession        gets its four-digit code; opening twice is opening once
    end_session(session, by, at) -> LiveSession         held, registered in the diary, code free again
    cancel_session(session, by, reason, at) -> LiveSession
    find_or_make_imported_session(by, network, held_on, title) -> LiveSession
        the held session, marked imported, of that network and day; found again at the next import
    `session.item` is the session's item in the kernel: link from it, publish it.

Questions (sessions/actions/asking.py)
    add_question(session, by, text, kind="word_cloud", help_text, kept_phrases, submission_key) -> Question
    open_question(question, by, at), close_question(question, by, at)      one at a time is open in a session
    hide_answer(answer, by, reason, at), show_answer(answer, by, reason, at) -> AnswerDecision

Answers (sessions/actions/answering.py)
    join(session, by, called, municipality, address, at) -> Participant
        by: an actor with a device. address: reader token of the phone's personal trace address.
    answer_question(question, by, text, submission_key, at) -> Answer
        one for each phone and question; to answer again is to change it
        raises QuestionClosed where the question closed first, ValueError where the text cannot be stored
    lift_answer(answer, by) -> Item
        the answer's own item, made at the first call: kind "dialog.answer", read by the one who spoke (phone, address,
        claiming person) and the staff of the organisation that asked; the one who spoke follows it
    claim_voices(by, tokens) -> int        puts the answers of whoever holds the reader tokens under the acting person

Reads
    get_answer(answer_id) -> Answer | None        answers_of(session, include_hidden) -> QuerySet of Answer
    get_session(session_id) -> LiveSession | None        open_public_questions(place) -> list of Question

Links on an answer's page
    register_answer_action(AnswerAction(label, url(answer), allowed(actor)))
"""

from uuid import UUID

from medskick.dialog.sessions.access import NotPossible, QuestionClosed, personal_address
from medskick.dialog.sessions.actions.answering import (
    ANSWER_KIND,
    answer_question,
    claim_voices,
    join,
    lift_answer,
)
from medskick.dialog.sessions.actions.asking import (
    add_question,
    close_question,
    hide_answer,
    open_question,
    show_answer,
)
from medskick.dialog.sessions.actions.planning import KIND as SESSION_KIND
from medskick.dialog.sessions.actions.planning import (
    cancel_session,
    end_session,
    find_or_make_imported_session,
    open_session,
    plan_session,
)
from medskick.dialog.sessions.answer_actions import AnswerAction, register_answer_action
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Question
from medskick.dialog.sessions.queries import answers_of, get_answer, open_public_questions


def get_session(session_id: UUID) -> LiveSession | None:
    """The session with this id (the id of its item), or None where there is none that the scope may read."""
    return LiveSession.objects.select_related("item", "network").filter(pk=session_id).first()


__all__ = [
    "ANSWER_KIND",
    "SESSION_KIND",
    "Answer",
    "AnswerAction",
    "LiveSession",
    "NotPossible",
    "Participant",
    "Question",
    "QuestionClosed",
    "add_question",
    "answer_question",
    "answers_of",
    "cancel_session",
    "claim_voices",
    "close_question",
    "end_session",
    "find_or_make_imported_session",
    "get_answer",
    "get_session",
    "hide_answer",
    "join",
    "lift_answer",
    "open_public_questions",
    "open_question",
    "open_session",
    "personal_address",
    "plan_session",
    "register_answer_action",
    "show_answer",
]

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
    add_step(session, by, text, kind="word_cloud", help_text, kept_phrases, submission_key) -> Step
    open_step(step, by, at), close_step(step, by, at)      one at a time is open in a session
    hide_answer(answer, by, reason, at), show_answer(answer, by, reason, at) -> AnswerDecision

Horizons (sessions/actions/placing.py)
    place_entry(step, by, key, years, motivation, at) -> Placing
        key: a cluster's id, or "rad-1" for the first typed line. years: 1, 3, 5, 10, or None for aside

Answers (sessions/actions/answering.py)
    join(session, by, called, municipality, address, at) -> Participant
        by: an actor with a device. address: reader token of the phone's personal trace address.
    answer_step(step, by, text, submission_key, at) -> Answer
        one for each phone and step; to answer again is to change it
        raises StepClosed where the step closed first, ValueError where the text cannot be stored
    lift_answer(answer, by) -> Item
        the answer's own item, made at the first call: kind "dialog.answer", read by the one who spoke (phone, address,
        claiming person) and the staff of the organisation that asked; the one who spoke follows it
    claim_voices(by, tokens) -> int        puts the answers of whoever holds the reader tokens under the acting person

Answers beside the pages (sessions/desk.py)
    answer_ticket(session, known) -> str        for a phone's page; read_answer_ticket(ticket) -> AnswerTicket | None
    take_answers(sendings) -> list of Reply        many phones at once, each reply only after the commit

What phones ask for beside the pages (sessions/phone_state.py)
    read_state_ticket(ticket) -> StateTicket | None
    state_for_phones(ticket) -> PhoneState | None        for all phones with the same ticket

Reads
    get_answer(answer_id) -> Answer | None        answers_of(session, include_hidden) -> QuerySet of Answer
    get_session(session_id) -> LiveSession | None        open_public_steps(place) -> list of Step

Clusters of notes (sessions/actions/clustering.py)
    make_cluster(step, by, title, notes) -> Cluster, move_notes(step, by, notes, to) -> int
        by: who leads the session or records in it; the notes must have been shown (asking.show_result)
    area_of(answer) -> str        the goal area that a need was written under; empty for any other answer
    chain_of(answer) -> Chain | None        the draft of an initiative (VAD) that an answer is part of, with the target
        groups (VEM) and activities (HUR) that carry it on; `parts`, `lacking`, `complete`
    gathered_in(cluster_id) -> Gathered | None        a cluster of notes, or a proposal under a horizon: its title, its
        session, the answers in it (hidden ones left out), and where the group placed it last

Links on an answer's page, and beside a cluster
    register_answer_action(AnswerAction(label, url(answer), allowed(actor), suits(answer)))
    register_cluster_action(ClusterAction(label, url(cluster_id), allowed(actor)))
"""

from uuid import UUID

from medskick.dialog.sessions.access import SMALLEST_GROUP, NotPossible, StepClosed, personal_address
from medskick.dialog.sessions.actions.answering import (
    ANSWER_KIND,
    answer_step,
    claim_voices,
    join,
    lift_answer,
)
from medskick.dialog.sessions.actions.asking import (
    add_step,
    close_step,
    hide_answer,
    open_step,
    show_answer,
    show_result,
)
from medskick.dialog.sessions.actions.clustering import make_cluster, move_notes
from medskick.dialog.sessions.actions.placing import place_entry
from medskick.dialog.sessions.actions.planning import KIND as SESSION_KIND
from medskick.dialog.sessions.actions.planning import (
    cancel_session,
    end_session,
    find_or_make_imported_session,
    open_session,
    plan_session,
)
from medskick.dialog.sessions.answer_actions import AnswerAction, register_answer_action
from medskick.dialog.sessions.desk import Reply, Sending, answer_ticket, read_answer_ticket, take_answers
from medskick.dialog.sessions.entry_actions import ClusterAction, register_cluster_action
from medskick.dialog.sessions.gathered import Gathered, area_of, gathered_in
from medskick.dialog.sessions.models import Answer, Cluster, LiveSession, Participant, Step
from medskick.dialog.sessions.phone_state import PhoneState, StateTicket, read_state_ticket, state_for_phones
from medskick.dialog.sessions.queries import answers_of, get_answer, open_public_steps
from medskick.dialog.sessions.steps.descriptions import Chain, Part, chain_of


def get_session(session_id: UUID) -> LiveSession | None:
    """The session with this id (the id of its item), or None where there is none that the scope may read."""
    return LiveSession.objects.select_related("item", "network").filter(pk=session_id).first()


__all__ = [
    "ANSWER_KIND",
    "SESSION_KIND",
    "SMALLEST_GROUP",
    "Answer",
    "AnswerAction",
    "Chain",
    "Cluster",
    "ClusterAction",
    "Gathered",
    "LiveSession",
    "NotPossible",
    "Part",
    "Participant",
    "PhoneState",
    "Reply",
    "Sending",
    "StateTicket",
    "Step",
    "StepClosed",
    "add_step",
    "answer_step",
    "answer_ticket",
    "answers_of",
    "area_of",
    "cancel_session",
    "chain_of",
    "claim_voices",
    "close_step",
    "end_session",
    "find_or_make_imported_session",
    "gathered_in",
    "get_answer",
    "get_session",
    "hide_answer",
    "join",
    "lift_answer",
    "make_cluster",
    "move_notes",
    "open_public_steps",
    "open_step",
    "open_session",
    "personal_address",
    "place_entry",
    "plan_session",
    "read_answer_ticket",
    "read_state_ticket",
    "register_answer_action",
    "register_cluster_action",
    "show_answer",
    "state_for_phones",
    "take_answers",
    "show_result",
]

"""The front door of services: the only module that flows, demo and project may import.

A case is what somebody sent in through an e-service. It is registered, encrypted, and read by its unit, the
organisation's registrars and its sender; a unit owes it an answer. A case's id is the id of its kernel item (kind
`services.case`).
"""

from datetime import date
from uuid import UUID

from medskick.kernel.log.actions import log_read
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item
from medskick.services.cases import queries
from medskick.services.cases.actions import answer_case, close_case, note_on_case, reassign_case, take_case
from medskick.services.cases.handling import NobodyHandles
from medskick.services.cases.models import Case, CaseAnswer, Outcome, State
from medskick.services.cases.moves import KIND, TransitionRefused
from medskick.services.cases.queries import PublicShare
from medskick.services.cases.sender_actions import Submitted, say_not_satisfied, say_satisfied, submit_case
from medskick.services.definitions.catalogue import Catalogue, catalogue
from medskick.services.definitions.definition import Definition
from medskick.services.forms.answers import Answer

__all__ = [
    "KIND",
    "Answer",
    "Case",
    "CaseAnswer",
    "Catalogue",
    "Definition",
    "NobodyHandles",
    "Outcome",
    "PublicShare",
    "State",
    "Submitted",
    "TransitionRefused",
    "answer_case",
    "answers_of_case",
    "cases_public_share",
    "catalogue",
    "close_case",
    "get_case",
    "note_on_case",
    "reassign_case",
    "say_not_satisfied",
    "say_satisfied",
    "submit_case",
    "take_case",
    "voice_text",
]


def get_case(item_id: UUID) -> Case:
    """The case of an item, with item, record and unit. Raise Case.DoesNotExist where the open scope may not read it."""
    return queries.case_by_item(item_id)


def answers_of_case(*, by: Actor, item: Item) -> list[Answer]:
    """Questions and answers as they were put and given; the reading is logged. Errors as get_case."""
    case = queries.case_by_item(item.id)
    log_read(by, KIND, [item.id])
    return queries.answers_of(case)


def voice_text(*, by: Actor, item: Item) -> str:
    """What the sender said in her own words: the long answers of the form, in order. The reading is logged.

    For a flow that lets an officer lift a case into a need: she rewords it, since a need is read by more people.
    Raise Case.DoesNotExist where the open scope may not read it.
    """
    case = queries.case_by_item(item.id)
    log_read(by, KIND, [item.id])
    return queries.own_words(case)


def cases_public_share(organisation: UUID, *, since: date) -> PublicShare | None:
    """What became of the cases received since a month, as counts and whole percentages that everybody may read.

    None for fewer than five cases: shares of so few say more of single people than of the work.
    """
    return queries.public_share(organisation, since=since)

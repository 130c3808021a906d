"""What can be done with an answer: links to pages of flows above, which register them through dialog.api.

An Offer hangs on an item, and an answer has none until something is made of it; so answers have a list of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from medskick.dialog.sessions.models import Answer
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.offers import OfferLink
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class AnswerAction:
    """A link to a page with a form, never a button that writes.

    label: the words of the link. url: its address for an answer. allowed: whether this actor is offered it.
    suits: which answers it is for.
    """

    label: Text
    url: Callable[[Answer], str]
    allowed: Callable[[Actor], bool]
    order: int = 50
    suits: Callable[[Answer], bool] = lambda _answer: True


_actions: list[AnswerAction] = []


def register_answer_action(action: AnswerAction) -> None:
    """Offer `action` on the page of every answer."""
    _actions.append(action)
    _actions.sort(key=lambda one: one.order)


def actions_for(actor: Actor, answer: Answer) -> list[OfferLink]:
    """What this actor may go on to do with an answer; only the organisation that asked makes something of it."""
    if actor.organisation != answer.owner_id:
        return []
    return [OfferLink(one.label, one.url(answer)) for one in _actions if one.allowed(actor) and one.suits(answer)]

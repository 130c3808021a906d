"""Who may do what with a case. Who may read it is told by its item's readers; these ask who may act."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from medskick.kernel.organisations.actor import ASSURANCES, Actor, role_token
from medskick.kernel.people.roles import CASE_OFFICER, REGISTRAR
from medskick.kernel.records.models import Level
from medskick.services.cases.models import Case, State

# How long the sender has to say that the answer was not good enough, before the unit may close the case itself.
DAYS_TO_OBJECT = 30


def readers_of_case(*, organisation: UUID, unit: UUID, sent_by: Iterable[UUID]) -> list[UUID]:
    """The handling unit, the organisation's registrars, and the one who sent it. Nobody else at work reads it."""
    return [unit, role_token(organisation, REGISTRAR), *sent_by]


def takes_address_home(by: Actor) -> bool:
    """True where a helper sends it for somebody who did not show her own e-legitimation: she cannot log in at home, so
    she is given a private address although it is known whose case it is."""
    unproven = ASSURANCES.index(by.assurance) < ASSURANCES.index("substantial")
    return by.assistance is not None and by.acting_for is not None and unproven


def handles(actor: Actor, case: Case) -> bool:
    """An officer of the case's unit, or a registrar of the organisation: those who answer and pass on.

    A sealed case is handled by those who may read it, in whatever unit they are: its sender has protected identity.
    """
    if actor.organisation != case.owner_id:
        return False
    if actor.kind == "system":
        return case.unit_id in actor.units
    hers = case.item.level == Level.SEALED and actor.person in case.item.readers
    return actor.staff and (actor.has(REGISTRAR) or (actor.has(CASE_OFFICER) and (case.unit_id in actor.units or hers)))


def is_sender(case: Case, holder: UUID | None) -> bool:
    """True for the person who sent it, or the holder of its private address."""
    return holder is not None and holder == case.sender


def may_judge(case: Case) -> bool:
    """The sender may say whether the answer was good enough, until the case is closed."""
    return case.state == State.ANSWERED


def may_object(case: Case) -> bool:
    """Not satisfied can be said once."""
    return may_judge(case) and not case.reopened_once


def may_close(case: Case, today: date | None = None) -> bool:
    """The unit closes an answered case when the sender has had her time, or has used her right to object."""
    if not case.may_become(State.CLOSED) or case.answered_at is None:
        return False
    day = today or timezone.localdate()
    return case.reopened_once or timezone.localtime(case.answered_at).date() + timedelta(days=DAYS_TO_OBJECT) <= day

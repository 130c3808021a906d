"""Answers that phones send beside the pages: many at once, each acknowledged only when it is stored.

The page gives the phone a ticket for its meeting; the phone sends the same form fields as without JavaScript, with the
ticket. What cannot be stored is refused with a status, and the phone then sends the form to the page, which explains.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from medskick.dialog.sessions import limits
from medskick.dialog.sessions.access import StepClosed, code_token, personal_address
from medskick.dialog.sessions.actions.answering import MOST_PHONES, seat
from medskick.dialog.sessions.actions.recording import Recorded, Said, record_answers, require_open
from medskick.dialog.sessions.live import event_number, tell_answers
from medskick.dialog.sessions.models import LiveSession, Participant, Step
from medskick.dialog.sessions.steps.registry import step_type
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.lib.codes import device_token

SALT = "medskick.answers"
TICKET_SECONDS = 12 * 60 * 60  # a browser keeps its page all through a long meeting
SAVED, NO_SEAT, NOT_FOUND, CLOSED, REFUSED, TOO_FAST = 200, 403, 404, 409, 422, 429


@dataclass(frozen=True, slots=True)
class AnswerTicket:
    """What a valid ticket says: which open meeting, and the secret of a phone that has none yet."""

    session: UUID
    owner: UUID
    code: str
    fresh_secret: str


@dataclass(frozen=True, slots=True)
class Sending:
    """One phone's form. secret: of the phone's cookie; empty where it has none. body: the form, URL-encoded."""

    ticket: AnswerTicket
    secret: str
    body: str
    origin: str = ""

    @property
    def own_secret(self) -> str:
        return self.secret or self.ticket.fresh_secret


@dataclass(frozen=True, slots=True)
class Reply:
    """status: 200 stored; 403 no seat in the meeting; 404 no such step; 409 closed; 422 refused; 429 too fast.

    number: of the event that tells screens of it. secret: for the cookie of a phone that was new.
    """

    status: int
    number: str = ""
    secret: str = ""


def answer_ticket(session: LiveSession, *, known: bool) -> str:
    """A ticket for the page of one phone. known: whether the phone has a secret already."""
    fresh = "" if known else device_token()
    expires = round(time.time()) + TICKET_SECONDS
    return signing.dumps([str(session.pk), str(session.owner_id), session.code, fresh, expires], salt=SALT)


def read_answer_ticket(ticket: str) -> AnswerTicket | None:
    """None where the ticket is forged, damaged or too old. Asks no database."""
    try:
        session, owner, code, fresh, expires = signing.loads(ticket, salt=SALT)
        return AnswerTicket(UUID(session), UUID(owner), code, fresh) if time.time() < expires else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def take_answers(sendings: Sequence[Sending]) -> list[Reply]:
    """Store what many phones send, in one transaction for each step, and say how each went, in their order."""
    replies: dict[int, Reply] = {}
    steps: dict[tuple[UUID, UUID], list[int]] = {}
    for place, one in enumerate(sendings):
        asked = _step_id(one)
        if asked is None:
            replies[place] = Reply(NOT_FOUND)
        elif _too_fast(one):
            replies[place] = Reply(TOO_FAST)
        else:
            steps.setdefault((one.ticket.session, asked), []).append(place)
    for (_session, step_id), places in steps.items():
        taken = _take(step_id, [sendings[place] for place in places])
        replies |= dict(zip(places, taken, strict=True))
    return [replies[place] for place in range(len(sendings))]


def _take(step_id: UUID, sendings: Sequence[Sending]) -> list[Reply]:
    ticket = sendings[0].ticket
    secrets = {one.own_secret for one in sendings}
    devices = {secret: reader_token(secret) for secret in secrets}
    addresses = {secret: reader_token(personal_address(secret, ticket.session)) for secret in secrets}
    reach = frozenset({code_token(ticket.code, ticket.session), *devices.values(), *addresses.values()})
    by = Actor(kind="device", organisation=ticket.owner, channel="phone")
    with scope(Scope(ticket.owner, reach=reach)):
        step = Step.objects.select_related("session").filter(id=step_id, session=ticket.session).first()
        if step is None:
            return [Reply(NOT_FOUND) for _ in sendings]
        try:
            require_open(step)
        except StepClosed:
            return [Reply(CLOSED) for _ in sendings]
        moment = timezone.now()
        seats = _seats(step, devices, addresses, by=by, at=moment)
        said = [_said(step, one, seats.get(one.own_secret)) for one in sendings]
        recorded = iter(record_answers(step, [one for one in said if isinstance(one, Said)], by=by, at=moment))
        return [
            _reply(next(recorded), one, moment) if isinstance(what, Said) else Reply(what)
            for what, one in zip(said, sendings, strict=True)
        ]


def _seats(
    step: Step,
    devices: Mapping[str, UUID],
    addresses: Mapping[str, UUID],
    *,
    by: Actor,
    at: datetime,
) -> dict[str, Participant]:
    """The phones' seats by secret. A new phone gets one where the meeting asks nothing before the first answer."""
    session = step.session
    found = {one.device: one for one in Participant.objects.filter(session=session, device__in=devices.values())}
    missing = [secret for secret, device in devices.items() if device not in found]
    if missing and session.anonymity == LiveSession.ANONYMOUS and not session.asks_municipality:
        room = MOST_PHONES - Participant.objects.filter(session=session).count()
        fresh = [seat(session, devices[secret], addresses[secret], at=at) for secret in missing[: max(room, 0)]]
        if fresh:
            Participant.objects.bulk_create(fresh, ignore_conflicts=True)
            log("session.joined", by=by, item=session.pk)
            tell_answers(step)
            again = Participant.objects.filter(session=session, device__in=[one.device for one in fresh])
            found |= {one.device: one for one in again}
    return {secret: found[device] for secret, device in devices.items() if device in found}


def _said(step: Step, sending: Sending, seat: Participant | None) -> Said | int:
    """What the form says, or the status that refuses it."""
    if seat is None:
        return NO_SEAT
    asked_as = step_type(step.kind)
    asked = asked_as.question
    if asked is None:
        return NOT_FOUND
    if asked_as.by_group or asked_as.adds:
        return REFUSED  # the page sees to it that nothing of the group's or of what was said before is lost
    form = asked.answer_form(step, QueryDict(sending.body))
    if not form.is_valid():
        return REFUSED
    try:
        values, slot = asked.values(step, form), asked.slot(form)
        key = UUID(form.submission_key) if form.uses_submission_key else None
    except ValueError:
        return REFUSED
    if slot is not None:
        return Said(seat, {slot: values[0]}, key)
    return Said(seat, dict(enumerate(values)), key, all_slots=True)


def _reply(recorded: Recorded, sending: Sending, moment: datetime) -> Reply:
    if recorded.fault is not None:
        return Reply(CLOSED if isinstance(recorded.fault, StepClosed) else REFUSED)
    return Reply(SAVED, event_number(moment), "" if sending.secret else sending.ticket.fresh_secret)


def _step_id(sending: Sending) -> UUID | None:
    try:
        return UUID(QueryDict(sending.body).get("step", ""))
    except ValueError:
        return None


def _too_fast(sending: Sending) -> bool:
    if sending.secret:
        return limits.answers.count(str(reader_token(sending.secret)))
    return limits.new_phones.count(sending.origin)

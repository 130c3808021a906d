"""What the sender of a case does: sends it in, and says whether the answer was good enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import require_covered
from medskick.kernel.files.actions import store_file
from medskick.kernel.files.scanner import Scanner
from medskick.kernel.notifications.actions import follow
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Level
from medskick.lib.codes import new_id
from medskick.services.cases import access, queries
from medskick.services.cases.address import address_of, key_of, stored_key
from medskick.services.cases.handling import handling_unit, units_of
from medskick.services.cases.models import Case, CaseStep, State
from medskick.services.cases.moves import (
    KIND,
    LONGEST_REASON,
    TransitionRefused,
    coverage_key,
    due_from,
    move,
    needed,
    note_step,
    owe,
)
from medskick.services.cases.tally import count
from medskick.services.definitions.catalogue import catalogue
from medskick.services.definitions.definition import Definition
from medskick.services.forms.answers import answers_from, to_json
from medskick.services.forms.building import checked


@dataclass(frozen=True, slots=True)
class Submitted:
    """A case that has come in. `address` is the private address, "" for somebody who logs in herself; it is known only
    here, and to `address_taken_home`."""

    case: Case
    address: str


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form on its way to becoming a case."""

    definition: Definition
    cleaned: Mapping[str, Any]
    said: str
    key: str
    sender: UUID
    signed_in: bool
    readers: list[UUID]
    at: datetime


def submit_case(
    *,
    by: Actor,
    service: str,
    answers: Mapping[str, Any],
    attachment: UploadedFile | None = None,
    submission_key: UUID | str | None = None,
    at: datetime | None = None,
    scanner: Scanner | None = None,
) -> Submitted:
    """Send in a form: a registered case, a unit that owes an answer, and a way for the sender to follow it.

    answers: by field id, as typed. submission_key: the same key with the same answers gives the case that is there.
    Raise LookupError for an unknown service, NobodyHandles where no unit can take it, ValidationError for answers or a
    file that cannot be accepted, and PermissionDenied where a mandate is not good for it; then nothing is saved.
    """
    definition = catalogue().get(service)
    require_covered(by, coverage_key(service))
    cleaned = checked(definition, answers)
    said = to_json(answers_from(definition, cleaned))
    # Whoever fills in at work, or for somebody without a name, leaves the private address with her.
    oneself = None if by.staff else by.principal
    key = key_of(submission_key or new_id(), oneself, said)
    address = address_of(key) if oneself is None or access.takes_address_home(by) else ""
    holders = [one for one in (oneself, reader_token(address) if address else None) if one is not None]
    sender = holders[0]
    sent = _Sent(definition, cleaned, said, key, sender, oneself is not None, holders, at or timezone.now())
    widen_scope([sender])
    try:
        with transaction.atomic():
            case = _open(sent, by=by)
            if attachment is not None:
                store_file(attachment, by=by, item=case.item_id, readers=holders, scanner=scanner)
    except IntegrityError:
        return Submitted(queries.case_submitted_as(by.organisation, stored_key(key)), address)
    register(
        case.item,
        by=by,
        party=_("invånare"),
        # The e-service and the subject that was chosen, never the sender's own words: everybody may read it.
        public_title=case.item.title,
        retention=definition.retention,
        registered_at=case.submitted_at,
    )
    note_step(case, by=by, verb=CaseStep.SUBMITTED, at=case.submitted_at)
    owe(case, by=by, at=case.submitted_at)
    for holder in holders:
        follow(case.item, by=by, follower=holder)
    if case.item.level != Level.SEALED:
        count(case.owner_id, case.submitted_at, received=1)
    return Submitted(case, address)


def address_taken_home(case: Case, *, by: Actor, submission_key: str) -> str:
    """The private address of a case that was just sent for somebody who cannot log in; "" where there is none.

    It is made anew from the form's own key, which only the browser that sent it has: the address stands in no url that a
    browser of the library would remember, and in no table.
    """
    if not access.takes_address_home(by) or case.item.level == Level.SEALED:
        return ""
    key = key_of(submission_key, by.principal, case.answers)
    return address_of(key) if stored_key(key) == case.submission_key else ""


def say_satisfied(case: Case, *, by: Actor, holder: UUID, at: datetime | None = None) -> Case:
    """The sender is content with the answer: the case is closed."""
    locked = _for_sender(case, holder)
    return move(locked, by=by, verb=CaseStep.SATISFIED, state=State.CLOSED, at=at).case


def say_not_satisfied(case: Case, *, by: Actor, holder: UUID, reason: str, at: datetime | None = None) -> Case:
    """The sender is not content, and says why: the case is opened again, once, and the unit owes a new answer."""
    locked = _for_sender(case, holder)
    why = needed(reason, LONGEST_REASON)
    if not access.may_object(locked):
        raise TransitionRefused(_("Du har redan sagt att du inte är nöjd en gång, eller så är ärendet avslutat."))
    now = at or timezone.now()
    locked.reopened_once, locked.due = True, due_from(now, locked.unit.answer_days)
    move(
        locked,
        by=by,
        verb=CaseStep.UNSATISFIED,
        state=State.REOPENED,
        reason=why,
        fields=["reopened_once", "due"],
        at=now,
    )
    owe(locked, by=by, at=now)
    return locked


def _open(sent: _Sent, *, by: Actor) -> Case:
    """The item and the case. The unique key is met here, before anything that a second copy must not do twice."""
    topic = sent.cleaned[sent.definition.topic_field]
    unit = handling_unit(sent.definition, topic, units_of(by.organisation) if by.organisation else [])
    item = create_item(
        by=by,
        kind=KIND,
        title=sent.definition.title_of_case(topic, sent.cleaned.get(sent.definition.kind_field, "")),
        level=Level.PARTIES,
        readers=access.readers_of_case(organisation=unit.organisation_id, unit=unit.id, sent_by=sent.readers),
        unit=unit.id,
        occurred_at=sent.at,
    )
    case = Case(
        item=item,
        owner_id=item.owner_id,
        service=sent.definition.slug,
        version=sent.definition.version,
        definition_digest=sent.definition.digest,
        topic=topic,
        unit=unit,
        sender=sent.sender,
        signed_in=sent.signed_in,
        answers=sent.said,
        due=due_from(sent.at, unit.answer_days),
        submitted_at=sent.at,
        submission_key=stored_key(sent.key),
    )
    case.save(force_insert=True)
    return case


def _for_sender(case: Case, holder: UUID) -> Case:
    locked = queries.case_by_item(case.item_id, for_update=True)
    if not access.is_sender(locked, holder):
        raise PermissionDenied(_("Bara den som skickade in ärendet kan säga det."))
    return locked

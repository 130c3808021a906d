"""Asking for a record, answering, and deciding. What a registrar does with the diary stands in diary_actions.py."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.disclosure import access, queries
from medskick.kernel.disclosure.disclosables import text_of
from medskick.kernel.disclosure.masking import mask
from medskick.kernel.disclosure.models import (
    DecisionWish,
    Delivery,
    DisclosedCopy,
    DisclosureAnswer,
    DisclosureRequest,
    RequestState,
)
from medskick.kernel.disclosure.rules import disclosure_rules
from medskick.kernel.log.actions import log, log_read
from medskick.kernel.notifications.actions import follow, tell_followers
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import current_scope, reader_token, set_scope, widen_scope
from medskick.kernel.people.private_address import address_of, key_of, stored_key
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tasks.actions import create_task, settle
from medskick.kernel.tasks.models import Task
from medskick.lib.codes import new_id
from medskick.lib.dates import add_working_days

KIND = "kernel.disclosure_request"
PURPOSE = "disclosure"
LONGEST_WANTED, LONGEST_REASON = 2000, 3000
Answer = DisclosureAnswer


class DisclosureRefused(ValueError):
    """A step that the rules do not let one take now; says why in plain Swedish."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has come in. `address` is known only here."""

    request: DisclosureRequest
    address: str


def ask_for_record(
    *,
    by: Actor,
    organisation: UUID,
    wanted: str,
    diary_number: str = "",
    asked_item: UUID | None = None,
    delivery: str = Delivery.ADDRESS,
    email: str = "",
    submission_key: UUID | str | None = None,
    at: datetime | None = None,
) -> Asked:
    """Ask an authority to read a record: a registered request, a task for its registrars, and a secret address.

    Nothing of who asks is kept, also where she is logged in (TF 2 kap. 18 §). The same form sent twice is one request.
    """
    asking = _nobody(by, organisation)
    content = json.dumps([str(organisation), wanted, diary_number, str(asked_item or ""), delivery, email])
    key = key_of(submission_key or new_id(), content)
    address = address_of(PURPOSE, key)
    asker = reader_token(address)
    set_scope(replace(current_scope(), acting=organisation))
    widen_scope([asker])
    now = at or timezone.now()
    request = DisclosureRequest(
        owner_id=organisation,
        diary_number=diary_number,
        asked_item=asked_item,
        wanted=wanted,
        delivery=delivery,
        email=email if delivery == Delivery.EMAIL else "",
        asker=asker,
        due=add_working_days(timezone.localtime(now).date(), settings.DISCLOSURE_DAYS),
        received_at=now,
        submission_key=stored_key(PURPOSE, key),
    )
    try:
        with transaction.atomic():
            _open(request, by=asking)
    except IntegrityError:
        return Asked(queries.request_of(asker), address)
    return Asked(request, address)


def _open(request: DisclosureRequest, *, by: Actor) -> None:
    """Save it with its item, register it, and give it to the registrars. The unique key is met before all that."""
    request.item = item = create_item(
        by=by,
        kind=KIND,
        title=_("Begäran om att få ut en handling"),
        level=Level.PARTIES,
        readers=access.readers_of_request(request.owner_id, request.asker),
        occurred_at=request.received_at,
        searchable=False,
    )
    request.save(force_insert=True)
    register(
        item,
        by=by,
        registered_at=request.received_at,
        party=_("enskild"),
        public_title=item.title,
        retention="gallras efter 2 år",
    )
    follow(item, by=by, follower=request.asker)
    what = _("En begäran om att få ut en handling har kommit in.")
    _give_to_registrars(request, by=by, what=what, at=request.received_at)


def read_request(request: DisclosureRequest, *, by: Actor) -> None:
    """Note that a registrar has read what somebody asked for."""
    require_staff(by, REGISTRAR)
    log_read(by, KIND, [request.item_id])


def read_in_full(item: Item, *, by: Actor) -> list[tuple[str, str]]:
    """The whole text of a record, for the one who is to decide what a stranger may read. The reading is logged."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, item.owner_id)
    log_read(by, item.kind, [item.id])
    return text_of(item)


def prepare_copy(
    request: DisclosureRequest, *, by: Actor, item: Item, words: Iterable[str], grounds: Iterable[str] = ()
) -> DisclosedCopy:
    """Make the copy of a record that the asker is to get, with the words masked everywhere.

    One that is not given out yet is replaced; after it, a decision may give another. Only the masked text is kept.
    grounds: keys of the rules that are proposed for what is masked.
    Raise DisclosureRefused where the request is not waiting for an answer.
    """
    require_staff(by, REGISTRAR)
    require_same_organisation(by, request.owner_id)
    locked = queries.request_by_item(request.item_id, for_update=True)
    _require_waiting(locked)
    fields, marks = mask(read_in_full(item, by=by), words)
    record = getattr(item, "record", None)
    copy = DisclosedCopy.objects.filter(request=locked, item=item.id, released_at__isnull=True).first()
    fresh = copy is None
    copy = copy or DisclosedCopy(owner_id=request.owner_id, request=locked, item=item.id)
    copy.diary_number = record.diary_number if record else ""
    copy.fields, copy.marks = json.dumps(fields, ensure_ascii=False), marks
    copy.grounds = sorted(set(grounds)) if marks else []
    copy.by_person, copy.by_name, copy.at = by.person, by.name, timezone.now()
    copy.save(force_insert=fresh)
    log("disclosure.prepared", by=by, item=request.item_id, references=[item.id])
    return copy


def answer_request(
    request: DisclosureRequest, *, by: Actor, outcome: str, grounds: Sequence[str] = (), reason: str = ""
) -> DisclosureAnswer:
    """The officer's answer: given out, whole or masked, or not given. Errors as _answer."""
    return _answer(request, by=by, stage=Answer.Stage.ANSWER, outcome=outcome, grounds=grounds, reason=reason)


def want_decision(request: DisclosureRequest, *, by: Actor, holder: UUID) -> DecisionWish:
    """The asker wants the authority's own decision, which can be appealed. Said once."""
    if holder != request.asker:
        raise PermissionDenied(_("Bara den som begärde handlingen kan säga det."))
    asking = _nobody(by, request.owner_id)
    set_scope(replace(current_scope(), acting=request.owner_id))
    locked = queries.request_by_item(request.item_id, for_update=True)
    if not access.may_want_decision(locked):
        raise DisclosureRefused(_("Det finns inget svar att pröva, eller så har du redan bett om ett beslut."))
    wish = DecisionWish(request=locked)
    wish.save(force_insert=True)
    locked.due = add_working_days(timezone.localdate(), settings.DISCLOSURE_DAYS)
    _move(locked, RequestState.DECISION_WANTED)
    log("disclosure.decision_wanted", by=asking, item=locked.item_id)
    what = _("Den som begärde en handling vill ha ett beslut.")
    _give_to_registrars(locked, by=asking, what=what, at=timezone.now())
    return wish


def decide_request(
    request: DisclosureRequest, *, by: Actor, outcome: str, grounds: Sequence[str] = (), reason: str = ""
) -> DisclosureAnswer:
    """The authority's decision, with how to appeal it as far as it says no. Errors as _answer."""
    return _answer(request, by=by, stage=Answer.Stage.DECISION, outcome=outcome, grounds=grounds, reason=reason)


def _answer(
    request: DisclosureRequest, *, by: Actor, stage: str, outcome: str, grounds: Sequence[str], reason: str
) -> DisclosureAnswer:
    """Raise DisclosureRefused where the outcome does not fit the copies, or has no ground or reason where it must."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, request.owner_id)
    locked = queries.request_by_item(request.item_id, for_update=True)
    after = RequestState.ANSWERED if stage == Answer.Stage.ANSWER else RequestState.DECIDED
    if not locked.may_become(after):
        raise DisclosureRefused(_("Begäran är redan besvarad, eller så har ingen bett om ett beslut."))
    copies = [copy for copy in queries.copies_of(locked) if copy.released_at is None]
    _require_fitting(outcome, stage, copies, grounds, reason)
    today = timezone.localdate()
    rules = disclosure_rules(today)
    place = place_of(locked.owner_id)
    answer = DisclosureAnswer(
        request=locked,
        stage=stage,
        outcome=outcome,
        grounds=[str(rules.grounds[key]) for key in grounds if key in rules.grounds],
        reason=reason,
        by_person=by.person,
        by_name=by.name,
    )
    if stage == Answer.Stage.DECISION and answer.withheld:
        answer.appeal = rules.appeal(place.name if place else "")
    answer.save(force_insert=True)
    released = _release(copies) if outcome in (Answer.Outcome.RELEASED, Answer.Outcome.MASKED) else []
    _move(locked, after)
    settle(locked.item, by=by, relation=Task.TO_DO)
    log(f"disclosure.{stage}.{outcome}", by=by, item=locked.item_id, references=[copy.item for copy in released])
    tell_followers(locked.item, by=by, what=_("Du har fått svar på din begäran om en handling."))
    return answer


def _require_fitting(
    outcome: str, stage: str, copies: Sequence[DisclosedCopy], grounds: Sequence[str], reason: str
) -> None:
    masked = any(copy.marks for copy in copies)
    gives = outcome in (Answer.Outcome.RELEASED, Answer.Outcome.MASKED)
    # A decision may stand by a masked copy that was given with the answer, and give nothing new.
    if gives and not copies and not (stage == Answer.Stage.DECISION and outcome == Answer.Outcome.MASKED):
        raise DisclosureRefused(_("Välj först vilken handling som ska lämnas ut."))
    if outcome == Answer.Outcome.RELEASED and masked:
        raise DisclosureRefused(
            _("En kopia är maskad. Välj ”lämnas ut med maskning”, eller gör om kopian utan maskning.")
        )
    if outcome == Answer.Outcome.MASKED and copies and not masked:
        raise DisclosureRefused(_("Ingenting är maskat. Välj ”lämnas ut”, eller maska först."))
    if outcome in (Answer.Outcome.MASKED, Answer.Outcome.REFUSED) and not grounds:
        raise DisclosureRefused(_("Välj den paragraf som hindrar att allt lämnas ut."))
    if outcome != Answer.Outcome.RELEASED and not reason.strip():
        raise DisclosureRefused(_("Skriv varför."))


def _release(copies: Sequence[DisclosedCopy]) -> Sequence[DisclosedCopy]:
    now = timezone.now()
    for copy in copies:
        copy.released_at = now
        copy.save(update_fields=["released_at"])
    return copies


def _require_waiting(request: DisclosureRequest) -> None:
    if request.state not in (RequestState.RECEIVED, RequestState.DECISION_WANTED):
        raise DisclosureRefused(_("Begäran är redan besvarad."))


def _move(request: DisclosureRequest, state: str) -> None:
    request.state = state
    request.save(update_fields=["state", "due"])


def _give_to_registrars(request: DisclosureRequest, *, by: Actor, what: str, at: datetime) -> None:
    for person in queries.registrars_of(request.owner_id):
        create_task(
            request.item,
            by=by,
            what=what,
            verb=_("pröva"),
            url=reverse("disclosure_request", args=[request.item_id]),
            due=request.due,
            person=person,
            since=timezone.localtime(at).date(),
        )


def _nobody(by: Actor, organisation: UUID) -> Actor:
    """Somebody who asks, and nothing more of who she is."""
    return Actor(kind="device", organisation=organisation, channel=by.channel)


def text_of_request(item: Item) -> list[tuple[str, str]]:
    """What a request says: it is a public record too, and somebody may ask to read it."""
    request = queries.request_by_item(item.id)
    said = [(_("Diarienummer som begärdes"), request.diary_number), (_("Det som begärdes"), request.wanted)]
    for answer in request.answers.all():
        said.append((_("Svar"), f"{answer.get_outcome_display()}. {answer.reason}"))
    return [*said, (_("E-post"), request.email)]


def dispose_of_request(item: Item, by: Actor) -> None:
    """Destroy what was asked and what was given. Who answered what, and when, stays."""
    request = DisclosureRequest.objects.filter(item=item)
    request.update(wanted="", email="", diary_number="", asked_item=None)
    DisclosedCopy.objects.filter(request__in=request).update(fields="[]")

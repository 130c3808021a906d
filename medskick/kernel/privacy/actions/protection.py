"""Protected identity: saying that a person has it, choosing the one who handles her matters, and saying that it ended.

What follows is laid by the database (privacy/sql_functions.py), at once and in every organisation. The answers are the same
whether the person was known or not, so that nobody can try numbers out.
"""

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff, role_token
from medskick.kernel.organisations.scope import current_scope, set_scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.models import Employment, Person, ProtectionMark
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.models import Item
from medskick.lib.personal_number import parse_personal_number
from medskick.lib.text import clean_text


def protect_by_number(*, by: Actor, number: str, kind: str) -> ProtectionMark:
    """Mark the person with this personal number; one who is not known yet is made known, so that it holds from the first
    log-in. The answer is the same in both cases, and for one who was marked already.

    Raise ValueError for a number that is none.
    """
    require_staff(by, REGISTRAR)
    twelve = parse_personal_number(number).number12
    before = current_scope()
    try:
        person = find_person_by_number(twelve) or make_known(name="", number=twelve).id
    finally:
        set_scope(before)  # making known lets one read her; marking her must not
    return _mark(person, by=by, kind=kind)


def protect_voice(item: Item, *, by: Actor, kind: str) -> list[ProtectionMark]:
    """Mark the resident whose item this is. Raise ValueError where the item has none that we know."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, item.owner_id)
    persons = _residents_among(item.readers)
    if not persons:
        raise ValueError(_("Vi vet inte vem som står bakom det här. Använd personnumret i stället."))
    return [_mark(person, by=by, kind=kind) for person in persons]


def choose_handler(mark: ProtectionMark, *, by: Actor, handler: Employment) -> ProtectionMark:
    """Let one employee, and from now on nobody else at work, read the person's name and matters here."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, mark.owner_id)
    require_same_organisation(by, handler.organisation_id)
    if handler.ended_at is not None or mark.ended_at is not None:
        raise PermissionDenied(_("Anställningen eller skyddet har upphört."))
    # The row must be within reach also afterwards, or row security refuses the change; the mark itself is.
    mark.handler, mark.handler_name = handler.person_id, _name_of(handler)
    mark.save(update_fields=["handler", "handler_name"])
    log("protection.handler_chosen", by=by, references=[mark.id, handler.id])
    return mark


def end_protection(mark: ProtectionMark, *, by: Actor, reason: str) -> ProtectionMark:
    """Say that the protection has ended. What was sealed stays sealed: only its handler can say what may be opened."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, mark.owner_id)
    why = clean_text(reason, max_length=300).strip()
    if not why:
        raise ValueError(_("Skriv varför skyddet har upphört."))
    if mark.ended_at is None:
        mark.ended_at, mark.ended_by, mark.ended_reason = timezone.now(), by.person, why
        mark.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        log("protection.ended", by=by, references=[mark.id])
    return mark


def _mark(person: UUID, *, by: Actor, kind: str) -> ProtectionMark:
    if by.organisation is None:
        raise PermissionDenied(_("Ingen organisation agerar."))
    standing = ProtectionMark.objects.filter(owner_id=by.organisation, person_id=person, ended_at__isnull=True).first()
    if standing is not None:
        return standing
    mark = ProtectionMark(
        owner_id=by.organisation,
        person_id=person,
        kind=kind,
        registrars=role_token(by.organisation, REGISTRAR),
        by_person=by.person,
        by_name=by.name,
    )
    mark.save(force_insert=True)
    log("protection.began", by=by, references=[mark.id])
    return mark


def _residents_among(tokens: list[UUID]) -> list[UUID]:
    """Those of the tokens that are persons and no officials; asked with each of them in reach, and then no longer."""
    before = current_scope()
    try:
        set_scope(replace(before, reach=before.reach | frozenset(tokens)))
        return list(Person.objects.filter(id__in=tokens, staff=False).values_list("id", flat=True))
    finally:
        set_scope(before)


def _name_of(handler: Employment) -> str:
    """An official's name is public, and read without opening anybody else's."""
    return Person.objects.get(id=handler.person_id).name

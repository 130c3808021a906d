"""Who may help, speak for, or answer for whom; and what only the person herself may do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.assistance.models import Assistance, Mandate, MandateKind, Objection
from medskick.kernel.organisations.actor import Actor, role_token
from medskick.kernel.organisations.scope import current_scope, scope
from medskick.kernel.people.roles import HELPER, REGISTRAR

# Staff who take in mandates on paper.
KEEPERS = (HELPER, REGISTRAR)


class NotPossible(ValueError):
    """What was asked for cannot be done; the message says why, in plain Swedish, for the page to show."""


class OwnSignatureNeeded(PermissionDenied):
    """Only the person herself may sign this; the page that shows it says the ways round."""


def require_own_signature(by: Actor) -> None:
    """Raise OwnSignatureNeeded where somebody else than the person herself is about to sign.

    Engines call this first in every verb that counts as the person's own signature.
    """
    if by.tie is not None:
        raise OwnSignatureNeeded(_("Det här måste personen själv skriva under."))


def require_covered(by: Actor, what: str) -> None:
    """Raise PermissionDenied where the actor's mandate is not good for `what`, a key of coverage.py."""
    if by.covers and what not in by.covers:
        raise PermissionDenied(_("Din fullmakt gäller inte det här. Den som gav den kan ge dig en ny."))


def require_oneself(by: Actor) -> UUID:
    """The person who acts, for nobody but herself. Raise PermissionDenied for anybody else."""
    if by.person is None or by.tie is not None:
        raise PermissionDenied(_("Det här gör bara personen själv, med sin egen inloggning."))
    return by.person


def helpers_of(organisation: UUID) -> UUID:
    """The agent of a mandate that is given to an organisation's helpers, whoever of them is there."""
    return role_token(organisation, HELPER)


def registrars_of(organisation: UUID) -> UUID:
    return role_token(organisation, REGISTRAR)


def may_end(by: Actor, mandate: Mandate) -> bool:
    """The one who gave a proxy, its agent, and whoever keeps the organisation's papers. A child's guardian is not ended
    by the child."""
    if mandate.ended_at is not None:
        return False
    if by.kind == "system":
        return mandate.owner_id == by.organisation and mandate.registrars is not None
    if by.staff and by.has(REGISTRAR) and mandate.owner_id == by.organisation and mandate.registrars is not None:
        return True
    if by.tie is not None:
        return False
    return by.person == mandate.agent or (by.person == mandate.principal and mandate.kind == MandateKind.PROXY)


def may_object(by: Actor, assistance: Assistance) -> bool:
    return by.tie is None and by.person is not None and by.person == assistance.resident


def may_decide(by: Actor, objection: Objection) -> bool:
    """A registrar of the organisation, but not the one whom the objection is about."""
    return by.has(REGISTRAR) and by.organisation == objection.owner_id and by.person != objection.helper


@contextmanager
def writing_at(by: Actor, owner: UUID) -> Iterator[Actor]:
    """A resident writes where what she speaks of was done, whichever municipality's site she is on."""
    now = current_scope()
    if now.acting == owner and by.organisation == owner:
        yield by
        return
    with scope(replace(now, acting=owner)):
        yield replace(by, organisation=owner)

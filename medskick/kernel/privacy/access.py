"""Who may do what with people's data. Which rows are read is told by row security; these ask who may act."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope


def as_resident(by: Actor, organisation: UUID) -> Actor:
    """The same person without her employment, at an organisation that keeps something of her."""
    return Actor(
        kind=by.kind,
        organisation=organisation,
        person=by.person,
        name=by.name,
        acting_for=by.acting_for,
        mandate=by.mandate,
        channel=by.channel,
        assurance=by.assurance,
    )


def whose(by: Actor) -> UUID | None:
    """Whose data "Mina uppgifter" is about: hers who acts, never the one whom she helps."""
    return None if by.acting_for else by.person


@contextmanager
def herself(by: Actor) -> Iterator[UUID]:
    """Read as the person alone, also where she is at work: no colleague's rights, and nobody whom she helps.

    Raise PermissionDenied where nobody is signed in, or somebody is being helped.
    """
    person = whose(by)
    if person is None:
        raise PermissionDenied(_("Bara du själv kan se dina uppgifter."))
    with scope(Scope(by.organisation, reach=frozenset({person}))):
        yield person

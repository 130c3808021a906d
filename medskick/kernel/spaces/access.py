"""Who reads a network's space: its seats, and nobody else."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network
from medskick.kernel.spaces.models import SpaceQuestion


def has_seat(by: Actor, network: Network) -> bool:
    return by.staff and network.id in by.networks


def require_seat(by: Actor, network: Network) -> None:
    """Raise PermissionDenied for whoever has no seat in the network."""
    if not has_seat(by, network):
        raise PermissionDenied(_("Du har ingen plats i nätverket."))


def may_accept(by: Actor, question: SpaceQuestion) -> bool:
    return by.organisation == question.organisation_id

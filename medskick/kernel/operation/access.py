"""Who may do what with an organisation's own running."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.people.roles import ADMINISTRATOR, AUDITOR, REGISTRAR


def require_administrator(by: Actor, owner: UUID) -> None:
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, owner)


def require_auditor(by: Actor, owner: UUID) -> None:
    require_staff(by, AUDITOR)
    require_same_organisation(by, owner)


def require_registrar(by: Actor, owner: UUID) -> None:
    require_staff(by, REGISTRAR, ADMINISTRATOR)
    require_same_organisation(by, owner)


def require_another(by: Actor, first: UUID | None) -> None:
    """Four eyes: raise PermissionDenied for the one who asked herself."""
    if by.person is not None and by.person == first:
        raise PermissionDenied(_("Någon annan än den som bad om det måste godkänna det."))

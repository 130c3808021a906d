"""Who acts (kernel.md C): every verb takes an Actor as `by=`."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.organisations.scope import Scope

Channel = Literal["web", "desk", "phone", "paper", "api", "job", "import", "demo"]
Assurance = Literal["none", "low", "substantial", "high"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, for whom, with which mandate, in which organisation and through which channel.

    kind: a person (known), a device (an anonymous phone or browser) or the system (a job).
    organisation: the acting organisation; every write goes to it.
    staff: the person acts in an employment; then `unit`, `roles`, `networks` and `circle` come from it.
    """

    kind: Literal["person", "device", "system"]
    organisation: UUID | None
    person: UUID | None = None
    employment: UUID | None = None
    name: str = ""
    organisation_name: str = ""
    unit: UUID | None = None
    units: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    networks: frozenset[UUID] = frozenset()
    circle: UUID | None = None
    device: UUID | None = None
    acting_for: UUID | None = None
    mandate: UUID | None = None
    channel: Channel = "web"
    assurance: Assurance = "none"

    @property
    def staff(self) -> bool:
        return self.employment is not None

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @property
    def speaker(self) -> UUID | None:
        """Whose voice it is: the one acted for, else the person, else the device."""
        return self.acting_for or self.person or self.device

    def has(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    def scope(self) -> Scope:
        """What this actor writes and reads. A system actor reads its organisation's own rows and nothing else."""
        own = (
            frozenset({self.organisation})
            if self.organisation and (self.staff or self.kind == "system")
            else frozenset()
        )
        # The organisation's own id is also a token: what others share with it carries that id among its readers.
        held = {*own, self.person, self.device, self.acting_for, self.circle, *self.units, *self.networks}
        if self.organisation is not None:
            held.update(role_token(self.organisation, role) for role in self.roles)
        return Scope(acting=self.organisation, own=own, reach=frozenset(one for one in held if one is not None))

    def through(self, channel: Channel) -> "Actor":
        return replace(self, channel=channel)


def system(organisation: UUID, *, channel: Channel = "job") -> Actor:
    """The system itself, acting for one organisation."""
    return Actor(kind="system", organisation=organisation, name="Medskick", channel=channel)


def role_token(organisation: UUID, role: str) -> UUID:
    """The reader token of everyone who has a role in an organisation, such as its registrars."""
    return uuid5(organisation, role)


def require_staff(by: Actor, *roles: str) -> None:
    """Raise PermissionDenied unless the actor is staff and, where roles are given, has one of them."""
    if by.kind == "system":
        return
    if not by.staff or (roles and not by.has(*roles)):
        raise PermissionDenied(_("Du har inte den roll som det här kräver."))


def require_same_organisation(by: Actor, owner: UUID) -> None:
    """Raise PermissionDenied unless the row belongs to the organisation that the actor acts for."""
    if by.organisation != owner:
        raise PermissionDenied(_("Det här tillhör en annan organisation."))

"""Who acts (kernel.md C): every verb takes an Actor as `by=`."""

from dataclasses import dataclass, replace
from typing import Literal, get_args
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.kernel.organisations.scope import Scope

Channel = Literal["web", "desk", "phone", "paper", "api", "job", "import", "demo"]
Assurance = Literal["none", "low", "substantial", "high"]
ASSURANCES: tuple[Assurance, ...] = get_args(Assurance)  # from the least sure to the surest


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, for whom, with which mandate, in which organisation and through which channel.

    kind: a person (known), a device (an anonymous phone or browser) or the system (a job).
    organisation: the acting organisation; every write goes to it.
    staff: the person acts in an employment; then `unit`, `roles`, `networks` and `circle` come from it.
    acting_for: whom a helper (then `assistance` is set) or somebody with a mandate acts for. She then has neither her
    own rights nor her own rows: what she does is the other's, and `person` only says who did it.
    covers: keys of what the mandate is good for; empty is everything.
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
    acting_for_name: str = ""
    mandate: UUID | None = None
    assistance: UUID | None = None
    covers: frozenset[str] = frozenset()
    channel: Channel = "web"
    assurance: Assurance = "none"

    @property
    def staff(self) -> bool:
        return self.employment is not None

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @property
    def principal(self) -> UUID | None:
        """Whose own pages these are: the one acted for, else the person. None for a phone and while somebody without a
        name is helped: what is done then is never the helper's own."""
        return self.acting_for or (None if self.assistance else self.person)

    @property
    def speaker(self) -> UUID | None:
        """Whose voice it is: the one acted for, else the person, else the device."""
        return self.principal or self.device

    @property
    def tie(self) -> UUID | None:
        """The token that lets whoever acts for another read what came of it: the assistance or the mandate."""
        return self.assistance or (self.mandate if self.acting_for else None)

    @property
    def reads_all(self) -> bool:
        """Whether the one acted for has let her read what is there already: proven, and for everything."""
        return not self.covers and (self.assistance is None or self.assurance != "none")

    def has(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    def scope(self) -> Scope:
        """What this actor writes and reads. A system actor reads its organisation's own rows and nothing else."""
        own = (
            frozenset({self.organisation})
            if self.organisation and (self.staff or self.kind == "system")
            else frozenset()
        )
        if self.tie is not None:
            whose = {self.acting_for} if self.reads_all else set()
            held = {self.tie, self.device, *whose} - {None}
            return Scope(acting=self.organisation, reach=frozenset(one for one in held if one is not None))
        # The organisation's own id is also a token: what others share with it carries that id among its readers.
        held = {*own, self.person, self.device, self.circle, *self.units, *self.networks}
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


class AssuranceTooLow(PermissionDenied):
    """The person must identify herself more surely, `level` at least: a page becomes the step-up page by itself."""

    def __init__(self, level: Assurance) -> None:
        super().__init__(_("Det här kräver en säkrare inloggning än den du har nu."))
        self.level = level


def require_assurance(by: Actor, level: Assurance) -> None:
    """Raise AssuranceTooLow where a person has logged in less surely than `level`. The system has not logged in.

    In a view the request is sent to log in again, more surely, and comes back with what was typed.
    """
    if by.kind != "system" and ASSURANCES.index(by.assurance) < ASSURANCES.index(level):
        raise AssuranceTooLow(level)


def require_same_organisation(by: Actor, owner: UUID) -> None:
    """Raise PermissionDenied unless the row belongs to the organisation that the actor acts for."""
    if by.organisation != owner:
        raise PermissionDenied(_("Det här tillhör en annan organisation."))

"""What a log-in provider has vouched for, whatever protocol it speaks (oidc.py, saml.py)."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medskick.kernel.organisations.actor import Assurance
from medskick.kernel.people.models import Provider


class LogInFailed(Exception):
    """The log-in could not be completed; the message is plain Swedish for the person."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider has vouched for. `number` is a personal or coordination number, or empty.

    provider: whose word it is; None is the test eID, which is believed as an e-legitimation is.
    """

    issuer: str
    subject: str
    name: str
    number: str
    assurance: Assurance
    email: str = ""
    protected: bool = False
    provider: Provider | None = None

    @property
    def proven(self) -> bool:
        """Does it say who the person is, everywhere? Else only whom an organisation employs."""
        return self.provider is None or self.provider.is_identity_provider

    @property
    def staff_only(self) -> bool:
        return self.provider is not None and self.provider.for_staff and not self.proven

    @property
    def bound_to(self) -> UUID | None:
        """The one organisation that its word is good for."""
        return self.provider.organisation_id if self.provider is not None else None


def require_claims(provider: Provider, claims: dict[str, object]) -> None:
    """Raise LogInFailed unless each claim that must hold does: equal to what is expected, or holding it in a list."""
    for name, expected in provider.required_claims.items():
        stated = claims.get(name)
        if expected not in (stated if isinstance(stated, list) else [stated]):
            raise LogInFailed(
                _("Inloggningen kom från en annan organisation än den som du loggar in hos. Kontakta administratören.")
            )


def plain_text(value: object, most: int = 200) -> str:
    """A claim as text that can be stored: what is not text is nothing, and what no letter stands for is left out."""
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value if one.isprintable() and not "\ud800" <= one <= "\udfff").strip()[:most]

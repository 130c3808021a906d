"""The verbs of log-in providers: an organisation looks after its own, the region after all."""

import os
import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import ASSURANCES, Actor, require_staff
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people import oidc, saml
from medskick.kernel.people.actions.employing import Refused
from medskick.kernel.people.identity import LogInFailed
from medskick.kernel.people.models import Provider
from medskick.kernel.people.roles import ADMINISTRATOR

RESERVED = frozenset(
    {"test-eid", "roll", "sakrare", "vantar", "inte-langre"}
)  # other pages of the log-in have these addresses
CHANGEABLE = (
    "label",
    "protocol",
    "issuer",
    "client_id",
    "secret_variable",
    "saml_metadata",
    "for_staff",
    "for_identity",
    "assurance_by_acr",
    "required_claims",
    "protection_claim",
)


def secret_prefix(organisation: Organisation) -> str:
    """How the variables begin that this organisation's providers may name: never another's, never the server's own."""
    return f"MEDSKICK_LOGIN_{organisation.slug.upper().replace('-', '_')}_"


def add_provider(*, by: Actor, slug: str, organisation: Organisation | None, **given: Any) -> Provider:
    """Add a provider of the organisation's own, or, as the region, one for everybody (None) or any organisation.

    given: the fields of CHANGEABLE. Raises Refused where it may not be so, and says why.
    """
    acting = _permit(by, organisation)
    if not re.fullmatch(r"[a-z0-9-]{1,50}", slug) or slug in RESERVED:
        raise Refused(_("Adressnamnet får ha små bokstäver a–z, siffror och bindestreck, och får inte vara upptaget."))
    provider = Provider(slug=slug, organisation=organisation)
    return _save(provider, given, by=by, acting=acting, verb="provider.added")


def change_provider(provider: Provider, *, by: Actor, **given: Any) -> Provider:
    """Change it. Raises Refused where it may not be so, and says why."""
    acting = _permit(by, provider.organisation, provider)
    return _save(provider, given, by=by, acting=acting, verb="provider.changed")


def remove_provider(provider: Provider, *, by: Actor) -> None:
    """Take it off the log-in page. Those who are logged in stay so until their sign-in ends."""
    _permit(by, provider.organisation, provider)
    reference = provider.id
    provider.delete()
    log("provider.removed", by=by, references=[reference])


def check_provider(provider: Provider, *, by: Actor) -> str:
    """Ask the provider what it says of itself. Returns what is wrong in plain Swedish, or nothing."""
    _permit(by, provider.organisation, provider)
    try:
        if provider.protocol == Provider.SAML:
            saml.start(provider, answer_url="https://invalid.example/saml")
        else:
            oidc.forget_metadata()
            oidc.start(provider, redirect_uri="https://invalid.example/")
    except LogInFailed as fault:
        return str(fault)
    if provider.secret_variable and not os.environ.get(provider.secret_variable):
        return _("Den svarar, men hemligheten saknas: servern har ingen variabel %(name)s.") % {
            "name": provider.secret_variable
        }
    return ""


def _permit(by: Actor, organisation: Organisation | None, provider: Provider | None = None) -> Organisation:
    require_staff(by, ADMINISTRATOR)
    acting = Organisation.objects.get(id=by.organisation)
    others = organisation is None or organisation.id != acting.id
    if not acting.is_region and (others or (provider is not None and provider.is_identity_provider)):
        raise Refused(_("Det här är hela regionens inloggning. Regionens administratör sköter den."))
    return acting


def _save(provider: Provider, given: Mapping[str, Any], *, by: Actor, acting: Organisation, verb: str) -> Provider:
    unknown = set(given) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A provider has no {sorted(unknown)}")
    for name, value in given.items():
        setattr(provider, name, value)
    _check(provider, by, acting)
    try:
        with transaction.atomic():
            provider.save(force_insert=provider._state.adding)
    except IntegrityError:
        raise Refused(_("Det finns redan en inloggning med samma adressnamn eller samma utfärdare.")) from None
    log(verb, by=by, references=[provider.id])
    return provider


def _check(provider: Provider, by: Actor, acting: Organisation) -> None:
    if not acting.is_region and (not provider.for_staff or provider.for_identity):
        raise Refused(
            _("En kommuns egen inloggning är för dess medarbetare. Inloggning för invånare kopplar regionen in.")
        )
    if provider.protocol == Provider.SAML:
        try:
            provider.issuer = saml.read_metadata(provider.saml_metadata)
        except ValueError as fault:
            raise Refused(str(fault)) from fault
    elif not provider.issuer.startswith("https://"):
        raise Refused(_("Utfärdaren måste börja med https://. Annars kan vem som helst svara i dess namn."))
    elif not provider.client_id:
        raise Refused(_("Skriv klientens id, så som leverantören har gett er det."))
    if len(provider.issuer) > 200:
        raise Refused(_("Utfärdarens namn är längre än 200 tecken."))
    _check_secret(provider, by, acting)
    if any(level not in ASSURANCES for level in provider.assurance_by_acr.values()):
        raise Refused(_("Tillitsnivåerna är: none, low, substantial, high."))


def _check_secret(provider: Provider, by: Actor, acting: Organisation) -> None:
    """The value of the variable is sent to the provider: who may name any could have the server's own keys sent out."""
    name, prefix = provider.secret_variable, secret_prefix(provider.organisation or acting)
    if not name or by.kind == "system":
        return
    if not re.fullmatch(re.escape(prefix) + r"[A-Z0-9_]{1,40}", name):
        raise Refused(_("Miljövariabelns namn måste börja med %(prefix)s.") % {"prefix": prefix})

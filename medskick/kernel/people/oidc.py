"""OpenID Connect log-in: authorization code with PKCE, state and nonce checked (OpenID Connect Core 1.0, section 3.1).

Claims follow the Swedish claims specification 1.0 (https://id.oidc.se/claim/...).
"""

import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from medskick.kernel.organisations.actor import Assurance
from medskick.kernel.people.identity import Identity, LogInFailed, plain_text, require_claims
from medskick.kernel.people.models import Provider

STAFF_SCOPES = "openid profile email"
SCOPES = "openid https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber"
NUMBER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION_CLAIM = "https://id.oidc.se/claim/coordinationNumber"
ALGORITHMS = ["RS256", "PS256", "ES256"]
TIMEOUT_SECONDS = 10
CLOCK_LEEWAY_SECONDS = 60
DOES_NOT_ANSWER = gettext_lazy("Inloggningstjänsten svarar inte just nu. Försök igen om en stund.")


@dataclass(frozen=True, slots=True)
class Started:
    """A log-in that has begun: where to send the browser, and what its session must remember until it is back."""

    url: str
    state: str
    nonce: str
    verifier: str


def start(provider: Provider, *, redirect_uri: str, level: Assurance = "none") -> Started:
    """Begin a log-in at the provider, by a way that gives `level`. Raise LogInFailed where it does not answer."""
    acr = " ".join(provider.gives(level)) if level != "none" else ""
    metadata = _metadata(provider.issuer)
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _client(provider, redirect_uri) as client:
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"],
            code_verifier=verifier,
            nonce=nonce,
            ui_locales="sv en",
            **({"acr_values": acr} if acr else {}),
        )
    return Started(url, state, nonce, verifier)


def finish(provider: Provider, *, redirect_uri: str, code: str, nonce: str, verifier: str) -> Identity:
    """Exchange the code for claims and check them. Raise LogInFailed where anything is not as it must be."""
    metadata = _metadata(provider.issuer)
    try:
        with _client(provider, redirect_uri) as client:
            token = client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=verifier, timeout=TIMEOUT_SECONDS
            )
            claims = _checked_claims(provider, metadata, token.get("id_token", ""), nonce)
            answer = client.get(metadata["userinfo_endpoint"], timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
            told = answer.json()
    except (requests.RequestException, AuthlibBaseError, JoseError, ValueError) as fault:
        raise LogInFailed(_("Inloggningstjänstens svar gick inte att lita på. Försök logga in igen.")) from fault
    if told.get("sub") != claims["sub"]:
        raise LogInFailed(_("Inloggningstjänsten svarade för en annan person. Försök logga in igen."))
    return identity_from(provider, {**told, **claims})


def end_session_url(provider: Provider, *, back: str) -> str:
    """Where the person ends her session at the provider too, "" where it has no such place or does not answer.

    OpenID Connect RP-Initiated Logout 1.0, without id_token_hint: her token holds personal data, and is not kept.
    """
    try:
        address = _metadata(provider.issuer).get("end_session_endpoint", "")
    except LogInFailed:
        return ""
    if not address:
        return ""
    query = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back})
    return f"{address}{'&' if '?' in address else '?'}{query}"


def identity_from(provider: Provider, claims: dict[str, Any]) -> Identity:
    """Read the claims. A claim in another form than the specification's is refused, never repaired."""
    require_claims(provider, claims)
    number, coordination = claims.get(NUMBER_CLAIM, ""), claims.get(COORDINATION_CLAIM, "")
    if number and coordination:
        raise LogInFailed(_("Inloggningstjänsten gav två olika personnummer. Kontakta kommunen."))
    stated = number or coordination
    if stated and not (isinstance(stated, str) and re.fullmatch(r"[0-9]{12}", stated)):
        raise LogInFailed(_("Inloggningstjänsten gav ett personnummer i fel form. Kontakta kommunen."))
    subject = claims["sub"]
    if not isinstance(subject, str) or subject != plain_text(subject):
        raise LogInFailed(_("Inloggningstjänsten sa inte vem du är. Kontakta kommunen."))
    given = " ".join(filter(None, (plain_text(claims.get(one)) for one in ("given_name", "family_name"))))
    return Identity(
        issuer=provider.namespace,
        subject=subject,
        name=plain_text(claims.get("name")) or given,
        number=stated,
        assurance=provider.assurance_by_acr.get(str(claims.get("acr", "")), "low"),
        email=plain_text(claims.get("email")) if claims.get("email_verified", True) is True else "",
        provider=provider,
        protected=bool(provider.protection_claim) and _says_yes(claims.get(provider.protection_claim)),
    )


def _says_yes(stated: Any) -> bool:
    """Protection that is stated in any form is believed; only a clear no, or silence, is not."""
    return stated is not None and str(stated).strip().lower() not in ("", "false", "0", "no", "n", "nej")


def _checked_claims(provider: Provider, metadata: dict[str, Any], id_token: str, nonce: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(cast(KeySetSerialization, _fetch(metadata["jwks_uri"])))
    decoded = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
    registry = jwt.JWTClaimsRegistry(
        leeway=CLOCK_LEEWAY_SECONDS,
        iss={"essential": True, "value": metadata["issuer"]},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    registry.validate(decoded.claims)
    if isinstance(decoded.claims["aud"], list) and len(decoded.claims["aud"]) > 1:
        # Issued to several: then it must say that it was given to us (OpenID Connect Core 1.0, 3.1.3.7).
        jwt.JWTClaimsRegistry(azp={"essential": True, "value": provider.client_id}).validate(decoded.claims)
    return dict(decoded.claims)


def _client(provider: Provider, redirect_uri: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        os.environ.get(provider.secret_variable) or None,
        scope=SCOPES if provider.is_identity_provider else STAFF_SCOPES,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def forget_metadata() -> None:
    """Ask the providers again what they say of themselves, in this process."""
    _metadata.cache_clear()


@lru_cache(maxsize=32)
def _metadata(issuer: str) -> dict[str, Any]:
    """The provider's own description of itself; its stated issuer must be the one that we trust."""
    try:
        metadata = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except (requests.RequestException, ValueError) as fault:
        raise LogInFailed(str(DOES_NOT_ANSWER)) from fault
    if metadata.get("issuer", "").rstrip("/") != issuer.rstrip("/"):
        raise LogInFailed(_("Inloggningstjänsten utger sig för att vara en annan. Kontakta kommunen."))
    endpoints = [value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))]
    if issuer.startswith("https://") and not all(str(one).startswith("https://") for one in endpoints):
        raise LogInFailed(_("Inloggningstjänsten beskriver sig på ett sätt som inte är säkert. Kontakta kommunen."))
    return metadata


def _fetch(url: str) -> dict[str, Any]:
    answer = requests.get(url, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    return dict(answer.json())

"""SAML 2.0 log-in: the request by redirect, the answer by post, the assertion signed (SAML 2.0 Web Browser SSO profile).

The signature, times, destination and issuer are python3-saml's to check. It lets pass an assertion that names no
audience, and takes InResponseTo from outside the signature: what is signed is therefore read once more here.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as C
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from medskick.kernel.organisations.actor import Assurance
from medskick.kernel.people.identity import Identity, LogInFailed, require_claims
from medskick.kernel.people.models import Provider

# Attribute names: the Swedish eID framework's attribute specification, and what AD FS and Entra ID call the same.
NUMBER = ("urn:oid:1.2.752.29.4.13",)
NAME = ("urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.microsoft.com/identity/claims/displayname")
GIVEN = ("urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname")
FAMILY = ("urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname")
EMAIL = ("urn:oid:0.9.2342.19200300.100.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")
LARGEST_METADATA = 200_000
LARGEST_ANSWER = 500_000
KEPT_AFTER_EXPIRY = timedelta(minutes=10)  # python3-saml allows clocks to differ by five
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Started:
    """A log-in that has begun: where to send the browser, and the request that the answer must answer."""

    url: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: whose it is, and the assertion, which may be used once until it expires."""

    identity: Identity
    assertion: str
    expires: datetime


def start(provider: Provider, *, answer_url: str, level: Assurance = "none") -> Started:
    """Begin a log-in, by a way that gives `level`. Raise LogInFailed where the provider is not set up."""
    auth = _auth(provider, answer_url, {}, acr=provider.gives(level) if level != "none" else [])
    return Started(auth.login(), auth.get_last_request_id())


def finish(provider: Provider, *, answer_url: str, said: str, request_id: str) -> Answer:
    """Check an answer to our request `request_id` and read it. Raise LogInFailed where anything is not as it must be."""
    if len(said) > LARGEST_ANSWER:
        raise LogInFailed(_not_trusted())
    auth = _auth(provider, answer_url, {"SAMLResponse": said})
    try:
        auth.process_response(request_id=request_id)
        assertion = None if auth.get_errors() else _assertion(auth)
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, etree.LxmlError, ValueError, TypeError) as fault:
        raise LogInFailed(_not_trusted()) from fault
    if assertion is None or not _is_for_us(assertion, auth, answer_url, request_id):
        raise LogInFailed(_not_trusted())
    expires = datetime.fromisoformat(assertion.xpath("string(saml:Conditions/@NotOnOrAfter)", namespaces=C.NSMAP))
    identity = identity_from(provider, auth)
    return Answer(identity, auth.get_last_assertion_id(), expires.astimezone(UTC) + KEPT_AFTER_EXPIRY)


def identity_from(provider: Provider, auth: Any) -> Identity:
    """Read the attributes. A number in another form than the specification's is refused, never repaired."""
    attributes: dict[str, list[str]] = auth.get_attributes()
    require_claims(provider, dict(attributes))
    number = _first(attributes, NUMBER)
    if number and not re.fullmatch(r"[0-9]{12}", number):
        raise LogInFailed(_("Inloggningstjänsten gav ett personnummer i fel form. Kontakta kommunen."))
    number = number if provider.is_identity_provider else ""
    subject = str(auth.get_nameid() or "")
    if auth.get_nameid_format() == C.NAMEID_TRANSIENT:
        # A name for this once only: then the number, or the address at work, is what she is known by.
        subject = number or _first(attributes, EMAIL).casefold()
    if not subject:
        raise LogInFailed(_("Inloggningstjänsten sa inte vem du är. Kontakta kommunen."))
    levels = {provider.assurance_by_acr.get(one, "low") for one in auth.get_last_authn_contexts()}
    given = " ".join(filter(None, (_first(attributes, GIVEN), _first(attributes, FAMILY))))
    return Identity(
        issuer=provider.namespace,
        subject=subject[:200],
        name=(_first(attributes, NAME) or given)[:200],
        number=number,
        assurance=levels.pop() if len(levels) == 1 else "low",
        email=_first(attributes, EMAIL)[:200],
        provider=provider,
    )


def describe(provider: Provider, *, answer_url: str) -> bytes:
    """Our own metadata, for the provider to read."""
    settings = OneLogin_Saml2_Settings(_settings(provider, answer_url, []), sp_validation_only=True)
    metadata = settings.get_sp_metadata()
    return metadata if isinstance(metadata, bytes) else metadata.encode()


def read_metadata(xml: str) -> str:
    """The issuer (entityID) that a provider's metadata is of. Raise ValueError in plain Swedish where it is of no use."""
    if len(xml) > LARGEST_METADATA:
        raise ValueError(_("Metadata är för stora. Klistra in dem för en enda inloggningstjänst."))
    idp = _parsed(xml)
    if not idp.get("entityId") or not idp.get("singleSignOnService"):
        raise ValueError(_("Det här är inte metadata för en inloggningstjänst som tar emot HTTP-Redirect."))
    if not str(idp["singleSignOnService"]["url"]).startswith(("https://", "http://localhost")):
        raise ValueError(_("Inloggningstjänstens adress måste börja med https://."))
    if not (idp.get("x509cert") or idp.get("x509certMulti", {}).get("signing")):
        raise ValueError(_("Metadata saknar certifikatet som inloggningstjänsten skriver under med."))
    return str(idp["entityId"])


def _is_for_us(assertion: Any, auth: Any, answer_url: str, request_id: str) -> bool:
    """Does the signed assertion itself say that it answers this request, here, for us and for a time?"""

    def said(path: str) -> list[str]:
        return [str(one) for one in assertion.xpath(path, namespaces=C.NSMAP)]

    bearer = "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
    audience = auth.get_settings().get_sp_data()["entityId"]
    restrictions = assertion.xpath("saml:Conditions/saml:AudienceRestriction", namespaces=C.NSMAP)
    return (
        said(f"{bearer}/@InResponseTo") == [request_id]
        and said(f"{bearer}/@Recipient") == [answer_url]
        and len(said(f"{bearer}/@NotOnOrAfter")) == 1
        and len(said("saml:Conditions/@NotOnOrAfter")) == 1
        and bool(restrictions)
        and all(
            audience in [str(one).strip() for one in restriction.xpath("saml:Audience/text()", namespaces=C.NSMAP)]
            for restriction in restrictions
        )
    )


def _assertion(auth: Any) -> Any:
    """The one assertion; that it is one, and the signed one, python3-saml has seen to."""
    document = OneLogin_Saml2_XML.to_etree(auth.get_last_response_xml())
    found = document.xpath("/samlp:Response/saml:Assertion", namespaces=C.NSMAP)
    return found[0] if len(found) == 1 else None


def _auth(provider: Provider, answer_url: str, posted: dict[str, str], *, acr: list[str] | None = None) -> Any:
    address = urlsplit(answer_url)
    request = {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": address.path,
        "get_data": {},
        "post_data": posted,
    }
    try:
        return OneLogin_Saml2_Auth(request, _settings(provider, answer_url, acr or []))
    except (OneLogin_Saml2_Error, ValueError) as fault:
        raise LogInFailed(_("Inloggningstjänsten är inte färdigt inkopplad. Kontakta kommunen.")) from fault


def _settings(provider: Provider, answer_url: str, acr: list[str]) -> dict[str, Any]:
    key, certificate = _own_key(provider)
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": answer_url.removesuffix("/saml") + "/metadata",
            "assertionConsumerService": {"url": answer_url, "binding": C.BINDING_HTTP_POST},
            "NameIDFormat": C.NAMEID_UNSPECIFIED,
            "x509cert": certificate,
            "privateKey": key,
        },
        "idp": _parsed(provider.saml_metadata),
        "security": {
            "authnRequestsSigned": bool(key),
            "wantAssertionsSigned": True,
            "wantMessagesSigned": False,
            "wantNameId": True,
            "requestedAuthnContext": acr or False,
            "requestedAuthnContextComparison": "exact",
            "failOnAuthnContextMismatch": False,  # what it came to is read from the answer, and asked for where needed
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": False,
            "allowSingleLabelDomains": True,  # a server inside a town hall may have such a name
            "signatureAlgorithm": C.RSA_SHA256,
            "digestAlgorithm": C.SHA256,
        },
    }


def _parsed(xml: str) -> dict[str, Any]:
    try:
        return dict(OneLogin_Saml2_IdPMetadataParser.parse(xml.encode()).get("idp", {}))
    except Exception as fault:
        raise ValueError(_("Metadata går inte att läsa som XML. Klistra in hela filen från leverantören.")) from fault


def _own_key(provider: Provider) -> tuple[str, str]:
    """Our key and certificate (PEM, one after the other) from the environment variable that the provider names."""
    blocks = {found[1]: found[0] for found in _PEM.finditer(os.environ.get(provider.secret_variable, ""))}
    key = next((block for kind, block in blocks.items() if kind.endswith("PRIVATE KEY")), "")
    return (key, blocks["CERTIFICATE"]) if key and "CERTIFICATE" in blocks else ("", "")


def _first(attributes: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((str(attributes[name][0]).strip() for name in names if attributes.get(name)), "")


def _not_trusted() -> str:
    return _("Inloggningstjänstens svar gick inte att lita på. Försök logga in igen.")

"""A SAML log-in provider for tests: it signs for real, and can be told to lie."""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import reverse
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from medskick.kernel.people.models import Provider
from medskick.kernel.people.tests.provider import save_provider

NUMBER, NAME, EMAIL = (
    "urn:oid:1.2.752.29.4.13",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "urn:oid:0.9.2342.19200300.100.1.3",
)
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
ISSUER = "https://idp.example.se/metadata"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def key_pair() -> tuple[str, str]:
    """A key and a certificate that the key has signed itself, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.se")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


KEYS = key_pair()


def metadata(certificate: str = KEYS[1], *, issuer: str = ISSUER, address: str = "https://idp.example.se/sso") -> str:
    bare = "".join(certificate.splitlines()[1:-1])
    return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{issuer}">
 <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
  <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{bare}</ds:X509Certificate>
  </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
  <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{address}"/>
 </md:IDPSSODescriptor></md:EntityDescriptor>"""


@dataclass
class SamlProvider:
    row: Provider
    keys: tuple[str, str] = KEYS
    attributes: dict[str, str] = field(default_factory=dict)

    def begin(self, browser: Client, **query: str) -> str:
        """The browser goes to the provider; returns the id of the request that it carries."""
        sent = browser.get(reverse("start_provider", args=[self.row.slug]), query)
        assert sent.status_code == 302, sent.content.decode()
        return self.request(str(sent["Location"])).get("ID")

    def request(self, address: str) -> Any:
        sent = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        return etree.fromstring(zlib.decompress(base64.b64decode(sent), -15))

    def answer(self, request_id: str, subject: str = "ingrid-1", **told: Any) -> str:
        """A signed answer in base64. told: what it says another way than it should."""
        xml = self._assertion(request_id, subject, told)
        signed = OneLogin_Saml2_Utils.add_sign(xml, *told.get("keys", self.keys)) if told.get("signed", True) else xml
        text = signed.decode() if isinstance(signed, bytes) else signed
        return base64.b64encode(self._response(request_id, text, told).encode()).decode()

    def log_in(self, browser: Client, subject: str = "ingrid-1", **told: Any) -> Any:
        return self.send(browser, self.answer(self.begin(browser), subject, **told))

    def send(self, browser: Client, answer: str) -> Any:
        """The provider's page posts, from another site, so without our cookie; ours then posts it once more itself."""
        address = reverse("finish_saml", args=[self.row.slug])
        first = Client().post(address, {"SAMLResponse": answer})
        assert first.status_code == 200
        assert answer in first.content.decode().replace("&#x27;", "'").replace("&#x2B;", "+")
        return browser.post(address, {"SAMLResponse": answer, "en_gang_till": "1"})

    def _assertion(self, request_id: str, subject: str, told: dict[str, Any]) -> str:
        now = datetime.now(UTC) + told.get("shifted", timedelta())
        acs = "http://testserver" + reverse("finish_saml", args=[self.row.slug])
        until, start = (now + timedelta(minutes=5)).strftime(MOMENT), (now - timedelta(minutes=1)).strftime(MOMENT)
        audience = told.get("audience", "http://testserver" + reverse("saml_metadata", args=[self.row.slug]))
        restriction = (
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            if audience
            else ""
        )
        answers = told.get("signed_in_response_to", request_id)
        statements = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in (self.attributes or {"urn:oid:2.5.4.42": "Ingrid"}).items()
        )
        return f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{told.get("id", "_a1")}"
 Version="2.0" IssueInstant="{now.strftime(MOMENT)}"><saml:Issuer>{told.get("issuer", ISSUER)}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 InResponseTo="{answers}" Recipient="{told.get("recipient", acs)}" NotOnOrAfter="{until}"/></saml:SubjectConfirmation>
</saml:Subject><saml:Conditions NotBefore="{start}" NotOnOrAfter="{until}">{restriction}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now.strftime(MOMENT)}"><saml:AuthnContext><saml:AuthnContextClassRef>{LOA3}
</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{statements}</saml:AttributeStatement></saml:Assertion>""".replace("\n<", "<").replace(
            f"{LOA3}\n", LOA3
        )

    def _response(self, request_id: str, assertion: str, told: dict[str, Any]) -> str:
        now = datetime.now(UTC).strftime(MOMENT)
        acs = "http://testserver" + reverse("finish_saml", args=[self.row.slug])
        stated = told.get("in_response_to", request_id)
        answers = f' InResponseTo="{stated}"' if stated else ""
        return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="{now}"
 Destination="{told.get("destination", acs)}"{answers}>
<saml:Issuer>{told.get("issuer", ISSUER)}</saml:Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


def saml_provider(slug: str = "saml", **more: Any) -> SamlProvider:
    given = {"label": "Kommunens konto", "issuer": ISSUER, "saml_metadata": metadata(), **more}
    given.setdefault("assurance_by_acr", {LOA3: "substantial"})
    row = Provider(slug=slug, protocol=Provider.SAML, **given)
    save_provider(row)
    return SamlProvider(row)

"""A real mail server for tests, on this machine, that can behave as badly as the worst: asked by address.

The local part of the recipient says what it does with it: gray- is refused once with 451, gone- has 550, policy- has
550 5.7.1, spam- has 554 after the whole mail, full- has 452, drop- is cut off in the middle of the mail, slow- answers
after a second.
"""

import asyncio
import datetime
import email
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from medskick.kernel.notifications.smtp import MailServer


@dataclass
class Inbox:
    """What the server has taken, and the behaviour above."""

    taken: list[EmailMessage] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    refusing_senders: bool = False
    encrypted: list[bool] = field(default_factory=list)

    def message_ids(self) -> list[str]:
        return [one["Message-ID"] for one in self.taken]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.refusing_senders:
            return "550 5.7.1 you may not send here"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        known, _ = address in self.seen, self.seen.append(address)
        if address.startswith("gray-") and not known:
            return f"451 4.7.1 {address} greylisted, come back"
        if address.startswith("full-"):
            return "452 4.2.2 mailbox full"
        if address.startswith("gone-"):
            return f"550 5.1.1 {address} no such user"
        if address.startswith("policy-"):
            return "550 5.7.1 not from you"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0]
        if to.startswith("drop-") and self.seen.count(to) == 1:
            server.transport.abort()
            return "250 OK"
        if to.startswith("slow-"):
            await asyncio.sleep(1.5)
        if to.startswith("spam-"):
            return "554 5.6.0 we do not like it"
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


@contextmanager
def mail_server(folder: Path, *, security: str = "plain", password: str = "") -> Iterator[tuple[Inbox, MailServer]]:
    """A running server, and how to reach it; with `starttls` or `tls` under a certificate of its own."""
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    more: dict[str, Any] = {}
    authority = ""
    if security != "plain":
        certificate, key = make_certificate(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        authority = str(certificate)
        more = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    if password:
        more |= {
            "auth_required": True,
            "auth_require_tls": security == "starttls",
            "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(
                success=data.password == password.encode(), handled=False
            ),
        }
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield inbox, MailServer("127.0.0.1", port, security, "medskick" if password else "", password, authority)
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret

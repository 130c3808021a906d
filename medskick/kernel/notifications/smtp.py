"""Handing a finished mail to the operator's own mail server, and what its answer means.

The server stands in MEDSKICK_SMTP_URL (docs/drift.md). The connection is always encrypted and the server's certificate
checked, except to a server on the same machine. Its answers are told by their code and where they came, since their
text quotes addresses.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = (
    30.0  # for each answer of the server; RFC 5321 4.5.3.2 allows minutes, but a worker waits for nobody that long
)
LOCAL = ("127.0.0.1", "localhost", "::1")
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}

_NO_SUCH = (521, 550, 551, 553, 556)  # RFC 5321, RFC 7504

Fate = Literal["sent", "later", "refused", "no_such_address"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try went. `answer` is the server's code and where it came, such as "550 rcpt", or what broke."""

    fate: Fate
    answer: str


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `ca` is a file with the certificates to trust in place of the system's own."""

    host: str
    port: int
    security: Literal["starttls", "tls", "plain"]
    user: str = ""
    password: str = ""
    ca: str = ""


def read_url(url: str) -> MailServer:
    """The server in an address: smtp://user:password@host:587 (STARTTLS), smtps://host:465, smtp+plain://127.0.0.1:25.

    `?ca=/path/ca.pem` trusts the certificates in that file. Raises ValueError for any other address, and for a server
    elsewhere without encryption.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            "The mail server's address must begin with smtp://, smtps:// or smtp+plain:// and name a host."
        )
    security: Literal["starttls", "tls", "plain"] = "starttls"
    if parts.scheme == "smtps":
        security = "tls"
    if parts.scheme == "smtp+plain":
        if parts.hostname not in LOCAL:
            raise ValueError(
                "smtp+plain:// is for a mail server on this very machine: elsewhere use smtp:// or smtps://."
            )
        security = "plain"
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca=parse_qs(parts.query).get("ca", [""])[0],
    )


class Post:
    """One connection, opened with the first mail and kept for those that follow; anew after an error.

    with Post(server) as post:
        outcome = post.send(message, sender="...", to="...")
    """

    def __init__(self, server: MailServer, *, seconds: float = SECONDS) -> None:
        self.server, self.seconds = server, seconds
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: EmailMessage, *, sender: str, to: str) -> Outcome:
        """Hand in one mail to one address. Never raises for what a server or a network can do."""
        try:
            outcome = self._try(message.as_bytes(policy=SMTP), sender, to)
        except smtplib.SMTPResponseException as refused:
            outcome = Outcome("later", f"{refused.smtp_code} server")
        except (smtplib.SMTPException, OSError) as broken:
            outcome = Outcome("later", _in_short(broken))
        if outcome.fate != "sent":
            self._close()
        return outcome

    def _try(self, content: bytes, sender: str, to: str) -> Outcome:
        server = self._open or self._connect()
        code, _text = server.mail(sender)
        if code != 250:
            # About us, not about the follower: the operator's server does not take our mail now.
            return Outcome("later", f"{code} from")
        code, text = server.rcpt(to)
        if code not in (250, 251):
            return Outcome(_fate_of_address(code, text), f"{code} rcpt")
        try:
            code, _text = server.data(content)
        except smtplib.SMTPDataError as refused:
            code = refused.smtp_code
        if code == 250:
            return Outcome("sent", "250")
        return Outcome("refused" if code >= 500 else "later", f"{code} data")

    def _connect(self) -> smtplib.SMTP:
        given = self.server
        context = ssl.create_default_context(cafile=given.ca or None)
        connected: smtplib.SMTP
        if given.security == "tls":
            connected = smtplib.SMTP_SSL(given.host, given.port, timeout=self.seconds, context=context)
        else:
            connected = smtplib.SMTP(given.host, given.port, timeout=self.seconds)
        self._open = connected  # before what may fail, so that it is closed
        connected.ehlo()
        if given.security == "starttls":
            connected.starttls(context=context)
            connected.ehlo()
        if given.user:
            connected.login(given.user, given.password)
        return connected

    def _close(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (smtplib.SMTPException, OSError):
                self._open.close()
            self._open = None


def _fate_of_address(code: int, text: bytes) -> Fate:
    """What a refused recipient means. Policy (5.7.x) and a full mailbox (5.2.2) say nothing of whether it exists."""
    if code < 500:
        return "later"
    says_something_else = text.startswith((b"5.7.", b"5.2.2")) or code not in _NO_SUCH
    return "refused" if says_something_else else "no_such_address"


def _in_short(broken: Exception) -> str:
    """What broke, in few words without addresses."""
    if isinstance(broken, ssl.SSLError):
        return "tls"
    if isinstance(broken, smtplib.SMTPNotSupportedError):
        return "no tls"
    if isinstance(broken, TimeoutError):
        return "timeout"
    if isinstance(broken, smtplib.SMTPServerDisconnected):
        return "timeout" if isinstance(broken.__context__, TimeoutError) else "cut off"
    return "no connection"

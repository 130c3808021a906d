"""The part of a page where somebody without log-in leaves an e-mail address (kernel.md H).

An engine puts it on the page that a secret address opens:

    context["mail"] = mail_box(secret, back=request.path, until=last_day)
    {% include "kernel/notifications/mail_box.html" %}

The address is tied to the hash of the secret. The page shows that something was left, never all of the address.
"""

from dataclasses import dataclass
from datetime import date

from django.core import signing

from medskick.kernel.notifications.delivering import shows_outbox
from medskick.kernel.notifications.forms import SecretAddressForm
from medskick.kernel.notifications.mail_secrets import off_secret
from medskick.kernel.notifications.queries import address_of, masked
from medskick.kernel.organisations.scope import reader_token, widen_scope

_SALT = "medskick.mail_box"
PAGE_SECONDS = 24 * 60 * 60  # how long the form on an open page can be sent


@dataclass(frozen=True, slots=True)
class Bearer:
    """The secret that a page was opened with, and the last day that an address tied to it is kept, if any."""

    secret: str
    day: date | None


@dataclass(frozen=True, slots=True)
class MailBox:
    """What the part shows: the form, or the address that is there and where to change it."""

    form: SecretAddressForm
    shown: str = ""
    waiting: bool = False
    bounced: bool = False
    manage_secret: str = ""
    outbox: bool = False


def mail_box(secret: str, *, back: str, until: date | None = None) -> MailBox:
    """The part for the page that `secret` opened. One query.

    back: the page's own address. until: the last day an address is kept, where the engine knows one.
    """
    token = reader_token(secret)
    widen_scope([token])
    sealed = signing.dumps([secret, until.isoformat() if until else ""], salt=_SALT)
    form = SecretAddressForm(initial={"secret": sealed, "back": back})
    left = address_of(token)
    if left is None:
        return MailBox(form, outbox=shows_outbox())
    return MailBox(
        form,
        shown=masked(left.address),
        waiting=left.confirmed_at is None,
        bounced=left.bounced_at is not None,
        manage_secret=off_secret(left.id),
        outbox=shows_outbox(),
    )


def read_bearer(sealed: str) -> Bearer | None:
    """What a form of ours was made for; None where it is forged, or the page has been open too long."""
    try:
        secret, day = signing.loads(sealed, salt=_SALT, max_age=PAGE_SECONDS)
        return Bearer(secret, date.fromisoformat(day) if day else None)
    except (signing.BadSignature, ValueError, TypeError):
        return None

"""What a mail says: that something has happened with what one follows, what sort of step, and where to read it.

Never whom it is about, never a title, never a word of a case: mail passes through many hands.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medskick.kernel.notifications.mail_secrets import confirm_secret, off_secret
from medskick.kernel.organisations.models import Site
from medskick.kernel.organisations.places import Place
from medskick.kernel.records.kinds import kind_of
from medskick.lib.codes import group_code
from medskick.lib.dates import STOCKHOLM


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom one mail goes to, as the sending job is given it."""

    id: UUID
    address: str
    signed_in: bool
    language: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: the kind of the new step, the number of the public trace that she follows, and when.

    The first two are empty where that is not to be told.
    """

    step: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """How the organisation signs: name, address, and the language where the follower chose none."""

    name: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """What happened on one trace; without number it is on traces that only those concerned may read."""

    number: str
    url: str
    steps: list[str]


def compose_news(
    delivery: UUID,
    to: Recipient,
    events: Sequence[Event],
    *,
    signature: Signature,
    place: Place,
    base: str,
    now: datetime,
) -> EmailMessage:
    """The mail about one or several things that have happened, grouped by trace."""
    with translation.override(to.language or signature.language), links_from_the_root():
        context = {
            "groups": _groups(events, base),
            "signed_in": to.signed_in,
            "read_url": base + reverse("notifications"),
            **_common(to, place, base),
        }
        subject = _("Nytt om det du följer")
        return _mail(delivery, to, subject, "news", context, signature=signature, now=now, base=base)


def compose_confirmation(
    delivery: UUID, to: Recipient, *, signature: Signature, place: Place, base: str, now: datetime
) -> EmailMessage:
    """The mail whose link leads to the button that confirms the address."""
    with translation.override(to.language or signature.language), links_from_the_root():
        link = base + reverse("confirm_mail", args=[confirm_secret(to.id, to.asked_at)])
        context = {"confirm_url": link, **_common(to, place, base)}
        subject = _("Bekräfta att vi får skicka mejl hit")
        return _mail(delivery, to, subject, "confirmation", context, signature=signature, now=now, base=base)


def base_of(place: Place) -> str:
    """The place's own address, without a slash at the end: its host where it has one, else its part of the region's."""
    host = Site.objects.filter(organisation_id=place.id).order_by("host").values_list("host", flat=True).first()
    if host:
        scheme = str(settings.PUBLIC_URL).partition("://")[0]
        return f"{scheme}://{host}"
    return str(settings.PUBLIC_URL) if place.is_region else f"{settings.PUBLIC_URL}/{place.slug}"


@contextmanager
def links_from_the_root() -> Iterator[None]:
    """A mail is also shown in a page below /tanum, where addresses would begin with that; here the base says it."""
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        yield
    finally:
        set_script_prefix(prefix)


def _common(to: Recipient, place: Place, base: str) -> dict[str, object]:
    secret = off_secret(to.id)
    return {
        "place": place,
        "language": translation.get_language(),
        "manage_url": base + reverse("manage_mail", args=[secret]),
    }


def _groups(events: Sequence[Event], base: str) -> list[Group]:
    """Public traces first, in the order in which they moved; within each, every step in order and once."""
    steps: dict[str, list[str]] = {}
    for event in sorted(events, key=lambda one: (not one.number, one.at)):
        told = steps.setdefault(event.number, [])
        step = f"{_label(event.step)}, {date_format(event.at.astimezone(STOCKHOLM), 'j F Y')}"
        if step not in told:
            told.append(step)
    return [
        Group(group_code(number), base + reverse("trace", args=[number]) if number else "", told)
        for number, told in steps.items()
    ]


def _label(step: str) -> str:
    """The word of a new step; without one, something happened with the very thing that she follows."""
    try:
        return str(kind_of(step).trace_step) if step else _("Något nytt")
    except LookupError:
        return _("Något nytt")


def _mail(
    delivery: UUID,
    to: Recipient,
    subject: str,
    template: str,
    context: dict[str, object],
    *,
    signature: Signature,
    now: datetime,
    base: str,
) -> EmailMessage:
    """A mail in plain text and HTML with the headers of automatic mail (RFC 3834, 2369, 8058).

    The Message-ID is the delivery's own, so that a mail that is sent twice by mishap is known as one.
    """
    mail = EmailMessage()
    mail["From"] = Address(signature.name, addr_spec=signature.address)
    mail["To"] = to.address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now.astimezone(STOCKHOLM))
    mail["Message-ID"] = f"<{delivery}@{signature.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Unsubscribe"] = f"<{base}{reverse('mail_off', args=[off_secret(to.id)])}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(render_to_string(f"kernel/notifications/mail/{template}.txt", context), cte="quoted-printable")
    html = render_to_string(f"kernel/notifications/mail/{template}.html", {**context, "subject": subject})
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = str(context["language"])
    return mail

"""The verbs of the one who wants mail: leave an address, confirm it, say how often, turn it off; and the signature."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.mail_secrets import CONFIRM_WITHIN, confirm_secret, off_secret
from medskick.kernel.notifications.models import Delivery, EmailAddress, MailSender, Pace
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.scope import current_scope, reader_token, widen_scope
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.lib.codes import new_id

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: a path is at most 256 with its brackets
# An address that somebody left without logging in is kept two years at most, if nothing has ended it before.
KEPT_AT_MOST = timedelta(days=730)


class LinkTooOld(Exception):
    """The link to confirm was made more than 48 hours ago."""


def leave_address(
    *, by: Actor, address: str, holder: UUID | None = None, kept_until: date | None = None, at: datetime | None = None
) -> EmailAddress:
    """Ask for mail to `address`; nothing but the mail to confirm it goes there before it is confirmed.

    holder: the token of a secret that the actor holds (a phone's cookie, a trace address); left out, it is the person
    who acts or is helped, or the phone. kept_until: the last day, where the bearer of the form knows one (retention).
    An address that is left again in the place of another stops the other at once. One that works already stays as it is.
    Raises ValidationError for what is no address and PermissionDenied where nobody is there to hold it.
    """
    said, now = _plain_address(address), at or timezone.now()
    token = holder or by.speaker
    if token is None or by.organisation is None:
        raise PermissionDenied(_("Logga in, eller öppna din spåradress, för att få mejl."))
    widen_scope([token])
    left = EmailAddress.objects.filter(holder=token).select_for_update().first() or _new_address(token, by)
    if left.confirmed_at and not left.bounced_at and left.address == said:
        return left
    left.address, left.asked_at, left.confirmed_at, left.bounced_at = said, now, None, None
    left.confirm_token = reader_token(confirm_secret(left.id, now))
    if left.held_by == EmailAddress.SECRET:
        latest = timezone.localdate(now + KEPT_AT_MOST)
        left.kept_until = min(kept_until or latest, latest)
    left.save()
    Delivery(owner_id=by.organisation, address=left.id, kind=Delivery.CONFIRM, next_try=now, made_at=now).save(
        force_insert=True
    )
    _note("mail.asked", left, by=by)
    return left


def confirm_address(secret: str, *, by: Actor, at: datetime | None = None) -> EmailAddress | None:
    """Confirm the address whose mail held this secret; None where there is none. Raises LinkTooOld after 48 hours."""
    now = at or timezone.now()
    left = address_to_confirm(secret)
    if left is None:
        return None
    if now - left.asked_at > CONFIRM_WITHIN:
        raise LinkTooOld
    widen_scope([left.off_token])  # the secret of confirming is used up with this
    left.confirmed_at, left.confirm_token = now, None
    left.save(update_fields=["confirmed_at", "confirm_token"])
    _note("mail.confirmed", left, by=by)
    return left


def choose_mail(
    left: EmailAddress, *, by: Actor, pace: str, quiet_from: int, quiet_until: int, language: str
) -> EmailAddress:
    """Say how often, when not, and in which language; `language` empty is the one that the organisation writes in."""
    if pace not in Pace.values or not (0 <= quiet_from <= 23 and 0 <= quiet_until <= 23):
        raise ValidationError(_("Välj hur ofta, och klockslag mellan 0 och 23."))
    left.pace, left.quiet_from, left.quiet_until, left.language = pace, quiet_from, quiet_until, language
    left.save(update_fields=["pace", "quiet_from", "quiet_until", "language"])
    _note("mail.chosen", left, by=by)
    return left


def forget_address(left: EmailAddress, *, by: Actor) -> None:
    """Turn mail off: the address is gone from the database at once, and what waited to be sent is never sent."""
    left.delete()
    _note("mail.off", left, by=by)


def forget_holders(*, by: Actor, holders: list[UUID]) -> int:
    """Throw away the addresses of these tokens, when what they were tied to is thrown away (kernel.md H)."""
    widen_scope(holders)
    gone, _rows = EmailAddress.objects.filter(holder__in=holders).delete()
    return int(gone)


def sign_mail(*, by: Actor, name: str, address: str, language: str) -> MailSender:
    """Decide how the organisation's mail is signed, and in which language it writes to those who have not chosen."""
    require_staff(by, ADMINISTRATOR)
    signed = MailSender(
        owner_id=current_scope().acting,
        name=" ".join(name.split()),  # no line ends in a header
        address=_plain_address(address),
        language=language,
        by_person=by.person,
        at=timezone.now(),
    )
    MailSender.objects.bulk_create(
        [signed],
        update_conflicts=True,
        unique_fields=["owner"],
        update_fields=["name", "address", "language", "by_person", "at"],
    )
    log("mail.signed", by=by, fields=["name", "address", "language"])
    return signed


def stop_mail(*, by: Actor, at: datetime | None = None) -> int:
    """Stop all mail of the organisation that waits to be sent: it is to send no more. Returns how many."""
    require_staff(by, ADMINISTRATOR)
    waiting = Delivery.objects.filter(owner_id=by.organisation, state=Delivery.QUEUED)
    stopped = waiting.update(state=Delivery.STOPPED, settled_at=at or timezone.now())
    log("mail.stopped", by=by)
    return int(stopped)


def retry_failed(*, by: Actor, at: datetime | None = None) -> int:
    """Put all mail of the organisation that did not get through in the queue again. Returns how many."""
    require_staff(by, ADMINISTRATOR)
    failed = Delivery.objects.filter(owner_id=current_scope().acting, state=Delivery.FAILED)
    many = int(failed.update(state=Delivery.QUEUED, attempts=0, next_try=at or timezone.now(), settled_at=None))
    if many:
        log("mail.retried", by=by)
    return many


def address_to_confirm(secret: str) -> EmailAddress | None:
    """The address whose mail to confirm held this secret. Whoever has it may read the row for the rest of the scope."""
    token = reader_token(secret)
    widen_scope([token])
    return EmailAddress.objects.filter(confirm_token=token).first()


def address_to_turn_off(secret: str) -> EmailAddress | None:
    """The address whose mails hold this secret, as above."""
    token = reader_token(secret)
    widen_scope([token])
    return EmailAddress.objects.filter(off_token=token).first()


def _new_address(holder: UUID, by: Actor) -> EmailAddress:
    """A row for the holder, or the one that another request made at the same moment."""
    own_id = new_id()
    fresh = EmailAddress(
        id=own_id,
        holder=holder,
        held_by=EmailAddress.PERSON if holder in (by.person, by.acting_for) else EmailAddress.SECRET,
        address="",
        off_token=reader_token(off_secret(own_id)),
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        return EmailAddress.objects.select_for_update().get(holder=holder)
    return fresh


def _plain_address(typed: str) -> str:
    """The address as mail servers want it: no spaces or line ends, the domain in ASCII."""
    said = typed.strip()
    try:
        local, _at, domain = said.rpartition("@")
        plain = f"{local}@{domain.encode('idna').decode('ascii').lower()}"
        validate_email(plain)
        local.encode("ascii")
    except (ValidationError, UnicodeError):
        raise ValidationError(_("Skriv en e-postadress, till exempel namn@exempel.se.")) from None
    if len(plain) > LONGEST_ADDRESS:
        raise ValidationError(_("Adressen är för lång. Kontrollera att den stämmer."))
    return plain


def _note(verb: str, left: EmailAddress, *, by: Actor) -> None:
    """Log it; whose phone or trace address it was about is not to be read out of the log (kernel.md H)."""
    if current_scope().acting is None:
        return
    anonymous: dict[str, Any] = {"kind": "device", "person": None, "device": None, "acting_for": None}
    own = left.holder in (by.person, by.acting_for)
    log(verb, by=by if own else replace(by, **anonymous))

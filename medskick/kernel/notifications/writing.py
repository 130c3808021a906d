"""From a delivery to a finished mail, in the scope of the job that sends. Nothing here writes to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from django.conf import settings
from django.db import connection

from medskick.kernel.notifications import timing
from medskick.kernel.notifications.composing import (
    Event,
    Recipient,
    Signature,
    base_of,
    compose_confirmation,
    compose_news,
)
from medskick.kernel.notifications.mail_secrets import CONFIRM_WITHIN, sender_token
from medskick.kernel.notifications.models import Delivery, EmailAddress, MailSender
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.encryption import decrypt


@dataclass(frozen=True, slots=True)
class Written:
    """A finished mail. `put_off_until` is set where the follower's quiet hours go on until then."""

    message: EmailMessage
    sender: str
    to: str
    put_off_until: datetime | None = None


@contextmanager
def sending_for(organisation: UUID) -> Iterator[Actor]:
    """The scope of the sending job: the organisation's own, with the token that no person's scope holds."""
    actor = system(organisation)
    given = actor.scope()
    with scope(replace(given, reach=given.reach | {sender_token(organisation)})):
        yield actor


def write(delivery: Delivery, now: datetime, *, base: str = "") -> Written | None:
    """The mail of a delivery; None where there is nothing to send: the address is gone or does not work.

    base: what its links begin with, else the organisation's own address.
    """
    place = place_of(delivery.owner_id)
    with connection.cursor() as cursor:
        cursor.execute("select * from mail_contents(%s)", [delivery.id])
        row = cursor.fetchone()
    if row is None or place is None:
        return None
    own_id, address, held_by, language, quiet_from, quiet_until, asked_at, confirmed_at, bounced_at = row
    to = Recipient(own_id, decrypt(bytes(address)), held_by == EmailAddress.PERSON, language, asked_at)
    signature, base = signature_of(place), base or base_of(place)
    if delivery.kind == Delivery.CONFIRM:
        # She waits for it, so it goes out at night too.
        if confirmed_at is not None or bounced_at is not None or now - asked_at > CONFIRM_WITHIN:
            return None
        mail = compose_confirmation(delivery.id, to, signature=signature, place=place, base=base, now=now)
        return Written(mail, signature.address, to.address)
    events = _events(delivery.id)
    if confirmed_at is None or bounced_at is not None or not events:
        return None
    quiet = timing.Quiet(quiet_from, quiet_until)
    mail = compose_news(delivery.id, to, events, signature=signature, place=place, base=base, now=now)
    return Written(mail, signature.address, to.address, quiet.after(now) if quiet.covers(now) else None)


def signature_of(place: Place) -> Signature:
    """As the organisation has decided, else its name, an address of the installation's, and Swedish."""
    signed = MailSender.objects.filter(owner_id=place.id).first()
    if signed is None:
        return Signature(place.name, settings.MAIL_FROM, "sv")
    return Signature(signed.name, signed.address, signed.language)


def _events(delivery: UUID) -> list[Event]:
    with connection.cursor() as cursor:
        cursor.execute("select step, number, at from mail_events(%s)", [delivery])
        return [Event(step or "", number or "", at) for step, number, at in cursor.fetchall()]

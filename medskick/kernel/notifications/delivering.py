"""Writing and sending mail, as the system for one organisation. The jobs call it; the clock is passed in.

Each mail is a row. It is claimed in one transaction, handed to the mail server while none is open, and settled in
another. A process that dies in between leaves the row claimed; it is tried again when the claim has run out. So no mail
is lost, and one that the server had taken may come twice, with the same Message-ID: no mail system can rule that out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from medskick.kernel.notifications import timing
from medskick.kernel.notifications.models import Delivery, Notification
from medskick.kernel.notifications.smtp import MailServer, Outcome, Post, read_url
from medskick.kernel.notifications.writing import Written, sending_for, write
from medskick.kernel.organisations.places import place_of

# Longer than any server that answers at all can keep one mail waiting (smtp.SECONDS for each of a dozen answers).
CLAIM = timedelta(minutes=15)
MOST_AT_A_TIME = 500
UNCONFIRMED_DAYS, STILL_DAYS, LONG_STILL_DAYS, DELIVERY_DAYS = 7, 60, 400, 90

Send = Callable[[EmailMessage, str, str], Outcome]
"""Hand in (mail, from, to)."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this process has for itself, written and ready; or nothing, where there was nothing to send now."""

    delivery: Delivery
    written: Written | None = None


def owners_with_mail(now: datetime, *, unwritten: bool) -> list[UUID]:
    """The organisations that have something to write (unwritten) or to send. Needs no scope.

    None of those that have left the region: nothing is sent from here in their name any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("select owner from mail_owners(%s, %s)", [now, unwritten])
        owners = [owner for (owner,) in cursor.fetchall()]
    left = {one.id for one in map(place_of, owners) if one is not None and one.left_at is not None}
    return [owner for owner in owners if owner not in left]


def write_mail(organisation: UUID, now: datetime) -> int:
    """Make a mail for each follower whose time has come, with all that she has not been told. Returns how many."""
    with sending_for(organisation), connection.cursor() as cursor:
        # Two at once would both see the same and make a second mail with nothing in it.
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"mail {organisation}"])
        cursor.execute("select address, pace, quiet_from, quiet_until, first_at from mail_waiting(%s)", [now])
        due = [
            address
            for address, pace, start, end, first in cursor.fetchall()
            if timing.is_due(pace, first, timing.Quiet(start, end), now)
        ]
        made = [
            Delivery(owner_id=organisation, address=address, kind=Delivery.NEWS, next_try=now, made_at=now)
            for address in due
        ]
        Delivery.objects.bulk_create(made, batch_size=1000)
        cursor.execute("select mail_gather(%s, %s, %s)", [[one.id for one in made], due, now])
    return len(made)


def send_mail(organisation: UUID, now: Callable[[], datetime], *, send: Send | None = None) -> int:
    """Send what is due, one mail after the other. Returns how many were tried. No scope may be open.

    send: how a mail is handed in, else by the server in the settings; where there is none, everything stays queued.
    """
    if send is None:
        server = mail_server()
        if server is None:
            return show_in_outbox(organisation, now()) if shows_outbox() else 0
        with Post(server) as post:
            return _send_each(organisation, now, lambda mail, sender, to: post.send(mail, sender=sender, to=to))
    return _send_each(organisation, now, send)


def mail_server() -> MailServer | None:
    return read_url(settings.SMTP_URL) if settings.SMTP_URL else None


def shows_outbox() -> bool:
    """In the example region without a mail server of its own, mails are shown in the outbox."""
    return bool(settings.DEMONSTRATION) and not settings.SMTP_URL


def show_in_outbox(organisation: UUID, now: datetime) -> int:
    """In the example region nothing is sent: what is due counts as sent, and is shown in the outbox instead."""
    with sending_for(organisation):
        due = Delivery.objects.filter(owner_id=organisation).due(now)
        return int(due.update(state=Delivery.SENT, answer="utkorg", settled_at=now))


def sweep_addresses(now: datetime) -> int:
    """Throw away what has outlived its purpose: unconfirmed addresses, those of ended chains, old rows of mail."""
    with connection.cursor() as cursor:
        days = [UNCONFIRMED_DAYS, STILL_DAYS, LONG_STILL_DAYS, DELIVERY_DAYS]
        cursor.execute("select mail_sweep(%s, %s, %s, %s, %s)", [now, *days])
        return int(cursor.fetchone()[0])


def claim(organisation: UUID, now: datetime) -> Claimed | None:
    """Take the mail that has waited longest, in a transaction of its own; None where nothing is due."""
    with sending_for(organisation):
        due = Delivery.objects.filter(owner_id=organisation).due(now).order_by("next_try", "id")
        found = due.select_for_update(skip_locked=True).first()
        if found is None:
            return None
        written = write(found, now)
        if written is None:
            found.state, found.settled_at = Delivery.STOPPED, now
        elif written.put_off_until is not None:
            found.next_try, written = written.put_off_until, None
        else:
            found.attempts, found.next_try = found.attempts + 1, now + CLAIM
        found.save(update_fields=["state", "settled_at", "attempts", "next_try"])
        return Claimed(found, written)


def _send_each(organisation: UUID, now: Callable[[], datetime], send: Send) -> int:
    tried = 0
    for _turn in range(MOST_AT_A_TIME):
        claimed = claim(organisation, now())
        if claimed is None:
            break
        if claimed.written is not None:
            tried += 1
            mail = claimed.written
            settle(claimed.delivery, send(mail.message, mail.sender, mail.to), now())
    return tried


def settle(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down how a try went, in a transaction of its own; unless another process has taken over meanwhile."""
    with sending_for(delivery.owner_id):
        held = Delivery.objects.filter(id=delivery.id, state=Delivery.QUEUED, attempts=delivery.attempts)
        again = timing.next_try(delivery.attempts, now) if outcome.fate == "later" else None
        if again is not None:
            held.update(next_try=again, answer=outcome.answer)
            return
        states = {"sent": Delivery.SENT, "no_such_address": Delivery.BOUNCED}
        state = states.get(outcome.fate, Delivery.FAILED)
        if held.update(state=state, answer=outcome.answer, settled_at=now) and state == Delivery.BOUNCED:
            _tell_that_it_bounced(delivery, now)


def _tell_that_it_bounced(delivery: Delivery, now: datetime) -> None:
    """No more mail to an address that does not exist, and a message in the product to the one who left it."""
    with connection.cursor() as cursor:
        cursor.execute("select mail_bounced(%s, %s)", [delivery.id, now])
        holder = cursor.fetchone()[0]
    if holder is not None:
        what = _("Din e-postadress tar inte emot mejl. Vi skickar inga fler dit förrän du har skrivit en ny.")
        told = Notification(
            owner_id=delivery.owner_id, follower=holder, what=what, url=reverse("mail_choices"), at=now, told_at=now
        )
        told.save(force_insert=True)

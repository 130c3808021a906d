"""The example region's outbox: the mails that would have gone out, written as they would have been."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from medskick.kernel.notifications.models import Delivery
from medskick.kernel.notifications.queries import masked
from medskick.kernel.notifications.writing import Written, sending_for, write
from medskick.kernel.organisations.places import all_places

MOST_OF_EACH, MOST = 10, 20


@dataclass(frozen=True, slots=True)
class ShownMail:
    """One mail of the example region as its page shows it."""

    subject: str
    sender: str
    to: str
    text: str
    at: datetime
    waiting: bool


def shown_mails(root: str, now: datetime) -> list[ShownMail]:
    """The newest mails of all organisations, their links beginning with `root`. Writes nothing."""
    shown = []
    for place in all_places():
        with sending_for(place.id):
            alive = Delivery.objects.filter(owner_id=place.id, made_at__gt=now - timedelta(days=90))
            alive = alive.filter(state__in=[Delivery.SENT, Delivery.QUEUED]).order_by("-made_at")
            for one in alive[:MOST_OF_EACH]:
                base = root if place.is_region else f"{root}/{place.slug}"
                made = write(one, now, base=base)
                if made is not None:
                    shown.append(_shown(one, made, place.name))
    return sorted(shown, key=lambda one: one.at, reverse=True)[:MOST]


def _shown(delivery: Delivery, made: Written, sender: str) -> ShownMail:
    text = made.message.get_body(("plain",))
    return ShownMail(
        subject=str(made.message["Subject"]),
        sender=sender,
        to=masked(made.to),
        text=str(text.get_content()) if text is not None else "",
        at=delivery.made_at,
        waiting=delivery.state == Delivery.QUEUED,
    )

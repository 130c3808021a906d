"""Reading what somebody has been told and follows, where she wants mail, and how an organisation's mail is doing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from medskick.kernel.notifications.models import (
    Delivery,
    EmailAddress,
    Notification,
    NotificationQuerySet,
    Subscription,
)
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import Place, at_place, place_of
from medskick.kernel.records.kinds import kind_of, trace_url
from medskick.kernel.records.models import Item


def for_actor(actor: Actor) -> NotificationQuerySet:
    """What the signed-in person, or this phone, has been told."""
    followers = [one for one in (actor.principal, actor.device) if one is not None]
    return Notification.objects.filter(follower__in=followers).newest_first()


def led_here(told: Iterable[Notification], place: Place | None) -> list[Notification]:
    """The messages with addresses at the site where they are read."""
    shown = list(told)
    for one in shown:
        one.url = at_place(one.url, place)
    return shown


def unread_count(actor: Actor) -> int:
    """How many are unread; counted to a hundred, since nobody reads a larger number."""
    return for_actor(actor).unread().order_by()[:100].count()


def is_following(actor: Actor, item: Item) -> bool:
    return Subscription.objects.filter(item=item, follower=actor.speaker).exists()


@dataclass(frozen=True, slots=True)
class Followed:
    """One subscription as its holder sees it. Without title: what she follows is no longer hers to read."""

    id: UUID
    since: date
    title: str = ""
    kind: str = ""
    owner: str = ""
    url: str = ""


def followed(subscriptions: Iterable[Subscription]) -> list[Followed]:
    """What each subscription is on. One query for all of them; what may no longer be read is told as such."""
    listed = list(subscriptions)
    items = Item.objects.in_bulk([one.item_id for one in listed])
    return [_followed(one, items.get(one.item_id)) for one in listed]


def address_of(holder: UUID | None) -> EmailAddress | None:
    """The address of this holder, whose token is in the reach of the open scope."""
    return EmailAddress.objects.filter(holder=holder).first() if holder else None


def masked(address: str) -> str:
    """Enough to know one's own address by: "i…@exempel.se"."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…\u2060@{domain}"  # a word joiner, so that no line ends there


@dataclass(frozen=True, slots=True)
class MailDay:
    """How many mails were made one day, by how it went."""

    day: date
    counts: dict[str, int]


def mail_by_day(organisation: UUID, since: datetime) -> list[MailDay]:
    """The organisation's mails since a moment, by the day they were made and their state; the newest day first."""
    made = Delivery.objects.filter(owner_id=organisation, made_at__gte=since).annotate(day=TruncDate("made_at"))
    days: dict[date, dict[str, int]] = {}
    for day, state, many in made.values_list("day", "state").annotate(many=Count("id")).order_by("-day"):
        days.setdefault(day, {})[state] = many
    return [MailDay(day, counts) for day, counts in days.items()]


def troubles(organisation: UUID, since: datetime) -> list[tuple[str, int]]:
    """What mail servers have answered to the mails that have not got through, with how many; the commonest first."""
    stuck = Delivery.objects.filter(owner_id=organisation, made_at__gte=since).exclude(answer="")
    stuck = stuck.exclude(state__in=[Delivery.SENT, Delivery.STOPPED])
    return list(stuck.values_list("answer").annotate(many=Count("id")).order_by("-many", "answer")[:10])


def _followed(one: Subscription, item: Item | None) -> Followed:
    since = timezone.localdate(one.at)
    if item is None:
        return Followed(one.id, since)
    place = place_of(item.owner_id)
    return Followed(
        one.id, since, item.title, str(kind_of(item.kind).label), place.name if place else "", trace_url(item)
    )

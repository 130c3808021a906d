"""Following an item, and telling those who follow it what came of it."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.notifications.models import Notification, Subscription
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.kinds import kind_of, trace_url
from medskick.kernel.records.models import Item, Link


def follow(item: Item, *, by: Actor, follower: UUID | None = None) -> None:
    """Follow an item and all that comes of it. `follower` is a token; left out, it is the actor herself."""
    token = follower or by.speaker
    if token is not None:
        Subscription.objects.bulk_create([Subscription(item=item, follower=token)], ignore_conflicts=True)


def unfollow(item: Item, *, by: Actor) -> None:
    Subscription.objects.filter(item=item, follower=by.speaker).delete()


def stop_following(*, by: Actor, subscription: UUID | None = None) -> int:
    """Stop one of the actor's own subscriptions, or with none named all of them. Returns how many were stopped."""
    mine = Subscription.objects.followed_by(by)
    stopped, _rows = (mine if subscription is None else mine.filter(id=subscription)).delete()
    return int(stopped)


def tell_followers(item: Item, *, by: Actor, what: str, url: str = "", at: datetime | None = None) -> int:
    """Tell everyone who follows `item`, or something that it came of, that something happened. Returns how many.

    what: one sentence without personal data that any follower may read.
    at: when it happened, where that is not now.
    """
    owner, now = current_scope().acting, timezone.now()
    told = Notification.objects.bulk_create(
        Notification(
            owner_id=owner,
            follower=token,
            item_id=followed,
            step=item.kind if followed != item.id else "",
            what=what[:300],
            url=url or trace_url(item),
            at=at or now,
            told_at=now,
        )
        for token, followed in _followers_upward(item.id)
        if token != by.speaker
    )
    return len(told)


def mark_read(*, by: Actor) -> None:
    """The person has seen her list."""
    tokens = [one for one in (by.principal, by.device) if one is not None]
    Notification.objects.filter(follower__in=tokens, read_at__isnull=True).update(read_at=timezone.now())


def on_link_made(made: Link, from_item: Item, to_item: Item) -> None:
    """What you said led to something: told to everyone who follows what came before, but never of a sealed item."""
    # As the database has it: an item may be sealed there, by whom it concerns, without this process knowing it yet.
    if made.sealed or not Link.objects.filter(id=made.id, sealed=False).exists():
        return
    kind = kind_of(to_item.kind)
    what = _("Det du följer har lett vidare: %(step)s.") % {"step": str(kind.trace_step).lower()}
    followers = _followers_upward(from_item.id)
    # The example region is built in a minute, and its messages carry the day that it happened in the story.
    at, now = to_item.occurred_at if from_item.invented and to_item.invented else made.at, timezone.now()
    Notification.objects.bulk_create(
        Notification(
            owner_id=made.owner_id,
            follower=token,
            item_id=followed,
            step=to_item.kind,
            what=what,
            url=_voice_url(followed),
            at=at,
            told_at=now,
        )
        for token, followed in followers
        if token != made.by_person
    )


def _voice_url(item_id: UUID) -> str:
    return reverse("trace_of", args=[item_id])


def _followers_upward(item_id: UUID) -> set[tuple[UUID, UUID]]:
    """(follower, the item she follows) for the item and everything that it came of, once for each follower."""
    with connection.cursor() as cursor:
        cursor.execute("select follower, item from followers_upward(%s)", [item_id])
        return set(cursor.fetchall())

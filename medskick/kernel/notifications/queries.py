from medskick.kernel.notifications.models import Notification, NotificationQuerySet, Subscription
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item


def for_actor(actor: Actor) -> NotificationQuerySet:
    """What the signed-in person, or this phone, has been told."""
    followers = [one for one in (actor.person, actor.device) if one is not None]
    return Notification.objects.filter(follower__in=followers).newest_first()


def unread_count(actor: Actor) -> int:
    """How many are unread; counted to a hundred, since nobody reads a larger number."""
    return for_actor(actor).unread().order_by()[:100].count()


def is_following(actor: Actor, item: Item) -> bool:
    return Subscription.objects.filter(item=item, follower=actor.speaker).exists()

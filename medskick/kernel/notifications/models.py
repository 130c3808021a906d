from typing import ClassVar

from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, REACH, ByReader, Sql
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id


class Subscription(models.Model):
    """Somebody follows an item and what comes of it. The follower is a token: a person or an anonymous phone."""

    # Those who tell followers find them through followers_upward(), which crosses the audiences of the steps between.
    row_policy: ClassVar = Sql(reading=f"follower = any({REACH})", writing=f"{ACTING} is not null")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="subscriptions")
    follower = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "follower"], name="follow_once")]
        indexes = [models.Index(fields=["follower"], name="subscription_follower")]

    def __str__(self) -> str:
        return str(self.item_id)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> "NotificationQuerySet":
        return self.order_by("-at", "-id")


class Notification(models.Model):
    """In-app message to a follower: what happened, and where to read it. Never more than the follower may read."""

    row_policy: ClassVar = ByReader("follower")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    follower = models.UUIDField()
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["follower", "-at"], name="notification_follower")]

    def __str__(self) -> str:
        return self.what

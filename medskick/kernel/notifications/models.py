from datetime import datetime
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.notifications import timing
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, REACH, ByOwner, ByReader, Sql
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def followed_by(self, actor: Actor) -> "SubscriptionQuerySet":
        """What she follows; what her phone followed before she logged in is hers too, unless she helps somebody else."""
        phone = None if actor.acting_for else actor.device
        return self.filter(follower__in=[one for one in (actor.speaker, phone) if one is not None])


class Subscription(models.Model):
    """Somebody follows an item and what comes of it. The follower is a token: a person or an anonymous phone."""

    # Those who tell followers find them through followers_upward(), which crosses the audiences of the steps between.
    row_policy: ClassVar = Sql(reading=f"follower = any({REACH})", writing=f"{ACTING} is not null")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="subscriptions")
    follower = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()
    personal_data: ClassVar = PersonalData(
        "notifications",
        _("vad du bevakar"),
        found_by="follower",
        shown=(("at", _("Du följer det sedan")),),
        at="at",
        title="item",
    )

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
    definer_rights = "select, update"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    follower = models.UUIDField()
    # What she follows; nothing where it is her own e-mail address that does not work.
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(
        max_length=60, blank=True, help_text="Slaget av ett nytt steg; tomt när det hände i det följda självt"
    )
    what = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now, help_text="När det hände")
    told_at = models.DateTimeField(default=timezone.now, editable=False, help_text="När det skrevs hit")
    # The mail that tells it. No key: the mail's row is thrown away long before the message.
    delivery = models.UUIDField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["follower", "-at"], name="notification_follower")]

    def __str__(self) -> str:
        return self.what


class Pace(TextChoices):
    """How often a follower wants mail."""

    AT_ONCE = timing.AT_ONCE, _("genast")
    DAILY = timing.DAILY, _("en gång om dagen")
    WEEKLY = timing.WEEKLY, _("en gång i veckan")
    NEVER = timing.NEVER, _("aldrig")


class EmailAddress(models.Model):
    """Where the holder of a token wants to be told: a person, or whoever holds a phone's or a trace's secret.

    Only the holder reads it, and whoever opens the link in a mail to it. It has no owner on purpose: no organisation
    has it among its rows, in a list or in an export. The job that sends reads it through the functions of sql_mail.py.
    """

    PERSON, SECRET = "person", "secret"
    _HELD = f"(holder = any({REACH}) or confirm_token = any({REACH}) or off_token = any({REACH}))"
    row_policy: ClassVar = Sql(reading=_HELD, writing=_HELD)
    definer_rights = "select, update, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.UUIDField(unique=True)
    held_by = models.CharField(max_length=10, choices=[(PERSON, "inloggad"), (SECRET, "hemlighet")])
    address = EncryptedText()
    language = models.CharField(max_length=5, blank=True, help_text="Tomt: som organisationen skriver")
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.WEEKLY)
    quiet_from = models.PositiveSmallIntegerField(default=21, validators=[MaxValueValidator(23)])
    quiet_until = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    # Hashes of the secrets in the links; the secrets are made anew from a key of the server (mail_secrets.py).
    confirm_token = models.UUIDField(null=True, unique=True)
    off_token = models.UUIDField(unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True, help_text="Tas bort efter dagen, om den som bar den säger en")

    # One that a secret holds is not tied to a person, and is looked after from the link in every mail to it.
    personal_data: ClassVar = PersonalData(
        "notifications",
        _("din e-postadress för bevakning"),
        found_by="holder",
        shown=(
            ("address", _("E-postadress")),
            ("pace", _("Hur ofta du vill ha mejl")),
            ("quiet_from", _("Inga mejl från klockan")),
            ("quiet_until", _("Inga mejl till klockan")),
            ("confirmed_at", _("Du bekräftade adressen")),
            ("bounced_at", _("Mejl kom inte fram")),
        ),
        at="asked_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quiet_from__lte=23, quiet_until__lte=23), name="quiet_is_hours")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def quiet(self) -> timing.Quiet:
        return timing.Quiet(self.quiet_from, self.quiet_until)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, moment: datetime) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.QUEUED, next_try__lte=moment)


class Delivery(models.Model):
    """One mail on its way, its state and how it went; never to whom in words, and never what it says."""

    CONFIRM, NEWS = "confirm", "news"
    QUEUED, SENT, FAILED, BOUNCED, STOPPED = "queued", "sent", "failed", "bounced", "stopped"
    STATES = (
        (QUEUED, _("väntar")),
        (SENT, _("skickat")),
        (FAILED, _("kom inte fram")),
        (BOUNCED, _("fel adress")),
        (STOPPED, _("avstängt")),
    )
    row_policy: ClassVar = ByOwner()
    definer_rights = "select, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # No key: the address goes the moment its holder says so, and what was sent is still counted.
    address = models.UUIDField()
    kind = models.CharField(max_length=10, choices=[(CONFIRM, "bekräftelse"), (NEWS, "nytt")])
    state = models.CharField(max_length=10, choices=STATES, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=20, blank=True, help_text="Mejlserverns svarskod och var, utan adresser")
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "next_try"], condition=models.Q(state="queued"), name="delivery_queued"),
            models.Index(fields=["owner", "-made_at"], name="delivery_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"


class MailSender(models.Model):
    """How an organisation's mail is signed: the sender's name and address, and the language where nobody chose one."""

    row_policy: ClassVar = ByOwner(rights="select, insert, update", staff=True)

    owner = models.OneToOneField(Organisation, primary_key=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    address = models.EmailField(max_length=120)
    language = models.CharField(max_length=5, default="sv")
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

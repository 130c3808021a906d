from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import (
    ACTING,
    Audience,
    ByItem,
    ByOwner,
    Sql,
)
from medskick.kernel.records.numbers import trace_number
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class Level(TextChoices):
    """How wide a row is read (kernel.md D). The last three are narrowed to the row's readers."""

    PUBLIC = "public", "öppen för alla"
    REGION = "region", "alla organisationer i regionen"
    SHARED = "shared", "de som det är delat med"
    ORGANISATION = "organisation", "den egna organisationen"
    UNIT = "unit", "den egna enheten"
    PARTIES = "parties", "de som ärendet gäller"
    SEALED = "sealed", "skyddad"


class Audienced(models.Model):
    """Audience columns, for any table whose rows have readers of their own."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, choices=Level.choices, default=Level.ORGANISATION)
    readers = ArrayField(models.UUIDField(), default=list, blank=True)

    row_policy: ClassVar = Audience()

    class Meta:
        abstract = True


class ItemQuerySet(models.QuerySet["Item"]):
    def of_kind(self, *kinds: str) -> "ItemQuerySet":
        return self.filter(kind__in=kinds)

    def at(self, organisation: UUID) -> "ItemQuerySet":
        return self.filter(owner_id=organisation)

    def public(self) -> "ItemQuerySet":
        return self.filter(level=Level.PUBLIC)

    def newest_first(self) -> "ItemQuerySet":
        return self.order_by("-occurred_at", "-id")


class Item(Audienced):
    """Everything that can be linked, traced, searched or followed (kernel.md A)."""

    row_policy: ClassVar = Audience(rights="select, insert, update")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=12, unique=True, default=trace_number, editable=False)
    kind = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    title_key = models.CharField(max_length=600, editable=False)
    summary = models.CharField(max_length=500, blank=True)
    occurred_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    channel = models.CharField(max_length=10, default="web", help_text="Hur det kom in: webb, disk, telefon, papper")
    invented = models.BooleanField(default=False, help_text="Påhittade uppgifter i exempelregionen")

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "kind", "-occurred_at"], name="item_by_owner"),
            models.Index(fields=["kind", "level", "-occurred_at"], name="item_by_kind"),
            GinIndex(fields=["readers"], name="item_readers"),
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="item_open_title",
                condition=models.Q(level=Level.PUBLIC),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Record(models.Model):
    """What is registered: the diary entry of an Item. The number is taken last before commit (kernel.md G).

    public_title: the short subject that everybody reads in the diary where the item itself is not public.
    """

    row_policy: ClassVar = ByItem(rights="select, insert, update")
    definer_rights = "select"

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="record")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(null=True)
    series = models.CharField(max_length=10)
    registered_at = models.DateTimeField(default=timezone.now)
    party = models.CharField(max_length=200, blank=True, help_text="Avsändare eller mottagare, utan personuppgifter")
    confidentiality = models.PositiveSmallIntegerField(default=1)
    integrity = models.PositiveSmallIntegerField(default=1)
    availability = models.PositiveSmallIntegerField(default=1)
    secrecy = models.CharField(max_length=60, blank=True, help_text="Sekretessmarkering med paragraf")
    retention = models.CharField(max_length=60, default="bevaras")
    public_title = models.CharField(max_length=200, blank=True, help_text="Ärendemening för det öppna diariet")
    party_withheld = models.BooleanField(
        default=False, help_text="Avsändare eller mottagare utelämnas i det öppna diariet"
    )

    class Meta:
        indexes = [
            GinIndex(fields=["public_title"], opclasses=["gin_trgm_ops"], name="record_open_title"),
            GinIndex(fields=["party"], opclasses=["gin_trgm_ops"], name="record_party"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "serial"], name="diary_number_once"),
            *(
                models.CheckConstraint(condition=models.Q(**{f"{name}__lte": 4}), name=f"{name}_0_to_4")
                for name in ("confidentiality", "integrity", "availability")
            ),
        ]

    def __str__(self) -> str:
        return self.diary_number

    @property
    def diary_number(self) -> str:
        return f"{self.series} {self.year}-{self.serial:05d}" if self.serial else ""


class DiaryCounter(models.Model):
    """The last number taken in an organisation's diary for a year."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading=f"owner_id = {ACTING}", writing=f"owner_id = {ACTING}"
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class VoidedNumber(models.Model):
    """A diary number that was taken and then abandoned: it stays in the diary as makulerad, with who and why."""

    row_policy: ClassVar = ByOwner(rights="select, insert", staff=True)
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "year", "serial"], name="voided_once")]

    def __str__(self) -> str:
        return f"{self.year}-{self.serial} makulerad"


class Relation(TextChoices):
    """The closed list of what "came from" can mean; each link reads from what came first to what came of it."""

    GAVE_RISE_TO = "gav_upphov_till", "gav upphov till"
    MERGED_INTO = "slogs_ihop_i", "slogs ihop i"
    DECIDED_IN = "beslutades_i", "beslutades i"
    CARRIED_OUT_BY = "genomfors_av", "genomförs av"
    MEASURED_BY = "mats_av", "mäts av"
    REPLACES = "ersatter", "ersätts av"


class Link(models.Model):
    """What came of what (kernel.md B), with kind, owner and date of both ends, so that a hidden step can be told."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=(
            "case when sealed"
            " then exists (select 1 from kernel_item i where i.id = from_item_id)"
            " and exists (select 1 from kernel_item i where i.id = to_item_id)"
            " else exists (select 1 from kernel_item i where i.id = from_item_id)"
            " or exists (select 1 from kernel_item i where i.id = to_item_id) end"
        ),
        writing=(
            f"owner_id = {ACTING} and exists (select 1 from kernel_item i where i.id = from_item_id)"
            " and exists (select 1 from kernel_item i where i.id = to_item_id)"
        ),
    )
    definer_rights = "select, update"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="links_out")
    to_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="links_in")
    relation = models.CharField(max_length=30, choices=Relation.choices)
    from_kind = models.CharField(max_length=60)
    from_owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_kind = models.CharField(max_length=60)
    to_owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_at = models.DateTimeField()
    sealed = models.BooleanField(default=False)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn; aldrig en invånares")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_item", "to_item", "relation"], condition=models.Q(ended_at__isnull=True), name="link_once"
            ),
            models.CheckConstraint(condition=~models.Q(from_item=models.F("to_item")), name="link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.from_item_id} {self.relation} {self.to_item_id}"


class ShareQuerySet(models.QuerySet["Share"]):
    def standing(self, at: datetime) -> "ShareQuerySet":
        """Shares that are not ended, and whose last day is not over."""
        return self.filter(ended_at__isnull=True).filter(models.Q(until__isnull=True) | models.Q(until__gt=at))

    def over(self, at: datetime) -> "ShareQuerySet":
        """Shares whose last day is over, and that nobody has ended."""
        return self.filter(ended_at__isnull=True, until__lte=at)

    def given_to(self, tokens: Iterable[UUID]) -> "ShareQuerySet":
        """Shares with everyone, or with a holder of one of these tokens."""
        return self.filter(models.Q(with_token__isnull=True) | models.Q(with_token__in=list(tokens)))


class Share(models.Model):
    """An item shared by its owner with others (kernel.md E). Its effect stands in the item's level and readers.

    until: the first moment when it is over. base_level: the item's level as it would be without any share; all shares
    of an item that stand at once carry the same. widened: this share put its token among the item's readers.
    """

    READ, COMMENT, ADOPT = "read", "comment", "adopt"
    row_policy: ClassVar = ByItem(rights="select, insert, update")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="shares")
    with_token = models.UUIDField(null=True, help_text="Organisation, nätverk eller regionens krets; tomt är alla")
    may = models.CharField(
        max_length=10, choices=[(READ, "läsa"), (COMMENT, "kommentera"), (ADOPT, "ta över")], default=READ
    )
    base_level = models.CharField(max_length=20, choices=Level.choices, default=Level.ORGANISATION)
    widened = models.BooleanField(default=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["until"], condition=models.Q(ended_at__isnull=True), name="share_runs_out"),
            models.Index(fields=["item"], condition=models.Q(ended_at__isnull=True), name="share_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.may}"


__all__ = [
    "Audienced",
    "DiaryCounter",
    "Item",
    "Level",
    "Link",
    "Record",
    "Relation",
    "Share",
    "VoidedNumber",
]

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, STAFF_ACTING, Sql
from medskick.kernel.records.models import Item, Level
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id
from medskick.lib.swedish import fold

LARGEST_DECIMALS = 6
# "offset 0" keeps the planner from reading all items into a hash first, which a list of 26 rows would pay for in full.
ITEM_IS_READ = "exists (select 1 from kernel_item i where i.id = item_id offset 0)"
INDICATOR_OWNER = "(select i.owner_id from measure_indicator i where i.item_id = indicator_id)"


class Direction(TextChoices):
    """Which way is better."""

    HIGHER = "higher", _("högre är bättre")
    LOWER = "lower", _("lägre är bättre")
    NONE = "none", _("inget av dem är bättre")


class Missing(TextChoices):
    """Why a value is missing."""

    NOT_COLLECTED = "not_collected", _("inte insamlad")
    SUPPRESSED = "suppressed", _("för få för att visas")
    UNKNOWN = "unknown", _("okänt varför")


class Gender(TextChoices):
    TOTAL = "T", _("alla")
    WOMEN = "K", _("kvinnor")
    MEN = "M", _("män")


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def of(self, *owners: UUID) -> "IndicatorQuerySet":
        return self.filter(owner_id__in=owners)

    def public(self) -> "IndicatorQuerySet":
        return self.filter(item__level=Level.PUBLIC)

    def matching(self, words: str) -> "IndicatorQuerySet":
        """Those whose title, theme, description or key holds every word."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(search_key__contains=fold(word))
        return found

    def for_list(self) -> "IndicatorQuerySet":
        """Only what a line of a list says."""
        said = ("owner", "key", "title", "theme", "unit", "phrase", "decimals", "item__invented")
        return self.select_related("item").only(*said)

    def in_order(self) -> "IndicatorQuerySet":
        return self.order_by("theme_key", "title_key", "item_id")


class Indicator(models.Model):
    """Something measured the same way each time (nyckeltal). Its values are rows of their own."""

    # As ByItem, but written by the owner's staff alone: to keep an indicator is no visitor's business.
    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=ITEM_IS_READ,
        writing=f"owner_id = {ACTING} and {STAFF_ACTING} and {ITEM_IS_READ}",
    )

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="indicator")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=250)
    title_key = models.CharField(max_length=600, editable=False)
    search_key = models.TextField(editable=False, default="")
    theme = models.CharField(max_length=120)
    theme_key = models.CharField(max_length=300, editable=False)
    description = models.TextField(blank=True)
    unit = models.CharField(max_length=40, blank=True)
    phrase = models.CharField(max_length=200, blank=True, help_text="Mening med {värde} där talet ska stå")
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.NONE)
    decimals = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(LARGEST_DECIMALS)])
    target = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    lowest = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    highest = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    method = models.TextField(blank=True)
    source = models.CharField(max_length=120)
    source_note = models.CharField(max_length=200, help_text="Källhänvisningen, ord för ord som den ska stå")
    submission_key = models.UUIDField(null=True, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="indicator_key_within_owner"),
            models.UniqueConstraint(fields=["owner", "submission_key"], name="indicator_sent_once"),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lt=models.F("highest")),
                name="indicator_bounds_in_order",
            ),
        ]
        indexes = [models.Index(fields=["theme_key", "title_key", "item"], name="indicator_in_order")]

    def __str__(self) -> str:
        return self.title

    @property
    def invented(self) -> bool:
        """Made up for the example region. The fact stands on the item, for all kinds of items alike."""
        return self.item.invented

    def outside_bounds(self, value: Decimal) -> bool:
        """Whether the value cannot be: a share of 140 %, a negative number of people."""
        return (self.lowest is not None and value < self.lowest) or (self.highest is not None and value > self.highest)


class ValueQuerySet(models.QuerySet["Value"]):
    def about(self, organisation: UUID | None, code: str = "") -> "ValueQuerySet":
        return self.filter(about_organisation_id=organisation, about_code=code)

    def total(self) -> "ValueQuerySet":
        """Both sexes together."""
        return self.filter(gender=Gender.TOTAL)

    def current(self) -> "ValueQuerySet":
        """Of each cell the row that was learned last, by period. Filter by day before this."""
        cell = ("indicator_id", "about_organisation_id", "about_code", "gender", "period")
        return self.order_by(*cell, "-learned_at", "-id").distinct(*cell)


class Value(models.Model):
    """One number of a series, as it became known at a moment. A revised number is a new row; nothing is overwritten."""

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading="exists (select 1 from measure_indicator i where i.item_id = indicator_id offset 0)",
        writing=f"{STAFF_ACTING} and {INDICATOR_OWNER} = {ACTING}",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    about_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about_code = models.CharField(max_length=10, blank=True, help_text="Kommunkod för en kommun utanför regionen")
    about_name = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=7)
    gender = models.CharField(max_length=1, choices=Gender.choices, default=Gender.TOTAL)
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    missing = models.CharField(max_length=20, choices=Missing.choices, blank=True)
    learned_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=300, blank=True, help_text="Varför värdet ändrades, eller varifrån det kom")
    by_person = models.UUIDField(null=True)
    submission_key = models.UUIDField(null=True, editable=False)

    objects = ValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "about_organisation", "about_code", "gender", "period", "learned_at"],
                nulls_distinct=False,
                name="value_learned_once",
            ),
            models.UniqueConstraint(fields=["indicator", "submission_key"], name="value_sent_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, missing__gt="") | Q(value__isnull=False, missing=""),
                name="value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(about_organisation__isnull=True, about_code__gt="", about_name__gt="")
                | Q(about_organisation__isnull=False, about_code="", about_name=""),
                name="value_is_about_one",
            ),
        ]
        indexes = [models.Index(fields=["about_organisation", "-learned_at", "-period"], name="value_latest_about")]

    def __str__(self) -> str:
        return f"{self.period}: {self.missing or self.value}"

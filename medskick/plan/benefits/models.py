from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ByItem
from medskick.kernel.records.models import Item, Level
from medskick.plan.benefits.verdict import Measured, Promise, Verdict, is_before, judge
from medskick.plan.initiatives.models import Initiative

KIND, OUTCOME_KIND = "plan.benefit", "plan.outcome"


class BenefitQuerySet(models.QuerySet["Benefit"]):
    def of(self, *organisations: UUID) -> "BenefitQuerySet":
        return self.filter(owner_id__in=organisations)

    def for_indicator(self, number: str) -> "BenefitQuerySet":
        return self.filter(indicator_number=number).exclude(indicator_number="")

    def with_outcomes(self) -> "BenefitQuerySet":
        return self.select_related("item", "initiative__item").prefetch_related("outcomes")

    def due_by(self, day: date) -> "BenefitQuerySet":
        """Whose day has come, and that have no outcome measured on or after it."""
        followed = Outcome.objects.filter(benefit=models.OuterRef("pk"), measured_on__gte=models.OuterRef("due"))
        return self.filter(due__lte=day).filter(~models.Exists(followed))

    def public(self) -> "BenefitQuerySet":
        return self.filter(item__level=Level.PUBLIC)


class Benefit(models.Model):
    """A promise: what gets better, from which value to which, and by which day."""

    row_policy: ClassVar = ByItem()

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="benefits")
    sentence = models.CharField(max_length=300)
    measured_as = models.CharField(max_length=120, help_text="Vad siffran är: Väntetid i telefon")
    baseline = models.DecimalField(max_digits=14, decimal_places=3)
    baseline_period = models.CharField(max_length=40)
    target = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=30)
    due = models.DateField()
    indicator_number = models.CharField(max_length=40, blank=True)
    promised_by = models.UUIDField(null=True, help_text="Den som påminns när ingen enhet håller i insatsen")
    submission_key = models.UUIDField(null=True, blank=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due"], name="benefit_due"),
            models.Index(fields=["indicator_number"], name="benefit_indicator"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(baseline=F("target")), name="benefit_changes_something"),
            models.UniqueConstraint(fields=["owner", "submission_key"], name="benefit_submitted_once"),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return reverse("benefit", args=[self.pk])

    @property
    def promise(self) -> Promise:
        promised_on = timezone.localdate(self.item.occurred_at)
        return Promise(
            self.measured_as, self.baseline, self.baseline_period, self.target, self.unit, self.due, promised_on
        )

    @property
    def measured(self) -> list[Measured]:
        """The outcomes in the order in which they were measured, as the verdict wants them."""
        ordered = sorted(self.outcomes.all(), key=lambda one: (one.measured_on, one.pk))
        return [Measured(one.value, one.period, one.measured_on) for one in ordered]

    def was_promised_after(self, period: str) -> bool:
        """Whether the period had ended when the promise was made: what was measured then proves nothing."""
        return is_before(period, self.promise.promised_on)

    def verdict(self, today: date) -> Verdict:
        return judge(self.promise, self.measured, today)


class Outcome(models.Model):
    """What a benefit came to, in one period. Append-only: a correction is another outcome of the same period."""

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="outcomes")
    value = models.DecimalField(max_digits=14, decimal_places=3)
    period = models.CharField(max_length=40)
    measured_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["benefit", "measured_on"], name="outcome_by_day")]

    def __str__(self) -> str:
        return f"{self.value} ({self.period})"

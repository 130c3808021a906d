from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ByItem
from medskick.kernel.records.models import Item, Level
from medskick.plan.decided import Decided, Replaceable
from medskick.plan.initiatives.descriptions import Completeness, completeness

KIND = "plan.initiative"
HORIZONS = (1, 3, 5, 10)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def of(self, *organisations: UUID) -> "InitiativeQuerySet":
        return self.filter(owner_id__in=organisations)

    def with_horizon(self) -> "InitiativeQuerySet":
        """With `years` as the choice that stands says; None where nobody has chosen."""
        return self.annotate(
            standing_horizon=FilteredRelation("horizon_choices", condition=Q(horizon_choices__replaced_at__isnull=True))
        ).annotate(years=F("standing_horizon__years"))

    def within(self, years: int) -> "InitiativeQuerySet":
        return self.filter(horizon_choices__years=years, horizon_choices__replaced_at__isnull=True)

    def without_horizon(self) -> "InitiativeQuerySet":
        chosen = HorizonChoice.objects.filter(initiative=models.OuterRef("pk"), replaced_at__isnull=True)
        return self.filter(~models.Exists(chosen))

    def public(self) -> "InitiativeQuerySet":
        return self.filter(item__level=Level.PUBLIC)

    def newest_first(self) -> "InitiativeQuerySet":
        return self.order_by("-item__occurred_at", "-pk")


class Initiative(models.Model):
    """What we want to do about needs: what, for whom, how. Its title and summary stand on its item."""

    row_policy: ClassVar = ByItem()

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What people wrote, by template and field id, and the version of each template that they wrote in.
    values = models.JSONField(default=dict)
    template_versions = models.JSONField(default=dict)
    submission_key = models.UUIDField(null=True, blank=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "submission_key"], name="initiative_submitted_once")]

    def __str__(self) -> str:
        return self.item.title

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.pk])

    @property
    def completeness(self) -> list[Completeness]:
        return completeness(self.values)

    @property
    def complete(self) -> bool:
        return all(one.complete for one in self.completeness)

    @property
    def public(self) -> bool:
        return self.item.level == Level.PUBLIC


class HorizonChoice(Replaceable):
    """Somebody decided within how many years the initiative needs to begin."""

    YEARS: ClassVar = [(years, f"inom {years} år") for years in HORIZONS]
    row_policy: ClassVar = ByItem("initiative", rights="select, insert, update")

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="horizon_choices")
    years = models.PositiveSmallIntegerField(choices=YEARS)
    motivation = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(replaced_at__isnull=True), name="one_horizon_stands"
            ),
            models.CheckConstraint(condition=Q(years__in=HORIZONS), name="horizon_1_3_5_10"),
            models.CheckConstraint(condition=~Q(motivation=""), name="horizon_with_a_motivation"),
        ]

    def __str__(self) -> str:
        return f"inom {self.years} år"


class Waiver(Decided):
    """Somebody let an initiative pass a gate without meeting it, and said why."""

    row_policy: ClassVar = ByItem("initiative", rights="select, insert")

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="waivers")
    gate = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "gate"], name="gate_waived_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="waived_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.gate

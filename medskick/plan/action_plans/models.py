from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, ByItem, Sql
from medskick.kernel.records.models import Item, Level
from medskick.lib.codes import new_id
from medskick.plan.decided import Decided
from medskick.plan.initiatives.models import Initiative

KIND, ACTIVITY_KIND = "plan.plan_version", "plan.activity"


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def of(self, *organisations: UUID) -> "ActionPlanQuerySet":
        return self.filter(owner_id__in=organisations)

    def newest_first(self) -> "ActionPlanQuerySet":
        return self.order_by("-start", "-id")


class ActionPlan(models.Model):
    """A plan of activities for a period. What it says stands in its versions; who may read it follows from them."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=(
            f"(owner_id = any({OWN}) or exists (select 1 from plan_planversion v where v.plan_id = plan_actionplan.id))"
        ),
        writing=f"owner_id = {ACTING}",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    start = models.DateField()
    end = models.DateField()
    submission_key = models.UUIDField(null=True, blank=True)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plan_ends_after_it_starts"),
            models.UniqueConstraint(fields=["owner", "submission_key"], name="plan_submitted_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("action_plan", args=[self.pk])


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    def newest_first(self) -> "PlanVersionQuerySet":
        return self.order_by("-major", "-minor")

    def decided(self) -> "PlanVersionQuerySet":
        return self.filter(decision__isnull=False)

    def in_force(self) -> "PlanVersionQuerySet":
        """The latest decided version of each plan."""
        later = PlanVersion.objects.filter(
            plan=models.OuterRef("plan"), decision__isnull=False, major__gt=models.OuterRef("major")
        )
        return self.decided().filter(~models.Exists(later))


class PlanVersion(models.Model):
    """One version of a plan. 0.3 is a working paper; a whole number is decided, locked and a public record."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField(default=0)
    minor = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True, help_text="Varför versionen gjordes")
    by_name = models.CharField(max_length=120, blank=True)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "major", "minor"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan.title} {self.number}"

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def whole(self) -> bool:
        return self.minor == 0

    @property
    def public(self) -> bool:
        return self.item.level == Level.PUBLIC


class ActivityQuerySet(models.QuerySet["Activity"]):
    def in_order(self) -> "ActivityQuerySet":
        return self.order_by("position", "pk")

    def in_force(self) -> "ActivityQuerySet":
        """Activities of the plan versions that are decided and not replaced."""
        return self.filter(version__in=PlanVersion.objects.in_force())


class Activity(models.Model):
    """A line in a plan version: who does what, for which initiative, when, at what cost, and how we see that it is done.

    It gets an item of its own when the version is decided; until then it is part of a working paper.
    """

    row_policy: ClassVar = ByItem("version")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="activities")
    item = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="activities")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    cost = models.PositiveBigIntegerField(null=True, blank=True, help_text="Kronor, hela tiden")
    measure = models.CharField(max_length=300)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="activity_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(measure="") & ~Q(title=""), name="activity_is_not_vague"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_progress(self) -> "Progress | None":
        """How far it is, from rows that may be prefetched."""
        return max(self.progress.all(), key=lambda one: (one.day, one.at), default=None)


class PlanDecision(Decided):
    """A body decided a plan version. From then on neither the version nor its activities change: see migration 0002."""

    row_policy: ClassVar = ByItem("version", rights="select, insert")

    version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="decision")
    decided_on = models.DateField()
    body = models.CharField(max_length=120)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.body} {self.decided_on}"


class Progress(Decided):
    """An activity of a decided plan began or was finished, on a day: a row, since the activity itself is locked."""

    STARTED, FINISHED, STOPPED = "started", "finished", "stopped"
    STEPS: ClassVar = [(STARTED, "pågår"), (FINISHED, "klart"), (STOPPED, "avbrutet")]
    # From the step that was last to those that may follow; "" is not begun.
    ALLOWED: ClassVar = {
        "": frozenset({STARTED, STOPPED}),
        STARTED: frozenset({FINISHED, STOPPED}),
        FINISHED: frozenset(),
        STOPPED: frozenset({STARTED}),
    }
    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading="exists (select 1 from plan_activity a where a.id = activity_id)",
        writing=(
            "exists (select 1 from plan_activity a join kernel_item i on i.id = a.item_id"
            f" where a.id = activity_id and i.owner_id = {ACTING})"
        ),
    )

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="progress")
    step = models.CharField(max_length=10, choices=STEPS)
    day = models.DateField()
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.step

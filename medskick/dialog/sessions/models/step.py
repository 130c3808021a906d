from typing import ClassVar

from django.apps import apps
from django.db import models
from django.utils import timezone

from medskick.dialog.sessions.models.counting import count_of
from medskick.dialog.sessions.models.session import LiveSession
from medskick.dialog.sessions.policies import PartOfSession
from medskick.kernel.organisations.row_policies import ByParent
from medskick.lib.codes import new_id


class StepQuerySet(models.QuerySet["Step"]):
    def with_state(self) -> "StepQuerySet":
        """With `is_open` and `was_open`, derived from the openings."""
        openings = StepOpening.objects.filter(step=models.OuterRef("pk"))
        return self.annotate(
            is_open=models.Exists(openings.filter(closed_at__isnull=True)), was_open=models.Exists(openings)
        )

    def with_answer_count(self) -> "StepQuerySet":
        """With `answered`: how many phones, papers and groups have answered, not how many answers they gave."""
        answers = apps.get_model("dialog", "Answer").objects.standing().filter(step=models.OuterRef("pk"))
        return self.annotate(answered=count_of(answers, "step", of="participant"))

    def in_order(self) -> "StepQuerySet":
        return self.order_by("position")


class Step(models.Model):
    """A step of a session's programme. What people do in it is its kind's business (sessions.steps)."""

    row_policy: ClassVar = PartOfSession(rights="select, insert, update, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    help_text = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Planerad tid")
    shows_results = models.BooleanField(default=True, help_text="Resultatet visas medan svaren kommer")
    submission_key = models.UUIDField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="step_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["session", "submission_key"], name="step_submitted_once"),
        ]

    def __str__(self) -> str:
        return self.text


class StepOpening(models.Model):
    """A step was open from then to then. At most one step of a session is open at a time."""

    row_policy: ClassVar = PartOfSession(rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="openings")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.UUIDField(null=True)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="När klockan går ut; den stänger inget av sig själv"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(closed_at__isnull=True), name="one_open_step_a_session"
            )
        ]

    def __str__(self) -> str:
        return str(self.opened_at)


class ResultShowing(models.Model):
    """The facilitator shows or hides a step's result from then on; without a row the step's own setting holds."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="showings")
    shown = models.BooleanField()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.shown)


class Group(models.Model):
    """A few who talk with each other in a step (bikupa), and write one note together."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="group_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class Cluster(models.Model):
    """Answers that belong together, under a title that the group gave them. The answers keep who wrote them."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert, update, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="clusters")
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title


class Placing(models.Model):
    """The group put a cluster under a horizon: to be started within so many years, or none of them. The latest holds."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="placings")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="placings")
    horizon = models.PositiveSmallIntegerField(null=True, blank=True, help_text="År; tomt: lagd åt sidan")
    order = models.PositiveSmallIntegerField(default=0)
    motivation = models.CharField(max_length=500, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["step", "cluster", "-at"], name="placing_latest")]

    def __str__(self) -> str:
        return str(self.horizon)


class Summary(models.Model):
    """A version of what the group says together, as the recorder wrote it. The latest is what is confirmed."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="summaries")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=10000)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="summary_number_once")]

    def __str__(self) -> str:
        return str(self.number)

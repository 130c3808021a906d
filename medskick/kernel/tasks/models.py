from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, Sql
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at__isnull=True)

    def owed_answers(self) -> "TaskQuerySet":
        return self.filter(relation=Task.OWED_ANSWER)

    def of(self, organisation: UUID) -> "TaskQuerySet":
        return self.filter(owner_id=organisation)

    def for_day(self, *, person: UUID, units: frozenset[UUID]) -> "TaskQuerySet":
        """What waits for this person: her own tasks and her unit's, by what is due."""
        mine = models.Q(person_id=person) | models.Q(person__isnull=True, unit_id__in=units)
        return self.open().filter(mine).select_related("item").order_by("due", "id")

    def without_owed_answers(self) -> "TaskQuerySet":
        """For those in the unit who do not answer: the case itself would refuse them."""
        return self.exclude(relation=Task.OWED_ANSWER)

    def overdue(self, today: date) -> "TaskQuerySet":
        return self.open().filter(due__lt=today, paused_until__isnull=True)


class Task(models.Model):
    """Something that somebody owes by a day (kernel.md J). Answer debt is the tasks of relation owed_answer."""

    OWED_ANSWER, TO_DO = "owed_answer", "to_do"
    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        # A task with a sealed item is read by those who read the item, and is not counted for anybody else.
        reading=(
            f"((owner_id = any({OWN}) and not sealed) or person_id = any({REACH})"
            " or (sealed and exists (select 1 from kernel_item i where i.id = item_id)))"
        ),
        writing=f"owner_id = {ACTING}",
    )
    definer_rights = "select, update"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="tasks")
    relation = models.CharField(max_length=20, choices=[(OWED_ANSWER, "svar"), (TO_DO, "att göra")], default=TO_DO)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("kernel.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200, help_text="En mening utan personuppgifter")
    verb = models.CharField(max_length=40, help_text="Knappens ord: svara, läs, för in")
    url = models.CharField(max_length=300)
    since = models.DateField(default=timezone.localdate)
    due = models.DateField()
    paused_until = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True)
    sealed = models.BooleanField(default=False, editable=False, help_text="Kept by a trigger: its item is sealed")

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due"], condition=models.Q(done_at__isnull=True), name="task_open"),
            models.Index(fields=["item"], name="task_item"),
        ]

    def __str__(self) -> str:
        return self.what

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, OWN, STAFF_ACTING, ByOwner, Sql
from medskick.lib.codes import new_id


class LogEntry(models.Model):
    """One act on one item: references and field names, never personal values. Append-only by trigger."""

    row_policy: ClassVar = ByOwner(rights="select, insert")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=80)
    item = models.UUIDField(null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    references = ArrayField(models.UUIDField(), default=list)
    actor_kind = models.CharField(max_length=10)
    person = models.UUIDField(null=True)
    acting_for = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    transaction = models.BigIntegerField(
        default=0, editable=False, help_text="Set by trigger: which rows a seal covers"
    )

    class Meta:
        indexes = [
            models.Index(fields=["owner", "transaction", "id"], name="log_seal_order"),
            models.Index(fields=["item", "at"], name="log_by_item"),
            models.Index(fields=["owner", "person", "id"], name="log_by_person"),
            GinIndex(fields=["references"], name="log_by_reference"),
            models.Index(
                fields=["acting_for", "-at"], condition=models.Q(acting_for__isnull=False), name="log_for_another"
            ),
        ]

    def __str__(self) -> str:
        return self.verb


class LogSeal(models.Model):
    """A closed batch of one organisation's log: the hash over its rows in order, and over the seal before it."""

    row_policy: ClassVar = Sql(
        rights="select, insert", reading=f"owner_id = any({OWN})", writing=f"owner_id = {ACTING} and {STAFF_ACTING}"
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    first_transaction = models.BigIntegerField()
    before_transaction = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="seal_number_once")]

    def __str__(self) -> str:
        return f"försegling {self.number}"

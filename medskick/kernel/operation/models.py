"""What an organisation keeps of its own running: looks into the log, checks of it, exports, departures, the statement."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, STAFF_ACTING, ByItem, ByOwner, Sql, Unscoped
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class LogLook(models.Model):
    """Somebody's look into the log, with the reason: about one person, or about one item."""

    row_policy: ClassVar = ByOwner(rights="select, insert", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by_person = models.UUIDField()
    about_person = models.UUIDField(null=True)
    about_item = models.UUIDField(null=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(about_person__isnull=False) ^ models.Q(about_item__isnull=False),
                name="look_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class LogCheck(models.Model):
    """A check of all seals of one organisation's log: asked for, run as a job, and what it found."""

    row_policy: ClassVar = ByOwner(rights="select, insert, update", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by_person = models.UUIDField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    seals = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    unsealed = models.PositiveIntegerField(default=0)
    faults: Any = models.JSONField(default=list)
    last = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.seals}"


class StatementStatus(TextChoices):
    """How far the site fulfils the requirements, in the words of the agency's template for statements."""

    FULL = "full", _("helt tillgänglig")
    PARTLY = "partly", _("delvis tillgänglig")
    NOT = "not", _("inte tillgänglig")


class StatementSettings(models.Model):
    """What one organisation says of its site's accessibility: the statement that law 2018:1937 asks for."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading="true", writing=f"owner_id = {ACTING} and {STAFF_ACTING}"
    )

    owner = models.OneToOneField(Organisation, primary_key=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=StatementStatus.choices, default=StatementStatus.PARTLY)
    shortcomings = models.TextField(blank=True, help_text="En känd brist på varje rad")
    tested_on = models.DateField(null=True, blank=True)
    tested_how = models.CharField(max_length=500, blank=True)
    email = models.EmailField(blank=True, help_text="En funktionsbrevlåda, aldrig en persons")
    phone = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer_days = models.PositiveSmallIntegerField(default=14)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.status


def _told_by(person: UUID) -> models.Q:
    return models.Q(item__readers__contains=[person])


class AccessibilityReport(models.Model):
    """An obstacle that somebody met on the site, registered, and the answer to it."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="accessibility_report")
    key = models.UUIDField(unique=True, help_text="Vilket inskickat formulär det var: samma två gånger är en anmälan")
    text: Any = EncryptedText()
    where = models.CharField(max_length=200, blank=True)
    answer: Any = EncryptedText(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True)

    # Found where she was logged in when she told; else it belongs to the secret address on her receipt.
    personal_data: ClassVar = PersonalData(
        "kernel.accessibility_report",
        _("hinder på webbplatsen som du har anmält"),
        found_by=_told_by,
        shown=(
            ("text", _("Det du skrev")),
            ("where", _("Var")),
            ("answer", _("Svar")),
            ("answered_at", _("Besvarat")),
        ),
        item="item_id",
        at="item__occurred_at",
    )

    def __str__(self) -> str:
        return str(self.item_id)


class OrganisationExport(models.Model):
    """A copy of everything that an organisation owns: asked for by one, released by another, gone after its days."""

    row_policy: ClassVar = ByOwner(rights="select, insert, update", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField(default=timezone.now)
    released_by = models.UUIDField(null=True)
    released_by_name = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    tables = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True) | ~models.Q(released_by=models.F("asked_by")),
                name="export_released_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Departure(models.Model):
    """A municipality leaves the region: proposed by one administrator, confirmed by another, in either authority."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"(owner_id = any({OWN}) or leaver_id = any({OWN}))",
        writing=f"({ACTING} in (owner_id, leaver_id) and {STAFF_ACTING})",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    leaver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="departures")
    turn_to = models.CharField(max_length=300, help_text="Vart invånarna vänder sig sedan")
    reason = models.CharField(max_length=300)
    asked_by = models.UUIDField()
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("asked_by")),
                name="departure_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["leaver"],
                condition=models.Q(withdrawn_at__isnull=True, confirmed_at__isnull=True),
                name="one_departure_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class MaintenanceNotice(models.Model):
    """That the site rests, for processes on other machines than the one where it was said (project/maintenance.py)."""

    row_policy: ClassVar = Unscoped("that the site rests is told to everybody", rights="select")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content: Any = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.begun_at)


__all__ = [
    "AccessibilityReport",
    "Departure",
    "LogCheck",
    "LogLook",
    "MaintenanceNotice",
    "OrganisationExport",
    "StatementSettings",
    "StatementStatus",
]

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, REACH, STAFF_ACTING, ByItem, ByReader, Sql
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id

# What a resident is told of her data must be readable to her: which organisation keeps what, why and how long.
TOLD_TO_ALL = Sql(rights="select, insert, update", reading="true", writing=f"owner_id = {ACTING} and {STAFF_ACTING}")


class ProcessingNote(models.Model):
    """What one organisation adds to one processing in its register: the note that stands has no `replaced_at`."""

    row_policy: ClassVar = TOLD_TO_ALL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    processing = models.CharField(max_length=60, help_text="Slagets eller behandlingens nyckel")
    subjects = models.CharField(max_length=300, blank=True)
    recipients = models.CharField(max_length=300, blank=True)
    retention = models.CharField(max_length=300, blank=True)
    security = models.CharField(max_length=500, blank=True)
    third_country = models.CharField(max_length=300, blank=True)
    impact_needed = models.BooleanField(null=True, help_text="Behövs en konsekvensbedömning? Tomt: inte bedömt")
    impact_on = models.DateField(null=True, blank=True)
    impact_decision = models.CharField(max_length=1000, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "processing"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_processing_note_stands",
            )
        ]

    def __str__(self) -> str:
        return self.processing


class DataProtectionContact(models.Model):
    """Who answers for the personal data of an organisation, and how its data protection officer is reached."""

    row_policy: ClassVar = TOLD_TO_ALL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    responsible = models.CharField(max_length=200, help_text="Den nämnd eller styrelse som är ansvarig")
    officer = models.CharField(max_length=200, blank=True, help_text="Dataskyddsombudets namn eller funktion")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(replaced_at__isnull=True), name="one_protection_contact_stands"
            )
        ]

    def __str__(self) -> str:
        return self.responsible


class Consent(models.Model):
    """Somebody said yes to a purpose that needs it, to one organisation, and perhaps took it back."""

    row_policy: ClassVar = ByReader("person", rights="select, insert, update")
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    purpose = models.CharField(max_length=60)
    wording = models.CharField(max_length=500, help_text="Det hon sade ja till, så som det stod")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    personal_data: ClassVar = PersonalData(
        "consents",
        _("vad du har sagt ja till"),
        found_by="person",
        shown=(
            ("owner", _("Hos")),
            ("wording", _("Du sade ja till")),
            ("given_at", _("När")),
            ("withdrawn_at", _("Återkallat")),
        ),
        at="given_at",
        title="wording",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_consent_stands",
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class Dispute(models.Model):
    """Somebody says that what is kept of her is wrong. The registrar answers with a correction note, or with why not."""

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    about_model = models.CharField(max_length=80)
    about_id = models.UUIDField()
    about_item = models.UUIDField(null=True)
    wrong = EncryptedText(help_text="Vad som inte stämmer")
    right = EncryptedText(blank=True, help_text="Vad som ska stå i stället")
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.dispute",
        _("vad du har sagt inte stämmer"),
        found_by="person",
        shown=(("wrong", _("Det här stämmer inte")), ("right", _("Så här är det"))),
        item="item_id",
        at="at",
    )

    class Meta:
        indexes = [models.Index(fields=["about_id"], name="dispute_about")]

    def __str__(self) -> str:
        return str(self.item_id)


def _by_registrar_with_dispute() -> Any:
    readable = "exists (select 1 from kernel_dispute d where d.item_id = dispute_id)"
    return Sql(
        rights="select, insert", reading=readable, writing=f"({STAFF_ACTING} and owner_id = {ACTING} and {readable})"
    )


class DisputeAnswer(models.Model):
    """The answer to a dispute: accepted, with a note beside the record, or refused, with why."""

    row_policy: ClassVar = _by_registrar_with_dispute()

    dispute = models.OneToOneField(Dispute, primary_key=True, on_delete=models.PROTECT, related_name="reply")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    reason = EncryptedText(blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.dispute",
        _("svaren på vad du har sagt inte stämmer"),
        found_by="dispute__person",
        shown=(("accepted", _("Rättat")), ("reason", _("Varför")), ("by_name", _("Svarade"))),
        item="dispute__item_id",
        at="at",
    )

    def __str__(self) -> str:
        return str(self.accepted)


class CorrectionNote(models.Model):
    """A correction beside a public record, which is never written over. It is read with what it corrects."""

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading=(
            f"(person = any({REACH}) or exists (select 1 from kernel_item i where i.id = about_item)"
            " or exists (select 1 from kernel_dispute d where d.item_id = dispute_id))"
        ),
        writing=(
            f"({STAFF_ACTING} and owner_id = {ACTING}"
            " and exists (select 1 from kernel_dispute d where d.item_id = dispute_id))"
        ),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="note")
    person = models.UUIDField()
    about_model = models.CharField(max_length=80)
    about_id = models.UUIDField()
    about_item = models.UUIDField(null=True)
    text = EncryptedText()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.dispute",
        _("rättelser som står bredvid det som var fel"),
        found_by="person",
        shown=(("text", _("Rättelse")), ("by_name", _("Skrev"))),
        item="dispute_id",
        at="at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["about_id"], name="correction_about"),
            models.Index(fields=["about_item"], name="correction_item"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DataExport(models.Model):
    """A copy of everything about a person that was too large to make while she waited. It is hers alone, for a week."""

    row_policy: ClassVar = ByReader("person")
    definer_rights = "select, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["person", "-asked_at"], name="export_newest")]

    def __str__(self) -> str:
        return str(self.asked_at)


def key_of(row: models.Model) -> tuple[str, UUID]:
    """How a dispute or a correction names a row: its model and its id."""
    return row._meta.label_lower, row.pk

"""Document control (kernel.md E, M; row K03): a document, its numbered versions, and what happened to each of them."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.row_policies import ACTING, OWN, STAFF_ACTING, ByItem, ByParent, Sql
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class Document(models.Model):
    """A controlled document: one Item, with versions under it. Its template says which fields it has."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="document")
    template = models.CharField(max_length=60)
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    review_by = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.item_id)


class DocumentVersion(models.Model):
    """A version: decimal while it is worked on (1.3), whole and locked when it is fixed (2.0).

    fields: a list of {"key", "label", "mode": locked | default | free, "value"}, in the template's order.
    item: the version's own Item, from when it is first registered: fixed, or sent on remiss.
    """

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=(
            f"(((fixed_at is not null or owner_id = any({OWN}))"
            "  and exists (select 1 from kernel_item i where i.id = document_id))"
            " or exists (select 1 from kernel_item i where i.id = kernel_documentversion.item_id)"
            # Whoever has adopted a version reads it also when the share has ended (kernel.md E).
            f" or exists (select 1 from kernel_adoptiondecision d where d.version_id = kernel_documentversion.id"
            f"  and d.owner_id = any({OWN})))"
        ),
        writing=f"(owner_id = {ACTING} and {STAFF_ACTING})",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    item = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="document_version")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    fields: Any = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True, help_text="Förändringsorsak")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, help_text="Utfärdare: tjänstepersonens namn")
    created_at = models.DateTimeField(default=timezone.now)
    fixed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "major", "minor"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(fixed_at__isnull=True) | models.Q(minor=0), name="fixed_is_a_whole_number"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


class VersionEvent(models.Model):
    """One row of the version history: several may stand under one number (K03: Datum Version Utfärdare Förändringsorsak)."""

    class What(TextChoices):
        DRAFTED = "drafted", _("utkast")
        REVIEWED = "reviewed", _("granskad")
        CIRCULATED = "circulated", _("skickad på remiss")
        FIXED = "fixed", _("fastställd")
        REGISTERED = "registered", _("diarieförd")
        PUBLISHED = "published", _("publicerad")
        ANNOUNCED = "announced", _("meddelad")

    row_policy: ClassVar = ByParent(field="version", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=20, choices=What.choices)
    at = models.DateTimeField(default=timezone.now)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.what

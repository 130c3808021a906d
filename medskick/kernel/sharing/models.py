"""Adoption without copying (kernel.md E): a pinned version of somebody else's document, and one's own overrides."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, STAFF_ACTING, ByItem, ByParent, Sql
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class AdoptionStatus(TextChoices):
    CONSIDERED = "considered", _("övervägs")
    ADOPTED = "adopted", _("antagen")
    DECLINED = "declined", _("avböjd")
    ENDED = "ended", _("avslutad")


class Adoption(models.Model):
    """An organisation's stand on another's document. Its own Item is the adopter's; the text stays the source's.

    version and status repeat the latest AdoptionDecision, so that lists need not look for it.
    """

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="adoption")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="adoptions")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=AdoptionStatus.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "source"], name="one_stand_on_a_source")]

    def __str__(self) -> str:
        return self.status


class AdoptionDecision(models.Model):
    """A stand that was taken: on which version, by whom, when and why. A declined version is a result, and stays."""

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading="exists (select 1 from kernel_adoption a where a.item_id = adoption_id)",
        writing=(
            f"(owner_id = {ACTING} and {STAFF_ACTING}"
            " and exists (select 1 from kernel_documentversion v where v.id = version_id))"
        ),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=AdoptionStatus.choices)
    reason = models.CharField(max_length=500, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.status


class Override(models.Model):
    """The adopter's own value of one field, with the reason. Going back to the source's value ends it."""

    row_policy: ClassVar = ByParent(field="adoption", rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="overrides")
    field = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adoption", "field"], condition=models.Q(ended_at__isnull=True), name="one_override_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.field

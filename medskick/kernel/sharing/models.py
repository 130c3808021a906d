"""Adoption without copying (kernel.md E): a pinned version of somebody else's document, and one's own overrides."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, STAFF_ACTING, ByItem, ByParent, Sql
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id

KIND = "kernel.adoption"


class AdoptionStatus(TextChoices):
    CONSIDERED = "considered", _("övervägs")
    ADOPTED = "adopted", _("antagen")
    DECLINED = "declined", _("avböjd")
    ENDED = "ended", _("avslutad")


# From which stand to which. Declining a new version of what is adopted leaves the stand where it was.
MAY_BECOME: dict[str | None, tuple[AdoptionStatus, ...]] = {
    None: (AdoptionStatus.CONSIDERED, AdoptionStatus.ADOPTED, AdoptionStatus.DECLINED),
    AdoptionStatus.CONSIDERED: (AdoptionStatus.ADOPTED, AdoptionStatus.DECLINED),
    AdoptionStatus.DECLINED: (AdoptionStatus.CONSIDERED, AdoptionStatus.ADOPTED),
    AdoptionStatus.ADOPTED: (AdoptionStatus.ENDED,),
    AdoptionStatus.ENDED: (AdoptionStatus.CONSIDERED, AdoptionStatus.ADOPTED),
}


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def of(self, organisation: UUID) -> "AdoptionQuerySet":
        return self.filter(owner_id=organisation)

    def on(self, sources: Iterable[UUID]) -> "AdoptionQuerySet":
        return self.filter(source_id__in=list(sources))

    def followed(self) -> "AdoptionQuerySet":
        return self.filter(status=AdoptionStatus.ADOPTED)

    def with_overrides(self) -> "AdoptionQuerySet":
        """Each with its own item, its owner and its open overrides. The source may be out of the reader's sight."""
        standing = models.Prefetch(
            "overrides", Override.objects.filter(ended_at__isnull=True).order_by("at", "id"), to_attr="standing"
        )
        return self.select_related("item", "owner").prefetch_related(standing)

    def in_order(self) -> "AdoptionQuerySet":
        return self.order_by("owner__name_key", "item__title_key")


class Adoption(models.Model):
    """An organisation's stand on another's document. Its own Item is the adopter's; the text stays the source's.

    version and status repeat the latest AdoptionDecision, so that lists need not look for it. version_number and
    source_owner are told to peers in the region, who may not read the version or the source themselves.
    """

    row_policy: ClassVar = ByItem(rights="select, insert, update")
    definer_rights = "select"

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="adoption")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="adoptions")
    source_owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    version_number = models.CharField(max_length=12)
    status = models.CharField(max_length=20, choices=AdoptionStatus.choices)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "source"], name="one_stand_on_a_source")]

    def __str__(self) -> str:
        return self.status

    @property
    def followed(self) -> bool:
        return self.status == AdoptionStatus.ADOPTED

    def older_than(self, version: DocumentVersion) -> bool:
        """Is this fixed version of the source later than the one that the stand is about?"""
        return version.major > int(self.version_number.partition(".")[0])


class AdoptionDecision(models.Model):
    """A stand that was taken: on which version, by whom, when and why. A declined version is a result, and stays."""

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading="exists (select 1 from kernel_adoption a where a.item_id = adoption_id)",
        # Whether the writer may read the version is asked by the trigger adoption_of_what_is_read: a policy that asked
        # would go in a circle, since this table is what lets an adopter read the version.
        writing=(
            f"(owner_id = {ACTING} and {STAFF_ACTING}"
            f" and exists (select 1 from kernel_adoption a where a.item_id = adoption_id and a.owner_id = {ACTING}))"
        ),
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    version_number = models.CharField(max_length=12)
    status = models.CharField(max_length=20, choices=AdoptionStatus.choices)
    reason = models.CharField(max_length=500, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["version", "owner"], condition=models.Q(status="adopted"), name="version_adopted_by")
        ]

    def __str__(self) -> str:
        return self.status


class Override(models.Model):
    """The adopter's own value of one field, with the reason. Going back to the source's value ends it.

    version: the version of the source that it was written against, or last confirmed for.
    label repeats the field's, for peers who may not read the version.
    """

    row_policy: ClassVar = ByParent(field="adoption", rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="overrides")
    version = models.ForeignKey(DocumentVersion, null=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adoption", "field"], condition=models.Q(ended_at__isnull=True), name="one_override_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.field


class SharedComment(models.Model):
    """What another organisation says of a version shared with it: read by the owner and by the commenter's own."""

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading=(
            f"(owner_id = any({OWN})"
            f" or exists (select 1 from kernel_item i where i.id = item_id and i.owner_id = any({OWN})))"
        ),
        writing=(
            f"(owner_id = {ACTING} and {STAFF_ACTING} and exists"
            " (select 1 from kernel_share s where s.item_id = kernel_sharedcomment.item_id"
            "  and s.may in ('comment', 'adopt') and s.ended_at is null and (s.until is null or s.until > now())"
            f"  and (s.with_token is null or s.with_token = any({REACH})))"
            " and exists (select 1 from kernel_documentversion v where v.id = version_id"
            "  and v.document_id = kernel_sharedcomment.item_id))"
        ),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="shared_comments")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["item", "at"], name="shared_comment_of_item")]

    def __str__(self) -> str:
        return str(self.item_id)


class CatalogueEntry(models.Model):
    """What the owner tells others who think of adopting (row P57): whom it suits, what it costs, whom to ask."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="catalogue_entry")
    suits = models.CharField(max_length=300, blank=True)
    cost = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True, help_text="En funktion, inte en persons privata uppgifter")

    def __str__(self) -> str:
        return str(self.item_id)

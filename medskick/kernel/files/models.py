from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, Sql
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData, among_readers
from medskick.lib.codes import new_id


class StoredFile(models.Model):
    """A file that somebody sent in: content-addressed on disk, its type sniffed from the content, scanned at once."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        # A file of an item is read by whoever reads the item: the owner's other units read neither case nor files.
        reading=(
            f"(readers && {REACH} or (item_id is null and owner_id = any({OWN}))"
            " or exists (select 1 from kernel_item i where i.id = item_id))"
        ),
        writing=f"owner_id = {ACTING}",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    readers = ArrayField(models.UUIDField(), default=list, blank=True)
    item_id = models.UUIDField(null=True, help_text="Den handling som filen hör till")
    sha256 = models.CharField(max_length=64)
    name = EncryptedText()
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    scanned_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "files",
        _("filer som du har skickat"),
        found_by=among_readers,
        shown=(("name", _("Filnamn")), ("media_type", _("Sort")), ("size", _("Storlek i byte"))),
        item="item_id",
        at="stored_at",
    )

    class Meta:
        indexes = [models.Index(fields=["item_id"], name="file_item")]

    def __str__(self) -> str:
        return self.sha256

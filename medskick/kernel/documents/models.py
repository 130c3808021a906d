"""Document control (kernel.md E, M; row K03): a document, its numbered versions, and what happened to each of them."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Network, Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, STAFF_ACTING, ByItem, ByOwner, ByParent, Sql
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id

KIND = "kernel.document"
VERSION_KIND = "kernel.document_version"
REFERRAL_KIND = "kernel.referral"
INCOMING_KIND = "kernel.incoming_referral"
ANSWER_KIND = "kernel.referral_answer"
INCOMING_ANSWER_KIND = "kernel.incoming_answer"


class DocumentQuerySet(models.QuerySet["Document"]):
    def at(self, organisation: object) -> "DocumentQuerySet":
        return self.filter(item__owner_id=organisation)

    def newest_first(self) -> "DocumentQuerySet":
        return self.order_by("-item__occurred_at", "-item_id")


class Document(models.Model):
    """A controlled document: one Item, with versions under it. Its template says which fields it has.

    unit: whose working papers it holds; none means the whole organisation's. Publishing a version opens the Item, so
    the Item's own level cannot say that. responsible: the person who sees to its review. storage: where the information
    is kept (K22).
    """

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="document")
    template = models.CharField(max_length=60)
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    review_by = models.DateField(null=True, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    responsible = models.UUIDField(null=True)
    storage = models.CharField(max_length=60, default="platform")

    objects = DocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.item_id)


class VersionQuerySet(models.QuerySet["DocumentVersion"]):
    def fixed(self) -> "VersionQuerySet":
        return self.filter(fixed_at__isnull=False)

    def latest_first(self) -> "VersionQuerySet":
        return self.order_by("-major", "-minor")


class DocumentVersion(models.Model):
    """A version: decimal while it is worked on (1.3), whole and locked when it is fixed (2.0).

    fields: a list of {"key", "label", "mode": locked | default | free, "value"}, in the template's order.
    item: the version's own Item, from when it is first registered: fixed, or sent on remiss.
    confined: fixed, but kept to those who work with it from the beginning; it follows no share of the document.

    What a version says is never changed by anybody: a trigger refuses it (documents/sql_functions.py), and of a fixed version the
    row policy lets no column be updated at all.
    """

    definer_rights = "select"
    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=(
            # A working paper: those in the organisation, or in its unit.
            f"((item_id is null and owner_id = any({OWN})"
            "  and exists (select 1 from kernel_document d where d.item_id = document_id"
            f"   and (d.unit_id is null or d.unit_id = any({REACH}))))"
            # What has an item of its own, as all that is fixed has, is read by whoever may read that item: an open or
            # shared document opens no version, each one is published or shared by itself.
            " or exists (select 1 from kernel_item i where i.id = kernel_documentversion.item_id)"
            # Whoever has adopted a version reads it also when the share has ended: it is what it follows, or followed.
            f" or exists (select 1 from kernel_adoptiondecision d where d.version_id = kernel_documentversion.id"
            f"  and d.status = 'adopted' and d.owner_id = any({OWN}))"
            # And whoever may read that an organisation follows it openly reads what it follows.
            f" or exists (select 1 from kernel_adoption a join kernel_item i on i.id = a.item_id"
            f"  where a.version_id = kernel_documentversion.id and a.status = 'adopted' and i.level = 'public'))"
        ),
        writing=f"(owner_id = {ACTING} and {STAFF_ACTING})",
        changing=f"(owner_id = {ACTING} and {STAFF_ACTING} and fixed_at is null)",
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
    confined = models.BooleanField(default=False)

    objects = VersionQuerySet.as_manager()

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

    @property
    def fixed(self) -> bool:
        return self.fixed_at is not None

    @property
    def text(self) -> str:
        """All that it says, for search."""
        return "\n".join(str(field["value"]) for field in self.fields)


class VersionEvent(models.Model):
    """One row of the version history: several may stand under one number (K03: Datum Version Utfärdare Förändringsorsak)."""

    class What(TextChoices):
        DRAFTED = "drafted", _("utkast")
        REVIEWED = "reviewed", _("granskad")
        SHARED = "shared", _("delad som arbetsmaterial")
        CIRCULATED = "circulated", _("skickad på remiss")
        FIXED = "fixed", _("fastställd")
        REGISTERED = "registered", _("diarieförd")
        PUBLISHED = "published", _("publicerad")
        WITHHELD = "withheld", _("inte publicerad")
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


class Classification(models.Model):
    """A decision on how an item's information is protected (K22). The latest one in force is its class.

    Lowering a high confidentiality is in force only when a second person has agreed (agreed_at).
    """

    row_policy: ClassVar = ByOwner(rights="select, insert, update", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="classifications")
    confidentiality = models.PositiveSmallIntegerField()
    integrity = models.PositiveSmallIntegerField()
    availability = models.PositiveSmallIntegerField()
    secrecy = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    needs_second = models.BooleanField(default=False, help_text="Kräver att en annan person håller med")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.UUIDField(null=True)
    agreed_name = models.CharField(max_length=120, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "-at"], name="classification_of_item")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidentiality__lte=4, integrity__lte=4, availability__lte=4),
                name="classification_0_to_4",
            ),
            # Four eyes in the database too: nobody agrees with herself.
            models.CheckConstraint(
                condition=models.Q(agreed_at__isnull=True) | ~models.Q(agreed_by=models.F("by_person")),
                name="second_person_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.confidentiality}/{self.integrity}/{self.availability}"


class Referral(models.Model):
    """A version sent on remiss (kernel.md M): its Item is the sender's, registered there."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="referral")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="referrals")
    answer_by = models.DateField()
    message = models.TextField(blank=True)
    questions: Any = models.JSONField(default=list, help_text="Frågorna, en text var")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.item_id)


class IncomingReferral(models.Model):
    """A remiss as it came in to one receiver: an incoming record of the receiver's own, read by the sender too."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="incoming_referral")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="receivers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "referral"], name="received_once")]

    def __str__(self) -> str:
        return str(self.item_id)


class ReferralAnswer(models.Model):
    """A receiver's answer: an Item of its own at the receiver, read by the sender. It is never changed."""

    class Stance(TextChoices):
        SUPPORTS = "supports", _("tillstyrker")
        SUPPORTS_WITH = "supports_with", _("tillstyrker med synpunkter")
        OPPOSES = "opposes", _("avstyrker")
        NOTHING = "nothing", _("har inget att invända")

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="referral_answer")
    incoming = models.OneToOneField(IncomingReferral, on_delete=models.PROTECT, related_name="answer")
    stance = models.CharField(max_length=20, choices=Stance.choices)
    text = models.TextField()
    answers: Any = models.JSONField(default=list, help_text="Svar på frågorna, i samma ordning")
    by_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.stance


class ReferralStep(models.Model):
    """What happened with a remiss at one receiver: a row for each, written by whichever of the two did it."""

    class What(TextChoices):
        MORE_TIME_ASKED = "more_time_asked", _("bad om mer tid")
        MORE_TIME_GIVEN = "more_time_given", _("gav mer tid")
        MORE_TIME_REFUSED = "more_time_refused", _("gav inte mer tid")
        DECLINED = "declined", _("avstod från att svara")
        ANSWERED = "answered", _("svarade")
        ANSWER_CAME = "answer_came", _("svaret kom in")
        REMINDED = "reminded", _("påminde")

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading="exists (select 1 from kernel_incomingreferral r where r.item_id = incoming_id)",
        writing=(
            f"(owner_id = {ACTING} and {STAFF_ACTING}"
            " and exists (select 1 from kernel_incomingreferral r where r.item_id = incoming_id))"
        ),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(IncomingReferral, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=20, choices=What.choices)
    day = models.DateField(null=True, help_text="Den dag som begärs eller ges")
    reason = models.CharField(max_length=500, blank=True)
    arrived = models.ForeignKey(
        Item, null=True, on_delete=models.PROTECT, related_name="+", help_text="Svaret som det kom in hos avsändaren"
    )
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.what

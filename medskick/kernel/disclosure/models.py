"""Giving out a record (TF 2 kap.): what somebody asked for, what was answered, and the copy that she got.

Nobody asks who the asker is (TF 2 kap. 18 §): she is a token of the secret address on her receipt.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import ACTING, OWN, STAFF_ACTING, ByItem, ByOwner, Sql
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item, Record
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class RequestState(TextChoices):
    RECEIVED = "received", _("inkommen")
    ANSWERED = "answered", _("besvarad")
    DECISION_WANTED = "decision_wanted", _("beslut begärt")
    DECIDED = "decided", _("beslutad")


# Every way that a request can go; the verbs ask this and nothing else.
TRANSITIONS: dict[str, frozenset[str]] = {
    RequestState.RECEIVED: frozenset({RequestState.ANSWERED}),
    RequestState.ANSWERED: frozenset({RequestState.DECISION_WANTED}),
    RequestState.DECISION_WANTED: frozenset({RequestState.DECIDED}),
    RequestState.DECIDED: frozenset(),
}
# TF 2 kap. 18 §: nobody asks who the asker is, so her rows cannot be found by who she is.
_BY_ADDRESS_ONLY = _(
    "Den som vill läsa en handling behöver inte säga vem hon är. Begäran hör till den hemliga adressen på kvittot,"
    " inte till dig som person: läs den där."
)
WAITING = (RequestState.RECEIVED, RequestState.DECISION_WANTED)


class Delivery(TextChoices):
    ADDRESS = "address", _("på en hemlig adress här på webbplatsen")
    EMAIL = "email", _("med e-post")
    PAPER = "paper", _("på papper, som jag hämtar")


class DisclosureRequestQuerySet(models.QuerySet["DisclosureRequest"]):
    def waiting(self) -> "DisclosureRequestQuerySet":
        return self.filter(state__in=WAITING)

    def answered(self) -> "DisclosureRequestQuerySet":
        return self.exclude(state__in=WAITING)

    def most_urgent_first(self) -> "DisclosureRequestQuerySet":
        return self.order_by("due", "item_id")

    def newest_first(self) -> "DisclosureRequestQuerySet":
        return self.order_by("-item_id")


class DisclosureRequest(models.Model):
    """Somebody asks to read a record. Read by the registrars and by the holder of the secret address.

    asked_item: the very step of a trace that the question came from. Whether the registrar may read it is another
    matter. state repeats the latest of answers and wishes, so that lists need not look for them.
    """

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="disclosure_request")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    diary_number = models.CharField(max_length=30, blank=True)
    asked_item = models.UUIDField(null=True, blank=True)
    wanted = EncryptedText(blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.ADDRESS)
    email = EncryptedText(blank=True)
    asker = models.UUIDField()
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.RECEIVED)
    due = models.DateField()
    received_at = models.DateTimeField(default=timezone.now)
    submission_key = models.UUIDField(help_text="Samma blankett skickad två gånger är en begäran")

    personal_data: ClassVar = PersonalData(
        "kernel.disclosure_request", _("vad någon bad att få läsa, och vart svaret skickas"), not_shown=_BY_ADDRESS_ONLY
    )

    objects = DisclosureRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "submission_key"], name="disclosure_asked_once")]
        indexes = [
            models.Index(fields=["owner", "state", "due"], name="disclosure_by_due"),
            models.Index(fields=["asker"], name="disclosure_asker"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)

    def may_become(self, state: str) -> bool:
        return state in TRANSITIONS[self.state]


_WITH_REQUEST = "exists (select 1 from kernel_disclosurerequest q where q.item_id = request_id)"
_BY_STAFF = f"({STAFF_ACTING} and {_WITH_REQUEST})"


class DisclosureAnswer(models.Model):
    """What was answered, on what ground, by whom: first the officer's answer, then, if asked for, a decision."""

    class Stage(TextChoices):
        ANSWER = "answer", _("svar")
        DECISION = "decision", _("beslut")

    class Outcome(TextChoices):
        RELEASED = "released", _("lämnas ut")
        MASKED = "masked", _("lämnas ut med maskning")
        REFUSED = "refused", _("lämnas inte ut")
        NOT_HELD = "not_held", _("finns inte hos oss")

    row_policy: ClassVar = Sql(rights="select, insert", reading=_WITH_REQUEST, writing=_BY_STAFF)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(DisclosureRequest, on_delete=models.PROTECT, related_name="answers")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    grounds = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, help_text="Paragraf och vad den gäller"
    )
    reason = EncryptedText(blank=True)
    appeal = models.TextField(blank=True, help_text="Så överklagar man, som det löd den dagen")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.disclosure_request", _("svaren till den som bad att få läsa något"), not_shown=_BY_ADDRESS_ONLY
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "stage"], name="one_answer_a_stage")]

    def __str__(self) -> str:
        return self.outcome

    @property
    def withheld(self) -> bool:
        """Something was asked for and not given."""
        return self.outcome != self.Outcome.RELEASED


class DecisionWish(models.Model):
    """The asker wants the authority's own decision, which can be appealed."""

    row_policy: ClassVar = Sql(
        rights="select, insert", reading=_WITH_REQUEST, writing=f"({ACTING} is not null and {_WITH_REQUEST})"
    )

    request = models.OneToOneField(
        DisclosureRequest, primary_key=True, on_delete=models.PROTECT, related_name="decision_wish"
    )
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.request_id)


class DisclosedCopy(models.Model):
    """A record's text as it is given out. It holds the masked text only: the original stays where it is.

    Until it is released only the owner's staff read it; what is released is never changed.
    """

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"({_WITH_REQUEST} and (released_at is not null or owner_id = any({OWN})))",
        writing=f"({_BY_STAFF} and owner_id = {ACTING})",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(DisclosureRequest, on_delete=models.PROTECT, related_name="copies")
    item = models.UUIDField(help_text="Handlingen; den som begärde får inte alltid läsa den")
    diary_number = models.CharField(max_length=30, blank=True)
    fields = EncryptedText(help_text="Rubrik och text i ordning, maskade")
    marks = models.PositiveIntegerField(default=0)
    grounds = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Paragrafer som föreslogs för maskningen"
    )
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    personal_data: ClassVar = PersonalData(
        "kernel.disclosure_request",
        _("kopior av handlingar, maskade innan de lämnades ut"),
        not_shown=_("En kopia hör till den som begärde den. Det som handlar om dig visas i handlingen själv."),
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "item"], condition=models.Q(released_at__isnull=True), name="one_copy_in_the_making"
            )
        ]

    def __str__(self) -> str:
        return self.diary_number


class DiaryRevision(models.Model):
    """What a registrar wrote in the diary about a record, and why. The latest one also stands on the record."""

    row_policy: ClassVar = ByOwner(rights="select, insert", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="revisions")
    public_title = models.CharField(max_length=200, blank=True)
    party_withheld = models.BooleanField()
    secrecy = models.CharField(max_length=60, blank=True)
    confidentiality = models.PositiveSmallIntegerField()
    integrity = models.PositiveSmallIntegerField()
    availability = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.record_id)


class LegalHold(models.Model):
    """A record that must stay for now, whatever the schedule says: an appeal, an audit, a request to read it."""

    row_policy: ClassVar = ByOwner(rights="select, insert, update", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(ended_at__isnull=True), name="one_hold_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Disposal(models.Model):
    """A record's content that was destroyed: by whom, when, on what decision. Its line in the diary stays."""

    row_policy: ClassVar = ByOwner(rights="select, insert", staff=True)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="disposal")
    retention = models.CharField(max_length=60)
    due = models.DateField()
    decision = models.CharField(max_length=200, help_text="Gallringsbeslutet, med dag och nummer")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.decision

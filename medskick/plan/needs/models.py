from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse

from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.row_policies import ByItem
from medskick.kernel.records.models import Item
from medskick.plan.decided import Replaceable

KIND = "plan.need"
CAPTURED, ACCEPTED, REJECTED, MERGED = "captured", "accepted", "rejected", "merged_into"
DECISIONS = [(ACCEPTED, "mottaget"), (REJECTED, "avvisat"), (MERGED, "sammanslaget")]
COUNTING = (CAPTURED, ACCEPTED)


class NeedQuerySet(models.QuerySet["Need"]):
    def of(self, *organisations: UUID) -> "NeedQuerySet":
        return self.filter(owner_id__in=organisations)

    def for_area(self, area: str) -> "NeedQuerySet":
        return self.filter(area=area)

    def unmapped(self) -> "NeedQuerySet":
        """Those that nobody has given a goal area, and that still count."""
        return self.filter(area="").still_counting()

    def still_counting(self) -> "NeedQuerySet":
        """Neither rejected nor merged into another."""
        return self.filter(state__in=COUNTING)

    def in_state(self, state: str) -> "NeedQuerySet":
        return self.filter(state=state)

    def newest_first(self) -> "NeedQuerySet":
        return self.order_by("-said_on", "-pk")


class Need(models.Model):
    """What people lack or ask for, in words of its own: the text is kept as it was said, the heading as in the source."""

    NEED, JOINT_ACTION = "need", "joint_action"
    KINDS: ClassVar = [(NEED, "behov"), (JOINT_ACTION, "något vi kan göra tillsammans")]
    WORKSHOP, EMAIL, PHONE, PAPER, CASE, IMPORT = "workshop", "email", "phone", "paper", "case", "import"
    CHANNELS: ClassVar = [
        (WORKSHOP, "möte"),
        (EMAIL, "e-post"),
        (PHONE, "telefon"),
        (PAPER, "papper"),
        (CASE, "ärende"),
        (IMPORT, "import"),
    ]
    row_policy: ClassVar = ByItem()

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    heading = models.CharField(max_length=200, blank=True)
    section = models.CharField(max_length=40, blank=True)
    need_kind = models.CharField(max_length=20, choices=KINDS, default=NEED)
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=CHANNELS)
    said_on = models.DateField()
    # What stands by the decision rows below. Written with them, in the same transaction, and nowhere else: a list that
    # joined the rows took seconds over 10,000 needs.
    area = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, choices=[(CAPTURED, "nytt"), *DECISIONS], default=CAPTURED)
    # Told from what was said, so that the same need is not recorded twice: see needs.importing.fingerprint.
    fingerprint = models.CharField(max_length=64)
    submission_key = models.UUIDField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-said_on", "-item"], name="need_by_day"),
            models.Index(fields=["owner", "fingerprint"], name="need_fingerprint"),
            models.Index(fields=["owner", "area", "-said_on", "-item"], name="need_by_area"),
            models.Index(fields=["owner", "state", "-said_on", "-item"], name="need_by_state"),
            models.Index(fields=["owner"], condition=Q(area="", state__in=COUNTING), name="need_unmapped"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "submission_key"], name="need_submitted_once"),
            models.CheckConstraint(condition=~Q(text=""), name="need_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("need", args=[self.pk])


class GoalAreaChoice(Replaceable):
    """Somebody decided which goal area a need belongs to. `basis` says whether the source's heading was taken as it stood."""

    SOURCE, PERSON = "source", "person"
    row_policy: ClassVar = ByItem("need", rights="select, insert, update")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="area_choices")
    area = models.CharField(max_length=40)
    basis = models.CharField(
        max_length=10, choices=[(SOURCE, "källans rubrik"), (PERSON, "en persons val")], default=PERSON
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need"], condition=Q(replaced_at__isnull=True), name="one_goal_area_stands")
        ]

    def __str__(self) -> str:
        return self.area


class NeedDecision(Replaceable):
    """Somebody accepted or rejected a need, or merged it into another. A need that nobody decided on is captured."""

    CAPTURED, ACCEPTED, REJECTED, MERGED = CAPTURED, ACCEPTED, REJECTED, MERGED
    STATES: ClassVar = {CAPTURED: "nytt", **dict(DECISIONS)}
    # From the state that stands to those that may follow. What is merged lives on in the other need.
    ALLOWED: ClassVar = {
        CAPTURED: frozenset({ACCEPTED, REJECTED, MERGED}),
        ACCEPTED: frozenset({REJECTED, MERGED}),
        REJECTED: frozenset({ACCEPTED}),
        MERGED: frozenset(),
    }
    row_policy: ClassVar = ByItem("need", rights="select, insert, update")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=20, choices=DECISIONS)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(replaced_at__isnull=True), name="one_need_decision_stands"
            ),
            models.CheckConstraint(condition=~Q(decision="rejected") | ~Q(reason=""), name="rejected_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.decision

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.row_policies import ByItem
from medskick.kernel.records.models import Item
from medskick.plan.decided import Replaceable

KIND = "plan.need"


class NeedQuerySet(models.QuerySet["Need"]):
    def of(self, organisation: UUID) -> "NeedQuerySet":
        return self.filter(owner_id=organisation)

    def as_decided(self) -> "NeedQuerySet":
        """With `area` and `state` as the decisions that stand say."""
        return self.annotate(
            standing_choice=FilteredRelation("area_choices", condition=Q(area_choices__replaced_at__isnull=True)),
            standing_decision=FilteredRelation("decisions", condition=Q(decisions__replaced_at__isnull=True)),
        ).annotate(
            area=Coalesce(F("standing_choice__area"), Value("")),
            state=Coalesce(F("standing_decision__decision"), Value(NeedDecision.CAPTURED)),
        )

    def for_area(self, area: str) -> "NeedQuerySet":
        return self.filter(area_choices__area=area, area_choices__replaced_at__isnull=True)

    def unmapped(self) -> "NeedQuerySet":
        """Those that nobody has given a goal area, and that still count."""
        chosen = GoalAreaChoice.objects.filter(need=models.OuterRef("pk"), replaced_at__isnull=True)
        return self.filter(~models.Exists(chosen)).still_counting()

    def still_counting(self) -> "NeedQuerySet":
        """Neither rejected nor merged into another."""
        gone = NeedDecision.objects.filter(
            need=models.OuterRef("pk"),
            replaced_at__isnull=True,
            decision__in=[NeedDecision.REJECTED, NeedDecision.MERGED],
        )
        return self.filter(~models.Exists(gone))

    def in_state(self, state: str) -> "NeedQuerySet":
        if state == NeedDecision.CAPTURED:
            decided = NeedDecision.objects.filter(need=models.OuterRef("pk"), replaced_at__isnull=True)
            return self.filter(~models.Exists(decided))
        return self.filter(decisions__decision=state, decisions__replaced_at__isnull=True)

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
    # Told from what was said, so that the same need is not recorded twice: see needs.importing.fingerprint.
    fingerprint = models.CharField(max_length=64)
    submission_key = models.UUIDField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-said_on", "-item"], name="need_by_day"),
            models.Index(fields=["owner", "fingerprint"], name="need_fingerprint"),
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
        indexes = [
            models.Index(fields=["area", "need"], condition=Q(replaced_at__isnull=True), name="need_by_area"),
        ]

    def __str__(self) -> str:
        return self.area


class NeedDecision(Replaceable):
    """Somebody accepted or rejected a need, or merged it into another. A need that nobody decided on is captured."""

    CAPTURED, ACCEPTED, REJECTED, MERGED = "captured", "accepted", "rejected", "merged_into"
    DECISIONS: ClassVar = [(ACCEPTED, "mottaget"), (REJECTED, "avvisat"), (MERGED, "sammanslaget")]
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
        indexes = [
            models.Index(fields=["decision", "need"], condition=Q(replaced_at__isnull=True), name="need_by_decision"),
        ]

    def __str__(self) -> str:
        return self.decision

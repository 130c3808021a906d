"""A network's space (row K33): its questions and answers over organisation borders.

All of it is owned by the organisation that holds the network (kernel.md C), and read by the seats of the network only.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.row_policies import ByItem
from medskick.kernel.records.models import Item
from medskick.lib.codes import new_id

SPACE_KIND, QUESTION_KIND, ANSWER_KIND = "kernel.space", "kernel.space_question", "kernel.space_answer"


class Space(models.Model):
    """What is followed when somebody follows a network: an Item of its own, made when it is first needed."""

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="space")
    network = models.OneToOneField(Network, on_delete=models.PROTECT, related_name="space")

    def __str__(self) -> str:
        return str(self.network_id)


class SpaceQuestionQuerySet(models.QuerySet["SpaceQuestion"]):
    def within(self, network: Network) -> "SpaceQuestionQuerySet":
        return self.filter(network=network)

    def tagged(self, tag: str) -> "SpaceQuestionQuerySet":
        return self.filter(tags__contains=[tag])

    def for_list(self) -> "SpaceQuestionQuerySet":
        """With who asked, how many have answered, and whether an answer is accepted; newest first."""
        accepted = SpaceAcceptance.objects.filter(answer__question=models.OuterRef("pk"), ended_at__isnull=True)
        counted = self.annotate(many_answers=models.Count("answers", distinct=True), solved=models.Exists(accepted))
        return counted.select_related("item", "organisation").order_by("-item__occurred_at", "-item_id")


class SpaceQuestion(models.Model):
    """A question to the network. The title is the item's; organisation is the asker's, who seldom owns the item."""

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="space_question")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    submission_key = models.UUIDField(null=True, unique=True, help_text="Samma formulär skickat två gånger är en fråga")

    objects = SpaceQuestionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.item_id)


class SpaceAnswer(models.Model):
    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="space_answer")
    question = models.ForeignKey(SpaceQuestion, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    submission_key = models.UUIDField(null=True, unique=True, help_text="Samma formulär skickat två gånger är ett svar")

    def __str__(self) -> str:
        return str(self.item_id)


class SpaceAcceptance(models.Model):
    """The asker says which answer helped. Changing her mind ends it, and the history stays."""

    row_policy: ClassVar = ByItem(field="item", rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", help_text="Frågan")
    answer = models.ForeignKey(SpaceAnswer, on_delete=models.PROTECT, related_name="acceptances")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(ended_at__isnull=True), name="one_accepted_answer"
            )
        ]

    def __str__(self) -> str:
        return str(self.answer_id)

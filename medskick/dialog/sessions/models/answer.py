from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.dialog.sessions.models.session import LiveSession
from medskick.dialog.sessions.models.step import Cluster, Group, Step
from medskick.dialog.sessions.policies import DecisionOnAnswer
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.row_policies import Audience, ByParent
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Audienced, Item
from medskick.lib.codes import new_id


class Participant(Audienced):
    """One who answers in a session: a phone, a paper form or an e-mail. Only hashes of what it holds are stored.

    device, address: reader tokens of the phone's cookie and of its personal trace address; a paper's device is nobody's.
    mode: what the phone was promised when it joined. person: who claimed the voices, later and by own choice.
    """

    PHONE, PAPER, MAIL = "phone", "paper", "mail"
    CHANNELS: ClassVar = [(PHONE, _("telefon")), (PAPER, _("papper")), (MAIL, _("e-post"))]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="participants")
    device = models.UUIDField()
    address = models.UUIDField(null=True, blank=True)
    mode = models.CharField(max_length=10, choices=LiveSession.ANONYMITY)
    called = EncryptedText(blank=True, help_text="Alias eller namn")
    municipality = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=10, choices=CHANNELS, default=PHONE)
    remote = models.BooleanField(default=False, help_text="Är med hemifrån")

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("möten där du har varit med"),
        found_by="person",
        shown=(
            ("session", _("Möte")),
            ("called", _("Du kallade dig")),
            ("municipality", _("Kommun du angav")),
            ("joined_at", _("Kom med")),
        ),
        at="joined_at",
        title="session",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "device"], name="one_seat_a_phone")]
        indexes = [
            models.Index(fields=["address"], name="participant_address"),
            models.Index(fields=["person"], name="participant_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def with_visibility(self) -> "AnswerQuerySet":
        """With `hidden` and `hidden_why`, from the latest decision on each answer."""
        latest = AnswerDecision.objects.filter(answer=models.OuterRef("pk")).order_by("-at", "-id")
        return self.annotate(
            hidden=models.functions.Coalesce(models.Subquery(latest.values("hidden")[:1]), False),
            hidden_why=models.functions.Coalesce(models.Subquery(latest.values("reason")[:1]), models.Value("")),
        )

    def standing(self) -> "AnswerQuerySet":
        """Not taken back by the one who gave it."""
        return self.filter(withdrawn_at__isnull=True)

    def shown(self) -> "AnswerQuerySet":
        """What the screen shows: neither taken back nor hidden."""
        return self.standing().with_visibility().filter(hidden=False)

    def of_session(self, session: LiveSession) -> "AnswerQuerySet":
        return self.filter(step__session=session)

    def of_person(self, person: Any) -> "AnswerQuerySet":
        return self.filter(participant__person=person)

    def in_order(self) -> "AnswerQuerySet":
        return self.order_by("given_at", "id")


class Answer(Audienced):
    """What one phone answered to one step. It gets an item of its own only when something is made of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="answers")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers")
    slot = models.PositiveSmallIntegerField(default=0)
    value = models.JSONField(default=str)
    text = models.CharField(max_length=2000)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    cluster = models.ForeignKey(Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    about = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_on")
    submission_key = models.UUIDField(null=True, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    item = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("svar som du har hämtat hem"),
        found_by="participant__person",
        shown=(("step", _("Fråga")), ("text", _("Ditt svar")), ("given_at", _("När"))),
        item="item_id",
        at="given_at",
        title="text",
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "participant", "slot"], name="one_answer_a_slot"),
            models.UniqueConstraint(
                fields=["step", "group"], condition=models.Q(group__isnull=False), name="one_answer_a_group"
            ),
        ]
        indexes = [models.Index(fields=["step", "given_at"], name="answer_in_order")]

    def __str__(self) -> str:
        return self.text


class AnswerDecision(models.Model):
    """An answer was taken off the screen, or put back: who, when and why. The answer itself stays."""

    row_policy: ClassVar = DecisionOnAnswer(rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="decisions")
    hidden = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["answer", "-at"], name="decision_latest")]

    def __str__(self) -> str:
        return self.reason


class QuestionReply(models.Model):
    """A question from the floor was answered in the room, with a few words where somebody wrote them; or was not yet,
    after all. The latest holds."""

    row_policy: ClassVar = DecisionOnAnswer(rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="replies")
    answered = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["answer", "-at"], name="reply_latest")]

    def __str__(self) -> str:
        return self.words


class GroupSeat(models.Model):
    """A participant sits in a group of a step, and in one only."""

    row_policy: ClassVar = ByParent(field="step", rights="select, insert, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="seats")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "participant"], name="one_seat_a_step")]

    def __str__(self) -> str:
        return str(self.id)


class UpVote(Audienced):
    """A participant wants this answer (a question from the floor) to be taken first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="up_votes")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="up_votes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "participant"], name="one_up_vote_a_participant")]

    def __str__(self) -> str:
        return str(self.id)


class Submission(Audienced):
    """A need that came afterwards, by e-mail or on paper; it becomes an answer when the facilitator accepts it."""

    row_policy: ClassVar = Audience(rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="submissions")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Participant.CHANNELS, default=Participant.MAIL)
    received_on = models.DateField()
    sender = EncryptedText(blank=True)
    text = models.CharField(max_length=2000)
    area = models.CharField(max_length=60, blank=True)
    answer = models.OneToOneField(Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submission_key = models.UUIDField(null=True, blank=True)

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("behov som kom in efter mötet"),
        shown=(("sender", _("Från")), ("text", _("Behov")), ("received_on", _("Kom in"))),
        not_shown=_("Den som skickade är inte inloggad, så behovet kan inte kopplas till en person av systemet."),
        title="text",
    )

    def __str__(self) -> str:
        return self.text


class SubmissionDecision(models.Model):
    """A submission was accepted or rejected: who, when and why. The latest holds."""

    row_policy: ClassVar = ByParent(field="submission", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reason

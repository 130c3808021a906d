from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.dialog.sessions.policies import DecisionOnAnswer, OpenCode, PartOfSession, SessionAndItsPhones
from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Audienced, Item, Level
from medskick.lib.codes import new_id


class LiveSessionQuerySet(models.QuerySet["LiveSession"]):
    def at(self, organisation: Any) -> "LiveSessionQuerySet":
        return self.filter(owner_id=organisation)

    def in_state(self, *states: str) -> "LiveSessionQuerySet":
        return self.filter(state__in=states)

    def public(self) -> "LiveSessionQuerySet":
        return self.filter(item__level=Level.PUBLIC)

    def newest_first(self) -> "LiveSessionQuerySet":
        return self.order_by("-held_on", "-item_id")

    def with_counts(self) -> "LiveSessionQuerySet":
        """With `answers` and `phones`, as far as the reader may read them."""
        answers = Answer.objects.filter(question__session=models.OuterRef("pk"))
        phones = Participant.objects.filter(session=models.OuterRef("pk"))
        return self.annotate(answers=_count(answers, "question__session"), phones=_count(phones, "session"))


class LiveSession(models.Model):
    """A live gathering with questions that phones answer. Planned, open, then held; or cancelled, with a reason."""

    PLANNED, OPEN, HELD, CANCELLED = "planned", "open", "held", "cancelled"
    STATES: ClassVar = [
        (PLANNED, _("planerat")),
        (OPEN, _("pågår")),
        (HELD, _("genomfört")),
        (CANCELLED, _("inställt")),
    ]
    ANONYMOUS, ALIAS, NAMED = "anonymous", "alias", "named"
    ANONYMITY: ClassVar = [(ANONYMOUS, _("anonymt")), (ALIAS, _("med alias")), (NAMED, _("med namn"))]

    row_policy: ClassVar = SessionAndItsPhones(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    purpose = models.CharField(max_length=500, blank=True)
    held_on = models.DateField()
    anonymity = models.CharField(max_length=10, choices=ANONYMITY, default=ANONYMOUS)
    asks_municipality = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=STATES, default=PLANNED)
    code = models.CharField(max_length=4, blank=True, help_text="Den senaste möteskoden; den gäller medan mötet pågår")
    imported = models.BooleanField(default=False, help_text="Importerad: mötet hölls utanför Medskick")
    submission_key = models.UUIDField(null=True, blank=True)

    objects = LiveSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "submission_key"], name="session_submitted_once"),
            models.UniqueConstraint(
                fields=["owner", "network", "held_on"],
                condition=models.Q(imported=True),
                nulls_distinct=False,
                name="one_imported_session_a_day",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-held_on"], name="session_by_owner")]

    def __str__(self) -> str:
        return self.title


class SessionTransition(models.Model):
    """A session went from one state to another: who, when and, where it matters, why."""

    row_policy: ClassVar = PartOfSession(rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="transitions")
    to_state = models.CharField(max_length=10, choices=LiveSession.STATES)
    reason = models.CharField(max_length=300, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.to_state


class JoinCode(models.Model):
    """The four digits that let a phone into an open session. The row goes when the session ends."""

    row_policy: ClassVar = OpenCode(rights="select, insert, delete")

    code = models.CharField(max_length=4, primary_key=True)
    session = models.OneToOneField(LiveSession, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.code


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_state(self) -> "QuestionQuerySet":
        """With `is_open` and `was_open`, derived from the openings."""
        openings = QuestionOpening.objects.filter(question=models.OuterRef("pk"))
        return self.annotate(
            is_open=models.Exists(openings.filter(closed_at__isnull=True)), was_open=models.Exists(openings)
        )

    def with_answer_count(self) -> "QuestionQuerySet":
        return self.annotate(answered=_count(Answer.objects.filter(question=models.OuterRef("pk")), "question"))

    def in_order(self) -> "QuestionQuerySet":
        return self.order_by("position")


class Question(models.Model):
    """A step of a session: one thing asked. What it asks for is its kind's business (dialog.questions)."""

    row_policy: ClassVar = PartOfSession(rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    help_text = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    submission_key = models.UUIDField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="question_place_once"),
            models.UniqueConstraint(fields=["session", "submission_key"], name="question_submitted_once"),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionOpening(models.Model):
    """A question was open from then to then. At most one question of a session is open at a time."""

    row_policy: ClassVar = PartOfSession(rights="select, insert, update")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="openings")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(closed_at__isnull=True), name="one_open_question_a_session"
            )
        ]

    def __str__(self) -> str:
        return str(self.opened_at)


class Participant(Audienced):
    """One phone in a session. Only hashes of what the phone holds are stored: no token, no address.

    device, address: reader tokens of the phone's cookie and of its personal trace address.
    mode: what the phone was promised when it joined. person: who claimed the voices, later and by own choice.
    """

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

    def shown(self) -> "AnswerQuerySet":
        return self.with_visibility().filter(hidden=False)

    def of_session(self, session: LiveSession) -> "AnswerQuerySet":
        return self.filter(question__session=session)

    def of_person(self, person: Any) -> "AnswerQuerySet":
        return self.filter(participant__person=person)

    def in_order(self) -> "AnswerQuerySet":
        return self.order_by("given_at", "id")


class Answer(Audienced):
    """What one phone answered to one question. It gets an item of its own only when something is made of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers")
    text = models.CharField(max_length=2000)
    submission_key = models.UUIDField(null=True, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    item = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("svar som du har hämtat hem"),
        found_by="participant__person",
        shown=(("question", _("Fråga")), ("text", _("Ditt svar")), ("given_at", _("När"))),
        item="item_id",
        at="given_at",
        title="text",
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "participant"], name="one_answer_a_phone")]
        indexes = [models.Index(fields=["question", "given_at"], name="answer_in_order")]

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


def _count(rows: models.QuerySet, group: str) -> models.functions.Coalesce:
    """How many rows there are of the outer row, as one sub-select."""
    counted = rows.order_by().values(group).annotate(number=models.Count("pk")).values("number")
    return models.functions.Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)

import json
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, STAFF_ACTING, ByItem, Sql
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id


class State(TextChoices):
    RECEIVED = "received", _("inkommet")
    IN_PROGRESS = "in_progress", _("handläggs")
    ANSWERED = "answered", _("besvarat")
    REOPENED = "reopened", _("öppnat igen")
    CLOSED = "closed", _("avslutat")


# Every way that a case can go. A verb asks `may_become`; nothing else decides.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.IN_PROGRESS, State.ANSWERED}),
    State.IN_PROGRESS: frozenset({State.ANSWERED}),
    State.ANSWERED: frozenset({State.REOPENED, State.CLOSED}),
    State.REOPENED: frozenset({State.IN_PROGRESS, State.ANSWERED}),
    State.CLOSED: frozenset(),
}
WAITING = (State.RECEIVED, State.IN_PROGRESS, State.REOPENED)


class Outcome(TextChoices):
    """What the answer comes to, chosen by the one who answers."""

    ACTION_TAKEN = "action_taken", _("vi har gjort något åt det")
    WILL_CONSIDER = "will_consider", _("vi tar med det i vårt arbete")
    NO_CHANGE = "no_change", _("det blir ingen ändring")
    NOT_OURS = "not_ours", _("det är någon annans ansvar")


# The answers that changed something or will.
CHANGED = (Outcome.ACTION_TAKEN, Outcome.WILL_CONSIDER)


def answers_in_words(case: "Case") -> list[str]:
    """Questions and answers as they were put and given, one line each."""
    return [f"{one['label']}: {one['shown']}" for one in json.loads(case.answers)]


class CaseQuerySet(models.QuerySet["Case"]):
    def at(self, organisation: UUID) -> "CaseQuerySet":
        return self.filter(owner_id=organisation)

    def waiting(self) -> "CaseQuerySet":
        """Those that somebody still waits for an answer to."""
        return self.filter(state__in=WAITING)

    def overdue(self, today: date) -> "CaseQuerySet":
        return self.waiting().filter(due__lt=today)

    def answered(self) -> "CaseQuerySet":
        return self.exclude(state__in=WAITING)

    def of_sender(self, speaker: UUID) -> "CaseQuerySet":
        return self.filter(sender=speaker)

    def most_urgent_first(self) -> "CaseQuerySet":
        return self.order_by("due", "item_id")

    def newest_first(self) -> "CaseQuerySet":
        return self.order_by("-submitted_at", "-item_id")


class Case(models.Model):
    """What somebody sent in, from receipt to answer. Read by its unit, the registrars and the sender."""

    row_policy: ClassVar = ByItem(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=60, help_text="E-tjänstens adress")
    version = models.PositiveSmallIntegerField(help_text="E-tjänstens version när ärendet skickades in")
    definition_digest = models.CharField(max_length=64)
    topic = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    officer = models.UUIDField(null=True, help_text="Den som handlägger")
    officer_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn; aldrig en invånares")
    # Who sent it: a person, or the token of the private address of somebody without log-in. Never a name.
    sender = models.UUIDField()
    signed_in = models.BooleanField()
    answers = EncryptedText(help_text="Frågor och svar så som de ställdes och gavs")
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    due = models.DateField(help_text="När svaret ska ha kommit")
    submitted_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    reopened_once = models.BooleanField(default=False)
    submission_key = models.UUIDField(null=True, help_text="Samma blankett skickad två gånger är ett ärende")

    personal_data: ClassVar = PersonalData(
        "services.case",
        _("det du har skickat in"),
        found_by="sender",
        shown=(
            (answers_in_words, _("Det du skrev")),
            ("state", _("Läge")),
            ("officer_name", _("Handläggare")),
        ),
        item="item_id",
        at="submitted_at",
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "submission_key"], name="case_submitted_once")]
        indexes = [
            models.Index(fields=["owner", "state", "due"], name="case_by_due"),
            models.Index(fields=["owner", "-submitted_at"], name="case_newest"),
            models.Index(fields=["sender", "-submitted_at"], name="case_sender"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)

    def may_become(self, state: str) -> bool:
        return state in TRANSITIONS[self.state]

    def is_overdue(self, today: date) -> bool:
        return self.state in WAITING and self.due < today


# Rows that hang on a case are read with it, and written by staff of the acting organisation alone: a second lock.
_WITH_CASE = "exists (select 1 from services_case c where c.item_id = case_id)"
_BY_STAFF = f"({STAFF_ACTING} and {_WITH_CASE})"


class CaseStep(models.Model):
    """One thing that happened to a case: who, when, and why. The timeline is these rows; the sender reads them too."""

    SUBMITTED, TAKEN, REASSIGNED, ANSWERED = "submitted", "taken", "reassigned", "answered"
    SATISFIED, UNSATISFIED, CLOSED = "satisfied", "unsatisfied", "closed"
    VERBS = (
        (SUBMITTED, _("Skickades in")),
        (TAKEN, _("Började handläggas")),
        (REASSIGNED, _("Lämnades över till en annan enhet")),
        (ANSWERED, _("Besvarades")),
        (SATISFIED, _("Avsändaren är nöjd")),
        (UNSATISFIED, _("Avsändaren är inte nöjd")),
        (CLOSED, _("Avslutades")),
    )
    row_policy: ClassVar = Sql(
        rights="select, insert", reading=_WITH_CASE, writing=f"({ACTING} is not null and {_WITH_CASE})"
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20, choices=VERBS)
    state = models.CharField(max_length=20, choices=State.choices, help_text="Läget efteråt")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedText(blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn; aldrig en invånares")
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "services.case",
        _("vad som har hänt i dina ärenden"),
        found_by="case__sender",
        shown=(("verb", _("Vad")), ("reason", _("Varför")), ("by_name", _("Vem"))),
        item="case_id",
        at="at",
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="case_step_order")]

    def __str__(self) -> str:
        return self.verb


class CaseAnswer(models.Model):
    """What the unit answered, what it came to and why; who and when stands on its step. A case opened again has two."""

    row_policy: ClassVar = Sql(rights="select, insert", reading=_WITH_CASE, writing=_BY_STAFF)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    step = models.OneToOneField(CaseStep, on_delete=models.PROTECT, related_name="reply")
    text = EncryptedText()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = EncryptedText()
    in_time = models.BooleanField()

    personal_data: ClassVar = PersonalData(
        "services.case",
        _("svaren du har fått"),
        found_by="case__sender",
        shown=(("text", _("Svar")), ("outcome", _("Det blev")), ("reason", _("Varför"))),
        item="case_id",
        at="step__at",
    )

    def __str__(self) -> str:
        return self.outcome


class CaseNote(models.Model):
    """A note between officers. The sender does not see it here, but it may be a public record and be asked for."""

    row_policy: ClassVar = Sql(
        rights="select, insert", reading=f"(owner_id = any({OWN}) and {_WITH_CASE})", writing=_BY_STAFF
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = EncryptedText()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "services.case",
        _("handläggares anteckningar i dina ärenden"),
        not_shown=_("Anteckningar mellan handläggare prövas innan de lämnas ut. Begär ut dem av kommunen."),
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="case_note_order")]

    def __str__(self) -> str:
        return str(self.at)


class CaseTally(models.Model):
    """How many cases of a month were received, answered, answered in time, and changed something.

    Figures for everybody, kept by the verbs because the cases themselves are read by few.
    """

    row_policy: ClassVar = Sql(rights="select, insert, update", reading="true", writing=f"owner_id = {ACTING}")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="Månaden då ärendena kom in, som dess första dag")
    received = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "month"], name="case_tally_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

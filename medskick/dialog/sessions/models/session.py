from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.dialog.sessions.models.counting import count_of
from medskick.dialog.sessions.policies import OpenCode, PartOfSession, SessionAndItsPhones
from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.row_policies import Audience
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
        answers = apps.get_model("dialog", "Answer").objects.standing().filter(step__session=models.OuterRef("pk"))
        phones = apps.get_model("dialog", "Participant").objects.filter(session=models.OuterRef("pk"))
        return self.annotate(answers=count_of(answers, "step__session"), phones=count_of(phones, "session"))


class LiveSession(models.Model):
    """A workshop: a programme of steps that people answer on phones or paper, in the room or from home.

    Planned, open (with pauses, when it goes on another day), held, summarised, confirmed; or cancelled, with a reason.
    """

    PLANNED, OPEN, PAUSED, HELD = "planned", "open", "paused", "held"
    SUMMARISED, CONFIRMED, CANCELLED = "summarised", "confirmed", "cancelled"
    STATES: ClassVar = [
        (PLANNED, _("planerat")),
        (OPEN, _("pågår")),
        (PAUSED, _("pausat")),
        (HELD, _("genomfört")),
        (SUMMARISED, _("sammanfattat")),
        (CONFIRMED, _("bekräftat")),
        (CANCELLED, _("inställt")),
    ]
    OVER: ClassVar = (HELD, SUMMARISED, CONFIRMED)
    ROOM, REMOTE, HYBRID = "room", "remote", "hybrid"
    PLACES: ClassVar = [(ROOM, _("i ett rum")), (REMOTE, _("på distans")), (HYBRID, _("i rummet och på distans"))]
    ANONYMOUS, ALIAS, NAMED = "anonymous", "alias", "named"
    ANONYMITY: ClassVar = [(ANONYMOUS, _("anonymt")), (ALIAS, _("med alias")), (NAMED, _("med namn"))]

    row_policy: ClassVar = SessionAndItsPhones(rights="select, insert, update")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    purpose = models.CharField(max_length=500, blank=True)
    held_on = models.DateField()
    last_day = models.DateField(null=True, blank=True, help_text="Sista dagen, för ett möte över flera dagar")
    place = models.CharField(max_length=10, choices=PLACES, default=ROOM)
    programme = models.CharField(max_length=60, blank=True, help_text="Programmallens nyckel och utgåva")
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
    continues_on = models.DateField(null=True, blank=True, help_text="Dagen då ett pausat möte fortsätter")
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


class SessionRole(models.Model):
    """Who leads or records from that moment on; the latest of each role is in force, so a hand-over is one more row."""

    FACILITATOR, RECORDER = "facilitator", "recorder"
    ROLES: ClassVar = [(FACILITATOR, _("mötesledare")), (RECORDER, _("antecknare"))]

    row_policy: ClassVar = PartOfSession(rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=12, choices=ROLES)
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=120)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.role


class Attendance(Audienced):
    """Somebody was invited, and came or did not; read by the staff of the organisation that holds the session."""

    row_policy: ClassVar = Audience(rights="select, insert, update, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="attendances")
    name = EncryptedText()
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    present = models.BooleanField(null=True, help_text="Tomt tills någon har prickat av")
    remote = models.BooleanField(default=False)
    submission_key = models.UUIDField(null=True, blank=True)

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("möten som du är bjuden till"),
        found_by="person",
        shown=(("session", _("Möte")), ("name", _("Namn")), ("organisation", _("Från"))),
        title="session",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "submission_key"], name="attendance_submitted_once")]

    def __str__(self) -> str:
        return str(self.id)


class PreReading(models.Model):
    """Something to read before the session: a page on the web, or an item of ours."""

    row_policy: ClassVar = PartOfSession(rights="select, insert, update, delete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="pre_readings")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500, blank=True)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title


class ReadMark(Audienced):
    """A person says that she has read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pre_reading = models.ForeignKey(PreReading, on_delete=models.CASCADE, related_name="marks")
    person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "dialog.session",
        _("förhandsläsning som du har läst"),
        found_by="person",
        shown=(("pre_reading", _("Vad")), ("at", _("När"))),
        at="at",
        title="pre_reading",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pre_reading", "person"], name="read_once_a_person")]

    def __str__(self) -> str:
        return str(self.at)

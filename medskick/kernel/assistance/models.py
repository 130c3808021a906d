"""Mandates, assistance, what residents object to, and the places where help is given (kernel.md I)."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.files.models import StoredFile
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, REACH, STAFF_ACTING, ByItem, Sql, Unscoped
from medskick.kernel.people.encryption import EncryptedText
from medskick.kernel.people.queries import IDLE
from medskick.kernel.personal_data import PersonalData
from medskick.kernel.records.models import Item
from medskick.kernel.typing import TextChoices
from medskick.lib.codes import new_id

CODE_VALID = timedelta(minutes=10)


class Company(models.Model):
    """A legal person that somebody can act for. A sole trader's number is a personal number and is not taken here."""

    row_policy: ClassVar = Unscoped("names and numbers of legal persons are public", rights="select, insert")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, help_text="Organisationsnummer, tio siffror")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class MandateKind(TextChoices):
    CHILD = "child", _("vårdnadshavare för ett barn")
    WARD = "ward", _("god man eller förvaltare")
    COMPANY = "company", _("firmatecknare för ett företag")
    PROXY = "proxy", _("ombud med fullmakt")


class Ground(TextChoices):
    """How we know of a mandate."""

    REGISTER = "register", _("ett register")
    PAPER = "paper", _("ett papper")
    EID = "eid", _("e-legitimation")
    STATED = "stated", _("det som har sagts")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def valid(self, today: date) -> "MandateQuerySet":
        begun = self.filter(ended_at__isnull=True, valid_from__lte=today)
        return begun.filter(models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=today))

    def held_by(self, *agents: UUID) -> "MandateQuerySet":
        return self.filter(agent__in=agents)

    def given_by(self, principal: UUID) -> "MandateQuerySet":
        return self.filter(principal=principal)

    def newest_first(self) -> "MandateQuerySet":
        return self.order_by("-given_at", "-id")


def _principal_or_agent(person: UUID) -> models.Q:
    return models.Q(principal=person) | models.Q(agent=person)


class Mandate(models.Model):
    """The ground on which `agent` acts for `principal`: for what, from when until when, given and ended by whom and why.

    principal: a person or a Company. agent: a person, or the token of an organisation's helpers.
    covers: keys of what it is good for; empty is everything. Names are as they were told when it was given.
    """

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"(principal = any({REACH}) or agent = any({REACH}) or registrars = any({REACH}))",
        # An agent ends hers through renounce_mandate(): whoever may write a row here may also make one.
        writing=f"(principal = any({REACH}) or (owner_id = {ACTING} and {STAFF_ACTING}))",
    )
    definer_rights = "select, update"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    registrars = models.UUIDField(null=True, help_text="De som för in pappersfullmakter hos kommunen")
    kind = models.CharField(max_length=10, choices=MandateKind.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    principal = models.UUIDField()
    principal_name = EncryptedText()
    agent = models.UUIDField()
    agent_name = EncryptedText()
    covers = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    paper = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    paper_reference = models.CharField(max_length=120, blank=True, help_text="Var pappret finns, utan personuppgifter")
    reason = EncryptedText(blank=True)
    given_by = models.UUIDField(null=True)
    given_by_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn; aldrig en invånares")
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = EncryptedText(blank=True)

    # Both the one who gave it and the one who acts by it: each reads the whole row, and is named in it.
    personal_data: ClassVar = PersonalData(
        "mandates",
        _("fullmakter och uppdrag, dina egna och de som gäller för dig"),
        found_by=_principal_or_agent,
        shown=(
            ("kind", _("Sort")),
            ("principal_name", _("Gäller för")),
            ("agent_name", _("Får göra det")),
            ("ground", _("Vi vet det genom")),
            ("valid_from", _("Från")),
            ("valid_until", _("Till")),
            ("reason", _("Varför")),
            ("given_by_name", _("Förde in")),
            ("ended_at", _("Avslutad")),
            ("ended_reason", _("Varför den avslutades")),
        ),
        at="given_at",
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="mandate_for_another"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="mandate_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], name="mandate_agent"),
            models.Index(fields=["principal"], name="mandate_principal"),
            models.Index(fields=["registrars", "-given_at"], name="mandate_registrars"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_valid(self, today: date) -> bool:
        begun = self.ended_at is None and self.valid_from <= today
        return begun and (self.valid_until is None or self.valid_until >= today)


class HelpPlaceQuerySet(models.QuerySet["HelpPlace"]):
    def standing(self) -> "HelpPlaceQuerySet":
        return self.filter(closed_at__isnull=True).order_by("name", "id")

    def of(self, organisation: UUID) -> "HelpPlaceQuerySet":
        return self.filter(owner_id=organisation)


class HelpPlace(models.Model):
    """Where help is given face to face, on which days: a library, a service point, a care home."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading="true", writing=f"owner_id = {ACTING} and {STAFF_ACTING}"
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="0 är måndag")
    opens = models.TimeField()
    closes = models.TimeField()
    hours = models.CharField(max_length=200, blank=True, help_text="Det som veckodagarna inte säger")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = HelpPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(closed_at__isnull=True), name="help_place_name_once"
            ),
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="help_place_closes_later"),
        ]

    def __str__(self) -> str:
        return self.name


class HandoverNote(models.Model):
    """What one helper leaves to the next about a place: practical things, never about somebody who was helped."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"helpers = any({REACH})",
        writing=f"(helpers = any({REACH}) and owner_id = {ACTING} and {STAFF_ACTING})",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    helpers = models.UUIDField(help_text="Organisationens hjälpare, som läser och skriver")
    place = models.ForeignKey(HelpPlace, on_delete=models.PROTECT, related_name="notes")
    text = EncryptedText()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True)

    personal_data: ClassVar = PersonalData(
        "assistance",
        _("hjälpares anteckningar om en plats"),
        not_shown=_("De handlar om platsen och aldrig om den som fick hjälp. De läses av hjälparna där."),
    )

    class Meta:
        indexes = [
            models.Index(fields=["helpers", "-at"], condition=models.Q(done_at__isnull=True), name="handover_open")
        ]

    def __str__(self) -> str:
        return str(self.at)


class AssistanceGround(TextChoices):
    """How the helper knows that the resident wants it. The last is for somebody who does not say who she is."""

    EID = "eid", _("godkänd med e-legitimation")
    PAPER = "paper", _("fullmakt på papper")
    STATED = "stated", _("sagt på plats")
    UNNAMED = "unnamed", _("utan namn")


class Ended(TextChoices):
    HELPER = "helper", _("hjälparen avslutade")
    RESIDENT = "resident", _("du avslutade")
    IDLE = "idle", _("tog slut efter 15 minuter utan att något hände")
    LOG_OUT = "log_out", _("hjälparen loggade ut")
    EMPLOYMENT = "employment", _("hjälparen slutade som hjälpare")
    MANDATE = "mandate", _("fullmakten gällde inte längre")


class Assistance(models.Model):
    """One time that a helper acted for a resident, from start to end (kernel.md I).

    The helper reads her own until it is over, and nothing of it afterwards; the resident reads hers for good. While it
    lasts, its id is a reader token that the helper holds: with it she reads what came of it, and nothing older.
    """

    row_policy: ClassVar = Sql(
        rights="select, insert",
        reading=f"(resident = any({REACH}) or ended_at is null and (id = any({REACH}) or helper = any({REACH})))",
        writing=f"owner_id = {ACTING} and {STAFF_ACTING}",
    )
    definer_rights = "select, update"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    helper = models.UUIDField()
    helper_name = models.CharField(max_length=120, help_text="Tjänstepersonens namn; aldrig en invånares")
    employment = models.UUIDField()
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(HelpPlace, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resident = models.UUIDField(null=True)
    called = EncryptedText(help_text="Namnet så som det sades", blank=True)
    ground = models.CharField(max_length=10, choices=AssistanceGround.choices)
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedText(blank=True)
    channel = models.CharField(max_length=10)
    code = models.BinaryField(null=True, help_text="Koden som den hjälpta skriver in, som en nyckelhash")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    last_active_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=12, choices=Ended.choices, blank=True)

    # Hers who was helped. The helper reads nothing of it when it is over, so it is not among the helper's data either.
    personal_data: ClassVar = PersonalData(
        "assistance",
        _("hjälp du har fått"),
        found_by="resident",
        shown=(
            ("owner", _("Hos")),
            ("place", _("Plats")),
            ("helper_name", _("Hjälpte dig")),
            ("called", _("Ditt namn så som det sades")),
            ("ground", _("Du sade ja genom")),
            ("reason", _("Varför")),
            ("started_at", _("Började")),
            ("ended_at", _("Slutade")),
            ("how", _("Hur det slutade")),
        ),
        at="asked_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-started_at"], name="assistance_resident"),
            models.Index(fields=["helper"], condition=models.Q(ended_at__isnull=True), name="assistance_open"),
            models.Index(fields=["code"], condition=models.Q(started_at__isnull=True), name="assistance_code"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def over_at(self) -> datetime | None:
        """When it ended; also where the helper just walked away and nothing has noticed yet."""
        if self.ended_at is not None or self.last_active_at is None:
            return self.ended_at
        over = self.last_active_at + IDLE
        return over if over < timezone.now() else None

    @property
    def how(self) -> str:
        return str(Ended(self.ended_how or Ended.IDLE).label) if self.over_at else ""


class Objection(models.Model):
    """A resident says that what somebody did for her was wrong. Read by her and by the organisation's registrars."""

    row_policy: ClassVar = ByItem(rights="select, insert")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    assistance = models.ForeignKey(Assistance, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.UUIDField(null=True, help_text="Den rad i loggen som det gäller, när det inte var hjälp på plats")
    made_by = models.UUIDField()
    helper = models.UUIDField(null=True, help_text="Den som gjorde det; hen får inte själv svara")
    about = EncryptedText(help_text="Vem som gjorde vad och när, så som den som invänder läste det")
    text = EncryptedText()
    due = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.objection",
        _("vad du har invänt mot"),
        found_by="made_by",
        shown=(("about", _("Det gällde")), ("text", _("Din invändning")), ("due", _("Svar senast"))),
        item="item_id",
        at="at",
    )

    class Meta:
        indexes = [models.Index(fields=["owner", "-at"], name="objection_newest")]

    def __str__(self) -> str:
        return str(self.item_id)


class ObjectionOutcome(TextChoices):
    UPHELD = "upheld", _("Du har rätt, och vi rättar det")
    PARTLY = "partly", _("Du har delvis rätt")
    NOT_UPHELD = "not_upheld", _("Vi ändrar inget")


_WITH_OBJECTION = "exists (select 1 from kernel_objection o where o.item_id = objection_id)"


class ObjectionDecision(models.Model):
    """What the organisation said to an objection: who, when, and why."""

    row_policy: ClassVar = Sql(
        rights="select, insert", reading=_WITH_OBJECTION, writing=f"({STAFF_ACTING} and {_WITH_OBJECTION})"
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=12, choices=ObjectionOutcome.choices)
    reason = EncryptedText()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, help_text="Tjänstepersonens namn; aldrig en invånares")
    at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "kernel.objection",
        _("svaren på dina invändningar"),
        found_by="objection__made_by",
        shown=(("outcome", _("Det blev")), ("reason", _("Varför")), ("by_name", _("Svarade"))),
        item="objection_id",
        at="at",
    )

    def __str__(self) -> str:
        return self.outcome


__all__ = [
    "CODE_VALID",
    "Assistance",
    "AssistanceGround",
    "Company",
    "Ended",
    "Ground",
    "HandoverNote",
    "HelpPlace",
    "Mandate",
    "MandateKind",
    "Objection",
    "ObjectionDecision",
    "ObjectionOutcome",
]

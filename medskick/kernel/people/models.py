from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.actor import ASSURANCES
from medskick.kernel.organisations.models import Network, Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, STAFF_ACTING, ByReader, Sql, Unscoped
from medskick.kernel.people import roles
from medskick.kernel.people.encryption import BlindIndex, EncryptedText
from medskick.kernel.personal_data import PersonalData
from medskick.lib.codes import new_id


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


class Person(models.Model):
    """A person, as resident or staff or both. The name is encrypted; whoever handles her case is among the readers."""

    row_policy: ClassVar = Sql(
        reading=f"((staff and not shielded) or id = any({REACH}) or readers && {OWN} or readers && {REACH})",
        writing=f"(id = any({REACH}) or ({ACTING} = any(readers) and {STAFF_ACTING}))",
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedText()
    # The names of officials are public (offentlighetsprincipen); a resident's name is read by those in `readers`.
    staff = models.BooleanField(default=False)
    readers = ArrayField(models.UUIDField(), default=list, blank=True)
    # Kept by a trigger from the marks: she has protected identity now, and her name is read by her handler alone.
    shielded = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData("people", _("ditt namn"), found_by="id", shown=(("name", _("Namn")),))

    def __str__(self) -> str:
        return str(self.id)


class ProtectionMark(models.Model):
    """A person has protected identity from a day: who said so, and when it ended (privacy/actions/protection.py).

    Its effect is laid by triggers (privacy/sql_functions.py): whatever has her among its readers is sealed, everywhere.
    registrars: the role token of those in the owner organisation who look after it until a handler is chosen.
    """

    CONFIDENTIALITY, PROTECTED_REGISTRATION = "confidentiality", "protected_registration"
    KINDS: ClassVar = [
        (CONFIDENTIALITY, _("sekretessmarkering")),
        (PROTECTED_REGISTRATION, _("skyddad folkbokföring")),
    ]
    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"(person_id = any({REACH}) or registrars = any({REACH}) or handler = any({REACH}))",
        writing=f"owner_id = {ACTING} and ({STAFF_ACTING} or person_id = any({REACH}))",
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=30, choices=KINDS, default=CONFIDENTIALITY)
    registrars = models.UUIDField()
    handler = models.UUIDField(null=True, help_text="Den enda hos organisationen som ser namnet")
    handler_name = models.CharField(max_length=120, blank=True, help_text="Tjänstepersonens namn; aldrig en invånares")
    from_log_in = models.BooleanField(default=False, help_text="Inloggningstjänsten sade det")
    since = models.DateTimeField(default=timezone.now)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "person_id"], condition=models.Q(ended_at__isnull=True), name="protected_once"
            )
        ]
        indexes = [
            models.Index(fields=["person_id"], condition=models.Q(ended_at__isnull=True), name="protection_standing")
        ]

    def __str__(self) -> str:
        return self.kind


class PersonalNumber(models.Model):
    """A personal number: encrypted, and found by a keyed blind index that only the log-in function reads."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading=f"person_id = any({REACH})", writing=f"person_id = any({REACH})"
    )
    definer_rights = "select"

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    number = EncryptedText()
    index = BlindIndex(unique=True, of="number")

    personal_data: ClassVar = PersonalData(
        "people", _("ditt personnummer"), found_by="person_id", shown=(("number", _("Personnummer")),)
    )

    def __str__(self) -> str:
        return "personnummer"


class ProviderSubject(models.Model):
    """The subject that a log-in provider knows a person by."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading=f"person_id = any({REACH})", writing=f"person_id = any({REACH})"
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    issuer = models.CharField(max_length=250)
    subject = models.CharField(max_length=200)

    personal_data: ClassVar = PersonalData(
        "people",
        _("hur inloggningstjänsten känner igen dig"),
        found_by="person_id",
        shown=(("issuer", _("Inloggningstjänst")), ("subject", _("Kännetecken"))),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="subject_once_per_issuer")]

    def __str__(self) -> str:
        return self.issuer


class Employment(models.Model):
    """A person's place in one organisation. A person with two chooses which one she acts in."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"(person_id = any({REACH}) or organisation_id = any({OWN}))",
        writing=f"organisation_id = {ACTING} and {STAFF_ACTING}",
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="employments")
    title = models.CharField(max_length=120)
    # Whom the organisation's own log-in means by this address (actions/signing_in.py); found by its keyed index alone.
    email = EncryptedText(null=True)
    email_index = BlindIndex(null=True, of="email", within="organisation_id")
    networks = models.ManyToManyField(Network, through="NetworkSeat", related_name="seats")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email_index"], condition=models.Q(ended_at__isnull=True), name="work_address_once_at_a_time"
            )
        ]

    personal_data: ClassVar = PersonalData(
        "people",
        _("din anställning"),
        found_by="person_id",
        shown=(
            ("organisation", _("Hos")),
            ("unit", _("Enhet")),
            ("title", _("Titel")),
            ("email", _("E-postadress i arbetet")),
            ("since", _("Från")),
            ("ended_at", _("Till")),
        ),
    )

    def __str__(self) -> str:
        return self.title


def _of_employment(condition: str = "true") -> str:
    return f"exists (select 1 from kernel_employment e where e.id = employment_id and {condition})"


EMPLOYER_ACTS = _of_employment(f"e.organisation_id = {ACTING} and {STAFF_ACTING}")


class NetworkSeat(models.Model):
    """An employee's seat in a network: through it she reads the network's material."""

    row_policy: ClassVar = Sql(reading=_of_employment(), writing=EMPLOYER_ACTS)
    definer_rights = "select"

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE)
    network = models.ForeignKey(Network, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employment", "network"], name="seat_once")]

    def __str__(self) -> str:
        return str(self.network_id)


class RoleAssignment(models.Model):
    """A role given to an employment: by whom, when; taking it back is another date, not a deleted row."""

    row_policy: ClassVar = Sql(rights="select, insert, update", reading=_of_employment(), writing=EMPLOYER_ACTS)
    definer_rights = "select"

    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=30, choices=list(roles.LABELS.items()))
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "role"], condition=models.Q(ended_at__isnull=True), name="role_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.role


class ProviderQuerySet(models.QuerySet["Provider"]):
    def for_place(self, organisation: UUID | None) -> "ProviderQuerySet":
        """Those that can be used at this organisation's site: its own, and the whole region's."""
        return self.filter(models.Q(organisation__isnull=True) | models.Q(organisation_id=organisation))


class Provider(models.Model):
    """A log-in provider that an organisation, or (without one) the whole region, trusts.

    Only an identity provider is believed about who a person is. An organisation's own provider says who its employees
    are, and nothing about anybody else. A region may write all; a municipality its own staff provider, and no more.
    """

    OIDC, SAML = "oidc", "saml"
    PROTOCOLS = ((OIDC, "OpenID Connect"), (SAML, "SAML 2.0"))
    row_policy: ClassVar = Sql(
        reading="true",
        writing=f"({STAFF_ACTING} and ((organisation_id = {ACTING} and for_staff and not for_identity) or exists"
        f" (select 1 from kernel_organisation o where o.id = {ACTING} and o.kind = 'region')))",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="providers"
    )
    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80)
    protocol = models.CharField(max_length=10, choices=PROTOCOLS, default=OIDC)
    issuer = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200, blank=True)
    secret_variable = models.CharField(max_length=80, blank=True, help_text="Miljövariabeln som håller hemligheten")
    saml_metadata = models.TextField(blank=True)
    for_staff = models.BooleanField(default=False)
    for_identity = models.BooleanField(default=False)
    protection_claim = models.CharField(
        max_length=200,
        blank=True,
        help_text="Namnet på det påstående som säger att personen har skyddade personuppgifter",
    )
    assurance_by_acr = models.JSONField(default=dict, blank=True)
    required_claims = models.JSONField(default=dict, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "organisation"], nulls_distinct=False, name="issuer_once_within_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_identity_provider(self) -> bool:
        """Is it believed about personal numbers? Those for residents must be; a staff provider where so decided."""
        return self.for_identity or not self.for_staff

    @property
    def namespace(self) -> str:
        """Whose subjects: the same issuer, added by another organisation, vouches for none of the first one's people."""
        return f"{self.organisation_id} {self.issuer}" if self.organisation_id else self.issuer

    def gives(self, level: str) -> list[str]:
        """The acr values by which it gives this assurance or a surer one, the least sure first."""
        wanted = [(ASSURANCES.index(said), acr) for acr, said in self.assurance_by_acr.items() if said in ASSURANCES]
        return [acr for rank, acr in sorted(wanted) if rank >= ASSURANCES.index(level)]


class AccessRequest(models.Model):
    """Somebody logged in as staff where nobody has employed her: she waits until an administrator says yes or no."""

    GRANTED, REFUSED = "granted", "refused"
    row_policy: ClassVar = Sql(
        rights="select, insert, update",
        reading=f"(person_id = any({REACH}) or organisation_id = any({OWN}))",
        writing=f"((person_id = any({REACH}) and decided_at is null)"
        f" or (organisation_id = {ACTING} and {STAFF_ACTING}))",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="access_requests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_requests")
    provider = models.CharField(max_length=80)
    issuer = models.CharField(max_length=200)
    name = EncryptedText()
    email = EncryptedText()
    email_index = BlindIndex(null=True, of="email", within="organisation_id")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True)
    decision = models.CharField(
        max_length=10, blank=True, choices=[(GRANTED, "insläppt"), (REFUSED, "inte insläppt")], default=""
    )
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(decided_at__isnull=True),
                name="one_open_access_request",
            )
        ]

    personal_data: ClassVar = PersonalData(
        "people",
        _("när du bad att få arbeta hos en organisation"),
        found_by="person_id",
        shown=(
            ("organisation", _("Hos")),
            ("provider", _("Inloggningstjänst")),
            ("name", _("Namn")),
            ("email", _("E-postadress")),
            ("decision", _("Det blev")),
            ("reason", _("Varför")),
            ("decided_at", _("Beslutat")),
        ),
        at="asked_at",
    )

    def __str__(self) -> str:
        return str(self.id)


class SignIn(models.Model):
    """One log-in on one browser, until it is ended. It holds no secret: the session carries its id, not the other way.

    employment: what she acts in now. organisation, staff_only: its provider vouches for her as that organisation's
    employee, or as an employee only, and who_acts() gives nobody in anything else.
    """

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading=f"person_id = any({REACH})", writing=f"person_id = any({REACH})"
    )
    definer_rights = "select, update, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    employment = models.ForeignKey(Employment, null=True, on_delete=models.PROTECT, related_name="sign_ins")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    staff_only = models.BooleanField(default=False)
    provider = models.CharField(max_length=80)
    provider_slug = models.CharField(max_length=50, blank=True)
    assurance = models.CharField(max_length=20)
    browser = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=this_hour)
    ended_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="sign_ins_of_person")]

    personal_data: ClassVar = PersonalData(
        "people",
        _("när och var du har loggat in"),
        found_by="person_id",
        shown=(
            ("provider", _("Inloggningstjänst")),
            ("browser", _("Webbläsare")),
            ("at", _("Du loggade in")),
            ("last_seen", _("Senast sedd")),
            ("ended_at", _("Avslutad")),
        ),
        at="at",
    )

    def __str__(self) -> str:
        return str(self.id)


class SeenAssertion(models.Model):
    """A SAML assertion that has been used, kept until it would have expired: a second use is a replay."""

    row_policy: ClassVar = Unscoped("digests of used assertions; nothing says whose they were")

    digest = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="seen_assertion_old")]

    def __str__(self) -> str:
        return str(self.expires_at)


class KeptForm(models.Model):
    """What somebody had typed when the session ran out: encrypted, for one hour, for the holder of the address only."""

    row_policy: ClassVar = ByReader("holder")
    definer_rights = "select, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.UUIDField()
    content = EncryptedText()
    kept_at = models.DateTimeField(default=timezone.now)

    personal_data: ClassVar = PersonalData(
        "people",
        _("ett formulär som väntar på att du loggar in"),
        not_shown=_("Det finns kvar en timme och tas sedan bort."),
    )

    def __str__(self) -> str:
        return str(self.id)


class FailedTries(models.Model):
    """How often one origin failed at one thing lately, leaking away with time (people/throttle.py)."""

    row_policy: ClassVar = Unscoped("counts under keyed hashes that change every day; nothing says whose they are")

    bucket = models.UUIDField(primary_key=True)
    failures = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="failed_tries_old")]

    def __str__(self) -> str:
        return f"{self.failures:.1f}"


def reader_ids(*some: UUID | None) -> list[UUID]:
    """Distinct reader tokens in a fixed order, without the missing ones."""
    return sorted({one for one in some if one is not None})

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from medskick.kernel.organisations.models import Network, Organisation, Unit
from medskick.kernel.organisations.row_policies import ACTING, OWN, REACH, STAFF_ACTING, ByReader, Sql, Unscoped
from medskick.kernel.people import roles
from medskick.kernel.people.encryption import EncryptedText
from medskick.lib.codes import new_id


class Person(models.Model):
    """A person, as resident or staff or both. The name is encrypted; whoever handles her case is among the readers."""

    row_policy: ClassVar = Sql(
        reading=f"(staff or id = any({REACH}) or readers && {OWN} or readers && {REACH})",
        writing=f"(id = any({REACH}) or ({ACTING} = any(readers) and {STAFF_ACTING}))",
    )
    definer_rights = "select"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedText()
    # The names of officials are public (offentlighetsprincipen); a resident's name is read by those in `readers`.
    staff = models.BooleanField(default=False)
    readers = ArrayField(models.UUIDField(), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class PersonalNumber(models.Model):
    """A personal number: encrypted, and found by a keyed blind index that only the log-in function reads."""

    row_policy: ClassVar = Sql(
        rights="select, insert, update", reading=f"person_id = any({REACH})", writing=f"person_id = any({REACH})"
    )
    definer_rights = "select"

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    number = EncryptedText()
    index = models.BinaryField(unique=True)

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
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)

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
    networks = models.ManyToManyField(Network, through="NetworkSeat", related_name="seats")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "role"], condition=models.Q(ended_at__isnull=True), name="role_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.role


class Provider(models.Model):
    """A log-in provider (OpenID Connect) that an organisation, or the whole region, trusts."""

    row_policy: ClassVar = Unscoped("the log-in page shows the providers; their secrets stand in the environment")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80)
    issuer = models.URLField(unique=True)
    client_id = models.CharField(max_length=200)
    secret_variable = models.CharField(max_length=80, help_text="Miljövariabeln som håller hemligheten")
    for_staff = models.BooleanField(default=False)
    assurance_by_acr = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.label


class KeptForm(models.Model):
    """What somebody had typed when the session ran out: encrypted, for one hour, for the holder of the address only."""

    row_policy: ClassVar = ByReader("holder")
    definer_rights = "select, delete"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.UUIDField()
    content = EncryptedText()
    kept_at = models.DateTimeField(default=timezone.now)

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

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from medskick.kernel.organisations.row_policies import Unscoped
from medskick.lib.codes import new_id


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def municipalities(self) -> "OrganisationQuerySet":
        return self.filter(kind=Organisation.MUNICIPALITY)

    def in_order(self) -> "OrganisationQuerySet":
        return self.order_by("name_key")


class Organisation(models.Model):
    """An authority of its own, with its own diary: a region (kommunalförbund) or a municipality."""

    REGION, MUNICIPALITY = "region", "municipality"
    row_policy: ClassVar = Unscoped("which authorities exist is public; their material is not here")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=[(REGION, "kommunalförbund"), (MUNICIPALITY, "kommun")])
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(max_length=10, blank=True, help_text="SCB:s kommunkod")
    region = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    circle = models.UUIDField(default=new_id, editable=False)
    theme = models.CharField(max_length=60)
    monogram = models.CharField(max_length=3)
    phone = models.CharField(max_length=40, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True, help_text="Sedan dess är den stängd för skrivning här")
    turn_to = models.CharField(max_length=300, blank=True, help_text="Vart invånarna vänder sig sedan den lämnat")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="region") | models.Q(region__isnull=False), name="municipality_has_region"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_region(self) -> bool:
        return self.kind == self.REGION


class Site(models.Model):
    """A host name that is one organisation's own site; where no row matches, the first path segment decides."""

    row_policy: ClassVar = Unscoped("host names are public")

    host = models.CharField(max_length=200, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.host


class Unit(models.Model):
    """A unit (förvaltning, enhet) of an organisation; it owes answers and owns tasks."""

    row_policy: ClassVar = Unscoped("the organisation chart is public")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=120)
    answer_days = models.PositiveSmallIntegerField(default=30, help_text="Dagar till svar på en röst")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="unit_name_within_organisation")]

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """A standing group over organisation borders. Its material is owned by the organisation that holds it."""

    row_policy: ClassVar = Unscoped("which networks exist, and who holds them, is public")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="held_networks")
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=60, blank=True)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    proposed = models.BooleanField(
        default=False, help_text="Föreslaget vid en import, ännu inte bekräftat av en person"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "name"], name="network_name_within_holder")]

    def __str__(self) -> str:
        return self.name


class NetworkMember(models.Model):
    row_policy: ClassVar = Unscoped("which organisations take part in a network is public")

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "organisation"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.organisation} i {self.network}"

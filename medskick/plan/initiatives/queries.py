"""Reads of initiatives that pages ask for."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from medskick.kernel.records.models import Link, Relation
from medskick.plan.initiatives.descriptions import Template, template_of
from medskick.plan.initiatives.gates import Facts, Gate, gates
from medskick.plan.initiatives.models import HORIZONS, HorizonChoice, Initiative
from medskick.plan.needs.models import KIND as NEED_KIND
from medskick.plan.needs.models import Need


def needs_behind(initiative: Initiative) -> list[Need]:
    """The needs that gave rise to it, those that the reader may read. One query."""
    behind = Link.objects.filter(
        to_item_id=initiative.pk, from_kind=NEED_KIND, relation=Relation.GAVE_RISE_TO, ended_at__isnull=True
    )
    needs = Need.objects.filter(pk__in=behind.values("from_item_id")).select_related("network")
    return list(needs.order_by("said_on", "pk"))


def horizon_counts(*organisations: UUID) -> dict[int | None, int]:
    """How many initiatives need to begin within each horizon; a horizon without any is there with 0. None: not chosen."""
    counted = Initiative.objects.of(*organisations).with_horizon().values("years").annotate(many=Count("pk")).order_by()
    found = {row["years"]: row["many"] for row in counted}
    return {years: found.get(years, 0) for years in (*HORIZONS, None)}


@dataclass(frozen=True, slots=True)
class Part:
    """VAD, VEM or HUR as a page shows it: what is written, and what is missing."""

    template: Template
    answers: list[tuple[str, str]]
    missing: list[str]


def part_of(initiative: Initiative, key: str) -> Part:
    template, written = template_of(key), initiative.values.get(key, {})
    answers = [(field.label, written[field.id]) for field in template.fields if written.get(field.id, "").strip()]
    return Part(template, answers, [field.label for field in template.missing(written)])


def standing_horizon(initiative: Initiative) -> HorizonChoice | None:
    return initiative.horizon_choices.filter(replaced_at__isnull=True).first()


def gates_of(
    initiative: Initiative, *, needs: int, horizon: HorizonChoice | None, in_plan: bool, benefits: int
) -> list[Gate]:
    """The gates of an initiative. One query (the waivers)."""
    waivers = {one.gate: (one.by_name, one.reason) for one in initiative.waivers.all()}
    facts = Facts(
        descriptions=initiative.completeness,
        needs=needs,
        horizon=horizon.years if horizon else None,
        in_plan=in_plan,
        benefits=benefits,
    )
    return gates(facts, waivers)

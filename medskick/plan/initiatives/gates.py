"""The gates of an initiative: what should be in place before it is decided, and what is missing. Pure, without Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from medskick.plan.initiatives.descriptions import Completeness

State = Literal["done", "missing", "waived"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `missing` names what is left to do; `waived_by` and `reason` are those of the waiver."""

    key: str
    label: str
    state: State
    missing: tuple[str, ...] = ()
    waived_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates are judged by."""

    descriptions: Iterable[Completeness]
    needs: int
    horizon: int | None
    in_plan: bool
    benefits: int


def gates(facts: Facts, waivers: Mapping[str, tuple[str, str]]) -> list[Gate]:
    """The gates in order. waivers: gate -> (who, why); a gate that is met is done, waived or not."""
    met = [
        ("needs", "Behov bakom", facts.needs > 0, ("Koppla minst ett behov.",)),
        *(
            (one.template.key, one.template.question, one.complete, tuple(field.label for field in one.missing))
            for one in facts.descriptions
        ),
        ("horizon", "Tidshorisont", facts.horizon is not None, ("Välj inom hur många år den behöver påbörjas.",)),
        ("benefit", "Löfte om nytta", facts.benefits > 0, ("Lova en nytta med nuläge, mål och slutdatum.",)),
        ("plan", "I beslutad handlingsplan", facts.in_plan, ("Lägg in en aktivitet i en handlingsplan som beslutas.",)),
    ]
    return [_gate(key, label, done, missing, waivers) for key, label, done, missing in met]


def _gate(key: str, label: str, done: bool, missing: tuple[str, ...], waivers: Mapping[str, tuple[str, str]]) -> Gate:
    if done:
        return Gate(key, label, "done")
    if key in waivers:
        who, why = waivers[key]
        return Gate(key, label, "waived", missing, who, why)
    return Gate(key, label, "missing", missing)


GATES = ("needs", "insats", "malgrupp", "aktivitet", "horizon", "benefit", "plan")
WAIVABLE = frozenset({"needs", "malgrupp", "aktivitet", "horizon", "benefit"})

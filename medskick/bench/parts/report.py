"""What a benchmark hands back: figures, what peers do, ratios, and aims that are met or not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Aim:
    """A value that must not be above its aim, or, with `at_least`, not below it."""

    name: str
    value: float
    aim: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def as_object(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "aim": self.aim, "met": self.met}


@dataclass(slots=True)
class Report:
    """The result of one benchmark. `figures` and `peers` are by name, `ratios` are ours to a peer's or to each other."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    peers: dict[str, Any] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    aims: list[Aim] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        return all(aim.met for aim in self.aims)

    def as_object(self) -> dict[str, Any]:
        """The one object that --json prints."""
        return {
            "bench": self.name,
            "machine": self.machine,
            "figures": self.figures,
            "peers": self.peers,
            "ratios": self.ratios,
            "aims": [aim.as_object() for aim in self.aims],
        }

    def lines(self) -> list[str]:
        """The same for a person to read."""
        told = [f"{self.name}, {', '.join(f'{key} {value}' for key, value in self.machine.items())}"]
        for heading, rows in (("Figures", self.figures), ("Peers", self.peers), ("Ratios", self.ratios)):
            told += ["", heading, *(f"  {name:<40} {_said(value)}" for name, value in rows.items())]
        told += ["", "Aims"]
        told += [
            f"  {'met   ' if aim.met else 'NOT MET'} {aim.name:<40} {aim.value:g} "
            f"({'at least' if aim.at_least else 'at most'} {aim.aim:g})"
            for aim in self.aims
        ]
        return told


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {_said(one)}" for key, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)

"""What a person can choose to be here, beside herself and her employments: the rooms above say (a mandate, for one)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """mandate: what it is kept by in the session. label: "för Ingrid Hallberg"."""

    mandate: UUID
    label: Text
    explained: Text = ""


_sources: list[Callable[[UUID], list[RoleChoice]]] = []


def register_role_choices(source: Callable[[UUID], list[RoleChoice]]) -> None:
    """`source(person)` is called with the person's token in reach."""
    _sources.append(source)


def role_choices(person: UUID) -> list[RoleChoice]:
    return [choice for source in _sources for choice in source(person)]

"""The three descriptions of an initiative (VAD, VEM, HUR), each in its template (lib.templates). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from medskick.lib.content import ContentError
from medskick.lib.templates import Field, Template, find_template

KEYS = ("insats", "malgrupp", "aktivitet")
Values = Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """VAD, VEM and HUR, in that order."""
    return tuple(template_of(key) for key in KEYS)


@lru_cache(maxsize=8)
def template_of(key: str) -> Template:
    """The template with this key. Errors: ContentError for a key that is none of the three."""
    if key not in KEYS:
        raise ContentError(f"There is no template {key!r}")
    return find_template(key)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a description is: which required fields lack words."""

    template: Template
    missing: tuple[Field, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


def completeness(values: Values) -> list[Completeness]:
    """VAD, VEM and HUR in order, each with what it lacks."""
    return [Completeness(one, tuple(one.missing(values.get(one.key, {})))) for one in templates()]

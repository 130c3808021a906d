"""Programme templates: how a workshop usually goes, as data in content/programmes/, one file for each.

A file says key, version, order, label and explained (by language) and steps: kind, text, help, minutes, settings,
shows_results. Settings are what the facilitator would have written in the step's own form; `from_step` names an earlier
step by its place in the programme, and becomes that step's id when a session is planned.

Files are read once and checked when they are read: a broken file stops the start, not a person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language

from medskick.design.forms import PlainForm
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.registry import step_type, step_types

FOLDER = Path(__file__).resolve().parents[2] / "content" / "programmes"
SOURCE = "from_step"
LANGUAGES = ("sv", "en")


class ProgrammeError(ValueError):
    """A file does not say what it must; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class ProgrammeStep:
    """A step as the template has it."""

    kind: str
    text: str
    help_text: str = ""
    minutes: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    shows_results: bool = True

    def stored_settings(self, ids: Sequence[UUID]) -> dict[str, Any]:
        """The settings as a step stores them; `ids` are those of the steps before, in order."""
        kind = step_type(self.kind)
        written = {key: value for key, value in self.settings.items() if source_place(key, value) is None}
        found = kind.read_settings(_written(kind, written))
        sources = {key: source_place(key, value) for key, value in self.settings.items()}
        return found | {key: str(ids[place - 1]) for key, place in sources.items() if place is not None}


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme template in one version."""

    key: str
    version: int
    order: int
    labels: Mapping[str, str]
    explanations: Mapping[str, str]
    steps: tuple[ProgrammeStep, ...]

    @property
    def label(self) -> str:
        return _in_language(self.labels)

    @property
    def explained(self) -> str:
        return _in_language(self.explanations)

    @property
    def minutes(self) -> int:
        """The planned time of all steps together."""
        return sum(one.minutes or 0 for one in self.steps)

    @property
    def stamp(self) -> str:
        """What a session keeps of the template that it was planned from."""
        return f"{self.key} {self.version}"


def programmes() -> list[Programme]:
    """The templates that can be used, in the order in which they are offered."""
    return [one for one in _all() if not unknown_kinds(one)]


def programme(key: str) -> Programme:
    """The template with this key. Raise LookupError where there is none that can be used."""
    for one in programmes():
        if one.key == key:
            return one
    raise LookupError(f"No programme {key!r}")


def all_programmes() -> Sequence[Programme]:
    """Every template there is a file for, also those that ask for a step type that is not built."""
    return _all()


def unknown_kinds(one: Programme) -> list[str]:
    """The step types that a template asks for and that no module defines."""
    known = {kind.key for kind in step_types()}
    return sorted({step.kind for step in one.steps} - known)


def source_place(key: str, value: Any) -> int | None:
    """The place of the earlier step that a setting names; None where it names none."""
    if isinstance(value, dict):
        value = value.get(SOURCE)
    elif key != SOURCE:
        return None
    return value if isinstance(value, int) else None


def parse_programme(name: str, found: Any) -> Programme:
    """A template from what its file says. Raise ProgrammeError, naming the file, where it cannot be used."""
    if not isinstance(found, dict):
        raise ProgrammeError(f"{name}: it should be an object")
    if not isinstance(found.get("key"), str) or not isinstance(found.get("version"), int):
        raise ProgrammeError(f"{name}: key should be a text and version a number")
    for word in ("label", "explained"):
        said = found.get(word)
        if not isinstance(said, dict) or not all(isinstance(said.get(one), str) and said[one] for one in LANGUAGES):
            raise ProgrammeError(f"{name}: {word} should be a text in each of {', '.join(LANGUAGES)}")
    if not isinstance(found.get("steps"), list):
        raise ProgrammeError(f"{name}: steps should be a list")
    steps = tuple(_step(f"{name}, step {place}", place, one) for place, one in enumerate(found["steps"], start=1))
    return Programme(
        found["key"], found["version"], int(found.get("order", 50)), found["label"], found["explained"], steps
    )


def _step(name: str, place: int, found: Any) -> ProgrammeStep:
    if not isinstance(found, dict) or not all(
        isinstance(found.get(one), str) and found[one] for one in ("kind", "text")
    ):
        raise ProgrammeError(f"{name}: kind and text should be texts")
    if len(found["text"]) > 200 or len(found.get("help", "")) > 200:
        raise ProgrammeError(f"{name}: text and help have at most 200 characters")
    minutes = found.get("minutes")
    if minutes is not None and not (isinstance(minutes, int) and 1 <= minutes <= 240):
        raise ProgrammeError(f"{name}: minutes should be 1 to 240")
    settings = found.get("settings", {})
    for key, value in settings.items():
        source = source_place(key, value)
        if (key == SOURCE or isinstance(value, dict)) and (source is None or not 1 <= source < place):
            raise ProgrammeError(f"{name}: {key} should name a step before this one")
    return ProgrammeStep(
        found["kind"], found["text"], found.get("help", ""), minutes, settings, bool(found.get("shows_results", True))
    )


@cache
def _all() -> tuple[Programme, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        try:
            found.append(parse_programme(path.name, json.loads(path.read_text(encoding="utf-8"))))
        except json.JSONDecodeError as error:
            raise ProgrammeError(f"{path.name}: {error}") from None
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise ProgrammeError(f"two programmes have the same key: {sorted(keys)}")
    return tuple(sorted(found, key=lambda one: (one.order, one.key)))


def _in_language(said: Mapping[str, str]) -> str:
    return said.get((get_language() or "sv")[:2], said["sv"])


def _written(kind: StepType, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the type's own form makes of the template's settings. Raise ProgrammeError where it refuses them."""
    form = _SettingsForm(given, fields=kind.settings_fields())
    if not form.is_valid():
        raise ProgrammeError(f"{kind.key}: {form.errors.as_text()}")
    unknown = sorted(set(given) - set(form.fields))
    if unknown:
        raise ProgrammeError(f"{kind.key} has no setting {', '.join(unknown)}")
    return form.cleaned_data


class _SettingsForm(PlainForm):
    uses_submission_key = False

    def __init__(self, data: Mapping[str, Any], *, fields: Mapping[str, forms.Field]) -> None:
        # What the template leaves out is as the type's form would have it from the start.
        shown = {key: one.initial for key, one in fields.items() if one.initial is not None}
        super().__init__({**shown, **data})
        self.fields |= fields

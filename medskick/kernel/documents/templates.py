"""Templates of documents, as data in content/documents: which fields, and how free an adopter is in each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).resolve().parents[2] / "content" / "documents"
type Mode = Literal["locked", "default", "free"]


@dataclass(frozen=True, slots=True)
class Field:
    """mode: an adopter may change a free field, change a default one with a reason, and never a locked one."""

    key: str
    label: str
    help: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    key: str
    label: str
    about: str
    fields: tuple[Field, ...]

    def filled(self, values: Mapping[str, str]) -> list[dict[str, str]]:
        """The fields as a version keeps them."""
        return [
            {"key": one.key, "label": one.label, "mode": one.mode, "value": values.get(one.key, "")}
            for one in self.fields
        ]


@cache
def document_templates() -> dict[str, DocumentTemplate]:
    """All templates by key, in the order of their labels."""
    read = (json.loads(path.read_text()) for path in FOLDER.glob("*.json"))
    made = [
        DocumentTemplate(one["key"], one["label"], one["about"], tuple(Field(**field) for field in one["fields"]))
        for one in read
    ]
    return {one.key: one for one in sorted(made, key=lambda one: one.label)}

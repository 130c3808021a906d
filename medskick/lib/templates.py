"""Templates of descriptions: versioned lists of fields with stable ids, as files in content/templates/. Pure.

A field's id is stored with what people wrote, so a later version of a template may reword, add or retire a field but
never give an id a new meaning. A workshop and the plan write in the same templates; no list of fields stands twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from medskick.lib.content import ContentError, read_content, require_distinct, require_text

FIELD_KINDS = {"text": 5000, "line": 300}


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a template. `kind`: "line" is one line, "text" several. `required`: to be complete, not to be saved."""

    id: str
    label: str
    help: str
    kind: str
    required: bool

    @property
    def longest(self) -> int:
        return FIELD_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Template:
    """One description: its question and its fields, in order."""

    key: str
    version: int
    label: str
    question: str
    short: str
    fields: tuple[Field, ...]

    def missing(self, values: Mapping[str, str]) -> list[Field]:
        """The fields that must have words for the description to be complete, and have none."""
        return [field for field in self.fields if field.required and not values.get(field.id, "").strip()]

    def refuse_unknown(self, values: Mapping[str, str]) -> None:
        """Errors: ValueError for a value whose field the template has not."""
        unknown = sorted(set(values) - {field.id for field in self.fields})
        if unknown:
            raise ValueError(f"Mallen {self.label} har inte fälten {', '.join(unknown)}.")


def read_template(found: dict[str, Any], source: str) -> Template:
    """The template in a content object. Errors: ContentError that says what is wrong in it."""
    require_text(source, found, "key", "label", "question", "short")
    if not isinstance(found.get("version"), int) or not isinstance(found.get("fields"), list) or not found["fields"]:
        raise ContentError(f"{source}: it should have a version (a whole number) and fields")
    for field in found["fields"]:
        require_text(source, field, "id", "label", "help")
        if field.get("kind") not in FIELD_KINDS or not isinstance(field.get("required"), bool):
            raise ContentError(f"{source}: {field['id']} should have a kind (text, line) and required (true, false)")
        if not field["id"].isidentifier():
            raise ContentError(f"{source}: the id {field['id']!r} should be a plain name")
    require_distinct(source, "id", [field["id"] for field in found["fields"]])
    fields = tuple(Field(**{name: field[name] for name in Field.__slots__}) for field in found["fields"])
    if not any(field.required for field in fields):
        raise ContentError(f"{source}: no field is required, so an empty description would be complete")
    return Template(found["key"], found["version"], found["label"], found["question"], found["short"], fields)


@lru_cache(maxsize=16)
def find_template(key: str) -> Template:
    """The template in content/templates/<key>.json. Errors: ContentError where it is missing, broken or another's."""
    template = read_template(read_content(f"templates/{key}"), key)
    if template.key != key:
        raise ContentError(f"{key}: the file says that it is {template.key!r}")
    return template

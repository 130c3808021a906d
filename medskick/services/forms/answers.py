"""What was answered, kept as it was asked.

Each answer carries its question, so that a case reads the same when the form changes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from medskick.lib.dates import say_date
from medskick.lib.numbers import say_number
from medskick.services.definitions.definition import FILE, NUMBER, WITH_OPTIONS, YES_NO, Definition, Field


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. label: the question as it was put. value: what was chosen or typed. shown: the value in words."""

    field: str
    label: str
    value: str | list[str]
    shown: str


def answers_from(definition: Definition, cleaned: Mapping[str, Any], *, in_swedish: bool = True) -> list[Answer]:
    """The given answers in the form's order, unanswered questions left out.

    in_swedish: for the record; false gives the reader's own language, for the page where she checks her answers.
    """
    return [
        _answer(field, cleaned[field.id], in_swedish)
        for field in definition.fields()
        if field.type != FILE and cleaned.get(field.id) not in (None, "", [], False)
    ]


def to_json(answers: Iterable[Answer]) -> str:
    """The same answers give the same text."""
    return json.dumps([asdict(one) for one in answers], ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> list[Answer]:
    return [Answer(**one) for one in json.loads(text)]


def _answer(field: Field, value: Any, in_swedish: bool) -> Answer:
    label = field.label.sv if in_swedish else str(field.label)
    if field.type in WITH_OPTIONS:
        chosen = [value] if isinstance(value, str) else list(value)
        labels = [field.option(one).label for one in chosen]
        shown = ", ".join(one.sv if in_swedish else str(one) for one in labels)
        return Answer(field.id, label, value if isinstance(value, str) else chosen, shown)
    return Answer(field.id, label, str(value), _shown(field, value))


def _shown(field: Field, value: Any) -> str:
    if field.type == YES_NO:
        return "Ja"
    if field.type == NUMBER and isinstance(value, Decimal):
        return say_number(value)
    return say_date(value) if isinstance(value, date) else str(value)

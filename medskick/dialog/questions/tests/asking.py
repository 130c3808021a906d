"""A question for the tests of kinds, without any session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from medskick.dialog.questions.contract import QuestionKind
from medskick.dialog.questions.options import option_id, stored_options


@dataclass
class Plain:
    text: str = "Vad behövs?"
    help_text: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def with_options(*texts: str, **more: Any) -> Plain:
    return Plain(settings={"options": stored_options(texts), **more})


def ids(*texts: str) -> list[str]:
    return [option_id(text) for text in texts]


def faults(kind: QuestionKind, asked: Plain, data: Mapping[str, Any]) -> list[str]:
    """What the respondent is told of what she sent; empty where it is taken."""
    form = kind.answer_form(asked, data)
    return [] if form.is_valid() else [fault for many in form.errors.values() for fault in many]


def taken(kind: QuestionKind, asked: Plain, data: Mapping[str, Any]) -> Any:
    """The value that is stored of what was sent."""
    form = kind.answer_form(asked, data)
    assert form.is_valid(), form.errors
    (value,) = kind.values(asked, form)
    return kind.clean(asked, value)

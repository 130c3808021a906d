"""Step types: what a step of a session can be.

Every question kind is a step type by itself. A new type that is more than a question is a module, or a folder, in
steps/types/ that says `STEP = ...` and fulfils the contract; nothing else needs to be told.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.template.loader import get_template

from medskick.dialog.questions.registry import question_kinds
from medskick.dialog.sessions.steps import types
from medskick.dialog.sessions.steps.contract import QuestionStep, StepType

TEMPLATES = ("phone_template", "presenter_template", "facilitator_template", "paper_template")


class IncompleteStepType(TypeError):
    """A step type lacks a part that people would meet."""


def check(step_type: StepType) -> StepType:
    """The step type, where it has every part. Raise IncompleteStepType, saying which it lacks."""
    for part in TEMPLATES:
        try:
            get_template(getattr(step_type, part))
        except Exception as fault:
            raise IncompleteStepType(f"{step_type.key} has no {part}: {fault}") from fault
    for part in ("key", "label", "explained"):
        if not getattr(step_type, part, ""):
            raise IncompleteStepType(f"{type(step_type).__name__} has no {part}")
    return step_type


@cache
def _found() -> dict[str, StepType]:
    modules = (import_module(f"{types.__name__}.{one.name}") for one in iter_modules(types.__path__))
    own = [module.STEP for module in modules]
    plain = [QuestionStep(one) for one in question_kinds()]
    found = [check(one) for one in (*plain, *own)]
    return {one.key: one for one in sorted(found, key=lambda one: one.order)}


def step_types() -> Iterator[StepType]:
    """All types there are, in the order in which they are offered."""
    yield from _found().values()


def step_type(key: str) -> StepType:
    """The type with this key. Raise LookupError where no module defines it."""
    try:
        return _found()[key]
    except KeyError:
        raise LookupError(f"No step type {key!r}") from None

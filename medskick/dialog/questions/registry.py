"""Question kinds: what a step of a session (later also a survey) can ask for.

A new kind is a new module in kinds/ that says `KIND = ...` and fulfils the contract; nothing else needs to be told.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from medskick.dialog.questions import kinds
from medskick.dialog.questions.contract import QuestionKind


@cache
def _found() -> dict[str, QuestionKind]:
    modules = (import_module(f"{kinds.__name__}.{one.name}") for one in iter_modules(kinds.__path__))
    return {module.KIND.key: module.KIND for module in modules}


def question_kinds() -> Iterator[QuestionKind]:
    """All kinds there are."""
    yield from _found().values()


def question_kind(key: str) -> QuestionKind:
    """The kind with this key. Raise LookupError where no module defines it."""
    try:
        return _found()[key]
    except KeyError:
        raise LookupError(f"No question kind {key!r}") from None

"""What a mandate can be good for: the engines say, for the kernel knows none of their services."""

from collections.abc import Callable

from medskick.kernel.typing import Text

Source = Callable[[], list[tuple[str, Text]]]

_sources: list[Source] = []


def register_coverage(source: Source) -> None:
    """`source()` gives (key, what people call it); the engine asks access.require_covered(by, key) in its verbs."""
    _sources.append(source)


def coverage_choices() -> list[tuple[str, Text]]:
    return [choice for source in _sources for choice in source()]


def named(covers: list[str]) -> list[str]:
    """What people call these; one that no longer is offered keeps its key, so that nothing is hidden."""
    names = {key: str(label) for key, label in coverage_choices()}
    return [names.get(key, key) for key in covers]

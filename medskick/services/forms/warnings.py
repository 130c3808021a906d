"""Warning gently of what should not stand in a free text. Nothing is stopped: the writer decides, knowing."""

from collections.abc import Iterable

from medskick.lib.personal_number import holds_personal_number
from medskick.services.forms.answers import Answer


def fields_with_personal_numbers(answers: Iterable[Answer]) -> list[str]:
    """The labels of the answers that seem to hold somebody's personal number."""
    return [one.label for one in answers if holds_personal_number(one.shown)]

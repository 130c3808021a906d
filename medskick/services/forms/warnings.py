"""Warning gently of what should not stand in a free text. Nothing is stopped: the writer decides, knowing."""

import re
from collections.abc import Iterable

from medskick.lib.personal_number import parse_personal_number
from medskick.services.forms.answers import Answer

# Digits that could be a personal number, written in any of the usual ways, not inside a longer number.
_CANDIDATE = re.compile(r"(?<![\d])(?:\d{2})?\d{6}[ \u00a0]?[-+\u2010-\u2013\u2212]?[ \u00a0]?\d{4}(?!\d)", re.ASCII)


def holds_personal_number(text: str) -> bool:
    """True where some digits of the text are a valid personal or coordination number (by its check digit)."""
    return any(_is_number(found.group()) for found in _CANDIDATE.finditer(text))


def fields_with_personal_numbers(answers: Iterable[Answer]) -> list[str]:
    """The labels of the answers that seem to hold somebody's personal number."""
    return [one.label for one in answers if holds_personal_number(one.shown)]


def _is_number(digits: str) -> bool:
    try:
        parse_personal_number(re.sub(r"[^\d+]", "", digits))
    except ValueError:
        return False
    return True

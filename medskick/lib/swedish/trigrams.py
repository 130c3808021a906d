"""Likeness of two texts by trigrams, by the same definition as PostgreSQL's pg_trgm.

Each word (letters and digits) is put in small letters and gets two blanks before and one after; the likeness
is the number of trigrams in common over the number in either.

pg_trgm asks the database's LC_CTYPE what a letter is: under "C" it takes å, ä and ö for blanks. So give both
sides `fold(text)` when a database compares them; then every server and this module agree.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=100_000)
def trigrams(text: str) -> frozenset[str]:
    """Return the set of trigrams of a text, e.g. "cat" -> {"  c", " ca", "cat", "at "}."""
    padded = (f"  {word} " for word in _WORD.findall(text.lower()))
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


def similarity(a: str, b: str) -> float:
    """Return the likeness 0-1 of two texts; 0 when neither has a word. Same in either order."""
    first, second = trigrams(a), trigrams(b)
    together = len(first | second)
    return len(first & second) / together if together else 0.0


def closest(text: str, candidates: Iterable[str], *, at_least: float = 0.3) -> list[tuple[str, float]]:
    """Return the candidates with likeness `at_least` or more, the likest first, equal ones in given order."""
    scored = [(candidate, similarity(text, candidate)) for candidate in candidates]
    return sorted((pair for pair in scored if pair[1] >= at_least), key=lambda pair: -pair[1])

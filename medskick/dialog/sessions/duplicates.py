"""Whether somebody has said the same already, by the words that both use. A suggestion: a person decides.

Pure functions. Forms of a word are one word, a compound holds its parts, and stop words say nothing; misspelt words
are known by their letters (trigrams).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from medskick.lib.swedish import compound_parts, fold, lemma, similarity, stop_words, tokens

ALIKE = 0.5
SAME = 0.9


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that says much the same: its place among those compared with, and the likeness, 0-1."""

    place: int
    text: str
    likeness: float

    @property
    def same(self) -> bool:
        return self.likeness >= SAME


def likeness(one: str, other: str) -> float:
    """How much two texts say the same, 0-1, the same in either order.

    The larger of two measures: the words in common over the words of the shorter text, where it has at least three (a
    long text that holds a short one says it too), tempered by their lengths; and the likeness of the letters.
    """
    first, second = _words(one), _words(other)
    letters = similarity(fold(one), fold(other))
    if not first or not second:
        return letters
    shared = len(first & second)
    together = shared / len(first | second)
    held = shared / min(len(first), len(second)) * 0.8 if min(len(first), len(second)) >= 3 else 0.0
    return max(letters, together, held)


def alike(text: str, others: Iterable[str], *, at_least: float = ALIKE, most: int = 3) -> list[Alike]:
    """Those of the others that say much the same, the likest first."""
    compared = [Alike(place, other, likeness(text, other)) for place, other in enumerate(others)]
    return sorted((one for one in compared if one.likeness >= at_least), key=lambda one: (-one.likeness, one.place))[
        :most
    ]


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    said = set()
    for token in tokens(text):
        word = token.casefold()
        if word not in stop_words():
            said.add(lemma(word))
            said.update(lemma(part) for part in compound_parts(word) if len(part) > 2)
    return frozenset(said)

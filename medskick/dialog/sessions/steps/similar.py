"""Which notes might belong together, by the words that they share. A suggestion: a person confirms it or does not."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from medskick.lib.swedish import compound_parts, lemma, sort_key, stop_words, tokens

SHORTEST = 3
# Where more than this share say a word it is what all talk about, and tells no notes apart.
TOO_COMMON = 0.6
ENOUGH_TO_COMPARE = 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Texts, by their places in what was given, that all hold `word` in some form or in a compound."""

    word: str
    members: tuple[int, ...]


def suggest_clusters(texts: Sequence[str], *, besides: str = "", least: int = 2) -> list[Suggestion]:
    """Texts that share a word, the word that gathers most first; each text is suggested once.

    Forms of a word are one word, and a compound holds its parts: "kompetensplan" and "digital kompetens" belong
    together. besides: words that all were asked about, such as the question's own, which gather nothing.
    """
    held = [_words(text) for text in texts]
    left_out = _words(besides)
    among = Counter(word for words in held for word in words)
    if len(texts) >= ENOUGH_TO_COMPARE:
        left_out = left_out | {word for word, count in among.items() if count > TOO_COMMON * len(texts)}
    within: dict[str, set[int]] = defaultdict(set)
    for place, words in enumerate(held):
        for word in words - left_out:
            within[word].add(place)
    suggested = []
    while within:
        word = min(within, key=lambda one: (-len(within[one]), -len(one), sort_key(one)))
        members = within.pop(word)
        if len(members) < least:
            break
        suggested.append(Suggestion(word, tuple(sorted(members))))
        for others in within.values():
            others -= members
    return suggested


def _words(text: str) -> frozenset[str]:
    """The base forms of a text's words and of the parts of its compounds."""
    said = set()
    for token in tokens(text):
        if token.casefold() in stop_words():
            continue
        for part in (lemma(token), *(lemma(part) for part in compound_parts(token))):
            if len(part) >= SHORTEST and part not in stop_words():
                said.add(part)
    return frozenset(said)

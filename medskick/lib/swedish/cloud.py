"""Counting words for a word cloud that knows Swedish: case, inflection, stop words and kept phrases."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from medskick.lib.swedish.order import sort_key
from medskick.lib.swedish.words import is_known, is_name, lemma, stop_words, tokens


@dataclass(frozen=True, slots=True)
class WordCount:
    """One word of the cloud: `word` to show, `count` of answers with it, `forms` as written with their counts."""

    word: str
    count: int
    forms: tuple[tuple[str, int], ...]


# Left out as other stop words are, "jag vågar inte" would say the opposite: a negation stays with its word, the one
# before it ("vågar inte"), or where that is a stop word the one right after ("kan inte logga in").
NEGATIONS = frozenset({"inte", "ej", "icke", "aldrig"})
# "utan" stays with what is missing, the word after it, past such little words ("utan att ringa", "utan en dator"). After
# a negation it means "but" and says nothing by itself ("inte pengar utan tid").
WITHOUT = "utan"
_PASSED = frozenset({
    "att", "en", "ett", "någon", "något", "några", "nån", "nåt", "min", "mitt", "mina", "sin", "sitt", "sina", "vår",
})  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_SYMBOL = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_EMOJI = re.compile(rf"{_SYMBOL}(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d{_SYMBOL})*")


def word_counts(
    answers: Iterable[str],
    kept_phrases: Sequence[str] = (),
    *,
    extra_stop_words: Iterable[str] = (),
    limit: int | None = None,
) -> list[WordCount]:
    """Return the words of the answers, the most used first, equal ones in Swedish order.

    A word counts once an answer, so that no one shouts louder by repeating. Forms of one word are counted
    together and shown in their commonest form. Kept phrases (any inflection) are counted as one word, the
    longest first, and the words in them not apart. An answer that holds only stop words counts as it
    stands: it is what the person said; so do emojis without words. Parameters: `extra_stop_words` are left out in any
    inflection; `limit` gives at most so many words.
    """
    extra = {token.casefold() for word in extra_stop_words for token in tokens(word)}
    hidden = _Hidden(frozenset(extra), frozenset(lemma(word) for word in extra))
    phrases = _phrase_keys(kept_phrases)
    forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for answer in answers:
        seen: dict[tuple[str, ...], str] = {}
        for key, form in _said_in(answer, phrases, hidden):
            seen.setdefault(key, form)
        for key, form in seen.items():
            forms[key][form] += 1
    counted = [_word_count(counter) for counter in forms.values()]
    counted.sort(key=lambda word: (-word.count, sort_key(word.word)))
    return counted[:limit]


def _phrase_keys(kept_phrases: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Return the base forms of each phrase with the phrase as given, the longest first."""
    keys = {tuple(lemma(token) for token in tokens(phrase)): phrase.strip() for phrase in kept_phrases}
    keys.pop((), None)
    return dict(sorted(keys.items(), key=lambda pair: -len(pair[0])))


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What is left out: stop words as they stand, and the asker's own words in any form."""

    extra: frozenset[str]
    extra_bases: frozenset[str]

    def __call__(self, word: str) -> bool:
        small = word.casefold()
        return small in stop_words() or small in NEGATIONS or small in self.extra or lemma(word) in self.extra_bases


def _said_in(
    answer: str, phrases: dict[tuple[str, ...], str], hidden: _Hidden
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give (key, form) for every phrase and word of one answer. A negation reaches no further than its sentence."""
    sentences = [found for sentence in _SENTENCE.split(answer) if (found := tokens(sentence))]
    sentences = sentences or [_EMOJI.findall(answer)]
    only_hidden = all(hidden(word) for words in sentences for word in words)
    for words in sentences:
        yield from _units(words, phrases, hidden, only_hidden=only_hidden)


def _units(
    words: list[str], phrases: dict[tuple[str, ...], str], hidden: _Hidden, *, only_hidden: bool
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give (key, form) for every phrase and word of one sentence."""
    bases = tuple(lemma(word) for word in words)
    place = 0
    held: tuple[tuple[str, ...], str] | None = None  # the word just before, which a negation after it may join
    waiting = ""  # the negation, or "utan" and what follows it, that the next word joins
    negated = False
    while place < len(words):
        phrase = next((key for key in phrases if bases[place : place + len(key)] == key), None)
        if phrase:
            if held:
                yield held
            held = None
            if waiting:
                yield (_negation(waiting), *phrase), f"{waiting} {phrases[phrase]}"
            else:
                yield phrase, phrases[phrase]
            waiting = ""
            place += len(phrase)
            continue
        word, small = words[place], words[place].casefold()
        shown = only_hidden or (not hidden(word) and (len(word) > 1 or word.isdigit() or bool(_EMOJI.match(word))))
        if shown:
            if waiting:
                yield (_negation(waiting), bases[place]), f"{waiting} {_shown(word)}"
            elif held:
                yield held
            held = None if waiting else ((bases[place],), _shown(word))
            waiting = ""
        elif small in NEGATIONS:
            negated = True
            if held:
                yield (*held[0], _negation(small)), f"{held[1]} {small}"
            held, waiting = None, "" if held else small
        else:
            if held:
                yield held
            held = None
            waiting = _carried(waiting, small, negated=negated)
        place += 1
    if held:
        yield held


def _carried(waiting: str, small: str, *, negated: bool) -> str:
    """What waits for the next word after a stop word."""
    if small == WITHOUT:
        return "" if negated else WITHOUT
    if waiting.startswith(WITHOUT) and small in _PASSED:
        return f"{WITHOUT} att" if small == "att" else waiting
    return ""


def _negation(words: str) -> str:
    """One key for words that say the same: "ej" and "inte" count together, "aldrig" and "utan" apart."""
    first = words.split()[0]
    return "inte" if first in ("ej", "icke") else first


def _shown(word: str) -> str:
    """Return the form to show: phones write a capital first by themselves, so "Trygghet" is "trygghet".

    Names that no dictionary has, and abbreviations (IT, AI), keep their capitals.
    """
    if not (word[0].isupper() and word[1:].islower()):
        return word
    return word.casefold() if is_known(word.casefold()) and not is_name(word) else word


def _word_count(counter: Counter[str]) -> WordCount:
    ordered = sorted(
        counter.items(), key=lambda pair: (-pair[1], not pair[0].islower(), len(pair[0]), sort_key(pair[0]))
    )
    return WordCount(ordered[0][0], sum(counter.values()), tuple(ordered))

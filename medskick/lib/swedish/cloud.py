"""Counting words for a word cloud that knows Swedish: case, inflection, stop words and kept phrases."""

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
NEGATIONS = frozenset({"inte", "ej", "icke"})


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
    stands: it is what the person said. Parameters: `limit` gives at most so many words.
    """
    hidden = stop_words() | {word.casefold() for word in extra_stop_words}
    phrases = _phrase_keys(kept_phrases)
    forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for answer in answers:
        seen: dict[tuple[str, ...], str] = {}
        for key, form in _units(tokens(answer), phrases, hidden):
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


def _units(
    words: list[str], phrases: dict[tuple[str, ...], str], hidden: frozenset[str] | set[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give (key, form) for every phrase and word of one answer."""
    bases = tuple(lemma(word) for word in words)
    only_hidden = all(word.casefold() in hidden for word in words)
    place = 0
    held: tuple[tuple[str, ...], str] | None = None  # the word just before, which a negation after it may join
    negation = ""
    while place < len(words):
        phrase = next((key for key in phrases if bases[place : place + len(key)] == key), None)
        if phrase:
            if held:
                yield held
            held, negation = None, ""
            yield phrase, phrases[phrase]
            place += len(phrase)
            continue
        word = words[place]
        shown = only_hidden or (word.casefold() not in hidden and (len(word) > 1 or word.isdigit()))
        if word.casefold() in NEGATIONS and not shown:
            if held:
                yield (*held[0], "inte"), f"{held[1]} {word.casefold()}"
                held = None
            else:
                negation = word.casefold()
        elif shown and negation:
            yield ("inte", bases[place]), f"{negation} {_shown(word)}"
            negation = ""
        else:
            if held:
                yield held
            held, negation = ((bases[place],), _shown(word)) if shown else None, ""
        place += 1
    if held:
        yield held


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

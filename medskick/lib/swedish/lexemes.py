"""Lexemes for full-text search: what to store for a text, and what to ask for.

Store `search_lexemes(text)` with PostgreSQL's `array_to_tsvector`; ask with `tsquery(text)` and
`::tsquery` (no text search configuration takes part, so the two sides always agree). Joined by blanks they may also go
through `to_tsvector('simple', ...)`: that parts words at colons, so the pieces are stored and asked for too.
"""

import re
from functools import lru_cache

from medskick.lib.swedish.order import fold
from medskick.lib.swedish.words import CACHE_SIZE, compound_parts, is_known, lemma, stop_words, tokens

# PostgreSQL refuses lexemes over 2,046 bytes; nobody searches for such words.
_MAX_LENGTH = 100


def search_lexemes(text: str) -> list[str]:
    """Return the lexemes to store for a text, sorted and each once.

    For every word that is not a stop word: as written, base form, compound parts (and their parts), and all of
    these without accents. Speed: over 20,000 short texts a second once the words have been seen.
    """
    found: set[str] = set()
    for token in tokens(text):
        found.update(_stored(token.casefold()))
    return sorted(found)


def query_lexemes(text: str) -> list[str]:
    """Return the base form of each word asked for, in order, each once; stop words only when there is nothing else.

    Every one of them is among the `search_lexemes` of a text that holds the same words.
    """
    words = [token.casefold() for token in tokens(text) if len(token) <= _MAX_LENGTH]
    telling = [word for word in words if word not in stop_words()]
    return list(dict.fromkeys(_asked(word)[0] for word in telling))


def tsquery(text: str, *, prefix: bool = False) -> str:
    """Return the query as text for PostgreSQL's `::tsquery`, "" when there is nothing to ask for.

    All words must be found; a word is found as written, in its base form, or by all parts of its compound.
    Parameters: `prefix` True lets the last word be the beginning of one (search while typing).
    Safe for any input: lexemes are letters, digits and inner marks only, and quoted.
    """
    words = [token.casefold() for token in tokens(text) if len(token) <= _MAX_LENGTH]
    telling = [word for word in words if word not in stop_words()]
    groups = [_group(word, prefix and word == words[-1]) for word in telling]
    return " & ".join(dict.fromkeys(groups))


def _group(word: str, prefix: bool) -> str:
    alternatives = [f"'{lexeme}'" for lexeme in _asked(word)]
    if prefix:
        alternatives.append(f"'{_plain(word)}':*")
    for parts in ([_plain(part) for part in compound_parts(word) if len(part) > 1], _pieces(word)):
        if parts:
            alternatives.append("(" + " & ".join(f"'{part}'" for part in parts) + ")")
    alternatives = list(dict.fromkeys(alternatives))
    return alternatives[0] if len(alternatives) == 1 else f"({' | '.join(alternatives)})"


def _pieces(word: str) -> list[str]:
    """Return what stands between colons and dots ("2017:900"), without single letters ("EU:s"); [] when none do."""
    pieces = re.split("[:.]", _plain(word))
    return [piece for piece in pieces if len(piece) > 1 or piece.isdigit()] if len(pieces) > 1 else []


def _plain(word: str) -> str:
    """Return the word without apostrophes, which would end a quoted lexeme."""
    return word.replace("'", "").replace("’", "").replace("\u2010", "-").replace("\u2011", "-")


@lru_cache(maxsize=CACHE_SIZE)
def _asked(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((_plain(lemma(word)), _plain(word))))


@lru_cache(maxsize=CACHE_SIZE)
def _stored(word: str) -> tuple[str, ...]:
    """Return all lexemes of one word in small letters."""
    if word in stop_words() or len(word) > _MAX_LENGTH:
        return ()
    base = lemma(word)
    found = {word, base}
    if base == word and word.endswith("s") and len(word) > 4 and not is_known(word):
        found.add(word[:-1])  # a name in the genitive: "Sotenäs hamn" as well as "Lysekils hamn"
    for form in (word, base):
        for part in compound_parts(form):
            found.add(part)
            found.update(compound_parts(part))
        found.update(_pieces(form))
        if "-" in form:
            found.add(form.replace("-", ""))
    plain = {_plain(form) for form in found if len(form) > 1 or form in (word, base)}
    return tuple(sorted(plain | {fold(form) for form in plain}))

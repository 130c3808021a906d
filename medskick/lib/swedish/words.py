"""Swedish words: tokens, base forms (lemmas) and the parts of compounds.

Base forms are simplemma's (language sv), corrected by an own short list. Compounds are split by an own list
of stems in `data/`. Both are cached, since the same few thousand words come again in every text.
"""

import re
import threading
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import simplemma

# Words remembered by each cache; 100,000 fill it to some 60 MB in all and cover nearly every word of a big archive.
CACHE_SIZE = 100_000

_TOKEN = re.compile(r"[^\W_]+(?:[-\u2010\u2011:'’.](?=[^\W_])[^\W_]+)*")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_ABBREVIATION_ENDING = re.compile(r"(?<=[^\W\d_]):[a-zåäö]{1,4}$")
_MIN_PART = 3
# Shorter words that do end compounds; other short endings are mostly inflection.
_SHORT_ENDINGS = frozenset({"kö"})
# A rest that is not in the stem list but in the dictionary may be one part, if it is long enough not to be
# a piece of an inflected word.
_MIN_DICTIONARY_PART = 5
_loading = threading.Lock()


@cache
def _load_dictionary() -> None:
    simplemma.lemmatize("och", lang="sv")


def load_dictionary() -> None:
    """Read simplemma's dictionary, about a second's work; every later call returns at once.

    Without the lock each of a new server's threads would read it for itself, all of them slowly.
    """
    with _loading:
        _load_dictionary()


def tokens(text: str) -> list[str]:
    """Return the words of a text as written, in order: letters and digits with inner hyphen, colon, dot.

    "e-tjänst", "EU:s", "2017:900" and "t.ex" are one token each; punctuation is left out.
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def _data_lines(name: str) -> list[str]:
    lines = files("medskick.lib.swedish").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing by themselves, in small letters."""
    return frozenset(word for line in _data_lines("stopwords.txt") for word in line.split())


@cache
def _own_lemmas() -> dict[str, str]:
    return {form: line.split()[0] for line in _data_lines("lemmas.txt") for form in line.split()}


@cache
def _stems() -> tuple[frozenset[str], dict[str, str]]:
    """Return the stems as words, and every joint form with the word it stands for."""
    words: set[str] = set()
    joints: dict[str, str] = {}
    for entry in (entry for line in _data_lines("stems.txt") for entry in line.split()):
        word, _, irregular = entry.partition("/")
        words.add(word)
        forms = [word, f"{word}s", *(form for form in irregular.split(",") if form)]
        if word[-1] in "ae" and len(word) > 4:
            forms += [word[:-1]]
        for form in forms:
            joints.setdefault(form, word)
    for word in words:
        joints[word] = word  # a word as itself goes before another word's joint form
    return frozenset(words), joints


@cache
def _whole_words() -> frozenset[str]:
    return frozenset(word for line in _data_lines("whole.txt") for word in line.split())


@lru_cache(maxsize=CACHE_SIZE)
def lemma(word: str) -> str:
    """Return the word's base form in small letters: "förskolorna" -> "förskola".

    A compound that the dictionary lacks gets the base form of its last part ("åtgärdsplanen" -> "åtgärdsplan").
    A word nobody knows comes back as it is, in small letters.
    """
    small = _ABBREVIATION_ENDING.sub("", word.casefold())
    return _simple_lemma(small) or _compound_lemma(small) or small


@lru_cache(maxsize=CACHE_SIZE)
def _simple_lemma(small: str) -> str | None:
    """Return the base form by list or dictionary, None when neither knows the word."""
    if own := _own_lemmas().get(small):
        return own
    if small in _stems()[0]:
        return small
    load_dictionary()
    found = simplemma.lemmatize(small, lang="sv").casefold()
    if found not in _stems()[0] and (noun := _stem_inflected_as(small, sure=found == small)):
        return noun
    return found if found != small or is_known(small) else None


def _stem_inflected_as(small: str, *, sure: bool) -> str | None:
    """Return the stem that this is a form of. The dictionary often prefers a verb: "bussar" to "bussa".

    Parameters: `sure` True takes only endings that hardly end another word ("behoven", but not "order").
    """
    for ending in (
        ("arna", "erna", "orna", "en", "et") if sure else ("arna", "erna", "orna", "en", "et", "ar", "or", "er")
    ):
        if small.endswith(ending):
            base = small[: -len(ending)]
            found = next((noun for noun in (base, base + "e", base + "a") if noun in _stems()[0]), None)
            return None if sure and len(base) < 4 else found
    return None


@lru_cache(maxsize=CACHE_SIZE)
def is_known(small: str) -> bool:
    """Does the dictionary or the stem list have this word (in small letters), in any form?"""
    load_dictionary()
    return small in _stems()[0] or bool(simplemma.is_known(small, lang="sv"))


def is_name(word: str) -> bool:
    """Does the dictionary have the word as a name (base form with a capital)?"""
    load_dictionary()
    return bool(simplemma.lemmatize(word.casefold(), lang="sv")[:1].isupper())


def _compound_lemma(small: str) -> str | None:
    stems, joints = _stems()
    for cut in range(len(small) - _MIN_PART, 1, -1):
        base = _simple_lemma(small[cut:])
        first = small[:cut]
        if base and base in stems and (first in joints or _split(first) or _split(first.removesuffix("s"))):
            return first + base
    return None


@lru_cache(maxsize=CACHE_SIZE)
def compound_parts(word: str) -> tuple[str, ...]:
    """Return the base forms of a compound's parts: "bygglovsansökan" -> ("bygglov", "ansökan").

    As few parts as possible, the longest first part when equal; () for a word that is not seen as a compound.
    """
    small = word.casefold()
    if "-" in small:
        pieces = [piece for piece in small.split("-") if piece]
        return tuple(lemma(piece) for piece in pieces) if len(pieces) > 1 else ()
    if len(small) < 2 + _MIN_PART or not small.isalpha():
        return ()
    base = lemma(small)
    if base in _whole_words():
        return ()
    # The base form goes first: "ungdomar" must not be read as ung + domare.
    return _split(base) or (() if is_known(base) else _split(small)) or _split_known_first(base)


@lru_cache(maxsize=CACHE_SIZE)
def _split(small: str) -> tuple[str, ...]:
    """Return the fewest parts of at least two, or () when the word cannot be parted."""
    stems, joints = _stems()
    best: tuple[str, ...] = ()
    for cut in range(len(small) - 2, 1, -1):
        first = joints.get(small[:cut])
        if first is None:
            continue
        for rest in _rests(small, cut):
            tail = _last_part(rest, stems)
            parts = (first, tail) if tail else (first, *_split(rest)) if _split(rest) else ()
            if parts and (not best or len(parts) < len(best)):
                best = parts
    return best


def _rests(small: str, cut: int) -> tuple[str, ...]:
    """Return what follows the first part; of three like consonants Swedish writes two (buss + station)."""
    rest = small[cut:]
    return (rest, small[cut - 1] + rest) if small[cut - 1] == small[cut - 2] else (rest,)


def _last_part(rest: str, stems: frozenset[str]) -> str | None:
    if len(rest) < _MIN_PART and rest not in _SHORT_ENDINGS:
        return None
    base = _simple_lemma(rest)
    if base is None:
        return None
    if base in stems:
        return base
    return base if len(rest) >= _MIN_DICTIONARY_PART and len(base) >= _MIN_DICTIONARY_PART else None


def _split_known_first(small: str) -> tuple[str, ...]:
    """Return (known word, stem) when only the last part is in the stem list."""
    stems = _stems()[0]
    for cut in range(len(small) - 4, _MIN_DICTIONARY_PART - 1, -1):
        base = _simple_lemma(small[cut:])
        if base is None or base not in stems:
            continue
        for first in (small[:cut], small[: cut - 1] if small[cut - 1] == "s" else ""):
            if len(first) >= _MIN_DICTIONARY_PART and _HAS_LETTER.search(first) and is_known(first):
                return (_simple_lemma(first) or first, base)
    return ()

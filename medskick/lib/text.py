"""Plain text helpers: cleaning what people typed, shortening, slugs, joining words.

Pure functions without Django. Texts for people are Swedish, since they are shown as they are.
"""

import re
import unicodedata
from collections.abc import Sequence

# Tab and line feed are the only control characters that people mean; the rest come from broken
# programs or attacks, and PostgreSQL cannot store NUL at all.
_ALLOWED_CONTROLS = "\t\n"
# Marks that turn the reading direction hide what a text really says (e.g. in a file name).
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SLUG_LETTERS = str.maketrans(
    {"å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
)


def clean_text(text: str, *, max_length: int | None = None) -> str:
    """Return the text in the one form that is stored: NFC, line feeds only, no control characters.

    Parameters: `max_length` in characters after cleaning, None for no limit.
    Errors: ValueError in plain Swedish when the text holds NUL, another control character, half a
    surrogate pair or a mark that turns the reading direction, or when it is too long.
    """
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for position, character in enumerate(cleaned, start=1):
        if _is_refused(character):
            raise ValueError(
                f"Texten innehåller ett osynligt styrtecken (U+{ord(character):04X}) på plats {position}. "
                "Ta bort det, eller skriv om texten för hand där."
            )
    if max_length is not None and len(cleaned) > max_length:
        raise ValueError(f"Texten är {len(cleaned)} tecken lång. Korta den till högst {max_length} tecken.")
    return cleaned


def _is_refused(character: str) -> bool:
    category = unicodedata.category(character)
    return (category in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS) or character in _DIRECTION_MARKS


def shorten(text: str, length: int) -> str:
    """Return the text on one line with at most `length` characters, cut between words and ended by "…".

    A first word longer than `length` is cut inside. Errors: ValueError when `length` is below 1.
    """
    if length < 1:
        raise ValueError("length must be at least 1")
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[:length]
    if line[length - 1] != " " and " " in cut[:-1]:
        cut = cut[: length - 1].rsplit(" ", 1)[0] if " " in cut[: length - 1] else cut[: length - 1]
    else:
        cut = cut[: length - 1]
    return cut.rstrip(" ,;:.-–") + "…"


def slug(text: str, *, max_length: int = 80) -> str:
    """Return a Swedish slug for addresses and file names: "Åtgärd & plan 1.0" -> "atgard-plan-1-0".

    å and ä become a, ö becomes o, other accents fall off; "" when nothing is left.
    """
    letters = unicodedata.normalize("NFC", text).casefold().translate(_SLUG_LETTERS)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[: max_length + 1].strip("-")[:max_length].strip("-")


def join_and(words: Sequence[str], *, word: str = "och") -> str:
    """Return the words as a Swedish enumeration: ["a", "b", "c"] -> "a, b och c"; [] -> ""."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


def count_noun(count: int, singular: str, plural: str) -> str:
    """Return the count with the right form of its noun: (1, "röst", "röster") -> "1 röst".

    The number has hard spaces between thousands and before the noun, so that the two stay on one line.
    """
    number = f"{abs(count):,}".replace(",", "\u00a0")
    return f"{'\u2212' if count < 0 else ''}{number}\u00a0{singular if abs(count) == 1 else plural}"

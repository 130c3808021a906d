"""Swedish alphabetical order as a stored key, and folding away of accents.

The key sorts right wherever plain byte order is used (PostgreSQL's "C" collation, Python's sorted()), so
that no database needs Swedish locales. Practice of Svenska Akademiens ordlista: å, ä, ö after z; é as e,
ü as y, æ as ä, ø as ö; w as a letter of its own after v.
"""

import re
import unicodedata

# "{", "|" and "}" are the three characters that follow "z" in byte order.
_LETTERS = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "œ": "}", "ü": "y", "ű": "y", "ő": "}"}
    | {"ß": "ss", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"}
)
_JOINING = re.compile(r"[-\u00ad\u2010\u2011'’´`:]")
# A gap between words; below every letter and digit, above the blank that ends the first part of the key.
_GAP = "!"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def sort_key(text: str) -> str:
    """Return the key to store beside a name and to sort by in byte order.

    Digits come before letters and numbers by size ("Etapp 2" before "Etapp 10"); case, hyphens and accents
    other than å, ä, ö count only when the rest is equal, and then the text itself decides, so that
    the order never varies. Words are compared one by one ("Ny stad" before "Nyby").
    """
    composed = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    letters = _JOINING.sub("", composed)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(mark))
    words = re.findall(r"[0-9]+|[^\W\d_{|}]+|[{|}]+|[^\W_]+|[^\w\s]|\s|_", plain)
    primary = "".join(_piece(word) for word in words)
    primary = re.sub(f"{_GAP}+", _GAP, primary).strip(_GAP)
    return f"{primary} {_CONTROL.sub(' ', unicodedata.normalize('NFC', text))}"


def _piece(word: str) -> str:
    if word.isascii() and word.isdigit():
        # The number's length before its digits makes byte order follow size: 2 -> "12", 10 -> "210".
        digits = word.lstrip("0") or "0"
        return f"{'9' * (len(digits) // 9)}{len(digits) % 9}{digits}"
    return word if word.isalnum() or word[0] in "{|}" else _GAP


def fold(text: str) -> str:
    """Return the text in small letters without any accent, å ä ö too: "Förskola" -> "forskola".

    For those whose keyboard lacks the letters; never for showing.
    """
    small = unicodedata.normalize("NFC", text).casefold()
    special = small.translate(_FOLDED)
    return "".join(mark for mark in unicodedata.normalize("NFKD", special) if not unicodedata.combining(mark))


_FOLDED = str.maketrans({"æ": "a", "ø": "o", "œ": "o", "ß": "ss", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})

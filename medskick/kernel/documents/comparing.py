"""What differs between two texts, word by word. Pure; the order is that of reading: removed before added."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Words with their ends, so that a comma that was added is seen by itself; white space is a token too, so that nothing
# of either text is lost.
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing costs, at worst, the product of the two lengths: beyond this it is done line by line,
# and where even the lines are too many, text against text.
MOST_WORK = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of two versions: its label and its pieces. `changed` is false where both say the same."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts: same and removed together are `before`, same and added together are `after`."""
    if before == after:
        return (Piece("same", before),) if before else ()
    for pattern in (_TOKENS, _LINES):
        one, other = pattern.findall(before), pattern.findall(after)
        if len(one) * len(other) <= MOST_WORK:
            return _pieces(one, other)
    whole = (Piece("removed", before), Piece("added", after))
    return tuple(piece for piece in whole if piece.text)


def compare_fields(
    before: Sequence[dict[str, str]], after: Sequence[dict[str, str]], titles: tuple[str, str], title_label: str
) -> list[FieldChange]:
    """The title and each field, in the order of `after`; a field that was left out comes last, as removed."""
    old = {field["key"]: field for field in before}
    changes = [FieldChange(title_label, compare_texts(*titles))]
    for field in after:
        was = old.pop(field["key"], None)
        changes.append(FieldChange(field["label"], compare_texts(was["value"] if was else "", field["value"])))
    changes += [FieldChange(field["label"], compare_texts(field["value"], "")) for field in old.values()]
    return changes


def _pieces(one: list[str], other: list[str]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(one[start:end])))
            continue
        if start < end:
            found.append(Piece("removed", "".join(one[start:end])))
        if other_start < other_end:
            found.append(Piece("added", "".join(other[other_start:other_end])))
    return tuple(found)

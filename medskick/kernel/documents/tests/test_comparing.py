"""The word by word comparison: nothing of either text is lost, for any two texts."""

from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.documents.comparing import Piece, compare_fields, compare_texts

WORDS = st.lists(st.sampled_from(["bad", "brygga", "Ö", "12", ",", ".", "\n", " ", "  "]), max_size=25).map("".join)
texts = st.one_of(st.text(max_size=60), WORDS)


@given(texts, texts)
def test_same_and_removed_is_the_one_text_and_same_and_added_the_other(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert (before == after) == all(piece.kind == "same" for piece in pieces)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert compare_texts(text, text) == ((Piece("same", text),) if text else ())


def test_words_are_compared_whole_and_signs_by_themselves() -> None:
    assert compare_texts("Öppet till 21.", "Öppet till 22, varje dag.") == (
        Piece("same", "Öppet till "),
        Piece("removed", "21"),
        Piece("added", "22, varje dag"),
        Piece("same", "."),
    )


def test_texts_too_large_for_words_are_compared_by_lines_or_whole() -> None:
    one, other = "a b " * 5000, "b a " * 5001
    pieces = compare_texts(one, other)
    assert pieces == (Piece("removed", one), Piece("added", other))


def test_fields_that_came_or_went_are_told() -> None:
    old = [{"key": "a", "label": "Syfte", "value": "Ett"}, {"key": "b", "label": "Borta", "value": "Två"}]
    new = [{"key": "a", "label": "Syfte", "value": "Ett"}, {"key": "c", "label": "Ny", "value": "Tre"}]
    changes = compare_fields(old, new, ("Rubrik", "Rubrik"), "Rubriken")
    assert [(one.label, one.changed) for one in changes] == [
        ("Rubriken", False),
        ("Syfte", False),
        ("Ny", True),
        ("Borta", True),
    ]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import text


def test_clean_text_makes_one_form_of_what_looks_the_same():
    assert text.clean_text("A\u030angermanland\r\nrad\rtvå\t.") == "Ångermanland\nrad\ntvå\t."


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "\x7f", "\x85", "a\u202eb", "\ud800"])
def test_hidden_characters_are_refused_with_their_place(bad):
    with pytest.raises(ValueError, match=r"styrtecken \(U\+[0-9A-F]{4}\) på plats \d"):
        text.clean_text(bad)


def test_too_long_is_said_in_characters():
    assert text.clean_text("åäö", max_length=3) == "åäö"
    with pytest.raises(ValueError, match="4 tecken lång. Korta den till högst 3"):
        text.clean_text("åäö!", max_length=3)


@given(
    st.text(
        st.characters(
            exclude_categories=["Cc", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )
    )
)
def test_cleaning_twice_changes_nothing_more(value):
    assert text.clean_text(text.clean_text(value)) == text.clean_text(value)


def test_shorten_cuts_between_words():
    assert text.shorten("hej alla glada barn", 10) == "hej alla…"
    assert text.shorten("hej  alla\nglada", 20) == "hej alla glada"
    assert text.shorten("överklagandehänvisning", 8) == "överkla…"
    assert text.shorten("hej alla, barn", 10) == "hej alla…"


@given(st.text(), st.integers(1, 40))
def test_shortened_text_is_never_too_long(value, length):
    assert len(text.shorten(value, length)) <= length


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Åtgärd & plan 1.0", "atgard-plan-1-0"),
        ("Smörgås på Öckerö", "smorgas-pa-ockero"),
        ("A\u0308lg", "alg"),
        ("Café Müller", "cafe-muller"),
        ("???", ""),
    ],
)
def test_slugs(title, slug):
    assert text.slug(title) == slug


@given(st.text(), st.integers(1, 50))
def test_a_slug_is_plain_and_short_and_its_own_slug(value, length):
    made = text.slug(value, max_length=length)
    assert len(made) <= length
    assert made.strip("-") == made
    assert text.slug(made, max_length=length) == made


def test_enumerations_and_counted_nouns():
    assert [text.join_and(list("abc")[:n]) for n in range(4)] == ["", "a", "a och b", "a, b och c"]
    assert text.join_and(["a", "b"], word="eller") == "a eller b"
    assert text.count_noun(1, "röst", "röster") == "1\u00a0röst"
    assert text.count_noun(0, "röst", "röster") == "0\u00a0röster"
    assert text.count_noun(1234, "röst", "röster") == "1\u00a0234\u00a0röster"
    assert text.count_noun(-1, "grad", "grader") == "−1\u00a0grad"

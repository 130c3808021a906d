"""What people paste, and whether it has been said already. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.dialog.sessions.duplicates import alike, likeness
from medskick.dialog.sessions.pasting import (
    PastedError,
    PastedName,
    PastedNeed,
    match_place,
    read_names,
    read_names_file,
    read_needs,
    read_needs_file,
)


def test_names_are_read_as_people_write_them() -> None:
    text = "Anna Berg, Tanum\n- Bo Ek; Sotenäs kommun\n\n3. Cia Dahl (Orust)\nDan Ö\tLysekil\nEva\nEva\n"
    assert read_names(text) == [
        PastedName("Anna Berg", "Tanum"),
        PastedName("Bo Ek", "Sotenäs kommun"),
        PastedName("Cia Dahl", "Orust"),
        PastedName("Dan Ö", "Lysekil"),
        PastedName("Eva"),
    ]
    assert read_names_file("Namn;Kommun\nAnna Berg;Tanum\n".encode("cp1252")) == [PastedName("Anna Berg", "Tanum")]
    assert read_names("  \n") == []


@pytest.mark.parametrize(
    "read",
    [lambda: read_names("å" * 121), lambda: read_names(", Tanum"), lambda: read_names("\n".join(map(str, range(501))))],
)
def test_what_cannot_be_names_is_explained(read: object) -> None:
    with pytest.raises(PastedError):
        read()


def test_a_file_without_its_column_is_explained() -> None:
    with pytest.raises(PastedError, match="kolumnen ”namn”"):
        read_names_file(b"a;b\n1;2\n")
    with pytest.raises(PastedError, match="tom"):
        read_needs_file(b"")


def test_needs_are_bullets_or_paragraphs() -> None:
    assert read_needs("- Bättre bredband\n  i skärgården\n- Fler utbildningar") == [
        PastedNeed("Bättre bredband i skärgården"),
        PastedNeed("Fler utbildningar"),
    ]
    assert read_needs("Ett behov\nsom går över två rader.\n\nEtt till.") == [
        PastedNeed("Ett behov som går över två rader."),
        PastedNeed("Ett till."),
    ]
    rows = "behov,målområde\nBredband,Digital infrastruktur\n".encode()
    assert read_needs_file(rows) == [PastedNeed("Bredband", "Digital infrastruktur")]
    with pytest.raises(PastedError, match="2001 tecken"):
        read_needs("a" * 2001)


@pytest.mark.parametrize("written", ["Tanum", "tanums kommun", "TANUM ", "Tanums kn"])
def test_a_municipality_is_known_however_it_is_written(written: str) -> None:
    assert match_place(written, {"t": "Tanum", "s": "Sotenäs"}) == "t"
    assert match_place("Sotenäs", {"t": "Tanum", "s": "Sotenäs"}) == "s"
    assert match_place("Oslo", {"t": "Tanum"}) is None


SAID = (
    "Gemensam kompetensutveckling för alla medarbetare",
    "Bättre mobiltäckning i skärgården",
    "Ett ställe att logga in på, oavsett kommun",
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Vi behöver en gemensam kompetensutveckling för medarbetarna", 0),
        ("mobiltäckningen i skärgården måste bli bättre!", 1),
        ("Bätre mobiltäckning i skärgårdn", 1),
        ("Samma inloggning: ett ställe att logga in på oavsett kommun", 2),
    ],
)
def test_the_same_said_in_other_forms_is_found(text: str, place: int) -> None:
    assert alike(text, SAID)[0].place == place


@pytest.mark.parametrize("text", ["Fler cykelvägar", "Öppna data om badvatten", "", "och att det som"])
def test_something_else_is_not(text: str) -> None:
    assert alike(text, SAID) == []


def test_word_for_word_is_the_same() -> None:
    (one,) = alike(SAID[1].upper(), SAID)
    assert one.same


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_between_0_and_1(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1

"""Free text."""

import pytest

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import Plain, faults, taken

TEXT, ASKED = question_kind("free_text"), Plain()


@pytest.mark.parametrize(
    "text",
    [
        "Mormor kan inte boka.\nHon ringer i stället.",
        "👩🏽‍🌾 ❤️ 🇸🇪",
        "السلامة أولاً",
        "<script>alert('hej')</script>",
        "a" * 2000,
    ],
)
def test_people_write_what_they_want(text: str) -> None:
    assert taken(TEXT, ASKED, {"answer": text}) == text
    assert TEXT.words(ASKED, text) == text
    assert TEXT.outcome(ASKED, [text]).table.rows == [[text]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Skriv ett svar."),
        (" \n ", "Skriv ett svar."),
        ("a" * 20_000, "Texten är 20000 tecken. Korta den till högst 2000."),
        ("a\x00b", "osynligt styrtecken (U+0000)"),
        ("abc\u202egpj.exe", "osynligt styrtecken (U+202E)"),
        ("a\ufffd", "gick inte att läsa"),
    ],
)
def test_what_cannot_be_stored_is_told(text: str, told: str) -> None:
    (fault,) = faults(TEXT, ASKED, {"answer": text})
    assert told in fault.replace("\u00a0", "")


def test_the_verb_refuses_what_the_form_would() -> None:
    with pytest.raises(ValueError, match="20000 tecken"):
        TEXT.clean(ASKED, "a" * 20_000)
    with pytest.raises(ValueError, match="Skriv ett svar"):
        TEXT.clean(ASKED, "  ")


def test_the_list_is_in_the_order_of_words_and_the_wall_shows_the_latest_shortened() -> None:
    values = [f"svar {number:02}" for number in range(20, 0, -1)] + ["x " * 500]
    outcome = TEXT.outcome(ASKED, values)
    assert outcome.finding == "21 svar"
    assert [row[0] for row in outcome.table.rows][:2] == ["svar 01", "svar 02"]
    assert len(outcome.quotes) == 8
    assert len(outcome.quotes[0]) <= 220
    assert outcome.quotes[1] == "svar 01"
    assert TEXT.outcome(ASKED, []).finding == "Inga svar än"

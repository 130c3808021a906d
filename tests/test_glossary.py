"""The glossary is one to one: an English code word has one Swedish word, and the other way round."""

from collections import Counter
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
# Said in the product's own description; the code of every engine leans on these.
AGREED = {
    "need": "behov",
    "initiative": "insats",
    "activity": "aktivitet",
    "action plan": "handlingsplan",
    "benefit": "nytta",
    "record": "handling",
    "case": "ärende",
    "decision": "beslut",
    "delegation": "delegation",
    "disclosure": "utlämnande",
    "retention": "bevarande och gallring",
    "trace": "spår",
    "signal": "signal",
    "trend": "trend",
    "goal area": "målområde",
}


def _rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "English" and set(row[0]) != {"-"}]


def _repeated(words: list[str]) -> list[str]:
    return sorted(word for word, count in Counter(word.casefold() for word in words).items() if count > 1)


def test_each_english_word_stands_once():
    assert _repeated([row[0] for row in _rows()]) == []


def test_each_swedish_word_stands_once():
    assert _repeated([row[1] for row in _rows()]) == []


def test_each_row_has_an_english_word_a_swedish_word_and_a_third_cell():
    rows = _rows()
    assert len(rows) > 150
    assert [row for row in rows if len(row) != 3 or not row[0] or not row[1] or not row[2]] == []
    assert [row[0] for row in rows if not row[0].isascii() or row[0] != row[0].lower()] == []


def test_the_agreed_words_are_kept():
    words = {row[0]: row[1] for row in _rows()}
    assert {english: words.get(english) for english in AGREED} == AGREED

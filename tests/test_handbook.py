"""The handbook names what is there: each word in bold is a word of a page, and each picture exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "docs" / "handbok").glob("*.md"))
BOLD, PICTURE = re.compile(r"\*\*(.+?)\*\*", re.DOTALL), re.compile(r"(?:\]\(|src=\")(\.\./bilder/[^)\"]+)")


def words_of_pages() -> str:
    """All that pages may say: templates, texts in code, and content."""
    files = [
        file
        for folder, ending in (("medskick", "*.html"), ("medskick", "*.py"), ("medskick/content", "*.json"))
        for file in (ROOT / folder).rglob(ending)
        if "tests" not in file.parts
    ]
    return " ".join(" ".join(file.read_text().split()) for file in files)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda one: one.stem)
def test_each_word_in_bold_is_on_a_page(chapter: Path) -> None:
    pages = words_of_pages()
    named = {" ".join(found.split()) for found in BOLD.findall(chapter.read_text())}
    assert named, "a chapter that names nothing leads nowhere"
    assert sorted(one for one in named if one.rstrip(".") not in pages) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda one: one.stem)
def test_each_picture_exists(chapter: Path) -> None:
    pictures = PICTURE.findall(chapter.read_text())
    assert [one for one in pictures if not (chapter.parent / one).is_file()] == []

"""The file is tagged, has language and title, and prints whatever people write."""

from datetime import date

import pytest

from medskick.lib.pdf import Block, Bullets, Facts, Grid, Heading, Paragraph, Picture, make_pdf

DAY = date(2026, 9, 17)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>'


def made(*blocks: Block) -> bytes:
    return make_pdf(blocks, title="Rapport", language="sv", author="Tanums kommun", day=DAY)


def test_a_file_has_title_language_and_tags() -> None:
    file = made(
        Heading("Del"),
        Heading("Del av del", 2),
        Paragraph("Ord"),
        Facts([("Dag", "i dag")]),
        Bullets(["ett", "två"]),
        Grid("Tabell", ["Vad", "Antal"], [["a", "1"]], [1]),
        Grid("Tom", ["Vad"], []),
        Picture(SVG, "En ruta"),
    )
    assert file.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert mark in file, mark


def test_the_same_blocks_give_the_same_file() -> None:
    assert made(Paragraph("Ord")) == made(Paragraph("Ord"))


@pytest.mark.parametrize(
    "text", ["#eval(1) $x$ *a* @b", "\x00\x1b", "🎉👩‍🏫", "漢字 한국어", "مرحبا", '"\\"', "", "å" * 20_000]
)
def test_whatever_people_write_is_printed(text: str) -> None:
    assert made(Paragraph(text), Bullets([text])).startswith(b"%PDF-")


def test_a_file_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        make_pdf([], title=" ", language="sv", author="", day=DAY)

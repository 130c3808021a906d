"""PDF files that everybody can read: tagged, with language, title and headings (PDF/UA-1), and fit to be kept (PDF/A).

A file is a list of blocks. What they say is handed over as data and never read as markup, so that no words of people
can change the page. Set by typst (https://typst.app) in its own typeface, without the machine's fonts: the same blocks
always give the same pages. Pure functions without Django.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import typst

FACE = "Libertinus Serif"
LOST = "\N{REPLACEMENT CHARACTER}"
MOST_SCRIPTS = 12
# Not printable in a PDF/UA file: control characters, and the code points that Unicode leaves to private agreement.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff][\U0001f000-\U0001faff\u200d\ufe0e\ufe0f]*")
# No word is as long as this; what is typed without a space is broken, so that it keeps within the page.
_TOO_LONG = re.compile(r"\S{80}(?=\S)")
_LOST = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; level 1 is a part of the file, 2 a part of that."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; strong for a finding, quiet for a note beside."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one on each line."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption and head; numeric: which columns are set to the right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG, and what it shows in words."""

    svg: str
    alternative: str


Block = Heading | Paragraph | Facts | Bullets | Grid | Picture


def make_pdf(
    blocks: Sequence[Block], *, title: str, language: str, author: str, day: date, foot: str = "", mark: str = ""
) -> bytes:
    """The file.

    language: of what is printed, as "sv". author: the organisation that answers for it. day: when it was made.
    foot: stands at the foot of each page beside the page number. mark: stands at its head, such as that all is invented.
    Raise ValueError where there is no title, which a PDF/UA file has to have.
    """
    if not title.strip():
        raise ValueError("a PDF needs a title")
    data = {
        "title": title,
        "face": FACE,
        "language": language,
        "author": author,
        "day": [day.year, day.month, day.day],
        "foot": foot,
        "mark": mark,
        "blocks": [{"kind": type(one).__name__, **asdict(one)} for one in blocks],
    }
    words = json.dumps(_printable(data), ensure_ascii=False)
    for _again in range(MOST_SCRIPTS):
        try:
            return _compiled(words)
        except typst.TypstError as fault:
            # A standard file may not hold a letter that no typeface of ours has: all of its script are marked as lost.
            lost = _LOST.search(str(fault))
            if lost is None:
                raise
            words = _without(words, lost[1])
    raise ValueError("too many scripts that cannot be printed")


def _compiled(words: str) -> bytes:
    made: bytes = typst.compile(
        _PAGE.encode(),
        format="pdf",
        pdf_standards=["a-3b", "ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"data": words},
    )
    return made


def _without(words: str, letter: str) -> str:
    script = _script(letter[0])
    return "".join(LOST if one == letter[0] or (ord(one) > 0x2000 and _script(one) == script) else one for one in words)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def _printable(value: object) -> object:
    if isinstance(value, str):
        return _TOO_LONG.sub(r"\g<0> ", _EMOJI.sub(_named, _UNPRINTABLE.sub(LOST, value)))
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(one) for one in value]
    return value


def _named(emoji: re.Match[str]) -> str:
    """An emoji as its name in brackets; what only joins or colours emojis is left out."""
    names = [unicodedata.name(one, "").lower() for one in emoji[0] if ord(one) >= 0x1F000]
    said = [one for one in names if one and "modifier" not in one and "selector" not in one]
    return f"[{', '.join(said)}]" if said else ""


_PAGE = """
#let data = json(bytes(sys.inputs.data))
#let (year, month, day) = data.day
#set document(title: data.title, author: data.author, date: datetime(year: year, month: month, day: day))
#set text(font: data.face, size: 11pt, lang: data.language, hyphenate: true, fallback: true)
#set par(leading: 0.62em, spacing: 1em)
#set page(
  paper: "a4", margin: (x: 2.4cm, top: 2.4cm, bottom: 2.4cm),
  header: if data.mark != "" { align(right, text(size: 9pt, fill: luma(70), data.mark)) },
  footer: context {
    set text(size: 9pt, fill: luma(70))
    grid(columns: (1fr, auto), data.foot, [#counter(page).display() (#counter(page).final().first())])
  },
)
#show title: it => block(below: 1.4em, text(size: 22pt, weight: "bold", it))
#show heading.where(level: 1): it => block(above: 1.9em, below: 0.8em, sticky: true, text(size: 15pt, it.body))
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.6em, sticky: true, text(size: 12.5pt, it.body))
#show heading.where(level: 3): it => block(above: 1.2em, below: 0.5em, sticky: true, text(size: 11pt, it.body))
#set table(stroke: (x, y) => (bottom: if y == 0 { 1pt + black } else { 0.4pt + luma(150) }), inset: (x: 5pt, y: 4pt))
#show table.cell.where(y: 0): strong
#show figure.where(kind: table): set block(breakable: true)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: it => align(left, text(size: 10pt, it.body))
#set figure(numbering: none, gap: 0.7em)
#title()
#let lines(words) = words.split("\\n").map(one => text(one)).join(linebreak())
#for one in data.blocks {
  if one.kind == "Heading" { heading(level: one.level, one.text) }
  else if one.kind == "Paragraph" {
    if one.look == "strong" { par(strong(lines(one.text))) }
    else if one.look == "quiet" { par(text(fill: luma(70), lines(one.text))) }
    else { par(lines(one.text)) }
  }
  else if one.kind == "Facts" {
    block(terms(separator: [: ], hanging-indent: 1em, ..one.pairs.map(pair => terms.item(pair.at(0), lines(pair.at(1))))))
  }
  else if one.kind == "Bullets" { list(..one.items.map(item => lines(item))) }
  else if one.kind == "Grid" {
    let wide = one.head.len()
    figure(kind: table, supplement: none, caption: one.caption, align(left, table(
      columns: range(wide).map(place => if place in one.numeric { auto } else { 1fr }),
      align: (column, row) => if column in one.numeric { right } else { left },
      table.header(..one.head.map(cell => text(cell))),
      ..one.rows.flatten().map(cell => lines(cell)),
    )))
  }
  else if one.kind == "Picture" {
    block(width: 100%, above: 1em, below: 1em, image(bytes(one.svg), format: "svg", alt: one.alternative, width: 100%))
  }
}
"""

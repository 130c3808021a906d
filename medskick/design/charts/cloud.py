"""Word cloud: size by how many said it, no two words over each other, the same answers always give the same picture.

Words are laid out from the centre along a spiral, the most said first; widths are estimated from the text face's own
advance widths, so nothing needs to be measured in a browser. What finds no room even when all is made smaller still
stands in the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin, sqrt

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext

from medskick.design.charts.model import Canvas, Chart, Size, both_widths
from medskick.design.parts import Column, Table

# Advance widths of Source Sans 3 at weight 650, in thousandths of the size.
_WIDTHS = (
    (200, " "),
    (280, "ijlI.,:'"),
    (330, "f-!()/"),
    (380, "tr"),
    (450, "szc?–"),
    (510, 'xJevyéLY"'),
    (530, "aåäFg0123456789"),
    (550, "kEZoöSTVX"),
    (570, "huüAbdnpqÅÄ"),
    (590, "CPBR"),
    (640, "KDG&NU"),
    (680, "HOQÖ"),
    (760, "Mw"),
    (850, "Wm%"),
)
_ADVANCE = {letter: width for width, letters in _WIDTHS for letter in letters}
ASCENT, DESCENT = 0.74, 0.22
MOST_WORDS = 80
TRIES = 1500
GOLDEN = 2.399963
# A sunflower's spiral in a circle of radius 1.
SPIRAL = tuple(
    (sqrt(turn / TRIES) * cos(turn * GOLDEN), sqrt(turn / TRIES) * sin(turn * GOLDEN)) for turn in range(TRIES)
)

type Box = tuple[float, float, float, float]  # left, top, right, bottom

# Width, height, smallest and largest size of a word.
SHAPES = {
    "wide": (680.0, 380.0, 15.0, 60.0),
    "narrow": (340.0, 380.0, 15.0, 40.0),
    "projector": (1600.0, 760.0, 30.0, 150.0),
}


@dataclass(frozen=True)
class Placed:
    """A word on the canvas: middle of its baseline, size, and its box."""

    word: str
    count: int
    size: float
    x: float
    y: float
    width: float

    @property
    def box(self) -> Box:
        return room_of(self.x, self.y, self.width, self.size)


def room_of(x: float, y: float, width: float, size: float) -> Box:
    """The room of a word with this middle of its baseline, with some air."""
    half = width / 2 + 0.1 * size
    return x - half, y - ASCENT * size, x + half, y + DESCENT * size


def estimated_width(word: str, size: float) -> float:
    """Width of the word in the text face, slightly on the wide side."""
    return sum(_ADVANCE.get(letter, 620) for letter in word) * size / 1000 * 1.03


class _Sheet:
    """Which cells of the canvas are taken: one whole number per row of cells, one bit per cell."""

    def __init__(self, width: float, height: float) -> None:
        self.cell = max(width, height) / 220
        self.width, self.height = width, height
        self.rows = [0] * (int(height / self.cell) + 2)

    def _mask(self, box: Box) -> tuple[int, range]:
        left, right = int(box[0] / self.cell), int(box[2] / self.cell)
        return ((1 << (right - left + 1)) - 1) << left, range(int(box[1] / self.cell), int(box[3] / self.cell) + 1)

    def is_free(self, box: Box) -> bool:
        if box[0] < 0 or box[1] < 0 or box[2] > self.width or box[3] > self.height:
            return False
        mask, span = self._mask(box)
        for row in span:  # noqa: SIM110 - asked a hundred thousand times for a picture, and a plain loop is twice as quick
            if self.rows[row] & mask:
                return False
        return True

    def take(self, box: Box) -> None:
        mask, span = self._mask(box)
        for row in span:
            self.rows[row] |= mask


class _Placer:
    """Puts words on a sheet, each in the free place nearest the centre, tried along the spiral.

    Where a word of the same size and no wider found nothing, this one finds nothing either: the sheet only fills. So the
    trying begins where that one stopped, which is most of the work when many words are said once.
    """

    def __init__(self, width: float, height: float) -> None:
        self.sheet = _Sheet(width, height)
        self.stopped: dict[float, list[tuple[float, int]]] = {}

    def place(self, word: str, count: int, size: float) -> Placed | None:
        sheet, wide = self.sheet, estimated_width(word, size)
        before = self.stopped.setdefault(size, [])
        start = max((turn for width, turn in before if width <= wide), default=0)
        middle = sheet.height / 2 + (ASCENT - DESCENT) / 2 * size
        for turn in range(start, TRIES):
            across, down = SPIRAL[turn]
            x, y = sheet.width / 2 * (1 + across), middle + sheet.height / 2 * down
            box = room_of(x, y, wide, size)
            if sheet.is_free(box):
                before.append((wide, turn))
                sheet.take(box)
                return Placed(word, count, size, x, y, wide)
        before.append((wide, TRIES))
        return None


def layout(
    words: Mapping[str, int], width: float, height: float, least: float, most: float
) -> tuple[list[Placed], list[str]]:
    """Where each word goes, and those that found no room. Pure and deterministic."""
    ordered = sorted(((word, count) for word, count in words.items() if count > 0), key=lambda p: (-p[1], p[0]))
    ordered = ordered[:MOST_WORDS]
    if not ordered:
        return [], []
    high = ordered[0][1]
    for shrink in (1.0, 0.88, 0.77, 0.68, 0.6):
        taken: list[Placed] = []
        placer = _Placer(width, height)
        left_out: list[str] = []
        for word, count in ordered:
            size = least + (most * shrink - least) * sqrt(count / high) if high > 1 else (least + most * shrink) / 2
            size = min(size, most, 0.92 * width / max(estimated_width(word, 1.0), 0.1))
            placed = placer.place(word, count, max(size, least * 0.8))
            if placed is None:
                left_out.append(word)
            else:
                taken.append(placed)
        if not left_out:
            break
    return taken, left_out


@lru_cache(maxsize=64)
def _laid_out(words: frozenset[tuple[str, int]], shape: str) -> list[Placed]:
    """Kept in the process: a screen, the facilitator and the report ask for the same words one after another."""
    return layout(dict(words), *SHAPES[shape])[0]


def _draw(words: Mapping[str, int], shape: str) -> Canvas:
    width, height, _least, _most = SHAPES[shape]
    placed = _laid_out(frozenset(words.items()), shape)
    canvas = Canvas(width, height)
    high = max((one.count for one in placed), default=1)
    for one in placed:
        share = one.count / high
        tier = 0 if share > 0.66 and high > 1 else 1 if share > 0.4 else 2 if share > 0.15 or high < 4 else 3
        canvas.add("text", one.word, class_=f"w{tier}", x=one.x, y=one.y, font_size=round(one.size, 1))
    return canvas


def word_cloud(title: str, words: Mapping[str, int], *, size: Size = "page", id_base: str = "") -> Chart:
    """A cloud of words with how many said each. ``projector`` is drawn once, for a wall."""
    ordered = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    said = ", ".join(f"{word} {count}" for word, count in ordered[:10])
    text = (
        ngettext("Ordmoln med %(n)d ord.", "Ordmoln med %(n)d ord.", len(ordered)) % {"n": len(ordered)}
        + " "
        + (gettext("Oftast: %(said)s.") % {"said": said} if said else gettext("Inga svar än."))
    )
    if size == "projector":
        canvas = _draw(words, "projector")
        drawn = canvas.drawn(css="cloud-svg", title=title, description=text, key=id_base or "moln")
        svg = mark_safe(drawn)  # noqa: S308 - built by Canvas, which escapes all texts
    else:
        svg = both_widths(
            lambda narrow: _draw(words, "narrow" if narrow else "wide"),
            title=title,
            description=text,
            id_base=id_base,
            css="cloud-svg",
        )
    columns = [Column(gettext("Ord")), Column(gettext("Antal"), numeric=True, decimals=0)]
    return Chart(title=title, description=text, svg=svg, table=Table(title, columns, [list(pair) for pair in ordered]))

"""Bar chart: who has how much, with the bar that matters set off, intervals, and a target line.

Short names stand before their bars on wide pages; long ones, and all on phones, stand over them on as many lines as
they need. On a wall letters and bars grow to fill it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from medskick.design.charts.model import Canvas, Chart, Size, both_widths, decimals_of, said
from medskick.design.parts import Column, Table
from medskick.lib.numbers import say_number

LETTER = 0.52  # mean width of a letter, in sizes of the letters
LONGEST_BESIDE = 29  # letters of a name that has room before its bar on a page
WALL = (1600.0, 440.0)  # as much as a projector has left under the question and over how many have answered


@dataclass(frozen=True)
class Bar:
    """One bar. ``value`` None is missing and gets words in place of a bar; low and high end its interval.
    ``shown`` are words to write at its end in place of the value."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    emphasis: bool = False
    shown: str = ""


def bar_chart(
    title: str,
    bars: Sequence[Bar],
    *,
    unit: str = "",
    target: float | None = None,
    description: str | None = None,
    decimals: int | None = None,
    first_column: str = "",
    id_base: str = "",
    table: Table | None = None,
    size: Size = "page",
) -> Chart:
    """Lying bars from zero, in the order given. ``table`` replaces the one made of the bars; ``projector`` is drawn
    once, for a wall. Errors: ValueError when a value is negative (bars start at zero)."""
    known = [bar.value for bar in bars if bar.value is not None]
    if any(value < 0 for value in known):
        raise ValueError("a bar starts at zero and cannot be negative")
    kept = decimals_of(known) if decimals is None else decimals
    text = description or _describe(bars, unit, kept, target)
    table = table or _table(title, bars, unit, kept, first_column)
    if size == "projector":
        canvas = _draw(bars, unit, kept, target, _on_wall(bars, target))
        drawn = canvas.drawn(css="wall-svg", title=title, description=text, key=id_base or "staplar")
        svg = mark_safe(drawn)  # noqa: S308 - built by Canvas, which escapes all texts
    else:
        svg = both_widths(
            lambda narrow: _draw(bars, unit, kept, target, _on_page(bars, target, narrow)),
            title=title,
            description=text,
            id_base=id_base,
        )
    return Chart(title=title, description=text, svg=svg, table=table)


def _describe(bars: Sequence[Bar], unit: str, decimals: int, target: float | None) -> str:
    known = [bar for bar in bars if bar.value is not None]
    if not known:
        return gettext("Alla värden saknas.")
    most, least = max(known, key=lambda bar: bar.value or 0), min(known, key=lambda bar: bar.value or 0)
    words = [
        gettext("%(count)d staplar. Högst: %(most)s %(high)s. Lägst: %(least)s %(low)s.")
        % {
            "count": len(bars),
            "most": most.label,
            "high": said(most.value or 0, unit, decimals),
            "least": least.label,
            "low": said(least.value or 0, unit, decimals),
        }
    ]
    missing = [bar.label for bar in bars if bar.value is None]
    if missing:
        words.append(gettext("Uppgift saknas för %(who)s.") % {"who": ", ".join(missing)})
    if target is not None:
        words.append(gettext("Mål: %(target)s.") % {"target": said(target, unit, None)})
    return " ".join(words)


def _table(title: str, bars: Sequence[Bar], unit: str, decimals: int, first_column: str) -> Table:
    value = gettext("Värde (%(unit)s)") % {"unit": unit} if unit else gettext("Värde")
    columns = [Column(first_column or gettext("Vad")), Column(value, True, decimals)]
    with_interval = any(bar.low is not None or bar.high is not None for bar in bars)
    if with_interval:
        columns += [Column(gettext("Lägst troligt"), True, decimals), Column(gettext("Högst troligt"), True, decimals)]
    rows = [[bar.label, bar.value, *((bar.low, bar.high) if with_interval else ())] for bar in bars]
    emphasis = frozenset(index for index, bar in enumerate(bars) if bar.emphasis)
    return Table(caption=title, columns=columns, rows=rows, emphasis=emphasis)


@dataclass(frozen=True)
class _Frame:
    """Where bars and their names go. ``beside``: width of the column of names before the bars, 0 for names over them.
    ``lines``: each bar's name as it is broken."""

    width: float
    letter: float
    line: float
    thick: float
    gap: float
    beside: float
    values: float
    head: float
    lines: list[list[str]]

    def height_of(self, index: int) -> float:
        """What one bar takes with its name and the air under it."""
        name = self.line * len(self.lines[index])
        return (max(name, self.thick) if self.beside else name + self.thick + self.line * 0.2) + self.gap

    @property
    def height(self) -> float:
        return self.head + sum(self.height_of(index) for index in range(len(self.lines))) + 4


def _broken(name: str, width: float, letter: float) -> list[str]:
    return wrap(name, max(int(width / (letter * LETTER)), 8)) or [""]


def _values_width(bars: Sequence[Bar], letter: float) -> float:
    return max(76.0 * letter / 15, 16 + 0.56 * letter * max((len(bar.shown) for bar in bars), default=0))


def _on_page(bars: Sequence[Bar], target: float | None, narrow: bool) -> _Frame:
    longest = max((len(bar.label) for bar in bars), default=1)
    over = narrow or longest > LONGEST_BESIDE
    width = 340.0 if narrow else 680.0
    return _Frame(
        width=width,
        letter=15.0,
        line=19.0,
        thick=18.0 if narrow else 21.0,
        gap=9.0 if narrow else 11.0,
        beside=0.0 if over else min(240.0, 14 + 7.8 * longest),
        values=_values_width(bars, 15.0),
        head=24.0 if target is not None else 2.0,
        lines=[_broken(bar.label, width, 15.0) if over else [bar.label] for bar in bars],
    )


def _on_wall(bars: Sequence[Bar], target: float | None) -> _Frame:
    """The largest letters with which all bars and their whole names find room."""
    width, height = WALL
    longest = max((len(bar.label) for bar in bars), default=1)
    for letter in (46.0, 42.0, 38.0, 34.0, 30.0, 27.0, 24.0, 21.0, 18.0):
        beside = min(0.46 * width, (longest + 1) * letter * LETTER + 24)
        frame = _Frame(
            width=width,
            letter=letter,
            line=letter * 1.15,
            thick=letter * 1.4,
            gap=letter * 0.5,
            beside=beside,
            values=_values_width(bars, letter),
            head=letter * 1.6 if target is not None else 2.0,
            lines=[_broken(bar.label, beside - 24, letter) for bar in bars],
        )
        if frame.height <= height:
            break
    return frame


def _draw(bars: Sequence[Bar], unit: str, decimals: int, target: float | None, frame: _Frame) -> Canvas:
    canvas = Canvas(frame.width, frame.height)
    shown = [edge for bar in bars for edge in (bar.value, bar.high) if edge is not None]
    most = max([*shown, target or 0.0]) or 1.0
    scale = (frame.width - frame.beside - frame.values) / most
    top = frame.head
    for index, bar in enumerate(bars):
        _draw_bar(canvas, bar, index, top, scale, unit, decimals, frame)
        top += frame.height_of(index)
    if target is not None:
        x = frame.beside + target * scale
        late = x > frame.width - 120 * frame.letter / 15
        canvas.add("line", class_="target", x1=x, x2=x, y1=frame.head - 4, y2=canvas.height)
        words = gettext("Mål %(target)s") % {"target": said(target, unit, None)}
        css = "strong end" if late else "strong"
        canvas.add("text", words, class_=css, x=x + (4 if late else -4), y=frame.letter, **_sized(frame))
    return canvas


def _sized(frame: _Frame) -> dict[str, object]:
    """The size of letters, where it is not the page's own."""
    return {"font_size": frame.letter} if frame.letter != 15.0 else {}


def _draw_bar(
    canvas: Canvas, bar: Bar, index: int, top: float, scale: float, unit: str, decimals: int, frame: _Frame
) -> None:
    y = _draw_name(canvas, bar, frame.lines[index], top, frame)
    left, base, strong = frame.beside, y + frame.thick * 0.76, " strong" if bar.emphasis else ""
    if bar.value is None:
        canvas.add("text", gettext("uppgift saknas"), x=left, y=base, class_="missing", **_sized(frame))
        return
    css = "bar emphasis" if bar.emphasis else "bar"
    canvas.add("rect", class_=css, x=left, y=y, width=max(bar.value * scale, 1.0), height=frame.thick, rx=2)
    end = left + max(bar.value, bar.high or 0.0) * scale
    if bar.low is not None and bar.high is not None:
        low, high, middle = left + bar.low * scale, left + bar.high * scale, y + frame.thick / 2
        path = f"M{low:.1f} {middle - 5:.1f}v10m0-5H{high:.1f}m0-5v10"
        canvas.add("path", class_="interval-halo", d=path)
        canvas.add("path", class_="interval", d=path)
    text = bar.shown or (said(bar.value, unit, decimals) if unit == "%" else say_number(bar.value, decimals))
    canvas.add("text", text, class_=f"halo{strong}", x=end + frame.letter * 0.5, y=base, **_sized(frame))


def _draw_name(canvas: Canvas, bar: Bar, lines: list[str], top: float, frame: _Frame) -> float:
    """The bar's name, before or over it; returns where the bar begins."""
    strong = "strong" if bar.emphasis else ""
    name = frame.line * len(lines)
    css = f"end {strong}".strip() if frame.beside else strong or "name"
    x = frame.beside - frame.letter * 0.8 if frame.beside else 0.0
    y = top + (max(frame.thick - name, 0.0) / 2 if frame.beside else 0.0)
    for place, line in enumerate(lines):
        canvas.add("text", line, class_=css, x=x, y=y + frame.line * (place + 0.8), **_sized(frame))
    if frame.beside:
        return top + max(name - frame.thick, 0.0) / 2
    return top + name + frame.line * 0.2

"""Line chart: development over time, with target, intervals, gaps and breaks in the series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from medskick.design.charts.model import Canvas, Chart, both_widths, decimals_of, said, ticks
from medskick.design.parts import Column, Table
from medskick.lib.dates import say_date
from medskick.lib.numbers import say_number

type X = int | date | str
type Band = Sequence[tuple[X, float, float]]


@dataclass(frozen=True)
class Series:
    """One line: a name and its points in order; a value that is missing is ``None``."""

    name: str
    points: Sequence[tuple[X, float | None]]


@dataclass(frozen=True)
class _Plan:
    series: Sequence[Series]
    unit: str
    target: float | None
    y_from_zero: bool
    breaks: Sequence[X]
    bands: Mapping[str, Band]
    decimals: int

    @property
    def positions(self) -> list[X]:
        seen = list(dict.fromkeys(x for line in self.series for x, _ in line.points))
        if all(isinstance(x, int) for x in seen) or all(isinstance(x, date) for x in seen):
            return sorted(seen)
        return seen

    @property
    def values(self) -> list[float]:
        return [value for line in self.series for _, value in line.points if value is not None]


def line_chart(
    title: str,
    series: Sequence[Series],
    *,
    unit: str = "",
    target: float | None = None,
    y_from_zero: bool = False,
    breaks: Sequence[X] = (),
    bands: Mapping[str, Band] | None = None,
    description: str | None = None,
    decimals: int | None = None,
    id_base: str = "",
) -> Chart:
    """Up to four series over years, days or named periods.

    ``unit`` stands after the values ("%"); ``breaks`` are positions where the method changed: the line is not drawn
    into them; ``bands`` gives low and high for a series by name. Errors: ValueError for no series or more than four.
    """
    if not 1 <= len(series) <= 4:
        raise ValueError("a line chart holds one to four series; more cannot be told apart")
    values = [value for line in series for _, value in line.points if value is not None]
    kept = decimals_of(values) if decimals is None else decimals
    plan = _Plan(series, unit, target, y_from_zero, breaks, bands or {}, kept)
    text = description or _describe(plan)
    svg = both_widths(lambda narrow: _draw(plan, narrow), title=title, description=text, id_base=id_base)
    return Chart(title=title, description=text, svg=svg, table=_table(title, plan))


def _say_x(x: X) -> str:
    return say_date(x, weekday=False) if isinstance(x, date) else str(x)


def _describe(plan: _Plan) -> str:
    words = []
    for line in plan.series:
        known = [(x, value) for x, value in line.points if value is not None]
        if not known:
            words.append(gettext("%(name)s: uppgift saknas.") % {"name": line.name})
            continue
        (first, start), (last, end) = known[0], known[-1]
        words.append(
            gettext("%(name)s: från %(start)s (%(first)s) till %(end)s (%(last)s).")
            % {
                "name": line.name,
                "start": said(start, plan.unit, plan.decimals),
                "first": _say_x(first),
                "end": said(end, plan.unit, plan.decimals),
                "last": _say_x(last),
            }
        )
        gaps = ", ".join(_say_x(x) for x, value in line.points if value is None)
        if gaps:
            words.append(gettext("Uppgift saknas för %(gaps)s.") % {"gaps": gaps})
    if plan.target is not None:
        words.append(gettext("Mål: %(target)s.") % {"target": said(plan.target, plan.unit, None)})
    if plan.breaks:
        words.append(gettext("Brott i serien: %(at)s.") % {"at": ", ".join(_say_x(x) for x in plan.breaks)})
    return " ".join(words)


def _table(title: str, plan: _Plan) -> Table:
    columns = [Column(gettext("Period"))]
    columns += [
        Column(f"{line.name} ({plan.unit})" if plan.unit else line.name, True, plan.decimals) for line in plan.series
    ]
    by_name = [dict(line.points) for line in plan.series]
    rows = [[_say_x(x), *(points.get(x) for points in by_name)] for x in plan.positions]
    return Table(caption=title, columns=columns, rows=rows)


class _Frame:
    """Where a value lands on the canvas."""

    def __init__(self, plan: _Plan, narrow: bool) -> None:
        many = len(plan.series) > 1
        self.narrow = narrow
        self.width, self.height = (340.0, 290.0) if narrow else (680.0, 340.0)
        longest = max(len(line.name) for line in plan.series)
        self.left = 8.0 + 8.6 * max(len(say_number(tick)) for tick in self._marks(plan))
        self.right = self.width - (64.0 if narrow or not many else min(210.0, 30 + 8.0 * (longest + 4)))
        self.top = 22.0 + (22.0 * len(plan.series) if narrow and many else 0.0)
        self.bottom = self.height - 34.0
        self.marks = self._marks(plan)
        self.places = {x: index for index, x in enumerate(plan.positions)}
        numbers = [float(x.toordinal() if isinstance(x, date) else x) for x in plan.positions if not isinstance(x, str)]
        self.numbers = numbers if len(numbers) == len(self.places) else [float(i) for i in range(len(self.places))]

    @staticmethod
    def _marks(plan: _Plan) -> list[float]:
        edges = [edge for band in plan.bands.values() for _, low, high in band for edge in (low, high)]
        shown = [*plan.values, *edges, *([plan.target] if plan.target is not None else [])] or [0.0, 1.0]
        return ticks(0.0 if plan.y_from_zero else min(shown), max(shown))

    def x(self, position: X) -> float:
        first, last = self.numbers[0], self.numbers[-1]
        share = (self.numbers[self.places[position]] - first) / (last - first) if last > first else 0.5
        return self.left + 10 + share * (self.right - self.left - 20)

    def y(self, value: float) -> float:
        low, high = self.marks[0], self.marks[-1]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def _draw(plan: _Plan, narrow: bool) -> Canvas:
    frame = _Frame(plan, narrow)
    canvas = Canvas(frame.width, frame.height)
    _draw_axes(canvas, plan, frame)
    for index, line in enumerate(plan.series):
        _draw_band(canvas, plan.bands.get(line.name, ()), frame, index)
    for index, line in reversed(list(enumerate(plan.series))):
        _draw_line(canvas, line, plan, frame, index)
    _draw_names(canvas, plan, frame)
    return canvas


def _draw_axes(canvas: Canvas, plan: _Plan, frame: _Frame) -> None:
    for mark in frame.marks:
        y = frame.y(mark)
        canvas.add(
            "line", class_="axis" if mark == frame.marks[0] else "grid", x1=frame.left, x2=frame.right, y1=y, y2=y
        )
        canvas.add("text", say_number(mark), class_="end", x=frame.left - 8, y=y + 5)
    every = max(1, -(-len(frame.places) // (4 if frame.narrow else 8)))
    for x, index in frame.places.items():
        if (len(frame.places) - 1 - index) % every == 0:
            canvas.add("text", _say_x(x), class_="middle", x=frame.x(x), y=frame.bottom + 24)
    for x in plan.breaks:
        if x in frame.places:
            canvas.add("line", class_="break", x1=frame.x(x), x2=frame.x(x), y1=frame.top, y2=frame.bottom)
    if plan.target is not None:
        y = frame.y(plan.target)
        canvas.add("line", class_="target", x1=frame.left, x2=frame.right, y1=y, y2=y)
        words = gettext("Mål %(target)s") % {"target": said(plan.target, plan.unit, None)}
        canvas.add("text", words, x=frame.left + 4, y=y - 7, class_="strong halo")


def _draw_band(canvas: Canvas, band: Band, frame: _Frame, index: int) -> None:
    known = [(frame.x(x), frame.y(low), frame.y(high)) for x, low, high in band if x in frame.places]
    if len(known) < 2:
        return
    outline = [(x, high) for x, _, high in known] + [(x, low) for x, low, _ in reversed(known)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline)
    canvas.add("polygon", class_=f"band-area f{index}", points=points)


def _pieces(line: Series, breaks: Sequence[X]) -> list[list[tuple[X, float]]]:
    """The line cut at missing values and at breaks in the series."""
    pieces: list[list[tuple[X, float]]] = [[]]
    for x, value in line.points:
        if value is None or x in breaks:
            pieces.append([])
        if value is not None:
            pieces[-1].append((x, value))
    return [piece for piece in pieces if piece]


def _draw_line(canvas: Canvas, line: Series, plan: _Plan, frame: _Frame, index: int) -> None:
    pieces = _pieces(line, plan.breaks)
    for piece in pieces:
        if len(piece) > 1:
            points = " ".join(f"{frame.x(x):.1f},{frame.y(value):.1f}" for x, value in piece)
            canvas.add("polyline", class_=f"series s{index}", points=points)
        for x, value in piece if len(piece) == 1 else [piece[0], piece[-1]]:
            canvas.add("circle", class_=f"dot f{index}", cx=frame.x(x), cy=frame.y(value), r=5 if index == 0 else 4)


def _draw_names(canvas: Canvas, plan: _Plan, frame: _Frame) -> None:
    """Names at the ends of the lines (wide), or over the chart (narrow); one line alone shows its last value."""
    ends = [
        (frame.y(known[-1]), index, line.name, known[-1])
        for index, line in enumerate(plan.series)
        if (known := [value for _, value in line.points if value is not None])
    ]
    if len(plan.series) > 1 and frame.narrow:
        for index, line in enumerate(plan.series):
            y = 16.0 + 22 * index
            canvas.add("line", class_=f"series s{index}", x1=frame.left, x2=frame.left + 26, y1=y - 5, y2=y - 5)
            canvas.add("text", line.name, class_=f"l{index}", x=frame.left + 34, y=y)
    lowest = -100.0
    for y, index, name, value in sorted(ends):
        place = max(y + 5, lowest + 19)
        lowest = place
        many = len(plan.series) > 1
        text = say_number(value, plan.decimals) if many else said(value, plan.unit, plan.decimals)
        label = f"{name} {text}" if many and not frame.narrow else text
        canvas.add("text", label, class_=f"l{index}", x=frame.right + 2, y=place)

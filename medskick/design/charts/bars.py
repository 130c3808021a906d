"""Bar chart: who has how much, with the bar that matters set off, intervals, and a target line."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from medskick.design.charts.model import Canvas, Chart, both_widths, decimals_of, said
from medskick.design.parts import Column, Table
from medskick.lib.numbers import say_number

ROW = {False: 32.0, True: 50.0}


@dataclass(frozen=True)
class Bar:
    """One bar. ``value`` None is missing and gets words in place of a bar; low and high end its interval."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    emphasis: bool = False


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
) -> Chart:
    """Lying bars from zero, in the order given. Errors: ValueError when a value is negative (bars start at zero)."""
    known = [bar.value for bar in bars if bar.value is not None]
    if any(value < 0 for value in known):
        raise ValueError("a bar starts at zero and cannot be negative")
    kept = decimals_of(known) if decimals is None else decimals
    text = description or _describe(bars, unit, kept, target)
    svg = both_widths(
        lambda narrow: _draw(bars, unit, kept, target, narrow), title=title, description=text, id_base=id_base
    )
    return Chart(title=title, description=text, svg=svg, table=_table(title, bars, unit, kept, first_column))


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


def _draw(bars: Sequence[Bar], unit: str, decimals: int, target: float | None, narrow: bool) -> Canvas:
    width = 340.0 if narrow else 680.0
    label = 0.0 if narrow else min(240.0, 14 + 7.8 * max((len(bar.label) for bar in bars), default=1))
    head = 24.0 if target is not None else 2.0
    canvas = Canvas(width, head + ROW[narrow] * max(len(bars), 1) + 4)
    shown = [edge for bar in bars for edge in (bar.value, bar.high) if edge is not None]
    most = max([*shown, target or 0.0]) or 1.0
    scale = (width - label - 76.0) / most
    for index, bar in enumerate(bars):
        _draw_bar(canvas, bar, head + index * ROW[narrow], label, scale, unit, decimals, narrow)
    if target is not None:
        x = label + target * scale
        canvas.add("line", class_="target", x1=x, x2=x, y1=head - 4, y2=canvas.height)
        words = gettext("Mål %(target)s") % {"target": said(target, unit, None)}
        canvas.add(
            "text",
            words,
            class_="strong end" if x > width - 120 else "strong",
            x=x + (4 if x > width - 120 else -4),
            y=15,
        )
    return canvas


def _draw_bar(
    canvas: Canvas, bar: Bar, top: float, label: float, scale: float, unit: str, decimals: int, narrow: bool
) -> None:
    strong = " strong" if bar.emphasis else ""
    y = top + (22.0 if narrow else 5.0)
    if narrow:
        canvas.add("text", bar.label, class_=strong.strip() or "name", x=0, y=top + 16)
    else:
        canvas.add("text", bar.label, class_=f"end{strong}", x=label - 12, y=y + 16)
    if bar.value is None:
        canvas.add("text", gettext("uppgift saknas"), x=label, y=y + 16, class_="missing")
        return
    css = "bar emphasis" if bar.emphasis else "bar"
    canvas.add(
        "rect", class_=css, x=label, y=y, width=max(bar.value * scale, 1.0), height=21 if not narrow else 18, rx=2
    )
    end = label + max(bar.value, bar.high or 0.0) * scale
    if bar.low is not None and bar.high is not None:
        low, high, middle = label + bar.low * scale, label + bar.high * scale, y + (10.5 if not narrow else 9.0)
        path = f"M{low:.1f} {middle - 5:.1f}v10m0-5H{high:.1f}m0-5v10"
        canvas.add("path", class_="interval-halo", d=path)
        canvas.add("path", class_="interval", d=path)
    text = said(bar.value, unit, decimals) if unit == "%" else say_number(bar.value, decimals)
    canvas.add("text", text, class_=f"halo{strong}", x=end + 8, y=y + (16 if not narrow else 14))

"""What all charts share: the finished chart, the canvas it is drawn on, and round numbers for an axis."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from medskick.design.parts import Table
from medskick.lib.csv_rows import write_rows
from medskick.lib.numbers import say_number

HARD_SPACE = "\u00a0"

Size = Literal["page", "projector", "phone"]  # where a result is shown; a chart for a page is drawn for a phone too


@dataclass
class Chart:
    """A drawn chart. Set ``csv_url`` to offer the values as a file, ``source`` to say where they come from."""

    title: str
    description: str
    svg: SafeString
    table: Table
    csv_url: str = ""
    source: str = ""
    note: str = ""

    def csv(self) -> bytes:
        """The table as a CSV file (UTF-8 with mark, semicolons, decimal comma)."""
        return write_rows([column.label for column in self.table.columns], self.table.rows)


@dataclass
class Canvas:
    """Collects SVG elements. Numbers are rounded to one decimal, texts are escaped, nothing has an inline style."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, text: str | None = None, **attributes: object) -> None:
        written = "".join(f' {_name(name)}="{_value(value)}"' for name, value in attributes.items())
        self.parts.append(f"<{tag}{written}/>" if text is None else f"<{tag}{written}>{escape(text)}</{tag}>")

    def drawn(self, *, css: str, title: str, description: str, key: str) -> str:
        """The finished svg element; ``key`` makes its ids."""
        return (
            f'<svg class="chart-svg {css}" viewBox="0 0 {_value(self.width)} {_value(self.height)}" role="img" '
            f'aria-labelledby="{key}-t" aria-describedby="{key}-d" xmlns="http://www.w3.org/2000/svg">'
            f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(escape(str(value)))


def both_widths(
    draw: Callable[[bool], Canvas], *, title: str, description: str, id_base: str, css: str = ""
) -> SafeString:
    """The picture for wide columns and the one for phones."""
    made = []
    for name, narrow in (("wide", False), ("narrow", True)):
        canvas = draw(narrow)
        base = id_base or "c" + hashlib.sha256("".join(canvas.parts).encode() + title.encode()).hexdigest()[:10]
        classes = f"chart-{name} {css}".strip()
        made.append(canvas.drawn(css=classes, title=title, description=description, key=f"{base}-{name[0]}"))
    return mark_safe("".join(made))  # noqa: S308 - built by Canvas, which escapes all texts


def said(value: float, unit: str, decimals: int | None) -> str:
    """A value with its unit; the per cent sign and other units after a hard space."""
    return say_number(value, decimals) + (HARD_SPACE + unit if unit else "")


def decimals_of(values: list[float]) -> int:
    """No decimal if all are whole, else one; small numbers keep two."""
    if all(float(value).is_integer() for value in values):
        return 0
    return 2 if max((abs(value) for value in values), default=0) < 1 else 1


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers that cover low to high."""
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-3):
        high = low + (abs(low) if abs(low) > 1e-9 else 1)
    raw = (high - low) / about
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, max(last, first + 1) + 1)]

"""Pictures in templates: icons, emblem, QR codes, charts, and the colours of the place."""

from typing import Any

import segno
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from medskick.design.charts import Chart
from medskick.design.icons import ICONS
from medskick.design.themes import PLACES

register = template.Library()
PARTS = "design/components/"


@register.simple_tag
def theme_href(place: Any) -> str:
    """The address of the place's colours; the region's where a place has none."""
    theme = getattr(place, "theme", "") or "fyrbodal"
    return static(f"design/themes/{theme if theme in PLACES else 'fyrbodal'}.css")


@register.inclusion_tag(PARTS + "emblem.html")
def emblem(place: Any) -> dict[str, Any]:
    """The place's own arms where it has put them (``emblem_url``), else a neutral monogram on a field."""
    letters = getattr(place, "monogram", "") or (getattr(place, "name", "") or "Medskick")[:1]
    return {"letters": letters, "picture": getattr(place, "emblem_url", "")}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A small drawing; without label it is hidden from screen readers."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308
    drawing = mark_safe(ICONS[name])  # noqa: S308 - our own constants
    return format_html('<svg class="icon" viewBox="0 0 24 24" {} focusable="false">{}</svg>', meaning, drawing)


@register.simple_tag
def qr(address: str, label: str = "", css: str = "") -> SafeString:
    """A QR code as inline SVG; the address should also stand beside it as text."""
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(scale=1, border=3, dark="#000", light="#fff", omitsize=True)
    text = label or gettext("QR-kod till %(address)s") % {"address": address}
    drawing = mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S308
    return format_html('<span class="qr {}" role="img" aria-label="{}">{}</span>', css, text, drawing)


@register.inclusion_tag(PARTS + "chart.html")
def chart(chart: Chart, open: bool = False) -> dict[str, Any]:  # noqa: A002 - as the element's own attribute
    """A picture of numbers with its finding, its table and its download. ``open`` shows the table from the start."""
    return {"chart": chart, "open": open}

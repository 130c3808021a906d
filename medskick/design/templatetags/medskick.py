"""The tags and filters of every template; registered as builtins, so no template loads them. See ../README.md."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import segno
from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from medskick.design.charts import Chart
from medskick.design.icons import ICONS
from medskick.design.paging import Page
from medskick.design.parts import Table
from medskick.design.themes import PLACES
from medskick.lib.dates import STOCKHOLM, say_date, say_datetime, say_period
from medskick.lib.numbers import say_number, say_percent

register = template.Library()
PARTS = "design/components/"


# Values ---------------------------------------------------------------------------------------------------------------


def _number(value: Any, decimals: Any, say: Any) -> str:
    if value is None or value == "":
        return gettext("uppgift saknas")
    try:
        return say(value, None if decimals is None else int(decimals))
    except (TypeError, ValueError, ArithmeticError):
        return str(value)


@register.filter
def number_sv(value: Any, decimals: Any = None) -> str:
    """12345.5 -> "12 345,5"; None -> "uppgift saknas"."""
    return _number(value, decimals, say_number)


@register.filter
def percent_sv(value: Any, decimals: Any = None) -> str:
    """83 -> "83 %"."""
    return _number(value, decimals, say_percent)


@register.filter
def date_sv(value: Any) -> str:
    """A date as people say it; text passes through, nothing gives nothing."""
    if not isinstance(value, date):
        return str(value or "")
    return say_date(value)


@register.filter
def datetime_sv(value: Any) -> str:
    """Day and clock; a date without clock gives the day."""
    return say_datetime(value) if isinstance(value, datetime) else date_sv(value)


@register.filter
def time_sv(value: Any) -> str:
    """The clock: 14.05."""
    if isinstance(value, datetime):
        value = value.astimezone(STOCKHOLM) if value.tzinfo else value
    return f"{value:%H.%M}" if isinstance(value, datetime | time) else str(value or "")


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """A period, both ends included: "12–14 december"."""
    return say_period(start, end)


@register.simple_tag
def when(value: Any, css: str = "", weekday: bool = True) -> str:
    """A day or a moment, said as people say it and marked up for machines."""
    if not isinstance(value, date):
        return format_html('<span class="{}">{}</span>', css, value) if value else ""
    if isinstance(value, datetime):
        machine, said = value.isoformat(timespec="minutes"), say_datetime(value)
    else:
        machine, said = value.isoformat(), say_date(value, weekday=weekday)
    if isinstance(value, datetime) and not weekday:
        said = said.split(" ", 1)[1]
    return format_html('<time class="{}" datetime="{}">{}</time>', css, machine, said)


@register.simple_tag(takes_context=True)
def if_url(context: Context, name: str) -> str:
    """The address of a named page, or nothing where the project has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def theme_href(place: Any) -> str:
    """The address of the place's colours; the region's where a place has none."""
    theme = getattr(place, "theme", "") or "fyrbodal"
    return static(f"design/themes/{theme if theme in PLACES else 'fyrbodal'}.css")


@register.inclusion_tag(PARTS + "emblem.html")
def emblem(place: Any) -> dict[str, Any]:
    """A neutral monogram on a field, until the place has put its own arms there."""
    letters = getattr(place, "monogram", "") or (getattr(place, "name", "") or "Medskick")[:1]
    return {"letters": letters}


@register.filter
def phone_digits(number: str) -> str:
    """A telephone number as a link needs it."""
    return "".join(sign for sign in str(number) if sign.isdigit() or sign == "+")


@register.filter
def as_list(value: Any) -> list[Any]:
    """One text or several, as a list."""
    return [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)


@register.filter
def as_words(text: str) -> list[str]:
    """The words of a text, one by one."""
    return text.split()


# Forms ----------------------------------------------------------------------------------------------------------------


@register.inclusion_tag(PARTS + "form.html", takes_context=True)
def render_form(context: Context, form: Any, submit: str = "", cancel: str = "", **options: Any) -> dict[str, Any]:
    """A whole form. Options: action, method, cancel_label, css, id, variant, focus, hx_* (each becomes an attribute)."""
    return {
        "form": form,
        "submit": submit or gettext("Spara"),
        "cancel": cancel,
        "cancel_label": options.get("cancel_label") or gettext("Avbryt"),
        "action": options.get("action", ""),
        "method": options.get("method", "post"),
        "compact": options.get("css") == "compact",
        "id": options.get("id", ""),
        "focus": options.get("focus", True),
        "variant": options.get("variant", "primary"),
        "hx": [(key.replace("_", "-"), value) for key, value in options.items() if key.startswith("hx_")],
        "csp_nonce": context.get("csp_nonce", ""),
    }


@register.inclusion_tag(PARTS + "form_fields.html")
def form_fields(form: Any, summary: bool = False) -> dict[str, Any]:
    """All fields of a form, in their fieldsets, without the form element."""
    return {"form": form, "summary": summary}


@register.inclusion_tag(PARTS + "field.html")
def field(field: BoundField) -> dict[str, Any]:
    """One field with label, help, and what is wrong with it."""
    return {"field": field}


@register.inclusion_tag(PARTS + "error_summary.html")
def error_summary(form: Any, focus: bool = True) -> dict[str, Any]:
    """What is wrong in the form, each with a link to its field; takes focus by itself."""
    found: list[tuple[str, str]] = [("", error) for error in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else field_anchor(bound)
        found += [(target, error) for error in bound.errors]
    return {"errors": found, "focus": focus}


@register.filter
def field_anchor(bound: BoundField) -> str:
    """The id to jump to: the field's own, or its first choice's."""
    own = bound.id_for_label
    if own:
        return own
    return f"{bound.auto_id}_0"


@register.filter
def field_kind(bound: BoundField) -> str:
    """How a field is laid out: plain, checkbox, choices, cards or group."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "cards" if getattr(widget, "as_cards", False) else "choices"
    return "group" if bound.use_fieldset else "plain"


@register.filter
def is_optional(bound: BoundField) -> bool:
    """Whether to write "frivilligt" beside the field."""
    return not bound.field.required and getattr(bound.form, "marks_optional", False)


@register.filter
def told_limit(bound: BoundField) -> int | None:
    """The highest number of characters, where it is worth telling: in large boxes."""
    if isinstance(bound.field.widget, forms.Textarea):
        return getattr(bound.field, "max_length", None)
    return None


@register.inclusion_tag(PARTS + "post_button.html", takes_context=True)
def post_button(context: Context, url: str, label: str, variant: str = "secondary", **hidden: Any) -> dict[str, Any]:
    """A form of one button, for changes that need no words; keywords become hidden fields."""
    return {"url": url, "label": label, "variant": variant, "hidden": hidden.items(), "key": uuid4()}


# Parts ----------------------------------------------------------------------------------------------------------------


@register.inclusion_tag(PARTS + "thread.html")
def thread(steps: Iterable[Any], label: str = "") -> dict[str, Any]:
    """The thread with its knots."""
    return {"steps": steps, "label": label}


@register.inclusion_tag(PARTS + "timeline.html")
def timeline(events: Iterable[Any], label: str = "") -> dict[str, Any]:
    """What happened, on the same line with smaller knots."""
    return {"events": events, "label": label}


@register.inclusion_tag(PARTS + "steps_bar.html")
def steps_bar(steps: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Where in a form of several pages."""
    return {"steps": steps, "label": label}


@register.inclusion_tag(PARTS + "breadcrumbs.html")
def breadcrumbs(crumbs: Sequence[Any]) -> dict[str, Any]:
    """The way here: pairs of label and address."""
    return {"crumbs": [(crumb.label, crumb.url) if hasattr(crumb, "label") else crumb for crumb in crumbs]}


@register.inclusion_tag(PARTS + "tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Views of the same thing, as links."""
    return {"items": items, "label": label}


@register.inclusion_tag(PARTS + "record_bar.html")
def record_bar(facts: Iterable[Any], offers: Iterable[Any] = ()) -> dict[str, Any]:
    """What is registered about the thing, and what can be done with it."""
    return {"facts": facts, "offers": list(offers)}


@register.inclusion_tag(PARTS + "facts.html")
def facts(pairs: Iterable[Any]) -> dict[str, Any]:
    """Label and value, several."""
    return {"pairs": pairs}


@register.inclusion_tag(PARTS + "empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Nothing here: why, and what to do."""
    return {"title": title, "text": text, "url": url, "action": action}


TONES = {"neutral": "neutral", "now": "accent", "done": "success", "wait": "warning", "stop": "danger"}


@register.inclusion_tag(PARTS + "status.html")
def status(label: str, tone: str = "neutral") -> dict[str, Any]:
    """A small tag; the words carry the meaning, colour and shape only help."""
    return {"label": label, "tone": tone, "color": TONES.get(tone, tone)}


@register.inclusion_tag(PARTS + "doors.html")
def doors(items: Iterable[Any]) -> dict[str, Any]:
    """The four doors."""
    return {"items": items}


@register.inclusion_tag(PARTS + "voice.html")
def voice(text: str, who: str = "", when: Any = None, url: str = "") -> dict[str, Any]:
    """Someone's words."""
    return {"text": text, "who": who, "when_said": when, "url": url}


@register.inclusion_tag(PARTS + "rows.html")
def rows(items: Iterable[Any]) -> dict[str, Any]:
    """A list of things."""
    return {"items": items}


@register.inclusion_tag(PARTS + "tasks.html")
def tasks(items: Iterable[Any]) -> dict[str, Any]:
    """What waits, in order of what is due; one verb a row."""
    return {"items": items}


@register.inclusion_tag(PARTS + "progress.html")
def progress(value: float, most: float, label: str = "") -> dict[str, Any]:
    """How far, in words and as a bar."""
    return {"value": value, "most": most, "label": label}


@register.inclusion_tag(PARTS + "data_table.html")
def data_table(table: Table) -> dict[str, Any]:
    """A table from Python, missing values told."""
    lines = [
        {
            "emphasis": index in table.emphasis,
            "cells": [
                (column, _cell(value, column.decimals)) for column, value in zip(table.columns, row, strict=True)
            ],
        }
        for index, row in enumerate(table.rows)
    ]
    return {"table": table, "lines": lines}


def _cell(value: object, decimals: int | None) -> str | None:
    if isinstance(value, date):
        return date_sv(value)
    if value is None or isinstance(value, str):
        return value
    return _number(value, decimals, say_number)


@register.inclusion_tag(PARTS + "pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], name: str = "sida", label: str = "") -> dict[str, Any]:
    """To the page before and after; the other parameters of the address are kept."""
    request = context.get("request")
    kept = [(key, value) for key, values in request.GET.lists() if key != name for value in values] if request else []

    def address(number: int) -> str:
        return "?" + urlencode([*kept, (name, number)])

    return {
        "page": page,
        "label": label,
        "previous": address(page.previous_number) if page.has_previous else "",
        "next": address(page.next_number) if page.has_next else "",
    }


@register.inclusion_tag(PARTS + "chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A picture of numbers with its finding, its table and its download."""
    return {"chart": chart}


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


@register.simple_block_tag(takes_context=True)
def card(context: Context, content: str, title: str = "", url: str = "", meta: str = "", kicker: str = "") -> str:
    """A thing to go to, with a few words inside."""
    values = {"content": content, "title": title, "url": url, "meta": meta, "kicker": kicker}
    return get_template(PARTS + "card.html").render(values)


NOTICES = {
    "info": "info",
    "success": "check",
    "warning": "warning",
    "danger": "warning",
    "error": "warning",
    "debug": "info",
}


@register.simple_block_tag(takes_context=True)
def notice(context: Context, content: str, kind: str = "info", title: str = "") -> str:
    """Something to notice before going on."""
    kind = kind if kind in NOTICES else "info"
    color = "danger" if kind == "error" else "info" if kind == "debug" else kind
    values = {"content": content, "title": title, "color": color, "icon_name": NOTICES[kind]}
    return get_template(PARTS + "notice.html").render(values)


@register.simple_block_tag(takes_context=True)
def table(context: Context, content: str, caption: str = "") -> str:
    """A table that scrolls by itself when it is wider than the page."""
    return get_template(PARTS + "table.html").render({"content": content, "caption": caption, "id": uuid4().hex[:8]})

"""The components in templates; each has a template of its own name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medskick.design.paging import Page
from medskick.design.parts import Table
from medskick.design.tags.values import date_sv, number

register = template.Library()
PARTS = "design/components/"


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


@register.inclusion_tag(PARTS + "print_button.html", takes_context=True)
def print_button(context: Context, label: str = "") -> dict[str, Any]:
    """Print this page. It shows where scripts run; print.css decides what comes on the paper."""
    return {"label": label or _("Skriv ut"), "csp_nonce": context.get("csp_nonce", "")}


@register.inclusion_tag(PARTS + "facts.html")
def facts(pairs: Iterable[Any]) -> dict[str, Any]:
    """Label and value, several."""
    return {"pairs": pairs}


@register.inclusion_tag(PARTS + "empty.html", name="empty_state")
@register.inclusion_tag(PARTS + "empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Nothing here: why, and what to do."""
    return {"title": title, "text": text, "url": url, "action": action}


TONES = {"neutral": "neutral", "now": "accent", "done": "success", "wait": "warning", "stop": "danger"}


@register.simple_tag
def status(label: str, tone: str = "neutral") -> SafeString:
    """A small tag; the words carry the meaning, colour and shape only help. Without a template: lists have many."""
    return format_html(
        '<span class="status" data-tone="{}" data-color="{}">{}</span>', tone, TONES.get(tone, tone), label
    )


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
    columns = table.columns
    lines = [
        {
            "emphasis": index in table.emphasis,
            "cells": [(column, _cell(value, column.decimals)) for column, value in zip(columns, row, strict=True)],
        }
        for index, row in enumerate(table.rows)
    ]
    return {"table": table, "lines": lines}


def _cell(value: object, decimals: int | None) -> str | None:
    if isinstance(value, date):
        return date_sv(value)
    if value is None or isinstance(value, str):
        return value
    return number(value, decimals)


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


@register.simple_block_tag(takes_context=True)
def card(context: Context, content: str, title: str = "", url: str = "", meta: str = "", kicker: str = "") -> str:
    """A thing to go to, with a few words inside."""
    values = {"content": content, "title": title, "url": url, "meta": meta, "kicker": kicker}
    return get_template(PARTS + "card.html").render(values)


NOTICES = {"info": "info", "success": "check", "warning": "warning", "danger": "warning"}
LEVELS = {"error": "danger", "debug": "info"}  # Django's names for its messages


@register.simple_block_tag(takes_context=True)
def notice(context: Context, content: str, kind: str = "info", title: str = "") -> str:
    """Something to notice before going on."""
    kind = LEVELS.get(kind, kind)
    kind = kind if kind in NOTICES else "info"
    values = {"content": content, "title": title, "color": kind, "icon_name": NOTICES[kind]}
    return get_template(PARTS + "notice.html").render(values)


@register.simple_block_tag(takes_context=True)
def table(context: Context, content: str, caption: str = "") -> str:
    """A table that scrolls by itself when it is wider than the page."""
    return get_template(PARTS + "table.html").render({"content": content, "caption": caption, "id": uuid4().hex[:8]})

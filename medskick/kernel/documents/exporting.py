"""A version as it leaves the pages: Markdown for people, JSON for machines, head and foot for paper."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.documents.presenting import HistoryRow
from medskick.kernel.organisations.places import place_of

ESCAPED = "\\`*_{}[]<>#+-!|"


def as_json(
    version: DocumentVersion, *, owner: str, diary_number: str, history: Iterable[HistoryRow]
) -> dict[str, Any]:
    """What the version says, with its number, day and history."""
    return {
        "title": version.title,
        "version": version.number,
        "owner": owner,
        "fixed": _day(version) if version.fixed else None,
        "diary_number": diary_number or None,
        "issuer": version.by_name,
        "fields": [{"key": one["key"], "label": one["label"], "text": one["value"]} for one in version.fields],
        "history": [{"at": one.at.isoformat(), "issuer": one.issuer, "reason": one.reason} for one in history],
    }


def as_markdown(version: DocumentVersion, *, owner: str, diary_number: str) -> str:
    """Title, facts and each field under its heading. Signs that Markdown would read as its own are escaped."""
    day = _day(version)
    facts = [
        (_("Version"), version.number),
        (_("Fastställd") if version.fixed else _("Utkast"), day),
        (_("Utfärdare"), version.by_name),
        *([(_("Diarienummer"), diary_number)] if diary_number else []),
        (_("Ägare"), owner),
    ]
    lines = [f"# {_escape(version.title)}", "", *(f"- {label}: {_escape(value)}" for label, value in facts)]
    for field in version.fields:
        lines += ["", f"## {_escape(field['label'])}", "", _escape(field["value"])]
    return "\n".join(lines) + "\n"


def page_style(version: DocumentVersion) -> str:
    """CSS of paged media: title and version at the top of each page, owner and "sida n (N)" at its foot."""
    place = place_of(version.owner_id)
    record = getattr(version.item, "record", None) if version.item else None
    state = _("Fastställd") if version.fixed else _("Utkast")
    head = f"{version.title}, {version.number}"
    day = _day(version)
    foot = ", ".join(part for part in (place.name if place else "", record.diary_number if record else "") if part)
    page = _("sida")
    return (
        "@media print { .top, .foot { display: none } }\n@page { margin: 24mm 16mm 22mm; font-family: sans-serif;\n"
        f"  @top-left {{ content: {_css(head)}; font-size: 9pt; vertical-align: middle }}\n"
        f"  @top-right {{ content: {_css(f'{state} {day}')}; font-size: 9pt; vertical-align: middle }}\n"
        f"  @bottom-left {{ content: {_css(foot)}; font-size: 9pt; vertical-align: middle }}\n"
        f'  @bottom-right {{ content: {_css(page + " ")} counter(page) " (" counter(pages) ")";'
        " font-size: 9pt; vertical-align: middle }\n}\n"
    )


def _day(version: DocumentVersion) -> str:
    """The day that the version was fixed, or written, with its year: paper outlives it."""
    return timezone.localtime(version.fixed_at or version.created_at).date().isoformat()


def _css(text: str) -> str:
    """A string of CSS: all but plain letters and digits as their numbers, so that nothing in the text ends it."""
    return '"' + "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):x} " for one in text) + '"'


def _escape(text: str) -> str:
    return "".join(f"\\{letter}" if letter in ESCAPED else letter for letter in text)

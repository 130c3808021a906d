"""What the verbs of documents have in common: writing a version, giving it an item, noting what happened to it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from medskick.kernel.documents.models import VERSION_KIND, Document, DocumentVersion, VersionEvent
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tasks.actions import create_task
from medskick.kernel.tasks.models import Task

NARROW = (Level.UNIT, Level.PARTIES, Level.SEALED)
NOTE_LENGTH = 300


def locked(document: Document) -> Document:
    """The document, with its row locked until commit: two who write its next version do it one after the other."""
    return Document.objects.select_for_update(of=("self",)).select_related("item").get(pk=document.pk)


def write_version(
    document: Document,
    *,
    by: Actor,
    number: tuple[int, int],
    title: str,
    fields: list[dict[str, str]],
    reason: str,
    **more: object,
) -> DocumentVersion:
    """Write a row that says what the version says; from then on nobody changes that."""
    version = DocumentVersion(
        owner_id=document.item.owner_id,
        document=document,
        major=number[0],
        minor=number[1],
        title=title[:300],
        fields=fields,
        reason=reason[:NOTE_LENGTH],
        by_person=by.person,
        by_name=by.name,
        **more,
    )
    version.save(force_insert=True)
    log("document.version_written", by=by, item=document.item_id, references=[version.id])
    return version


def note_event(version: DocumentVersion, *, by: Actor, what: VersionEvent.What, note: str = "") -> VersionEvent:
    """Add a row to the version's history."""
    event = VersionEvent(version=version, what=what, by_person=by.person, by_name=by.name, note=note[:NOTE_LENGTH])
    event.save(force_insert=True)
    return event


def own_audience(document: Document) -> tuple[str, list[UUID]]:
    """Level and readers of what stays with those whose working paper it is."""
    if document.unit_id:
        return Level.UNIT, [document.unit_id]
    level = document.item.level
    return (level, list(document.item.readers)) if level in NARROW else (Level.ORGANISATION, [])


def create_version_item(
    document: Document,
    *,
    by: Actor,
    title: str,
    number: str,
    level: str,
    readers: Iterable[UUID],
    text: str = "",
    searchable: bool = True,
) -> Item:
    """The version's own item. Where everyone reads it, search finds the document instead, with the same text."""
    named = _("%(title)s, version %(number)s") % {"title": title, "number": number}
    return create_item(
        by=by,
        kind=VERSION_KIND,
        title=named,
        level=level,
        readers=readers,
        unit=document.unit_id,
        search_text=text,
        searchable=searchable,
    )


def item_of_draft(version: DocumentVersion, *, by: Actor) -> Item:
    """The draft's own item, made when it is first needed: only those who work with it read it, until it is shared."""
    if version.item is None:
        level, readers = own_audience(version.document)
        version.item = create_version_item(
            version.document,
            by=by,
            title=version.title,
            number=version.number,
            level=level,
            readers=readers,
            searchable=False,
        )
        version.save(update_fields=["item"])
    return version.item


def ask(
    item: Item,
    persons: Iterable[UUID],
    *,
    by: Actor,
    what: str,
    verb: str,
    url: str,
    due: date,
    else_at: UUID | None = None,
) -> list[Task]:
    """The same task for each of several persons; the first who does it has done it for all.

    else_at: where there are none, a unit of this organisation gets it, so that somebody sees it.
    """
    chosen = list(dict.fromkeys(persons))
    given: dict[str, Any] = {"by": by, "what": what, "verb": verb, "url": url, "due": due}
    if not chosen and else_at is not None:
        unit = Unit.objects.filter(organisation_id=else_at).order_by("name").first()
        return [create_task(item, unit=unit.id, **given)] if unit is not None else []
    return [create_task(item, person=person, **given) for person in chosen]

"""The verbs of document control: drafting, changing a draft, fixing a version."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from medskick.kernel.documents.models import Document, DocumentVersion, VersionEvent
from medskick.kernel.documents.templates import DocumentTemplate
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import change_item, create_item
from medskick.kernel.records.models import Level

KIND = "kernel.document"


def draft_document(
    *,
    by: Actor,
    template: DocumentTemplate,
    title: str,
    values: Mapping[str, str],
    level: str = Level.ORGANISATION,
    readers: Iterable[UUID] = (),
    unit: UUID | None = None,
    network: Network | None = None,
    review_by: date | None = None,
) -> DocumentVersion:
    """Begin a document of the acting organisation as its draft 0.1, with a value for each of the template's fields."""
    require_staff(by)
    text = "\n".join(values.values())
    item = create_item(by=by, kind=KIND, title=title, level=level, readers=readers, unit=unit, search_text=text)
    document = Document(item=item, template=template.key, network=network, review_by=review_by)
    document.save(force_insert=True)
    return _write(document, by=by, number=(0, 1), title=title, fields=template.filled(values), reason="")


def change_draft(
    version: DocumentVersion, *, by: Actor, title: str, values: Mapping[str, str], reason: str = ""
) -> DocumentVersion:
    """Write the next decimal after `version` (1.2 after 1.1, or after 1.0 which stays as it is).

    values: by field key; a field that is left out keeps its text. Raise PermissionDenied where a later one is there.
    """
    require_staff(by)
    require_same_organisation(by, version.owner_id)
    latest = version.document.versions.order_by("-major", "-minor").first()
    if latest != version:
        raise PermissionDenied("En senare version finns redan.")
    fields = [{**field, "value": values.get(field["key"], field["value"])} for field in version.fields]
    number = (version.major, version.minor + 1)
    return _write(version.document, by=by, number=number, title=title, fields=fields, reason=reason)


def fix_version(version: DocumentVersion, *, by: Actor, reason: str) -> DocumentVersion:
    """Fix the draft as the next whole number: from now on nobody changes it."""
    require_staff(by)
    require_same_organisation(by, version.owner_id)
    fixed = _write(
        version.document,
        by=by,
        number=(version.major + 1, 0),
        title=version.title,
        fields=version.fields,
        reason=reason,
    )
    fixed.fixed_at = timezone.now()
    fixed.save(update_fields=["fixed_at"])
    note_event(fixed, by=by, what=VersionEvent.What.FIXED, note=reason)
    text = "\n".join(field["value"] for field in fixed.fields)
    change_item(version.document.item, by=by, verb="document.fixed", title=version.title, search_text=text)
    return fixed


def note_event(version: DocumentVersion, *, by: Actor, what: VersionEvent.What, note: str = "") -> VersionEvent:
    """Add a row to the version's history."""
    event = VersionEvent(version=version, what=what, by_person=by.person, by_name=by.name, note=note)
    event.save(force_insert=True)
    return event


def _write(
    document: Document,
    *,
    by: Actor,
    number: tuple[int, int],
    title: str,
    fields: list[dict[str, str]],
    reason: str,
) -> DocumentVersion:
    version = DocumentVersion(
        owner_id=document.item.owner_id,
        document=document,
        major=number[0],
        minor=number[1],
        title=title,
        fields=fields,
        reason=reason,
        by_person=by.person,
        by_name=by.name,
    )
    version.save(force_insert=True)
    if number[1]:
        note_event(version, by=by, what=VersionEvent.What.DRAFTED, note=reason)
    log("document.version_written", by=by, item=document.item_id, references=[version.id])
    return version

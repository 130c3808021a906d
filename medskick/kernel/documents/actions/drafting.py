"""Drafting: beginning a document, writing its next decimal, reading it through, looking it over."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.actions.versions import (
    NARROW,
    item_of_draft,
    locked,
    note_event,
    own_audience,
    write_version,
)
from medskick.kernel.documents.models import KIND, Document, DocumentVersion, VersionEvent
from medskick.kernel.documents.queries import class_of_version, latest_version
from medskick.kernel.documents.templates import DocumentTemplate
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import follow
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import change_item, create_item, share
from medskick.kernel.records.classes import scheme
from medskick.kernel.records.models import Level
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task


class LaterVersion(PermissionDenied):
    """Somebody else has written a later version than the one that was changed; `latest` is that one."""

    def __init__(self, latest: DocumentVersion) -> None:
        super().__init__(
            _("%(name)s har redan skrivit version %(number)s.") % {"name": latest.by_name, "number": latest.number}
        )
        self.latest = latest


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
    storage: str = "platform",
) -> DocumentVersion:
    """Begin a document of the acting organisation as its draft 0.1, with a value for each of the template's fields."""
    require_staff(by)
    text = "\n".join(values.values())
    item = create_item(by=by, kind=KIND, title=title, level=level, readers=readers, unit=unit, search_text=text)
    document = Document(
        item=item,
        template=template.key,
        network=network,
        review_by=review_by,
        unit_id=unit if level == Level.UNIT else None,
        responsible=by.person,
        storage=storage,
    )
    document.save(force_insert=True)
    follow(item, by=by)
    version = write_version(document, by=by, number=(0, 1), title=title, fields=template.filled(values), reason="")
    note_event(version, by=by, what=VersionEvent.What.DRAFTED)
    return version


def change_draft(
    version: DocumentVersion, *, by: Actor, title: str, values: Mapping[str, str], reason: str = ""
) -> DocumentVersion:
    """Write the next decimal after `version` (1.2 after 1.1, or after 1.0 which stays as it is).

    values: by field key; a field that is left out keeps its text. Raise LaterVersion where a later one is there.
    """
    require_staff(by)
    require_same_organisation(by, version.owner_id)
    document = locked(version.document)
    latest = latest_version(document)
    if latest is not None and latest != version:
        raise LaterVersion(latest)
    fields = [{**field, "value": values.get(field["key"], field["value"])} for field in version.fields]
    number = (version.major, version.minor + 1)
    draft = write_version(document, by=by, number=number, title=title, fields=fields, reason=reason)
    note_event(draft, by=by, what=VersionEvent.What.DRAFTED, note=reason)
    _let_own_staff_find(document, draft, by=by)
    return draft


def note_review(version: DocumentVersion, *, by: Actor, note: str) -> VersionEvent:
    """Say that one has read the version through, and what one found."""
    require_staff(by)
    require_same_organisation(by, version.owner_id)
    if version.by_person is not None and version.by_person == by.person:
        raise ValueError(_("Du skrev den här versionen själv. Be någon annan läsa igenom den."))
    event = note_event(version, by=by, what=VersionEvent.What.REVIEWED, note=note)
    log("document.reviewed", by=by, item=version.document_id, references=[version.id])
    return event


def keep_unchanged(document: Document, *, by: Actor, note: str, next_review: date | None) -> VersionEvent:
    """Decide that what is fixed stands as it is, and when to look at it next: a row of its history."""
    require_staff(by)
    require_same_organisation(by, document.item.owner_id)
    standing = document.versions.fixed().latest_first().first()
    if standing is None:
        raise ValueError(_("Det finns ingen fastställd version att se över än."))
    if next_review is not None and next_review <= timezone.localdate():
        raise ValueError(_("Välj en dag framåt i tiden för nästa översyn."))
    event = note_event(
        standing, by=by, what=VersionEvent.What.REVIEWED, note=_("Ingen ändring: %(note)s") % {"note": note}
    )
    look_after(document, by=by, review_by=next_review, responsible=document.responsible, storage=document.storage)
    return event


def look_after(
    document: Document, *, by: Actor, review_by: date | None, responsible: UUID | None, storage: str
) -> Document:
    """Say who sees to the document, when it is to be looked over next, and where the information is kept."""
    require_staff(by)
    require_same_organisation(by, document.item.owner_id)
    if storage not in scheme(timezone.localdate()).storage:
        raise ValueError(_("Välj var informationen finns."))
    document.review_by, document.responsible, document.storage = review_by, responsible, storage
    document.save(update_fields=["review_by", "responsible", "storage"])
    log("document.looked_after", by=by, item=document.item_id, fields=["review_by", "responsible", "storage"])
    if review_by is None or review_by > timezone.localdate():
        settle(document.item, by=by, relation=Task.TO_DO, url=review_url(document))
    return document


def share_working_paper(
    version: DocumentVersion, *, by: Actor, with_organisations: Iterable[UUID], reason: str
) -> DocumentVersion:
    """Let others read a draft, as the working paper that it is: a choice with a reason, and nothing is registered.

    Only this version is read by them, not those that come after it.
    """
    require_staff(by)
    require_same_organisation(by, version.owner_id)
    others = [one for one in dict.fromkeys(with_organisations) if one != version.owner_id]
    if version.fixed:
        raise ValueError(_("En fastställd version är ingen arbetshandling. Dela den i stället, eller skicka remiss."))
    if not others or not reason.strip():
        raise ValueError(_("Välj vilka som får läsa, och skriv varför."))
    require_may_leave(version)
    item = item_of_draft(version, by=by)
    for other in others:
        share(item, by=by, with_token=other)
    note_event(version, by=by, what=VersionEvent.What.SHARED, note=reason)
    log("document.working_paper_shared", by=by, item=version.document_id, references=[version.id, *others])
    return version


def require_may_leave(version: DocumentVersion) -> None:
    """Raise PermissionDenied where the class keeps the version inside the organisation (K22)."""
    if not scheme(timezone.localdate()).may_leave(class_of_version(version)):
        raise PermissionDenied(_("Klassningen säger att den inte får lämna den egna organisationen."))


def review_url(document: Document) -> str:
    return reverse("document_review", args=[document.item.number])


def _let_own_staff_find(document: Document, draft: DocumentVersion, *, by: Actor) -> None:
    """Search and the title follow the draft only while none but the document's own people read its item."""
    level, readers = own_audience(document)
    item = document.item
    only_own = item.level == level and set(item.readers) <= {*readers} and item.level not in NARROW[1:]
    if only_own and not document.versions.fixed().exists():
        change_item(item, by=by, verb="document.drafted", title=draft.title, search_text=draft.text)

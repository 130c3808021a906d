"""Fixing: a draft becomes the next whole number, and all that follows from it happens in the same transaction (K04, K05)."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.kernel.documents.access import FIXERS
from medskick.kernel.documents.actions.drafting import LaterVersion
from medskick.kernel.documents.actions.versions import (
    ask,
    create_version_item,
    locked,
    note_event,
    own_audience,
    write_version,
)
from medskick.kernel.documents.listeners import tell_version_fixed
from medskick.kernel.documents.models import Document, DocumentVersion, VersionEvent
from medskick.kernel.documents.queries import class_of, last_published, latest_version
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import tell_followers
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.people.models import Employment
from medskick.kernel.people.queries import holders_of
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.kernel.records.actions import change_item, link, publish, register
from medskick.kernel.records.classes import Classes, scheme
from medskick.kernel.records.listeners import tell_forgetters
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task
from medskick.kernel.typing import TextChoices


class Openness(TextChoices):
    """Who shall read the version that is fixed."""

    PUBLIC = "public", gettext_lazy("Alla")
    READERS = "readers", gettext_lazy("Bara vi som arbetar här, och de som dokumentet är delat med")
    WITHHELD = "withheld", gettext_lazy("Bara vi som arbetar med det, för att sekretess gäller")


def fix_version(
    version: DocumentVersion,
    *,
    by: Actor,
    reason: str,
    openness: str = Openness.PUBLIC,
    why_not: str = "",
    secrecy: str = "",
) -> DocumentVersion:
    """Fix the draft as the next whole number. Nobody changes it from now on; it is registered, published and announced.

    openness: who shall read it. Anything but everybody needs the reason `why_not`, and WITHHELD its secrecy mark. Where
    the class is too high to publish it is not, and the registrars get a task. Raise LaterVersion where a later one is
    there, ValueError for what is missing.
    """
    require_staff(by, *FIXERS)
    require_same_organisation(by, version.owner_id)
    _require_reasons(version, openness, why_not, secrecy)
    document = locked(version.document)
    latest = latest_version(document)
    if latest is not None and latest != version:
        raise LaterVersion(latest)
    classes = class_of(document.item)
    classes = classes._replace(secrecy=secrecy or classes.secrecy)
    opens = openness == Openness.PUBLIC and may_publish(document, classes)
    classes = scheme(timezone.localdate()).when_fixed(classes, public=opens)
    fixed = _write_fixed(document, version, by=by, reason=reason, openness=openness, opens=opens, classes=classes)
    note_event(fixed, by=by, what=VersionEvent.What.FIXED, note=reason)
    _link(document, fixed, by=by)
    _register(fixed, by=by, classes=classes)
    settle(document.item, by=by, relation=Task.TO_DO, url=reverse("document_review", args=[document.item.number]))
    if opens:
        _open(document, fixed, by=by)
    else:
        _keep_closed(document, fixed, by=by, openness=openness, why_not=why_not, classes=classes)
    log("document.fixed", by=by, item=document.item_id, references=[fixed.id])
    tell_version_fixed(fixed, by=by)
    return fixed


def publish_version(version: DocumentVersion, *, by: Actor, reason: str = "") -> DocumentVersion:
    """Open a fixed version that was not opened when it was fixed; what waited for that is done."""
    require_staff(by, *FIXERS)
    require_same_organisation(by, version.owner_id)
    document = locked(version.document)
    if not version.fixed or version.item is None:
        raise ValueError(_("Bara en fastställd version kan publiceras."))
    if version.item.level == Level.PUBLIC:
        raise ValueError(_("Versionen är redan publicerad."))
    if not may_publish(document, class_of(version.item)):
        raise ValueError(_("Klassningen tillåter inte att den publiceras. Ändra den först."))
    _open(document, version, by=by, note=reason)
    settle(version.item, by=by, relation=Task.TO_DO, url=publishing_url(version))
    return version


def may_publish(document: Document, classes: Classes) -> bool:
    """The class allows everybody to read, and the document is not for named people only."""
    named = document.item.level in (Level.PARTIES, Level.SEALED)
    return not named and scheme(timezone.localdate()).may_be_public(classes)


def publishing_url(version: DocumentVersion) -> str:
    return reverse("document_publishing", args=[version.pk])


def keepers(organisation: UUID, by: Actor) -> list[UUID]:
    """Who sees to what is left over: the registrars, else the administrators, else the one who acts."""
    found = holders_of(organisation, REGISTRAR) or holders_of(organisation, ADMINISTRATOR)
    return found or ([by.person] if by.person else [])


def sees_to(person: UUID | None, organisation: UUID, by: Actor) -> list[UUID]:
    """The person, where she still works in the organisation; else its keepers."""
    working = Employment.objects.filter(person_id=person, organisation_id=organisation, ended_at__isnull=True)
    return [person] if person is not None and working.exists() else keepers(organisation, by)


def _require_reasons(version: DocumentVersion, openness: str, why_not: str, secrecy: str) -> None:
    if version.fixed:
        raise ValueError(_("Versionen är redan fastställd. Skriv ett nytt utkast först."))
    if openness != Openness.PUBLIC and not why_not.strip():
        raise ValueError(_("Skriv varför inte alla får läsa versionen."))
    if openness == Openness.WITHHELD and not secrecy.strip():
        raise ValueError(_("Skriv vilken paragraf sekretessen bygger på."))


def _write_fixed(
    document: Document,
    version: DocumentVersion,
    *,
    by: Actor,
    reason: str,
    openness: str,
    opens: bool,
    classes: Classes,
) -> DocumentVersion:
    """The whole number with its own item, written as fixed from the beginning: nothing of it is updated afterwards."""
    number = (version.major + 1, 0)
    follows = openness == Openness.READERS and scheme(timezone.localdate()).may_leave(classes)
    level, readers = own_audience(document)
    if follows and document.item.level != Level.PUBLIC:
        level, readers = document.item.level, list(document.item.readers)
    item = create_version_item(
        document,
        by=by,
        title=version.title,
        number=f"{number[0]}.0",
        level=level,
        readers=readers,
        text=version.text,
        searchable=not opens,
    )
    return write_version(
        document,
        by=by,
        number=number,
        title=version.title,
        fields=version.fields,
        reason=reason,
        item=item,
        fixed_at=timezone.now(),
        confined=not (opens or follows),
    )


def _link(document: Document, fixed: DocumentVersion, *, by: Actor) -> None:
    item = _item(fixed)
    link(by=by, from_item=document.item, to_item=item, relation=Relation.GAVE_RISE_TO, tell=False)
    earlier = document.versions.fixed().exclude(pk=fixed.pk).select_related("item").latest_first().first()
    if earlier is not None and earlier.item is not None:
        link(by=by, from_item=earlier.item, to_item=item, relation=Relation.REPLACES, tell=False)


def _register(fixed: DocumentVersion, *, by: Actor, classes: Classes) -> None:
    register(_item(fixed), by=by, **classes._asdict())
    note_event(fixed, by=by, what=VersionEvent.What.REGISTERED)


def _open(document: Document, fixed: DocumentVersion, *, by: Actor, note: str = "") -> None:
    """Everybody reads the version, and finds the document by its title and its text."""
    item = _item(fixed)
    earlier = last_published(document)
    publish(item, by=by)
    tell_forgetters(item.id)  # search gives the document, which has the same words
    if document.item.level != Level.PUBLIC:
        publish(document.item, by=by)
    if earlier is None or (earlier.major, earlier.minor) < (fixed.major, fixed.minor):
        change_item(document.item, by=by, verb="document.published", title=fixed.title, search_text=fixed.text)
    note_event(fixed, by=by, what=VersionEvent.What.PUBLISHED, note=note)
    what = _("Version %(number)s är fastställd: %(title)s") % {"number": fixed.number, "title": fixed.title}
    told = tell_followers(item, by=by, what=what, url=reverse("public_document", args=[document.item.number]))
    if told:
        note_event(
            fixed, by=by, what=VersionEvent.What.ANNOUNCED, note=_("till %(count)s som följer") % {"count": told}
        )


def _keep_closed(
    document: Document, fixed: DocumentVersion, *, by: Actor, openness: str, why_not: str, classes: Classes
) -> None:
    """Not open: the decision with its reason, or a task for the registrars where nobody has decided."""
    if openness != Openness.PUBLIC:
        note = f"{classes.secrecy}: {why_not}" if classes.secrecy else why_not
        note_event(fixed, by=by, what=VersionEvent.What.WITHHELD, note=note)
        return
    note_event(fixed, by=by, what=VersionEvent.What.WITHHELD, note=_("Klassningen tillåter inte publicering än."))
    due = timezone.localdate() + timedelta(days=scheme(timezone.localdate()).publish_within_days)
    what = _("Version %(number)s är fastställd men inte publicerad. Ta ställning till klassningen.") % {
        "number": fixed.number
    }
    ask(
        _item(fixed),
        keepers(fixed.owner_id, by),
        by=by,
        what=what,
        verb=_("ta ställning"),
        url=publishing_url(fixed),
        due=due,
    )


def _item(fixed: DocumentVersion) -> Item:
    if fixed.item is None:
        raise LookupError("a fixed version has an item of its own")
    return fixed.item

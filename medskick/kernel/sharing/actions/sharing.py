"""The verbs of sharing a document and saying something of what is shared."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.actions.drafting import require_may_leave
from medskick.kernel.documents.models import KIND, DocumentVersion
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.scope import widen_scope
from medskick.kernel.records.actions import CONFIDENTIAL, change_item, end_share, require_shareable, share
from medskick.kernel.records.models import Item, Level, Share
from medskick.kernel.sharing.access import DECIDERS
from medskick.kernel.sharing.models import CatalogueEntry, SharedComment
from medskick.kernel.sharing.queries import latest_version, may_with
from medskick.lib.codes import new_id


def share_document(
    item: Item, *, by: Actor, with_token: UUID | None, may: str = Share.READ, until: datetime | None = None
) -> Share:
    """Share a document's fixed versions with an organisation, a network, the region or everyone (None).

    Opening a version for everyone to read is publishing it, which is decided for each version by itself; sharing with
    everyone is to let all comment on, or adopt, what is published. Raise PermissionDenied where it may not be shared,
    and ValueError where there is nothing fixed to share. Sharing alike twice is sharing once.
    """
    require_staff(by, *DECIDERS)
    require_same_organisation(by, item.owner_id)
    require_shareable(item)
    fixed = DocumentVersion.objects.fixed().filter(document_id=item.id)
    latest = fixed.select_related("item__record").latest_first().first()
    if latest is None:
        raise ValueError(_("Fastställ en version först. Ett utkast delas inte den här vägen."))
    if latest.confined or (latest.item is not None and _is_confidential(latest.item)):
        raise PermissionDenied(_("Den senaste versionen är skyddad och kan inte delas."))
    require_may_leave(latest)
    if with_token is None and may == Share.READ:
        raise ValueError(
            _("Välj att alla får kommentera eller använda. Att alla får läsa väljer ni när ni publicerar.")
        )
    if with_token is None and (latest.item is None or latest.item.level != Level.PUBLIC):
        raise ValueError(_("Publicera versionen först, så att alla kan läsa den."))
    standing = Share.objects.filter(item=item, with_token=with_token, may=may, until=until, ended_at__isnull=True)
    return standing.first() or share(item, by=by, with_token=with_token, may=may, until=until)


def end_sharing(shared: Share, *, by: Actor, reason: str) -> Share:
    """End a share of a document. Who has adopted a version goes on reading that version, and no other."""
    require_staff(by, *DECIDERS)
    return end_share(shared, by=by, reason=reason)


def end_what_is_over(*, by: Actor, at: datetime) -> int:
    """End the acting organisation's shares whose last day is over. Returns how many there were.

    What is narrower than the organisation is read as its readers do.
    """
    with connection.cursor() as cursor:
        cursor.execute("select share, readers from shares_over(%s)", [at])
        over = cursor.fetchall()
    widen_scope(reader for _share, readers in over for reader in readers)
    for share_id, _readers in over:
        shared = Share.objects.select_related("item").get(id=share_id)
        end_share(shared, by=by, reason=_("Tiden för delningen tog slut."))
    return len(over)


def describe_in_catalogue(item: Item, *, by: Actor, suits: str, cost: str, contact: str) -> CatalogueEntry:
    """Say whom a shared document suits, what it costs and whom to ask."""
    require_staff(by, *DECIDERS)
    require_same_organisation(by, item.owner_id)
    entry = CatalogueEntry.objects.filter(item=item).first()
    fresh = entry is None
    entry = entry or CatalogueEntry(item=item)
    entry.suits, entry.cost, entry.contact = suits, cost, contact
    entry.save(force_insert=fresh)
    log("document.catalogue_described", by=by, item=item.id, fields=["suits", "cost", "contact"])
    return entry


def comment(item: Item, *, by: Actor, text: str, submission_key: UUID | None = None) -> SharedComment:
    """Say something of the latest version of what is shared with a right to comment. The owner is told.

    submission_key: the same form sent twice is one comment.
    """
    require_staff(by)
    if item.owner_id == by.organisation or may_with(item, timezone.now()) not in (Share.COMMENT, Share.ADOPT):
        raise PermissionDenied(_("Dokumentet är inte delat med er så att ni kan kommentera det."))
    version = latest_version(item.id)
    if version is None:
        raise PermissionDenied(_("Det finns ingen fastställd version att kommentera."))
    sent = SharedComment.objects.filter(id=submission_key, owner_id=by.organisation, item=item).first()
    if sent is not None:
        return sent
    made = SharedComment(
        id=submission_key or new_id(),
        item=item,
        version=version,
        owner_id=by.organisation,
        text=text,
        by_person=by.person,
        by_name=by.name,
    )
    made.save(force_insert=True)
    log("document.commented", by=by, item=item.id, references=[made.id])
    shares = Share.objects.standing(timezone.now()).filter(item=item, by_person__isnull=False)
    Notification.objects.bulk_create(
        Notification(
            owner_id=by.organisation,
            follower=one,
            item=item,
            what=_("%(who)s har kommenterat något som du har delat.") % {"who": by.organisation_name},
            url=reverse("shared_document", args=[item.id]),
        )
        for one in sorted(set(shares.values_list("by_person", flat=True)))
    )
    return made


def follow_the_document(item: Item, by: Actor) -> None:
    """Those whom a document is shared with read the items of its fixed versions too, as long as the share stands.

    A version that is open stays so, one that is confined, classed as confidential or marked as secret follows nothing, and what was
    shared of a version by itself is kept.
    """
    if item.kind != KIND:
        return
    shares = list(Share.objects.filter(item=item).values_list("with_token", "ended_at"))
    given = {token for token, ended in shares if token is not None and ended is None}
    gone = {token for token, ended in shares if token is not None and ended is not None} - given - {*item.readers}
    fixed = DocumentVersion.objects.fixed().filter(document_id=item.id, confined=False, item__isnull=False)
    protected = Q(item__record__confidentiality__gte=CONFIDENTIAL) | Q(item__record__secrecy__gt="")
    for version in fixed.exclude(protected).select_related("item"):
        if version.item is not None:
            _follow(version.item, by=by, given=given, gone=gone)


def _follow(item: Item, *, by: Actor, given: set[UUID], gone: set[UUID]) -> None:
    own = Share.objects.filter(item=item, ended_at__isnull=True, with_token__isnull=False)
    kept = set(own.values_list("with_token", flat=True))
    readers = ({*item.readers} - (gone - kept)) | given
    level = item.level
    if level in (Level.ORGANISATION, Level.SHARED):
        level = Level.SHARED if given | kept else Level.ORGANISATION
    if (level, sorted(readers)) != (item.level, item.readers):
        change_item(item, by=by, verb="document.version_followed", level=level, readers=readers)


def _is_confidential(item: Item) -> bool:
    record = getattr(item, "record", None)
    return record is not None and record.confidentiality >= CONFIDENTIAL

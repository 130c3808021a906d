"""Reads of documents: what a page shows, and which class something has now."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from medskick.kernel.documents.models import (
    Classification,
    Document,
    DocumentQuerySet,
    DocumentVersion,
    IncomingReferral,
    Referral,
    ReferralStep,
    VersionEvent,
)
from medskick.kernel.people.models import Employment
from medskick.kernel.records.classes import Classes, scheme
from medskick.kernel.records.models import Item, Level
from medskick.lib.swedish import sort_key

DECIDED = Q(refused_at__isnull=True) & (Q(needs_second=False) | Q(agreed_at__isnull=False))


def class_of(item: Item) -> Classes:
    """The item's class now: the latest decision in force, else its diary entry's, else that of a draft. Owner's staff."""
    decided = Classification.objects.filter(DECIDED, item=item).order_by("-at", "-id").first()
    if decided is not None:
        return Classes(decided.confidentiality, decided.integrity, decided.availability, decided.secrecy)
    record = getattr(item, "record", None)
    if record is not None:
        return Classes(record.confidentiality, record.integrity, record.availability, record.secrecy)
    return scheme(timezone.localdate()).draft


def class_of_version(version: DocumentVersion) -> Classes:
    """A fixed version has a class of its own; a draft has its document's."""
    return class_of(version.item if version.fixed and version.item is not None else version.document.item)


def waiting_lowering(item: Item) -> Classification | None:
    """A proposal to lower the class that waits for a second person."""
    waiting = Classification.objects.filter(
        item=item, needs_second=True, agreed_at__isnull=True, refused_at__isnull=True
    )
    return waiting.order_by("-at").first()


def class_history(item: Item) -> list[Classification]:
    return list(Classification.objects.filter(item=item).order_by("-at", "-id")[:20])


def versions_of(document: Document) -> list[DocumentVersion]:
    """The versions that the reader may read, the latest first."""
    return list(document.versions.select_related("item__record").latest_first())


def latest_version(document: Document) -> DocumentVersion | None:
    return document.versions.latest_first().first()


def public_versions(document: UUID) -> list[DocumentVersion]:
    """The fixed versions that everyone may read, the latest first: what the public page shows, whoever looks."""
    fixed = DocumentVersion.objects.fixed().filter(document_id=document, item__level=Level.PUBLIC)
    return list(fixed.select_related("item__record", "document").latest_first())


def last_published(document: Document) -> DocumentVersion | None:
    published = document.versions.fixed().filter(item__level=Level.PUBLIC)
    return published.select_related("item").latest_first().first()


def history_of(versions: Iterable[DocumentVersion]) -> list[VersionEvent]:
    """All rows of the history of these versions, the latest first (K03)."""
    events = VersionEvent.objects.filter(version__in=[one.pk for one in versions]).select_related("version")
    return list(events.order_by("-version__major", "-version__minor", "-at", "-id"))


FILTERS = ("alla", "mina", "utkast", "faststallda", "oversyn")
SOON = timedelta(days=30)


def listed(organisation: UUID, *, shown: str, person: UUID | None, today: date) -> DocumentQuerySet:
    """The organisation's documents with their latest version, by filter, the last changed first. One query."""
    latest = DocumentVersion.objects.filter(document=OuterRef("pk")).latest_first()
    fixed = DocumentVersion.objects.fixed().filter(document=OuterRef("pk"))
    found = (
        Document.objects.at(organisation)
        .select_related("item")
        .annotate(
            latest_major=Subquery(latest.values("major")[:1]),
            latest_minor=Subquery(latest.values("minor")[:1]),
            latest_title=Subquery(latest.values("title")[:1]),
            latest_at=Subquery(latest.values("created_at")[:1]),
        )
    )
    # Another unit's working paper, of which nothing is fixed yet, has no version that this reader may read.
    found = found.filter(latest_major__isnull=False).order_by("-latest_at", "-pk")
    if shown == "mina":
        return found.filter(responsible=person)
    if shown == "utkast":
        return found.filter(latest_minor__gt=0)
    if shown == "faststallda":
        return found.filter(Exists(fixed))
    if shown == "oversyn":
        return found.filter(review_by__lte=today + SOON).order_by("review_by", "pk")
    return found


def sent_referrals(document: Document) -> list[Referral]:
    sent = Referral.objects.filter(version__document=document).select_related("item__record", "version")
    return list(sent.prefetch_related("receivers__owner", "receivers__steps", "receivers__answer").order_by("-sent_at"))


def receivers_of(referral: Referral) -> list[IncomingReferral]:
    """One row for each receiver, in order of name, with what happened there. Three queries."""
    asked_of = referral.receivers.select_related("owner", "item__record", "answer__item__record")
    return list(asked_of.prefetch_related("steps__arrived__record").order_by("owner__name_key"))


def colleagues(organisation: UUID) -> list[tuple[str, str]]:
    """(person, name) of those who work in the organisation, in order of name. One query."""
    working = Employment.objects.filter(organisation_id=organisation, ended_at__isnull=True).select_related("person")
    named = {str(one.person_id): str(one.person.name) for one in working}
    return sorted(named.items(), key=lambda one: sort_key(one[1]))


def received(organisation: UUID) -> QuerySet[IncomingReferral]:
    """Remisser that have come in, the latest first, with what happened to each."""
    came = IncomingReferral.objects.filter(owner_id=organisation).select_related("item__record", "referral__item")
    return came.prefetch_related("steps").order_by("-item_id")


def sent(organisation: UUID) -> QuerySet[Referral]:
    """Remisser that the organisation has sent, the latest first, with their receivers."""
    went = Referral.objects.filter(item__owner_id=organisation).select_related("item__record")
    return went.prefetch_related("receivers__steps").order_by("-item_id")


def public_list(owner: UUID | None) -> QuerySet[DocumentVersion]:
    """Each document's latest published version at a place, in order of title. One query."""
    later = DocumentVersion.objects.fixed().filter(
        document=OuterRef("document"), item__level=Level.PUBLIC, major__gt=OuterRef("major")
    )
    found = DocumentVersion.objects.fixed().filter(item__level=Level.PUBLIC, owner_id=owner)
    return found.filter(~Exists(later)).select_related("document__item").order_by("document__item__title_key", "pk")


def unanswered_referrals(document: Document, today: date) -> list[IncomingReferral]:
    """Receivers of the document's remisses who have neither answered nor declined, while their time is not out."""
    settled = (ReferralStep.What.DECLINED, ReferralStep.What.ANSWERED, ReferralStep.What.ANSWER_CAME)
    waiting = IncomingReferral.objects.filter(referral__version__document=document, referral__answer_by__gte=today)
    return list(waiting.exclude(steps__what__in=settled).select_related("owner", "referral").order_by("owner__name"))

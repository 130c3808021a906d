"""What is shared with us, who follows what, and where they have their own wording."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.kernel.documents.models import KIND, DocumentVersion
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network, Organisation
from medskick.kernel.organisations.places import all_places, place_of
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing.effective import EffectiveField, Own, effective
from medskick.kernel.sharing.models import Adoption, AdoptionDecision, AdoptionQuerySet, AdoptionStatus, CatalogueEntry

EVERYONE = _("Alla, också invånare")
PUBLISHED = Q(with_token__isnull=True, may=Share.READ)
ORDER = (Share.READ, Share.COMMENT, Share.ADOPT)


def shared_with_us(by: Actor, at: datetime) -> QuerySet[Item]:
    """Others' documents that a standing share lets the reader's organisation, or her networks, read.

    What is only published is found where everybody finds it.
    """
    shares = Share.objects.standing(at).given_to(current_scope().reach).exclude(PUBLISHED)
    given = Item.objects.filter(kind=KIND, id__in=shares.values("item_id"))
    others = given.exclude(owner_id=by.organisation)
    return others.select_related("document", "catalogue_entry").order_by("title_key", "id")


def shared_by_us(by: Actor, at: datetime) -> QuerySet[Item]:
    """Own documents that are shared now, or that somebody has taken a stand on."""
    mine = Item.objects.filter(kind=KIND, owner_id=by.organisation)
    shared = mine.filter(id__in=Share.objects.standing(at).exclude(PUBLISHED).values("item_id"))
    used = mine.filter(id__in=Adoption.objects.values("source_id"))
    return (shared | used).distinct().select_related("document", "catalogue_entry").order_by("title_key", "id")


def may_with(item: Item, at: datetime) -> str:
    """The most that the standing shares let the reader do with an item: "", read, comment or adopt."""
    given = Share.objects.standing(at).given_to(current_scope().reach).filter(item=item).values_list("may", flat=True)
    return max(given, key=ORDER.index, default="")


def latest_versions(documents: Iterable[UUID]) -> dict[UUID, DocumentVersion]:
    """The latest fixed version that may be read of each document. One query."""
    fixed = DocumentVersion.objects.fixed().filter(document_id__in=list(documents))
    latest = fixed.order_by("document_id", "-major").distinct("document_id")
    return {one.document_id: one for one in latest}


def latest_version(document: UUID) -> DocumentVersion | None:
    return latest_versions([document]).get(document)


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of the catalogue. ours: the reader's organisation's own stand, if it has one."""

    item: Item
    template: str
    version: DocumentVersion | None
    may: str
    entry: CatalogueEntry | None
    stands: list[Adoption] = field(default_factory=list)
    ours: Adoption | None = None

    @property
    def followers(self) -> list[Adoption]:
        return [one for one in self.stands if one.followed]

    @property
    def declined(self) -> list[Adoption]:
        return [one for one in self.stands if one.status == AdoptionStatus.DECLINED]

    @property
    def many_overrides(self) -> int:
        return sum(len(one.standing) for one in self.followers)

    @property
    def behind(self) -> bool:
        """There is a later version than the one that we follow."""
        return bool(self.ours and self.ours.followed and self.version and self.ours.older_than(self.version))


def offered(by: Actor, items: Sequence[Item], at: datetime) -> list[Offered]:
    """The catalogue's lines for these documents. Four queries, whatever their number, where they were read with
    their document and catalogue entry."""
    ids = [one.id for one in items]
    versions = latest_versions(ids)
    given: dict[UUID, str] = {}
    reaching = Share.objects.standing(at).given_to(current_scope().reach)
    for item, may in reaching.filter(item_id__in=ids).values_list("item_id", "may"):
        given[item] = max(may, given.get(item, Share.READ), key=ORDER.index)
    stands: dict[UUID, list[Adoption]] = {one: [] for one in ids}
    for stand in Adoption.objects.on(ids).with_overrides().in_order():
        stands[stand.source_id].append(stand)
    return [
        Offered(
            item=item,
            template=getattr(getattr(item, "document", None), "template", ""),
            version=versions.get(item.id),
            may=given.get(item.id, ""),
            entry=getattr(item, "catalogue_entry", None),
            stands=stands[item.id],
            ours=next((one for one in stands[item.id] if one.owner_id == by.organisation), None),
        )
        for item in items
    ]


def stands_of(organisation: UUID) -> AdoptionQuerySet:
    return Adoption.objects.of(organisation).with_overrides().order_by("item__title_key", "item_id")


def own_values(adoption: Adoption) -> dict[str, Own]:
    """The adopter's open overrides by field key."""
    return {one.field: Own(one.value, one.reason) for one in adoption.overrides.filter(ended_at__isnull=True)}


def pinned(adoption: Adoption) -> DocumentVersion | None:
    """The version that an adoption follows, where the reader may read it: the adopter, and all where it is open."""
    return DocumentVersion.objects.filter(id=adoption.version_id).first()


def effective_text(adoption: Adoption, version: DocumentVersion) -> list[EffectiveField]:
    """What the adopter's text says now."""
    return effective(version.fields, own_values(adoption))


def newer_version(adoption: Adoption) -> DocumentVersion | None:
    """A later fixed version of the source than the one followed, where it may be read."""
    if not adoption.followed:
        return None
    latest = latest_version(adoption.source_id)
    return latest if latest is not None and adoption.older_than(latest) else None


def declined_versions(adoption: Adoption) -> set[UUID]:
    found = AdoptionDecision.objects.filter(adoption=adoption, status=AdoptionStatus.DECLINED)
    return set(found.values_list("version_id", flat=True))


def decisions_of(adoptions: Iterable[Adoption]) -> dict[UUID, list[AdoptionDecision]]:
    """All stands that were taken, by adoption, newest first."""
    made: dict[UUID, list[AdoptionDecision]] = {one.item_id: [] for one in adoptions}
    for one in AdoptionDecision.objects.filter(adoption_id__in=list(made)).order_by("-at", "-id"):
        made[one.adoption_id].append(one)
    return made


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom something can be shared with: `key` is the form's value."""

    key: str
    label: str
    token: UUID | None


def receivers(by: Actor) -> list[Receiver]:
    """Everyone else that an organisation may share with: the region as a whole, its networks, each other organisation."""
    place = place_of(by.organisation) if by.organisation else None
    if place is None:
        return []
    networks = Network.objects.filter(proposed=False).filter(holder_id__in=[place.id, place.region_id])
    others = [one for one in all_places() if one.region_id == place.region_id and one.id != place.id]
    return [
        Receiver("region", _circle_label(place.region_id), place.circle),
        *(Receiver(f"n{one.id}", one.name, one.id) for one in networks.order_by("name")),
        *(Receiver(f"o{one.id}", one.name, one.id) for one in others),
        Receiver("all", str(EVERYONE), None),
    ]


def token_names(tokens: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """What to call those that something is shared with."""
    wanted = {one for one in tokens if one is not None}
    names: dict[UUID | None, str] = {None: str(EVERYONE)}
    places = all_places()
    names |= {one.id: one.name for one in places if one.id in wanted}
    names |= {one.circle: _circle_label(one.region_id) for one in places if one.is_region and one.circle in wanted}
    left = wanted - set(names)
    names |= dict(Network.objects.filter(id__in=left).values_list("id", "name")) if left else {}
    return names


@dataclass(frozen=True, slots=True)
class DeviationTable:
    """Organisations by documents: who follows what, and with how many wordings of their own. owners: by document."""

    documents: list[tuple[UUID, str]]
    rows: list[tuple[Organisation, list[Adoption | None]]]
    owners: dict[UUID, UUID]


def deviation_table(adoptions: Iterable[Adoption]) -> DeviationTable:
    """Put stands in a table: a row for each organisation that has one, a column for each document."""
    stands = list(adoptions)
    documents = {one.source_id: one.item.title for one in sorted(stands, key=lambda one: one.item.title_key)}
    by_cell = {(one.owner_id, one.source_id): one for one in stands}
    organisations = {one.owner_id: one.owner for one in stands}
    rows = [
        (who, [by_cell.get((who.id, source)) for source in documents])
        for who in sorted(organisations.values(), key=lambda one: one.name_key)
    ]
    return DeviationTable(list(documents.items()), rows, {one.source_id: one.source_owner_id for one in stands})


def _circle_label(region: UUID) -> str:
    place = place_of(region)
    return gettext("Alla kommuner i %(region)s") % {"region": place.short_name if place else ""}

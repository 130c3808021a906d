"""Reads of needs that pages and other features ask for."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from medskick.kernel.organisations.models import Network
from medskick.kernel.records.models import Item, Link, Relation
from medskick.kernel.search.queries import search
from medskick.lib.swedish import similarity
from medskick.plan.needs.models import KIND, Need, NeedQuerySet

ALIKE, SHOWN, MOST_COUNTED = 0.25, 5, 1000


def known_networks(organisation: UUID) -> "list[Network]":
    """The networks that an organisation holds or is a member of, by name."""
    mine = Q(holder_id=organisation) | Q(memberships__organisation_id=organisation)
    return list(Network.objects.filter(mine).distinct().order_by("name"))


def networks_by_name(organisation: UUID, names: Iterable[str]) -> dict[str, Network]:
    """Which known network each name means: by its name or an alias, exactly but for blanks; never by likeness."""
    called: dict[str, Network] = {}
    for network in known_networks(organisation):
        for name in (network.name, *network.aliases):
            called.setdefault(" ".join(name.split()), network)
    return {name: called[name] for name in names if name in called}


def similar_needs(text: str, *, organisation: UUID, apart_from: UUID | None = None) -> list[Need]:
    """Needs of the organisation that may say the same, the likest first. Four queries at most, whatever is found."""
    words = text.strip()
    if len(words) < 4:
        return []
    found = search(words, owner=organisation, kinds=[KIND], size=20)
    items = [item.id for item in found.items if item.id != apart_from]
    # Several words must all be there to be found; the likeness of whole texts is judged over what the longest word finds.
    if not items:
        longest = max(words.split(), key=len)
        items = [
            item.id
            for item in search(longest, owner=organisation, kinds=[KIND], size=50).items
            if item.id != apart_from
        ]
    needs = Need.objects.filter(pk__in=items).select_related("network")
    scored = sorted(((similarity(need.text, words), need.pk, need) for need in needs), reverse=True)
    return [need for likeness, _, need in scored if likeness >= ALIKE or found.items][:SHOWN]


def needs_that_came_of(items: Iterable[Item]) -> dict[UUID, list[Need]]:
    """The needs that the reader may read and that these items gave rise to, by the item's id. Two queries."""
    links = Link.objects.filter(
        from_item__in=[one.id for one in items], relation=Relation.GAVE_RISE_TO, ended_at__isnull=True
    )
    came_of = list(links.values_list("from_item_id", "to_item_id").order_by("at"))
    needs = Need.objects.select_related("item").in_bulk([need for _item, need in came_of])
    found: dict[UUID, list[Need]] = {}
    for item, need in came_of:
        if need in needs:
            found.setdefault(item, []).append(needs[need])
    return found


def unmapped_count(organisation: UUID) -> int:
    """How many of the organisation's needs wait for a goal area; counted to a thousand, since nobody reads a larger number."""
    return Need.objects.of(organisation).unmapped().order_by()[:MOST_COUNTED].count()


def area_counts(needs: NeedQuerySet) -> dict[str, int]:
    """How many needs that still count each goal area has; "" for those without. One query."""
    from django.db.models import Count

    counted = needs.still_counting().values("area").annotate(many=Count("pk")).order_by()
    return {row["area"]: row["many"] for row in counted}

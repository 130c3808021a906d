"""Which municipality am I at? (kernel.md K) Kept in each process for a minute: it changes a few times a year."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

from medskick.kernel.organisations.models import Organisation, Site

KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation whose site a request is at, with what page templates need of it."""

    id: UUID
    name: str
    short_name: str
    slug: str
    theme: str
    monogram: str
    phone: str
    is_region: bool
    region_id: UUID
    circle: UUID
    prefix: str = ""
    left_at: datetime | None = None
    turn_to: str = ""

    @property
    def demonstration(self) -> bool:
        return bool(settings.DEMONSTRATION)

    @property
    def home_url(self) -> str:
        return f"{self.prefix}/"


class _Directory:
    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.by_id: dict[UUID, Place] = {}
        self.by_slug: dict[str, Place] = {}
        self.by_host: dict[str, Place] = {}
        self.default: Place | None = None

    def fresh(self) -> "_Directory":
        if time.monotonic() - self.read_at > KEPT_SECONDS:
            self._read()
        return self

    def _read(self) -> None:
        organisations = list(Organisation.objects.select_related("region").in_order())
        self.by_id = {one.id: _place(one) for one in organisations}
        self.by_slug = {place.slug: place for place in self.by_id.values()}
        self.by_host = {site.host: self.by_id[site.organisation_id] for site in Site.objects.all()}
        self.default = next((self.by_id[one.id] for one in organisations if one.is_region), None)
        # An empty directory is looked up again at once: the example region may be on its way in.
        self.read_at = time.monotonic() if organisations else float("-inf")


_directory = _Directory()


def forget() -> None:
    """Read the organisations again at the next request."""
    _directory.read_at = float("-inf")


def all_places() -> list[Place]:
    """All organisations, the region first, then the municipalities in Swedish order."""
    places = list(_directory.fresh().by_id.values())
    return sorted(places, key=lambda place: not place.is_region)


def organisation_ids() -> list[UUID]:
    """All organisations, for what is done for each of them in turn."""
    return [place.id for place in all_places()]


def place_of(organisation_id: UUID) -> Place | None:
    return _directory.fresh().by_id.get(organisation_id)


def at_place(url: str, place: Place | None) -> str:
    """An address of ours that was made elsewhere (a task's, a message's), at the site where its reader is now."""
    first = url.lstrip("/").partition("/")[0].partition("?")[0]
    if place is None or not place.prefix or not url.startswith("/") or first in _directory.fresh().by_slug:
        return url
    return f"{place.prefix}{url}"


def with_region(organisation_id: UUID) -> list[UUID]:
    """The organisation and its region, for lists of what concerns those who work in it."""
    place = place_of(organisation_id)
    return [organisation_id] if place is None or place.is_region else [organisation_id, place.region_id]


def resolve(host: str, path: str) -> tuple[Place | None, str]:
    """The place for a host and path, and the path that is left when a municipality's slug was its first segment."""
    directory = _directory.fresh()
    at_host = directory.by_host.get(host)
    if at_host is not None and not at_host.is_region:
        return at_host, path
    first, _, rest = path.lstrip("/").partition("/")
    named = directory.by_slug.get(first)
    if named is not None and not named.is_region:
        return replace(named, prefix=f"/{first}"), f"/{rest}"
    return at_host or directory.default, path


def _place(one: Organisation) -> Place:
    region = one.region or one
    return Place(
        id=one.id,
        name=one.name,
        short_name=one.short_name,
        slug=one.slug,
        theme=one.theme,
        monogram=one.monogram,
        phone=one.phone,
        is_region=one.is_region,
        region_id=region.id,
        circle=region.circle,
        left_at=one.left_at,
        turn_to=one.turn_to,
    )

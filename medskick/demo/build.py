"""Builds the example region, in one transaction: all of it or nothing."""

from collections.abc import Callable

from django.db import transaction

from medskick.demo.assistance import build_assistance
from medskick.demo.disclosure import build_disclosure
from medskick.demo.documents import build_documents
from medskick.demo.getting_in import build_getting_in
from medskick.demo.operation import build_operation
from medskick.demo.privacy import build_privacy
from medskick.demo.region import Region, build_region
from medskick.demo.sharing import build_sharing
from medskick.demo.stories import CASES, INITIATIVES
from medskick.demo.telling import build_telling
from medskick.demo.year import build_year
from medskick.lib.dates import today_here

Say = Callable[[str], None]
# What the kernel's rooms have of their own beside the engines' year, in the order in which one needs the other.
ROOMS: tuple[Callable[[Region], dict[str, int]], ...] = (
    build_documents,
    build_sharing,
    build_disclosure,
    build_assistance,
    build_telling,
    build_privacy,
    build_operation,
    build_getting_in,
)


def build(*, say: Say) -> Region:
    """Build the region and its year in the four engines, by the verbs that people's clicks call."""
    with transaction.atomic():
        region = build_region()
        say(f"{len(region.municipalities)} kommuner, {len(region.networks)} nätverk, {len(region.persons)} personer")
        counts = build_year(region, initiatives=INITIATIVES, cases=CASES, today=today_here())
        for build_room in ROOMS:
            counts |= build_room(region)
        say(", ".join(f"{count} {what}" for what, count in counts.items()))
    return region

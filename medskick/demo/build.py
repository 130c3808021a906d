"""Builds the example region, in one transaction: all of it or nothing."""

from collections.abc import Callable

from django.db import transaction

from medskick.demo.region import Region, build_region
from medskick.demo.stories import CASES, INITIATIVES
from medskick.demo.year import build_year
from medskick.lib.dates import today_here

Say = Callable[[str], None]


def build(*, say: Say) -> Region:
    """Build the region and its year in the four engines, by the verbs that people's clicks call."""
    with transaction.atomic():
        region = build_region()
        say(f"{len(region.municipalities)} kommuner, {len(region.networks)} nätverk, {len(region.persons)} personer")
        counts = build_year(region, initiatives=INITIATIVES, cases=CASES, today=today_here())
        say(", ".join(f"{count} {what}" for what, count in counts.items()))
    return region

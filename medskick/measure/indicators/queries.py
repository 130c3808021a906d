"""Reads of indicators and their values. All of them see only what the open scope may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from medskick.kernel.organisations.places import Place, place_of, with_region
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.models import Level
from medskick.lib.dates import STOCKHOLM
from medskick.measure.indicators.finding import Finding, Point, find
from medskick.measure.indicators.models import Gender, Indicator, Value, ValueQuerySet


@dataclass(frozen=True, slots=True)
class About:
    """Whom a series is about: an organisation of the region (by id), or a municipality outside it (by code)."""

    organisation: UUID | None = None
    code: str = ""
    name: str = ""

    @property
    def token(self) -> str:
        """How an address names it: the municipality's slug, or its code."""
        place = place_of(self.organisation) if self.organisation else None
        return place.slug if place else self.code

    @property
    def shown(self) -> str:
        place = place_of(self.organisation) if self.organisation else None
        return place.short_name if place else self.name


@dataclass(frozen=True, slots=True)
class Listed:
    """One indicator of a list, with what its series shows and whom that series is about."""

    indicator: Indicator
    finding: Finding
    about: About | None
    others: int


def known_on(values: ValueQuerySet, day: date | None) -> ValueQuerySet:
    """Of each cell the value that was known at the end of that day in Sweden; None is now."""
    if day is not None:
        values = values.filter(learned_at__lt=end_of(day))
    return values.current()


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)


def get_indicator(item_id: UUID) -> Indicator | None:
    """The indicator of an item, or None where there is none that the open scope reads."""
    return Indicator.objects.filter(pk=item_id).select_related("item").first()


def indicators_to_choose(owner: UUID, *, most: int = 500) -> list[tuple[str, str]]:
    """(key, title) of the owner's and its region's indicators, in Swedish order. One query."""
    found = Indicator.objects.of(*with_region(owner)).order_by("title_key").values_list("key", "title")
    return list(found[:most])


def find_indicator(key: str, *, owner: UUID | None = None) -> Indicator | None:
    """The indicator with this key: the owner's (left out: the acting organisation's) own, else its region's."""
    owner = owner or current_scope().acting
    place = place_of(owner) if owner else None
    if owner is None:
        return None
    owners = [owner, place.region_id] if place else [owner]
    found = {one.owner_id: one for one in Indicator.objects.filter(key=key, owner_id__in=owners).select_related("item")}
    return next((found[one] for one in owners if one in found), None)


def series(indicator: Indicator, about: About | UUID | None = None, *, known: date | None = None) -> list[Value]:
    """The values, oldest first. `about` is an organisation's id or an About; left out, it is the indicator's owner.

    known: as it was known at the end of that day; left out, as it is known now.
    """
    about = _about(indicator, about)
    chosen = indicator.values.about(about.organisation, about.code).total()
    return sorted(known_on(chosen, known), key=lambda value: value.period)


def value(
    indicator: Indicator,
    period: str,
    about: About | UUID | None = None,
    *,
    known: date | None = None,
    gender: str = Gender.TOTAL,
) -> Value | None:
    """The value of one period; None where nothing was recorded. A missing value is a row that says why.

    about and known: as for series().
    """
    about = _about(indicator, about)
    chosen = indicator.values.about(about.organisation, about.code).filter(period=period, gender=gender)
    return known_on(chosen, known).first()


def _about(indicator: Indicator, about: About | UUID | None) -> About:
    if isinstance(about, About):
        return about
    return About(organisation=about or indicator.owner_id)


def revisions_of(indicator: Indicator, *, limit: int = 200) -> list[tuple[Value, Value]]:
    """(what it was, what it became) of each value that replaced an earlier one of the same cell, the latest first."""
    rows = indicator.values.select_related("about_organisation").order_by("learned_at", "id")
    latest: dict[tuple[object, ...], Value] = {}
    revised: list[tuple[Value, Value]] = []
    for row in rows:
        cell = (row.about_organisation_id, row.about_code, row.gender, row.period)
        if cell in latest:
            revised.append((latest[cell], row))
        latest[cell] = row
    return revised[::-1][:limit]


def abouts_of(indicator: Indicator) -> list[About]:
    """Whom the indicator has values about: the owner first, then the others in the order of their names."""
    rows = (
        indicator.values.order_by()
        .values_list("about_organisation_id", "about_code", "about_name", "about_organisation__name_key")
        .distinct()
    )
    ordered = sorted(rows, key=lambda row: (row[0] != indicator.owner_id, row[3] or "", row[2]))
    return [About(row[0], row[1], row[2]) for row in ordered]


def revised_days(indicator: Indicator, about: About) -> list[date]:
    """Days from which this series looked otherwise than now, the latest first; empty where nothing was revised."""
    learned = list(
        indicator.values.about(about.organisation, about.code)
        .total()
        .order_by("learned_at")
        .values_list("period", "learned_at")
    )
    first: dict[str, date] = {}
    revised: set[date] = set()
    for period, moment in learned:
        day = moment.astimezone(STOCKHOLM).date()
        if period in first:
            revised |= {first[period], day}
        first[period] = day
    return sorted(revised, reverse=True)


def listed(indicators: Sequence[Indicator], place: Place | None) -> list[Listed]:
    """Each indicator with its finding at this place: about the place itself, else its region, else its owner.

    One query, however many indicators; one more where some have values about others only.
    """
    preferred = [place.id, place.region_id] if place else []
    ids = [one.item_id for one in indicators]
    series = _series(ids, Q(about_organisation_id__in=preferred) | Q(about_organisation_id=F("indicator__owner_id")))
    without = [one for one in ids if one not in series]
    others = _how_many_others(without) if without else {}
    return [_listed(one, series.get(one.item_id, {}), preferred, others.get(one.item_id, 0)) for one in indicators]


def latest_listed(place: Place) -> Listed | None:
    """The indicator about this place whose value came in last (else about its region), with its finding. One query."""
    wanted = list(dict.fromkeys([place.id, place.region_id]))
    # Each part is answered by the first row of an index, and the whole is joined by key, however many values there are.
    newest = _newest(wanted[0])
    for about in wanted[1:]:
        newest = newest.union(_newest(about))
    chosen = Value.objects.filter(indicator__in=newest, about_organisation_id__in=wanted).total()
    rows = list(chosen.current().select_related("indicator__item"))
    for about in wanted:
        known = [row for row in rows if row.about_organisation_id == about and row.value is not None]
        if known:
            latest = max(known, key=lambda row: (row.learned_at, row.period))
            points = [Point(row.period, row.value) for row in rows if _same_series(row, latest)]
            return _listed(latest.indicator, {about: points}, wanted, 0)
    return None


def _newest(about: UUID) -> ValueQuerySet:
    seen = Value.objects.filter(about_organisation_id=about, value__isnull=False, indicator__item__level=Level.PUBLIC)
    return seen.order_by("-learned_at", "-period").values("indicator")[:1]


def _same_series(row: Value, other: Value) -> bool:
    return (row.indicator_id, row.about_organisation_id) == (other.indicator_id, other.about_organisation_id)


def _listed(indicator: Indicator, series: dict[UUID | None, list[Point]], preferred: list[UUID], others: int) -> Listed:
    about = next((one for one in [*preferred, indicator.owner_id] if one in series), None)
    points = series.get(about, [])
    return Listed(
        indicator, find(points, decimals=indicator.decimals), About(organisation=about) if about else None, others
    )


def _series(ids: Iterable[UUID], whom: Q) -> dict[UUID, dict[UUID | None, list[Point]]]:
    rows = known_on(Value.objects.filter(whom, indicator__in=ids).total(), None).values_list(
        "indicator_id", "about_organisation_id", "period", "value"
    )
    found: dict[UUID, dict[UUID | None, list[Point]]] = {}
    for indicator, about, period, value in rows:
        found.setdefault(indicator, {}).setdefault(about, []).append(Point(period, value))
    return found


def _how_many_others(ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many municipalities outside the region each indicator has values about."""
    pairs: QuerySet[Value, tuple[UUID, str]] = (
        Value.objects.filter(indicator__in=ids, about_organisation=None)
        .order_by()
        .values_list("indicator_id", "about_code")
        .distinct()
    )
    counted: dict[UUID, int] = {}
    for indicator, _code in pairs:
        counted[indicator] = counted.get(indicator, 0) + 1
    return counted


def same_value(row: Value, value: Decimal | None, missing: str) -> bool:
    return row.value == value and row.missing == missing

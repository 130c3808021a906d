"""The verbs of indicators: create one, record values. A value is never overwritten; a new one is a new row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import tell_followers
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Level
from medskick.lib.swedish import fold, sort_key
from medskick.lib.text import slug
from medskick.measure.indicators.access import EDITORS
from medskick.measure.indicators.models import Direction, Gender, Indicator, Missing, Value
from medskick.measure.indicators.periods import has_begun, read_period, say_period
from medskick.measure.indicators.queries import About, same_value

BATCH = 1000
DECIMAL_PLACES = Decimal(1).scaleb(-8)


class Refused(ValueError):
    """The verb refuses what it was given. The message is plain Swedish; `given` is the cell at fault, if one is."""

    def __init__(self, message: str, given: "NewValue | None" = None) -> None:
        super().__init__(message)
        self.given = given


@dataclass(frozen=True, slots=True)
class NewValue:
    """One cell to record. `about` left out is the indicator's owner; a value of None needs a reason in `missing`."""

    period: str
    value: Decimal | None
    about: About | None = None
    missing: str = ""
    gender: str = Gender.TOTAL
    learned_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many cells were new, how many replaced an earlier value, how many said what was known already."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0


def create_indicator(
    *,
    by: Actor,
    title: str,
    theme: str,
    unit: str = "",
    key: str = "",
    description: str = "",
    phrase: str = "",
    direction: str = Direction.NONE,
    decimals: int = 0,
    target: Decimal | None = None,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
    method: str = "",
    source: str = "",
    source_note: str = "",
    level: str = Level.PUBLIC,
    submission_key: UUID | None = None,
) -> Indicator:
    """Create an indicator of the acting organisation.

    unit: as written after a value ("%", "min", "kr/inv"). phrase: a sentence with {värde} in the number's place.
    source_note: the attribution, word for word. lowest, highest: values outside are refused.
    Raises Refused when the key is taken or the phrase lacks {värde}.
    """
    require_staff(by, *EDITORS)
    if submission_key is not None:
        sent = Indicator.objects.of(by.organisation).filter(submission_key=submission_key).first()
        if sent is not None:
            return sent
    key = key or slug(title) or "nyckeltal"
    if phrase and "{värde}" not in phrase:
        raise Refused(_("Skriv {värde} i meningen, där talet ska stå."))
    if Indicator.objects.of(by.organisation).filter(key=key).exists():
        raise Refused(_("Ni har redan ett nyckeltal med adressen ”%(key)s”. Välj en annan rubrik.") % {"key": key})
    source = source or by.organisation_name or _("egen mätning")
    item = create_item(
        by=by, kind="measure.indicator", title=title, summary=description, level=level, search_text=f"{theme} {unit}"
    )
    made = Indicator(
        item=item,
        owner_id=item.owner_id,
        key=key,
        title=title,
        title_key=sort_key(title)[:600],
        search_key=fold(f"{title} {theme} {key} {description}"),
        theme=theme,
        theme_key=sort_key(theme)[:300],
        description=description,
        unit=unit,
        phrase=phrase,
        direction=direction,
        decimals=decimals,
        target=target,
        lowest=lowest,
        highest=highest,
        method=method,
        source=source,
        source_note=source_note or _("Källa: %(source)s") % {"source": source},
        submission_key=submission_key,
    )
    made.save(force_insert=True)
    return made


def record_value(
    *,
    by: Actor,
    indicator: Indicator,
    period: str,
    value: Decimal | None,
    about: About | None = None,
    missing: str = "",
    gender: str = Gender.TOTAL,
    learned_at: datetime | None = None,
    note: str = "",
    submission_key: UUID | None = None,
) -> Value:
    """Record one value, or that it is missing and why; tell those who follow the indicator.

    Saying what is known already changes nothing. Raises Refused for what cannot be: a period that has not begun,
    a value outside the indicator's bounds, a missing value without a reason.
    """
    require_staff(by, *EDITORS)
    require_same_organisation(by, indicator.owner_id)
    if submission_key is not None:
        sent = indicator.values.filter(submission_key=submission_key).first()
        if sent is not None:
            return sent
    given = NewValue(period, value, about, missing, gender, learned_at, note)
    row = _row(indicator, given, by, timezone.now())
    row.submission_key = submission_key
    before = indicator.values.filter(_cell(row), learned_at__lte=row.learned_at).order_by("learned_at", "id").last()
    if before is not None and same_value(before, row.value, row.missing):
        return before
    row.save(force_insert=True)
    log("measure.value.recorded", by=by, item=indicator.item_id, fields=["value"], references=[row.id])
    tell_followers(
        indicator.item,
        by=by,
        what=_("%(title)s har fått ett värde för %(period)s.")
        % {"title": indicator.title, "period": say_period(row.period)},
    )
    return row


def record_values(*, by: Actor, indicator: Indicator, values: Iterable[NewValue], dry_run: bool = False) -> Recorded:
    """Record many values of one indicator at once, all or nothing, with one row in the log and nobody told of each.

    dry_run: count only. Raises Refused as record_value does.
    """
    require_staff(by, *EDITORS)
    require_same_organisation(by, indicator.owner_id)
    now = timezone.now()
    given = [(one, _row(indicator, one, by, now)) for one in values]
    given.sort(key=lambda pair: pair[1].learned_at)
    fresh, counted = _sift(given, _known(indicator))
    if fresh and not dry_run:
        Value.objects.bulk_create(fresh, batch_size=BATCH)
        log("measure.values.recorded", by=by, item=indicator.item_id, fields=["value"])
    return counted


type _History = dict[tuple[object, ...], list[Value]]


def _sift(given: Iterable[tuple[NewValue, Value]], known: _History) -> tuple[list[Value], Recorded]:
    """The rows that say something new, in the order in which they became known, and the count. Raises Refused."""
    fresh: list[Value] = []
    new = revised = unchanged = 0
    for one, row in given:
        history = known.setdefault(_cell_key(row), [])
        before = next((had for had in reversed(history) if had.learned_at <= row.learned_at), None)
        if before is not None and same_value(before, row.value, row.missing):
            unchanged += 1
            continue
        if before is not None and before.learned_at == row.learned_at:
            raise Refused(
                _("%(period)s har redan ett annat värde från samma dag.") % {"period": say_period(row.period)}, one
            )
        new, revised = (new, revised + 1) if history else (new + 1, revised)
        history.append(row)
        history.sort(key=lambda had: had.learned_at)
        fresh.append(row)
    return fresh, Recorded(new, revised, unchanged)


def _row(indicator: Indicator, given: NewValue, by: Actor, now: datetime) -> Value:
    """The row to save, checked. Raises Refused."""
    try:
        period = read_period(given.period)
    except ValueError as problem:
        raise Refused(str(problem), given) from None
    learned_at = given.learned_at or now
    value = given.value.quantize(DECIMAL_PLACES) if given.value is not None else None
    if learned_at > now:
        raise Refused(_("Ett värde kan inte bli känt i framtiden."), given)
    if not has_begun(period, timezone.localdate(learned_at)):
        raise Refused(_("%(period)s har inte börjat än.") % {"period": say_period(period).capitalize()}, given)
    if value is None and given.missing not in Missing.values:
        raise Refused(_("Skriv ett värde, eller säg varför det saknas."), given)
    if value is not None and given.missing:
        raise Refused(_("Antingen finns ett värde eller så saknas det. Välj ett av dem."), given)
    if value is not None and indicator.outside_bounds(value):
        raise Refused(_("Värdet ligger utanför det som nyckeltalet kan ha."), given)
    about = given.about or About(organisation=indicator.owner_id)
    return Value(
        indicator=indicator,
        about_organisation_id=about.organisation,
        about_code=about.code,
        about_name=about.name,
        period=period,
        gender=given.gender,
        value=value,
        missing=given.missing,
        learned_at=learned_at,
        note=given.note,
        by_person=by.person,
    )


def _known(indicator: Indicator) -> _History:
    """All rows of the indicator by cell, each cell in the order in which its values became known."""
    known: _History = {}
    if indicator.pk is None:
        return known
    for row in indicator.values.order_by("learned_at", "id"):
        known.setdefault(_cell_key(row), []).append(row)
    return known


def _cell_key(row: Value) -> tuple[object, ...]:
    return (row.about_organisation_id, row.about_code, row.gender, row.period)


def _cell(row: Value) -> Q:
    return Q(
        about_organisation_id=row.about_organisation_id,
        about_code=row.about_code,
        gender=row.gender,
        period=row.period,
    )

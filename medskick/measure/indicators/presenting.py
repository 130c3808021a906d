"""From findings and values to what pages show: sentences, the chart with its finding as title, tables, the CSV file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from medskick.design.charts import Chart, Series, line_chart
from medskick.design.parts import Column, Row, Table
from medskick.lib.csv_rows import write_rows
from medskick.lib.dates import STOCKHOLM, say_date
from medskick.lib.numbers import say_number
from medskick.measure.indicators.finding import Finding, Point, find
from medskick.measure.indicators.importing import SOURCE
from medskick.measure.indicators.models import Direction, Indicator, Value
from medskick.measure.indicators.periods import say_period
from medskick.measure.indicators.queries import About, Listed

HARD_SPACE = "\u00a0"


def said(indicator: Indicator, value: Decimal) -> str:
    """The value as it is shown: rounded, with its unit."""
    number = say_number(value, indicator.decimals)
    return f"{number}{HARD_SPACE}{indicator.unit}" if indicator.unit else number


def finding_of(indicator: Indicator, values: Sequence[Value]) -> Finding:
    return find([Point(one.period, one.value) for one in values], decimals=indicator.decimals)


def sentence(indicator: Indicator, finding: Finding, *, name: str = "", under_title: bool = False) -> str:
    """The finding in one sentence. `name` is put first when the series is not about the place of the page.

    under_title: it stands under the indicator's title, which is then not said again.
    """
    words = _finding_words(indicator, finding, under_title)
    return f"{name}: {words}" if name else words


def _finding_words(indicator: Indicator, finding: Finding, under_title: bool) -> str:
    latest, base = finding.latest, finding.base
    if latest is None or latest.value is None:
        return _no_value(finding.missing)
    now = said(indicator, latest.value)
    if finding.kind == "missing":
        return _("Uppgift saknas för %(missing)s. Senast kända värde: %(value)s %(period)s") % {
            "missing": say_period(finding.missing),
            "value": now,
            "period": say_period(latest.period),
        }
    subject = (indicator.phrase or ("{värde}" if under_title else f"{indicator.title}: {{värde}}")).replace(
        "{värde}", now
    )
    if base is None or base.value is None:
        return _("%(subject)s %(period)s") % {"subject": subject, "period": say_period(latest.period)}
    told = {"subject": subject, "now": now, "then": said(indicator, base.value)}
    told |= {"period": say_period(base.period), "latest": say_period(latest.period)}
    if finding.kind == "up":
        return _("%(subject)s, upp från %(then)s %(period)s") % told
    if finding.kind == "down":
        return _("%(subject)s, ned från %(then)s %(period)s") % told
    return _("Ingen tydlig förändring: %(now)s %(latest)s, %(then)s %(period)s") % told


def _no_value(period: str) -> str:
    return _("Uppgift saknas för %(period)s") % {"period": say_period(period)} if period else _("Inga värden än")


def course(indicator: Indicator, finding: Finding) -> str:
    """Whether it goes the right way, and whether the target is reached: only what the numbers and the owner say."""
    words = []
    better = {Direction.HIGHER: "up", Direction.LOWER: "down"}.get(Direction(indicator.direction))
    if better and finding.kind in ("up", "down"):
        words.append(_("Det går åt rätt håll.") if finding.kind == better else _("Det går åt fel håll."))
    if indicator.target is not None:
        words.append(_target_words(indicator, finding))
    return " ".join(words)


def _target_words(indicator: Indicator, finding: Finding) -> str:
    assert indicator.target is not None
    target = said(indicator, indicator.target)
    latest = finding.latest.value if finding.latest else None
    if latest is None or indicator.direction == Direction.NONE or finding.kind == "missing":
        return _("Målet är %(target)s.") % {"target": target}
    reached = latest >= indicator.target if indicator.direction == Direction.HIGHER else latest <= indicator.target
    words = _("Målet %(target)s är nått.") if reached else _("Målet %(target)s är inte nått.")
    return words % {"target": target}


def chart_of(indicator: Indicator, values: Sequence[Value], about: About, title: str) -> Chart | None:
    """The chart with the finding as its title; None where there is no value to draw."""
    if not any(one.value is not None for one in values):
        return None
    years = all(len(one.period) == 4 for one in values)
    line = Series(
        about.shown or indicator.title,
        [
            (
                int(one.period) if years else say_period(one.period),
                None if one.value is None else round(float(one.value), indicator.decimals),
            )
            for one in values
        ],
    )
    target = None if indicator.target is None else float(indicator.target)
    return line_chart(
        title, [line], unit=indicator.unit, target=target, decimals=indicator.decimals, id_base=f"i{indicator.key[:40]}"
    )


def table_of(indicator: Indicator, values: Sequence[Value]) -> Table:
    """Every period with its value, missing ones in words with the reason, revised ones with what is said of them."""
    heading = _("Värde (%(unit)s)") % {"unit": indicator.unit} if indicator.unit else _("Värde")
    columns = [Column(_("Period")), Column(heading, numeric=True, decimals=indicator.decimals), Column(_("Anmärkning"))]
    rows = [[say_period(one.period), one.value, _remark(one)] for one in reversed(values)]
    return Table(caption=indicator.title, columns=columns, rows=rows)


def _remark(value: Value) -> str:
    return str(value.get_missing_display()).capitalize() if value.value is None else value.note


def attribution(indicator: Indicator) -> list[str]:
    """Whose the figures are, word for word; and that the finding over figures from Kolada is not Kolada's."""
    words = [indicator.source_note]
    if indicator.source == SOURCE:
        words.append(_("Rubriken över diagrammet: Egen bearbetning av data från Kolada"))
    return words


@dataclass(frozen=True, slots=True)
class Group:
    """The indicators of one theme, as rows."""

    theme: str
    rows: list[Row]


def groups_of(found: Iterable[Listed], url: Callable[[Indicator], str]) -> list[Group]:
    """The list by theme, in the order given."""
    return [
        Group(theme, [row_of(one, url(one.indicator)) for one in together])
        for theme, together in groupby(found, key=lambda one: one.indicator.theme)
    ]


def row_of(one: Listed, url: str) -> Row:
    """The line of a list: the indicator, what it shows, when it was measured."""
    indicator, latest = one.indicator, one.finding.latest
    if one.about is None and one.others:
        text = _("Värden för %(count)d kommuner utanför regionen") % {"count": one.others}
    else:
        text = sentence(indicator, one.finding)
    meta = [say_period(latest.period)] if latest else []
    meta += [one.about.shown] if one.about else []
    invented = {"status": _("Påhittade uppgifter"), "tone": "wait"} if indicator.invented else {}
    return Row(title=indicator.title, url=url, text=text, meta=meta, **invented)


def csv_of(indicator: Indicator, values: Sequence[Value]) -> bytes:
    """All values of one indicator as a file, one line a cell, missing ones with their reason."""
    header = ["nyckel", "nyckeltal", "enhet", "avser", "kod", "period", "kon", "varde", "saknas", "kand_fran", "kalla"]
    rows = [_csv_row(indicator, one) for one in values]
    return write_rows([*header, "pahittad"] if indicator.invented else header, rows)


def _csv_row(indicator: Indicator, value: Value) -> list[object]:
    about = About(value.about_organisation_id, value.about_code, value.about_name)
    number = None if value.value is None else value.value.normalize()
    row: list[object] = [indicator.key, indicator.title, indicator.unit, about.shown, value.about_code]
    row += [value.period, value.gender, None if number is None else Decimal(f"{number:f}"), value.missing]
    row += [value.learned_at.astimezone(STOCKHOLM).date().isoformat(), indicator.source_note]
    return [*row, _("Påhittade uppgifter")] if indicator.invented else row


def revision_table(indicator: Indicator, revised: Sequence[tuple[Value, Value]]) -> Table:
    """What each value was, what it became, from which day, and why."""
    columns = [
        Column(_("Gäller")),
        Column(_("Period")),
        Column(_("Var"), numeric=True, decimals=indicator.decimals),
        Column(_("Blev"), numeric=True, decimals=indicator.decimals),
        Column(_("Känt från")),
        Column(_("Varför")),
    ]
    rows = [
        [
            About(one.about_organisation_id, one.about_code, one.about_name).shown,
            say_period(one.period),
            before.value,
            one.value,
            say_date(one.learned_at, weekday=False),
            one.note,
        ]
        for before, one in revised
    ]
    return Table(caption=_("Ändrade värden, de senaste först"), columns=columns, rows=rows)

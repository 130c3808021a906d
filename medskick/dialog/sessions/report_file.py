"""The report as a file to print and to keep: the same as its page, set as an accessible PDF."""

import re

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from medskick.design.charts import Chart
from medskick.design.parts import Table
from medskick.dialog.sessions.presenting import INVENTED, picture_file
from medskick.dialog.sessions.report import Part, SessionReport
from medskick.kernel.organisations.places import place_of
from medskick.lib.numbers import say_number
from medskick.lib.pdf import FACE, Block, Bullets, Facts, Grid, Heading, Paragraph, Picture, make_pdf
from medskick.lib.text import count_noun, join_and

NONE = "–"
_FIRST_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
# Plain colours, where the page has those of its theme.
_LOOK = (
    ".bar{fill:#8a8f94}.bar.emphasis,.f0{fill:#00576b}.grid,.axis{stroke:#b5babd;stroke-width:1}.end{text-anchor:end}"
    ".middle{text-anchor:middle}.target,.interval{stroke:#1d2b33;fill:none}.strong{font-weight:700}"
)


def report_pdf(report: SessionReport) -> bytes:
    """The file, in the language that is spoken now."""
    session = report.session
    place = place_of(session.owner_id)
    owner = place.name if place else ""
    today = timezone.localdate()
    return make_pdf(
        report_blocks(report),
        title=report.title,
        language=(get_language() or "sv").split("-")[0],
        author=owner,
        day=today,
        foot=_("%(owner)s. Utskrivet %(day)s ur Medskick") % {"owner": owner, "day": date_format(today, "j F Y")},
        mark=INVENTED if session.item.invented else "",
    )


def report_blocks(report: SessionReport) -> list[Block]:
    """What the file says, from the top."""
    blocks: list[Block] = [Facts([(label, value or NONE) for label, value in report.facts])]
    if report.cancelled:
        return [
            Paragraph(_("Mötet ställdes in: %(why)s") % {"why": report.cancelled_why or NONE}, "strong"),
            Paragraph(_("Ingen har frågats. Att det inte finns några svar betyder inte att det saknas behov.")),
            *blocks,
        ]
    if not report.finished:
        blocks.append(Paragraph(_("Mötet är inte avslutat. Rapporten visar läget nu."), "strong"))
    blocks += _method(report) + _came(report)
    for part in report.parts:
        if part.asks or part.agreed:
            blocks += _part(part)
    return blocks + _afterwards(report) + _made(report)


def _method(report: SessionReport) -> list[Block]:
    rows = [[str(one.step.position), one.step.text, one.type_label, one.time] for one in report.parts]
    if not rows:
        return []
    head = [_("Steg"), _("Vad"), _("Hur"), _("Tid")]
    return [Heading(_("Så gick mötet till")), Grid(_("Programmet och tiden som gick åt"), head, rows, [0])]


def _came(report: SessionReport) -> list[Block]:
    blocks: list[Block] = [Heading(_("De som var med")), Paragraph(came_words(report))]
    if report.only_places:
        blocks.append(Paragraph(places_words(report)))
    elif report.came:
        rows = [[one.place, _("visas inte") if one.number is None else str(one.number)] for one in report.came]
        blocks.append(Grid(_("Antal från varje kommun"), [_("Kommun"), _("Antal")], rows, [1]))
    if report.protects:
        blocks.append(Paragraph(protected_words(), "quiet"))
    if report.names:
        blocks += [Heading(_("Närvarolista"), 2), Bullets(report.names)]
    return blocks


def places_words(report: SessionReport) -> str:
    """From where, without numbers."""
    return _("De kom från %(places)s.") % {"places": join_and(report.only_places, word=_("och"))}


def came_words(report: SessionReport) -> str:
    """12 personer var med."""
    if report.came_by_list:
        said = count_noun(report.came_in_all, _("person"), _("personer"))
    else:
        said = count_noun(report.came_in_all, _("telefon eller pappersblankett"), _("telefoner och pappersblanketter"))
    return _("%(count)s var med.") % {"count": said}


def protected_words() -> str:
    return _("Där få var med visas inte antalet, så att ingen kan pekas ut.")


def _part(part: Part) -> list[Block]:
    blocks: list[Block] = [
        Heading(_("Steg %(number)s: %(text)s") % {"number": part.step.position, "text": part.step.text})
    ]
    if part.step.help_text:
        blocks.append(Paragraph(part.step.help_text, "quiet"))
    if part.agreed:
        blocks += [Heading(_("Gemensam sammanfattning"), 2), Paragraph(part.agreed.text)]
        blocks.append(Paragraph(part.agreed.stamp, "quiet"))
    if not part.was_open and not part.lines:
        return [*blocks, Paragraph(_("Steget öppnades aldrig."))]
    if part.withheld_result:
        return [*blocks, Paragraph(_("Resultatet visas inte öppet.")), *_not_shown(part)]
    if part.is_empty:
        blocks.append(Paragraph(_("Tomt: ingen svarade. Det är också ett resultat."), "strong"))
    if part.outcome is not None:
        blocks += _outcome(part)
    if part.lines:
        blocks.append(Heading(_("Alla svar"), 2))
        blocks.append(Bullets([" · ".join([f"”{one.text}”", *one.meta]) for one in part.lines]))
    return blocks + _not_shown(part)


def _outcome(part: Part) -> list[Block]:
    outcome = part.outcome
    if outcome is None:
        return []
    blocks: list[Block] = [] if part.is_empty else [Paragraph(outcome.finding, "strong")]
    if part.answered and outcome.chart is not None:
        blocks.append(Picture(printed_svg(outcome.chart), f"{outcome.chart.title}. {outcome.chart.description}"))
    if outcome.table.rows:
        blocks.append(grid_of(outcome.table))
    return blocks


def grid_of(table: Table) -> Grid:
    """A table of a page as a table of paper; what is missing says so."""
    numeric = [place for place, column in enumerate(table.columns) if column.numeric]
    rows = [[_cell(value, table.columns[place].decimals) for place, value in enumerate(row)] for row in table.rows]
    return Grid(table.caption, [column.label for column in table.columns], rows, numeric)


def _cell(value: object, decimals: int | None) -> str:
    if value is None:
        return _("uppgift saknas")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return say_number(value, decimals)
    return str(value)


def printed_svg(chart: Chart) -> str:
    """The chart's wide drawing alone, with its look inside and in the file's own typeface."""
    drawn = _FIRST_SVG.search(picture_file(chart, invented=False))
    if drawn is None:
        raise ValueError("the chart has no drawing")
    start, end, rest = re.sub(r"font-family:[^;}]*", f"font-family:'{FACE}'", drawn[0]).partition("</style>")
    return start + _LOOK + end + rest


def _not_shown(part: Part) -> list[Block]:
    blocks: list[Block] = [Paragraph(line, "quiet") for line in hidden_words(part)]
    return blocks


def hidden_words(part: Part) -> list[str]:
    """What is not printed, counted, and why."""
    said = []
    for one in part.hidden:
        many = count_noun(one.number, _("svar är dolt"), _("svar är dolda"))
        said.append(_("%(many)s. Skäl: %(why)s") % {"many": many, "why": one.reason} if one.reason else f"{many}.")
    if part.left_out:
        many = count_noun(part.left_out, _("svar"), _("svar"))
        words = _("%(many)s visas inte öppet, för att det verkar innehålla personuppgifter.")
        said.append(words % {"many": many})
    return said


def _afterwards(report: SessionReport) -> list[Block]:
    if not report.afterwards:
        return []
    head = [_("Behov"), _("Hur"), _("Kom in"), _("Läge")]
    rows = [[one.text, one.channel, one.day, one.state] for one in report.afterwards]
    if any(one.sender for one in report.afterwards):
        head.append(_("Från"))
        rows = [[*row, one.sender] for row, one in zip(rows, report.afterwards, strict=True)]
    return [Heading(_("Kom in efter mötet")), Grid(_("Behov som kom in efter mötet"), head, rows)]


def _made(report: SessionReport) -> list[Block]:
    blocks: list[Block] = [Heading(_("Det här har det lett till"))]
    if report.made:
        rows = [[one.kind, one.title, one.number] for one in report.made]
        blocks.append(Grid(_("Behov och insatser ur mötet"), [_("Sort"), _("Rubrik"), _("Spårnummer")], rows))
    blocks += [Paragraph(line) for line in made_words(report)]
    return blocks


def made_words(report: SessionReport) -> list[str]:
    """What the reader may not read is told by kind and number; nothing yet is told too."""
    said = [
        _("%(kind)s som inte är öppet för dig: %(count)s") % {"kind": kind.capitalize(), "count": count}
        for kind, count in report.made_elsewhere
    ]
    return said if said or report.made else [_("Inget har gjorts av svaren än.")]

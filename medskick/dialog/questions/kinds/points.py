"""A hundred points to share out between options."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.charts import Bar, bar_chart
from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import joined, said_answers
from medskick.dialog.questions.options import (
    option_id,
    options_field,
    options_initial,
    options_of,
    read_options,
    require_options,
)
from medskick.kernel.typing import Text

MOST_OPTIONS = 12
POINTS = 100


class Points(QuestionKind):
    """A value is {option's id: points}, whole numbers from 0 that make exactly 100."""

    key = "points"
    order = 20
    label: Text = gettext_lazy("Fördela 100 poäng")
    explained: Text = gettext_lazy("Var och en delar ut 100 poäng mellan alternativen. Visar hur mycket viktigare.")
    paper_template = "dialog/steps/paper/points.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {"options": options_field(MOST_OPTIONS)}

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": read_options(cleaned, most=MOST_OPTIONS)}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": options_initial(settings)}

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        words = _script_words()
        fields = {
            f"points_{one.id}": forms.IntegerField(
                label=one.text,
                min_value=0,
                max_value=POINTS,
                required=False,
                widget=forms.NumberInput(
                    {"data-points": POINTS, "data-width": "short", "autocomplete": "off", **words}
                ),
            )
            for one in options_of(asked)
        }
        initial = {f"points_{one}": points for one, points in (given[0] if given else {}).items()}
        legend = " ".join([_("Dela ut exakt 100 poäng."), asked.help_text]).strip()
        return AnswerForm(
            fields, data, initial=initial, legend=legend, check=lambda one: self.clean(asked, _value(asked, one))
        )

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [_value(asked, form.cleaned_data)]

    def clean(self, asked: Asked, value: Value) -> Value:
        if not isinstance(value, Mapping):
            raise ValueError(_("Skriv poäng vid alternativen, tillsammans exakt 100."))
        require_options(asked, list(value))
        points = {one.id: value.get(one.id, 0) for one in options_of(asked)}
        if not all(type(one) is int and 0 <= one <= POINTS for one in points.values()):
            raise ValueError(_("Poäng är hela tal från 0 till 100."))
        total = sum(points.values())
        if total < POINTS:
            words = {"given": total, "left": POINTS - total}
            raise ValueError(
                ngettext(
                    "Du har delat ut %(given)s av 100 poäng. %(left)s poäng är kvar att dela ut.",
                    "Du har delat ut %(given)s av 100 poäng. %(left)s poäng är kvar att dela ut.",
                    POINTS - total,
                )
                % words
            )
        if total > POINTS:
            words = {"given": total, "over": total - POINTS}
            raise ValueError(_("Du har delat ut %(given)s poäng, %(over)s för många. Ta bort %(over)s.") % words)
        return points

    def words(self, asked: Asked, value: Value) -> str:
        given = [(one.text, value.get(one.id, 0)) for one in options_of(asked)]
        return "; ".join(f"{text} {points}" for text, points in given if points)[:2000]

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        rows = [
            (one.text, sum(value.get(one.id, 0) for value in values), sum(value.get(one.id, 0) > 0 for value in values))
            for one in options_of(asked)
        ]
        rows.sort(key=lambda row: -row[1])
        finding = _finding(rows, len(values))
        columns = [
            Column(_("Alternativ")),
            Column(_("Poäng tillsammans"), True, 0),
            Column(_("Poäng i medeltal"), True, 1),
            Column(_("Fick poäng av"), True, 0),
        ]
        table = Table(finding, columns, [[text, total, _mean(total, len(values)), by] for text, total, by in rows])
        most = rows[0][1] if rows else 0
        bars = [Bar(text, total, emphasis=0 < total == most) for text, total, _by in rows]
        chart = bar_chart(finding, bars, table=table, decimals=0, size=size)
        chart.note = _("%(answers)s med 100 poäng var.") % {"answers": said_answers(len(values))} if values else ""
        return Outcome(finding, table, chart)

    def columns(self, asked: Asked) -> list[str]:
        return [one.text for one in options_of(asked)]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        return [value.get(one.id, 0) for one in options_of(asked)]


def _script_words() -> dict[str, str]:
    """What the script that counts what is left says."""
    return {
        "data-left": _("{n} poäng kvar att dela ut"),
        "data-over": _("{n} poäng för mycket. Ta bort {n}."),
        "data-done": _("Alla 100 poäng är utdelade"),
        "data-less": _("Tio mindre"),
        "data-more": _("Tio mer"),
    }


def _value(asked: Asked, cleaned: Mapping[str, Any]) -> dict[str, int]:
    return {one.id: cleaned.get(f"points_{one.id}") or 0 for one in options_of(asked)}


def _mean(total: int, answers: int) -> float | None:
    """With one decimal, exact halves upwards; None of nothing."""
    return int(Fraction(total * 10, answers) + Fraction(1, 2)) / 10 if answers else None


def _finding(rows: Sequence[tuple[str, int, int]], answers: int) -> str:
    if not answers:
        return _("Inga svar än")
    most = rows[0][1]
    top = [text for text, total, _by in rows if total == most]
    words = {"top": joined(top), "most": most, "all": answers * POINTS}
    if len(top) > 1:
        return _("%(top)s får lika mycket: %(most)s av %(all)s poäng var") % words
    return _("%(top)s får mest: %(most)s av %(all)s poäng") % words


KIND = Points()
SAMPLE = Sample(
    settings={"options": "Fiber\nDigital hjälp\nEnklare språk"},
    answers=(
        {f"points_{option_id('Fiber')}": "70", f"points_{option_id('Digital hjälp')}": "30"},
        {f"points_{option_id('Enklare språk')}": "100"},
    ),
    bad={f"points_{option_id('Fiber')}": "90"},
)

"""A scale of five grades with words at its ends, and "Vet ej"."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.charts import Bar, bar_chart
from medskick.design.forms import ChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import kept_back, said_answers, sensitive_field, share, told
from medskick.kernel.typing import Text
from medskick.lib.numbers import say_number

GRADES = (1, 2, 3, 4, 5)
DONT_KNOW = "vet_ej"
LOW, HIGH = gettext_lazy("Instämmer inte alls"), gettext_lazy("Instämmer helt")


class Scale(QuestionKind):
    """A value is a grade, 1 to 5, or "vet_ej". Whoever does not know is counted, and not in the mean."""

    key = "scale"
    order = 16
    label: Text = gettext_lazy("Skala 1–5")
    explained: Text = gettext_lazy("Hur mycket instämmer du? Fem steg, med ord i ändarna och ”Vet ej”.")
    paper_template = "dialog/steps/paper/scale.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "low": forms.CharField(label=gettext_lazy("1 betyder"), max_length=60, initial=LOW),
            "high": forms.CharField(label=gettext_lazy("5 betyder"), max_length=60, initial=HIGH),
            "has_dont_know": forms.BooleanField(
                label=gettext_lazy("Man kan svara ”Vet ej”"), required=False, initial=True
            ),
            "sensitive": sensitive_field(),
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        settings: dict[str, Any] = {"low": cleaned["low"], "high": cleaned["high"]}
        settings["has_dont_know"] = bool(cleaned.get("has_dont_know"))
        return settings | ({"sensitive": True} if cleaned.get("sensitive") else {})

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        offered = [(str(grade), self.words(asked, grade)) for grade in reversed(GRADES)]
        if asked.settings.get("has_dont_know", True):
            offered.append((DONT_KNOW, _("Vet ej")))
        field = forms.ChoiceField(label=_("Ditt svar"), choices=offered, widget=ChoiceCards, help_text=asked.help_text)
        initial = {"grade": str(given[0]) if given else ""}
        return AnswerForm({"grade": field}, data, initial=initial, missing={"grade": _("Välj ett av stegen.")})

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [form.cleaned_data["grade"]]

    def clean(self, asked: Asked, value: Value) -> Value:
        if value == DONT_KNOW:
            if not asked.settings.get("has_dont_know", True):
                raise ValueError(_("Den här frågan har inget ”Vet ej”. Välj ett av stegen 1 till 5."))
            return DONT_KNOW
        if str(value) not in {str(grade) for grade in GRADES}:
            raise ValueError(_("Välj ett av stegen 1 till 5."))
        return int(value)

    def words(self, asked: Asked, value: Value) -> str:
        if value == DONT_KNOW:
            return _("Vet ej")
        end = {GRADES[0]: asked.settings.get("low", LOW), GRADES[-1]: asked.settings.get("high", HIGH)}.get(value)
        return f"{value} – {end}" if end else str(value)

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        hidden = kept_back(asked, len(values))
        if hidden is not None:
            return hidden
        counted = Counter(values)
        shown = [*reversed(GRADES), *([DONT_KNOW] if asked.settings.get("has_dont_know", True) else [])]
        grades = [one for one in values if one != DONT_KNOW]
        finding = _finding(grades, len(values))
        rows = [(self.words(asked, one), counted[one], one != DONT_KNOW) for one in shown]
        bars = [Bar(text, count, emphasis=graded, shown=told(count, len(values))) for text, count, graded in rows]
        columns = [Column(_("Svar")), Column(_("Antal"), True, 0), Column(_("Andel av svaren (%)"), True, 1)]
        table = Table(finding, columns, [[text, count, share(count, len(values))] for text, count, _graded in rows])
        chart = bar_chart(finding, bars, table=table, size=size)
        chart.note = _middle(grades, len(values))
        return Outcome(finding, table, chart)

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        return [_("Vet ej") if value == DONT_KNOW else value]


def _finding(grades: Sequence[int], answers: int) -> str:
    if not answers:
        return _("Inga svar än")
    if not grades:
        return _("Alla svarar ”Vet ej”: %(answers)s") % {"answers": said_answers(answers)}
    high, low = sum(one >= 4 for one in grades), sum(one <= 2 for one in grades)
    words = {"all": answers, "high": high, "low": low}
    if high >= low:
        return _("%(high)s av %(all)s svarar 4 eller 5, och %(low)s svarar 1 eller 2") % words
    return _("%(low)s av %(all)s svarar 1 eller 2, och %(high)s svarar 4 eller 5") % words


def _middle(grades: Sequence[int], answers: int) -> str:
    """Mean and median of those who took a stand, and how many they were."""
    without = answers - len(grades)
    aside = ngettext(
        "%(count)s svarade ”Vet ej” och räknas inte där.", "%(count)s svarade ”Vet ej” och räknas inte där.", without
    ) % {"count": without}
    if not grades:
        return said_answers(answers)
    mean = Fraction(sum(grades), len(grades))
    words = {
        # Half a step is rounded up, as people do by hand, and never by what a float happens to hold.
        "mean": say_number(int(mean * 10 + Fraction(1, 2)) / 10, 1),
        "median": say_number(median(grades)),
        "answers": said_answers(answers),
    }
    told_so = _("%(answers)s. Medelvärde %(mean)s, median %(median)s.") % words
    return f"{told_so} {aside}" if without else told_so


KIND = Scale()
SAMPLE = Sample(
    settings={"low": "Instämmer inte alls", "high": "Instämmer helt", "has_dont_know": "on"},
    answers=({"grade": "5"}, {"grade": "4"}, {"grade": DONT_KNOW}),
    bad={"grade": "6"},
)

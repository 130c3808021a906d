"""Consent by fingers: fist to five."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.charts import Bar, bar_chart
from medskick.design.forms import ChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import said_answers, share, told
from medskick.kernel.typing import Text

FINGERS = {
    5: gettext_lazy("Helt med, jag hjälper till"),
    4: gettext_lazy("Bra förslag"),
    3: gettext_lazy("Jag kan leva med det"),
    2: gettext_lazy("Jag har en invändning att ta upp"),
    1: gettext_lazy("Jag har stora invändningar"),
    0: gettext_lazy("Stopp, jag kan inte vara med på det"),
}
CONSENT = 3


class Consent(QuestionKind):
    """A value is 0 to 5. There is consent where nobody is under 3; no mean is made, it would hide a stop."""

    key = "consent"
    order = 22
    label: Text = gettext_lazy("Samtycke med fem fingrar")
    explained: Text = gettext_lazy("Från knuten näve (stopp) till fem fingrar (helt med). Visar om alla kan vara med.")
    paper_template = "dialog/steps/paper/consent.html"

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        field = forms.ChoiceField(
            label=_("Hur många fingrar håller du upp?"),
            choices=[(str(one), self.words(asked, one)) for one in FINGERS],
            widget=ChoiceCards,
            help_text=asked.help_text,
        )
        initial = {"fingers": str(given[0]) if given else ""}
        return AnswerForm({"fingers": field}, data, initial=initial, missing={"fingers": _("Välj 0 till 5 fingrar.")})

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [form.cleaned_data["fingers"]]

    def clean(self, asked: Asked, value: Value) -> Value:
        if str(value) not in {str(one) for one in FINGERS}:
            raise ValueError(_("Välj 0 till 5 fingrar."))
        return int(value)

    def words(self, asked: Asked, value: Value) -> str:
        return f"{value} – {FINGERS[value]}"

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        counted = Counter(values)
        finding = _finding(counted, len(values))
        rows = [(self.words(asked, one), counted[one], one < CONSENT) for one in FINGERS]
        bars = [Bar(text, count, emphasis=under, shown=told(count, len(values))) for text, count, under in rows]
        columns = [Column(_("Fingrar")), Column(_("Antal"), True, 0), Column(_("Andel av svaren (%)"), True, 1)]
        table = Table(finding, columns, [[text, count, share(count, len(values))] for text, count, _under in rows])
        chart = bar_chart(finding, bars, table=table, size=size)
        chart.note = said_answers(len(values))
        return Outcome(finding, table, chart)

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        return [value]


def _finding(counted: Counter[int], answers: int) -> str:
    if not answers:
        return _("Inga svar än")
    stops, objections = counted[0], counted[1] + counted[2]
    against = ngettext("%(count)s har invändningar", "%(count)s har invändningar", objections) % {"count": objections}
    if stops:
        stopped = ngettext("%(count)s säger stopp", "%(count)s säger stopp", stops) % {"count": stops}
        no = _("Inget samtycke: %(stopped)s") % {"stopped": stopped}
        return _("%(no)s och %(against)s") % {"no": no, "against": against} if objections else no
    if objections:
        return against
    return _("Samtycke: ingen under 3")


KIND = Consent()
SAMPLE = Sample(answers=({"fingers": "5"}, {"fingers": "2"}, {"fingers": "0"}), bad={"fingers": "6"})

"""Free text in a few words, gathered in a word cloud."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.charts import word_cloud
from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import joined, said_answers
from medskick.kernel.typing import Text
from medskick.lib.swedish import WordCount, word_counts
from medskick.lib.text import clean_text

LONGEST = 200


class WordAnswer(PlainForm):
    answer = forms.CharField(
        label=gettext_lazy("Ditt svar"), max_length=LONGEST, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )
    missing = {"answer": gettext_lazy("Skriv ett svar. Ett ord räcker.")}


class WordCloud(QuestionKind):
    """Size by how many said it; forms of a word count together, and kept phrases as one word."""

    key = "word_cloud"
    order = 10
    takes_more = True
    label: Text = gettext_lazy("Fritt svar i ett ordmoln")
    explained: Text = gettext_lazy("Alla svarar med egna ord. Orden som flest säger blir störst.")

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "kept_phrases": forms.CharField(
                label=gettext_lazy("Uttryck som hålls ihop"),
                max_length=500,
                required=False,
                widget=forms.Textarea({"rows": 3}),
                help_text=gettext_lazy("Ett på varje rad, till exempel: artificiell intelligens."),
            ),
            "left_out": forms.CharField(
                label=gettext_lazy("Ord som inte visas"),
                max_length=500,
                required=False,
                widget=forms.Textarea({"rows": 3}),
                help_text=gettext_lazy("Ett på varje rad, till exempel ordet som frågan handlar om."),
            ),
            "threshold": forms.IntegerField(
                label=gettext_lazy("Visa ord som minst så många har sagt"),
                min_value=1,
                max_value=50,
                initial=1,
                required=False,
                help_text=gettext_lazy("Med 2 eller mer kan ingen se ett ord som bara en har skrivit."),
            ),
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        settings: dict[str, Any] = {name: _lines(cleaned.get(name, "")) for name in ("kept_phrases", "left_out")}
        settings["threshold"] = cleaned.get("threshold") or 1
        return {name: value for name, value in settings.items() if value and value != 1}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        listed = {name: "\n".join(settings.get(name, ())) for name in ("kept_phrases", "left_out")}
        return listed | {"threshold": settings.get("threshold", 1)}

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        form = WordAnswer(data, initial={"answer": given[0] if given else ""})
        form.fields["answer"].help_text = asked.help_text or _("Ett ord eller en mening.")
        return form

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [form.cleaned_data["answer"]]

    def clean(self, asked: Asked, value: Value) -> Value:
        cleaned = " ".join(clean_text(str(value), max_length=LONGEST).split())
        if not cleaned:
            raise ValueError(_("Skriv ett svar. Ett ord räcker."))
        return cleaned

    def words(self, asked: Asked, value: Value) -> str:
        return str(value)

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        kept, left_out = asked.settings.get("kept_phrases", ()), asked.settings.get("left_out", ())
        counted = word_counts(values, kept_phrases=kept, extra_stop_words=left_out)
        least = asked.settings.get("threshold", 1)
        shown = [one for one in counted if one.count >= least]
        finding = _finding(shown, len(values), least=least)
        chart = word_cloud(finding, {one.word: one.count for one in shown}, size=size)
        chart.table = _table(finding, shown, len(values))
        chart.note = _note(len(values), len(counted) - len(shown), least)
        return Outcome.of_chart(chart)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _table(finding: str, shown: Sequence[WordCount], answers: int) -> Table:
    """The words with how many said each, and every form of them that was written."""
    columns = [Column(_("Ord")), Column(_("Antal"), True, 0), Column(_("Så skrevs det"))]
    rows = [[one.word, one.count, ", ".join(form for form, _count in one.forms)] for one in shown]
    return Table(finding, columns, rows)


def _note(answers: int, below: int, least: int) -> str:
    if not answers or not below:
        return said_answers(answers) if answers else ""
    words = {"count": below, "least": least, "answers": said_answers(answers)}
    return (
        ngettext(
            "%(answers)s. %(count)s ord visas inte: färre än %(least)s har sagt det.",
            "%(answers)s. %(count)s ord visas inte: färre än %(least)s har sagt dem.",
            below,
        )
        % words
    )


def _finding(shown: Sequence[WordCount], answers: int, *, least: int) -> str:
    if not answers:
        return _("Inga svar än")
    if not shown:
        words = {"answers": said_answers(answers), "least": least}
        if least == 1:
            return _("%(answers)s, men inget ord att visa") % words
        return _("%(answers)s, men inget ord som minst %(least)s har sagt än") % words
    if shown[0].count == 1:
        return _("%(answers)s, inget ord återkommer än") % {"answers": said_answers(answers)}
    together = [one.word for one in shown if one.count == shown[0].count]
    words = {"words": joined(together), "count": shown[0].count, "all": answers}
    return _("%(words)s nämns oftast: i %(count)s av %(all)s svar") % words


KIND = WordCloud()
SAMPLE = Sample(
    settings={"kept_phrases": "artificiell intelligens"},
    answers=({"answer": "Trygghet"}, {"answer": "Mer tid för människor"}),
    bad={"answer": ""},
)

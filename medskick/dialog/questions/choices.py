"""What single and multiple choice share: the value, the counting, "Annat" in one's own words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.charts import Bar, bar_chart
from medskick.design.forms import ChoiceCards, ManyChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Size, Value
from medskick.dialog.questions.counting import joined, kept_back, said_answers, sensitive_field, share, told
from medskick.dialog.questions.options import (
    options_field,
    options_initial,
    options_of,
    own_words,
    read_options,
    require_options,
)

MOST_OPTIONS = 20
LONGEST_OTHER = 200
OTHER = "other"


class Choice(QuestionKind):
    """A value is {"options": [ids], "other": own words where there are some}."""

    several = False
    paper_template = "dialog/steps/paper/options.html"

    def most_chosen(self, asked: Asked) -> int:
        """How many options one respondent may choose."""
        return 1

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "options": options_field(MOST_OPTIONS),
            "has_other": forms.BooleanField(
                label=gettext_lazy("Lägg till ”Annat”, där man skriver med egna ord"), required=False
            ),
            "sensitive": sensitive_field(),
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        settings: dict[str, Any] = {"options": read_options(cleaned, most=MOST_OPTIONS)}
        return settings | {name: True for name in ("has_other", "sensitive") if cleaned.get(name)}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {**settings, "options": options_initial(settings)}

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        most, before = self.most_chosen(asked), given[0] if given else {}
        chosen = [*before.get("options", ()), *([OTHER] if before.get("other") else [])]
        offered = [(one.id, one.text) for one in options_of(asked)]
        has_other = asked.settings.get("has_other")
        if has_other:
            offered.append((OTHER, _("Annat")))
        about: dict[str, Any] = {"choices": offered, "help_text": asked.help_text, "required": False}
        field: forms.Field
        if self.several:
            field = forms.MultipleChoiceField(label=_several_label(most, len(offered)), widget=ManyChoiceCards, **about)
        else:
            field = forms.ChoiceField(label=_("Välj ett svar"), widget=ChoiceCards, **about)
        fields = {"chosen": field}
        if has_other:
            fields["other"] = forms.CharField(
                label=_("Annat, med egna ord"),
                max_length=LONGEST_OTHER,
                required=False,
                widget=forms.TextInput({"dir": "auto"}),
            )
        first = chosen if self.several else next(iter(chosen), "")
        initial = {"chosen": first, "other": before.get("other", "")}
        return AnswerForm(fields, data, initial=initial, check=lambda cleaned: self.clean(asked, _value(cleaned)))

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [_value(form.cleaned_data)]

    def clean(self, asked: Asked, value: Value) -> Value:
        if not isinstance(value, Mapping) or not isinstance(value.get("options", []), list):
            raise ValueError(_("Välj något av svaren i listan."))
        chosen, other = list(value.get("options", [])), value.get("other")
        require_options(asked, chosen)
        words = own_words(str(other or ""), LONGEST_OTHER)
        if other is not None and not asked.settings.get("has_other"):
            raise ValueError(_("Frågan har inget ”Annat”. Välj något av svaren i listan."))
        if other is not None and not words:
            raise ValueError(_("Du valde ”Annat”. Skriv vad du menar, eller välj något av de andra svaren."))
        count = len(chosen) + bool(words)
        if not count:
            raise ValueError(_("Välj ett svar."))
        most = self.most_chosen(asked)
        if count > most:
            raise ValueError(_too_many(count, most))
        # In the order of the question, so that the same answer is stored in the same way.
        kept = {"options": [one.id for one in options_of(asked) if one.id in chosen]}
        return {**kept, "other": words} if words else kept

    def words(self, asked: Asked, value: Value) -> str:
        texts = {one.id: one.text for one in options_of(asked)}
        named = [texts.get(one, _("(borttaget alternativ)")) for one in value["options"]]
        if value.get("other"):
            named.append(_("Annat: %(words)s") % {"words": value["other"]})
        return "; ".join(named)[:2000]

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        hidden = kept_back(asked, len(values))
        if hidden is not None:
            return hidden
        counted = Counter(one for value in values for one in value["options"])
        rows = [(one.text, counted[one.id]) for one in options_of(asked)]
        others = [value["other"] for value in values if value.get("other")]
        if asked.settings.get("has_other"):
            rows.append((_("Annat"), len(others)))
        finding = _finding(rows, len(values), several=self.several)
        most = max((count for _text, count in rows), default=0)
        bars = [Bar(text, count, emphasis=0 < count == most, shown=told(count, len(values))) for text, count in rows]
        columns = [Column(_("Alternativ")), Column(_("Antal"), True, 0), Column(_("Andel av svaren (%)"), True, 1)]
        table = Table(finding, columns, [[text, count, share(count, len(values))] for text, count in rows])
        chart = bar_chart(finding, bars, table=table, size=size)
        chart.note = said_answers(len(values))
        if self.several:
            chart.note += ". " + _("Var och en fick välja flera, så andelarna blir mer än 100 % tillsammans.")
        return Outcome(finding, table, chart, more=[_others(others)] if others else [])

    def columns(self, asked: Asked) -> list[str]:
        named = [one.text for one in options_of(asked)] if self.several else [asked.text]
        return [*named, *([_("Annat, med egna ord")] if asked.settings.get("has_other") else [])]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        own = [value.get("other", "")] if asked.settings.get("has_other") else []
        if self.several:
            return [*(_("ja") if one.id in value["options"] else _("nej") for one in options_of(asked)), *own]
        texts = {one.id: one.text for one in options_of(asked)}
        return [next((texts.get(one, one) for one in value["options"]), _("Annat")), *own]


def _value(cleaned: Mapping[str, Any]) -> Value:
    """What the form says. Words under "Annat" choose it; "Annat" without words is told by clean."""
    chosen = cleaned.get("chosen") or []
    ids = [chosen] if isinstance(chosen, str) else list(chosen)
    other = cleaned.get("other", "")
    value: dict[str, Any] = {"options": [one for one in ids if one != OTHER]}
    return {**value, "other": other} if other or OTHER in ids else value


def _several_label(most: int, offered: int) -> str:
    return _("Välj ett eller flera svar") if most >= offered else _("Välj högst %(most)s svar") % {"most": most}


def _too_many(count: int, most: int) -> str:
    if most == 1:
        return _("Du har valt ett svar och också skrivit under ”Annat”. Välj det ena.")
    return _("Du har valt %(count)s svar. Välj högst %(most)s: ta bort %(over)s.") % {
        "count": count,
        "most": most,
        "over": count - most,
    }


def _finding(rows: Sequence[tuple[str, int]], answers: int, *, several: bool) -> str:
    if not answers:
        return _("Inga svar än")
    most = max(count for _text, count in rows)
    top = [text for text, count in rows if count == most]
    words = {"top": joined(top), "count": most, "all": answers}
    if len(top) > 1:
        return _("%(top)s får lika många: %(count)s av %(all)s var") % words
    if not several and 2 * most > answers:
        return _("%(count)s av %(all)s väljer %(top)s") % words
    return _("Flest väljer %(top)s: %(count)s av %(all)s") % words


def _others(texts: Sequence[str]) -> Table:
    ordered = sorted(texts, key=str.casefold)
    return Table(_("Annat, med egna ord"), [Column(_("Annat"))], [[text] for text in ordered])

"""Options in order, the best first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.charts import Bar, bar_chart
from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import joined, said_answers
from medskick.dialog.questions.options import (
    Option,
    option_id,
    options_field,
    options_initial,
    options_of,
    read_options,
    require_options,
)
from medskick.dialog.questions.rankings import Standing, condorcet_winner, preferences, standings
from medskick.kernel.typing import Text
from medskick.lib.text import shorten

MOST_OPTIONS = 10
LONGEST_HEADING = 18


class Ranking(QuestionKind):
    """A value is all options' ids, the best first."""

    key = "ranking"
    order = 18
    label: Text = gettext_lazy("Rangordning")
    explained: Text = gettext_lazy("Var och en lägger alternativen i ordning, det viktigaste först.")
    paper_template = "dialog/steps/paper/ranking.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {"options": options_field(MOST_OPTIONS)}

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": read_options(cleaned, most=MOST_OPTIONS)}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": options_initial(settings)}

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        options = options_of(asked)
        places = [(str(place), str(place)) for place in range(1, len(options) + 1)]
        fields = {
            _field(one): forms.ChoiceField(
                label=one.text,
                choices=[("", _("Välj plats")), *places],
                required=False,
                widget=forms.Select({"data-rank": one.text, **_script_words()}),
            )
            for one in options
        }
        initial = {f"place_{one}": str(place) for place, one in enumerate(given[0] if given else (), start=1)}
        legend = " ".join([_("Lägg i ordning, det viktigaste först."), asked.help_text]).strip()
        return AnswerForm(fields, data, initial=initial, legend=legend, check=lambda one: _order(options, one))

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [_order(options_of(asked), form.cleaned_data)]

    def clean(self, asked: Asked, value: Value) -> Value:
        if not isinstance(value, list | tuple):
            raise ValueError(_("Ge varje alternativ en plats."))
        require_options(asked, value)
        left = [one.text for one in options_of(asked) if one.id not in value]
        if left:
            raise ValueError(_without_place(left))
        return list(value)

    def words(self, asked: Asked, value: Value) -> str:
        texts = {one.id: one.text for one in options_of(asked)}
        removed = _("(borttaget alternativ)")
        return "; ".join(f"{place}. {texts.get(one, removed)}" for place, one in enumerate(value, start=1))[:2000]

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        options = options_of(asked)
        ids, texts = [one.id for one in options], {one.id: one.text for one in options}
        found = standings(values, ids)
        finding = _finding(found, texts) if values else _("Inga svar än")
        table = _points_table(finding, found, texts)
        bars = [
            Bar(f"{one.place}. {texts[one.option]}", one.points, emphasis=bool(values) and one.place == 1)
            for one in found
        ]
        chart = bar_chart(finding, bars, table=table, decimals=0, size=size)
        chart.note = _note(values, len(ids))
        return Outcome(finding, table, chart, more=[_pairs_table(values, found, texts)] if values else [])

    def columns(self, asked: Asked) -> list[str]:
        return [one.text for one in options_of(asked)]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        return [value.index(one.id) + 1 if one.id in value else "" for one in options_of(asked)]


def _script_words() -> dict[str, str]:
    """What the script that makes a list with buttons of the selects says."""
    return {"data-up": _("Flytta upp"), "data-down": _("Flytta ner"), "data-place": _("plats")}


def _field(option: Option) -> str:
    return f"place_{option.id}"


def _order(options: Sequence[Option], cleaned: Mapping[str, Any]) -> list[str]:
    """The ids by place. Raise ValueError where one has no place, or two the same."""
    places = {one: cleaned.get(_field(one), "") for one in options}
    left = [one.text for one, place in places.items() if not place]
    if left:
        raise ValueError(_without_place(left))
    for place in sorted(set(places.values()), key=int):
        there = [one.text for one in options if places[one] == place]
        if len(there) > 1:
            words = {"place": place, "options": joined(there)}
            raise ValueError(_("Plats %(place)s är vald för %(options)s. Ge dem var sin plats.") % words)
    return [one.id for one in sorted(options, key=lambda each: int(places[each]))]


def _without_place(texts: Sequence[str]) -> str:
    return _("Välj plats också för %(options)s.") % {"options": joined(texts)}


def _finding(found: Sequence[Standing], texts: Mapping[str, str]) -> str:
    """Who comes first by points, and whether the pairs say the same."""
    top = [one.option for one in found if one.place == 1]
    winner = condorcet_winner(found)
    words = {"top": joined([texts[one] for one in top]), "winner": joined([texts[winner]]) if winner else ""}
    if len(top) == len(found):
        return _("Alla alternativ får lika många poäng")
    if len(top) > 1:
        if winner:
            return _("%(top)s delar första platsen på poäng; %(winner)s vinner mot alla andra ett och ett") % words
        return _("%(top)s delar första platsen") % words
    if winner in top:
        return _("%(top)s kommer först: flest poäng, och vinner mot alla andra ett och ett") % words
    if winner:
        return _("%(top)s får flest poäng, men %(winner)s vinner mot alla andra ett och ett") % words
    return _("%(top)s får flest poäng, men inget alternativ vinner mot alla andra ett och ett") % words


def _note(values: Sequence[Value], options: int) -> str:
    if not values:
        return ""
    words = {"answers": said_answers(len(values)), "most": options - 1}
    return _("%(answers)s. Först i någons ordning ger %(most)s poäng, sist ger 0.") % words


def _points_table(finding: str, found: Sequence[Standing], texts: Mapping[str, str]) -> Table:
    shared = {one.place for one in found if sum(other.place == one.place for other in found) > 1}
    columns = [
        Column(_("Alternativ")),
        Column(_("Plats")),
        Column(_("Poäng"), True, 0),
        Column(_("Satt först av"), True, 0),
        Column(_("Vinner mot"), True, 0),
        Column(_("Oavgjort mot"), True, 0),
        Column(_("Förlorar mot"), True, 0),
    ]
    rows = [
        [
            texts[one.option],
            _("delad %(place)s") % {"place": one.place} if one.place in shared else str(one.place),
            one.points,
            one.first,
            one.won,
            one.tied,
            one.lost,
        ]
        for one in found
    ]
    return Table(finding, columns, rows)


def _pairs_table(values: Sequence[Value], found: Sequence[Standing], texts: Mapping[str, str]) -> Table:
    """For each pair how many put the row's option before the column's."""
    before = preferences(values, [one.option for one in found])
    short = [shorten(texts[one.option], LONGEST_HEADING) for one in found]
    columns = [Column(_("Så många satte raden före")), *(Column(text, True, 0) for text in short)]
    rows = [
        [
            texts[one.option],
            *("–" if other == one else before[one.option, other.option] for other in found),
        ]
        for one in found
    ]
    return Table(_("Alternativen mot varandra, ett och ett"), columns, rows)


KIND = Ranking()
SAMPLE = Sample(
    settings={"options": "Trygghet\nTid\nPengar"},
    answers=(
        {f"place_{option_id('Trygghet')}": "2", f"place_{option_id('Tid')}": "1", f"place_{option_id('Pengar')}": "3"},
        {f"place_{option_id('Trygghet')}": "1", f"place_{option_id('Tid')}": "2", f"place_{option_id('Pengar')}": "3"},
    ),
    bad={f"place_{option_id('Trygghet')}": "1", f"place_{option_id('Tid')}": "1", f"place_{option_id('Pengar')}": "3"},
)

"""Needs, several from each, under the goal area that they belong to. An area without needs is shown as empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import ManyChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.goal_areas import Area, areas, chosen_areas
from medskick.kernel.typing import Text
from medskick.lib.text import clean_text, join_and

LONGEST = 500
MOST, MOST_EVER = 3, 10
MOST_QUESTIONS = 6


class NeedsForm(PlainForm):
    """As many needs as the question asks for, each with an area; one is enough."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(text for name, text in cleaned.items() if name.startswith("need_")):
            self.add_error("need_1", _("Skriv minst ett behov. En mening räcker."))
        for name in [one for one in self.fields if one.startswith("area_")]:
            number = name.removeprefix("area_")
            if cleaned.get(name) and not cleaned.get(f"need_{number}") and f"need_{number}" not in self.errors:
                self.add_error(f"need_{number}", _("Du har valt ett målområde men inte skrivit något behov."))
        return cleaned


class NeedsByArea(QuestionKind):
    key = "needs_by_area"
    order = 60
    label: Text = gettext_lazy("Behov per målområde")
    explained: Text = gettext_lazy("Var och en skriver flera behov, och väljer vilket målområde vart och ett hör till.")

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "questions": forms.CharField(
                label=gettext_lazy("Frågor att utgå från"),
                max_length=1500,
                required=False,
                widget=forms.Textarea({"rows": 4}),
                help_text=gettext_lazy("En på varje rad, högst sex. Tomt: bara frågan ovan."),
            ),
            "most": forms.IntegerField(
                label=gettext_lazy("Hur många behov får var och en skriva?"),
                min_value=1,
                max_value=MOST_EVER,
                initial=MOST,
                required=False,
            ),
            "areas": areas_field(),
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        questions = [" ".join(one.split()) for one in cleaned.get("questions", "").splitlines() if one.strip()]
        if len(questions) > MOST_QUESTIONS:
            words = _("Det är %(count)s frågor. Ta högst %(most)s i ett steg.")
            raise forms.ValidationError({"questions": words % {"count": len(questions), "most": MOST_QUESTIONS}})
        found: dict[str, Any] = {"most": cleaned.get("most") or MOST}
        if questions:
            found["questions"] = [one[:250] for one in questions]
        if cleaned.get("areas"):
            found["areas"] = list(cleaned["areas"])
        return found

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {**settings, "questions": "\n".join(settings.get("questions", ()))}

    def slots(self, asked: Asked) -> int:
        return min(int(asked.settings.get("most") or MOST), MOST_EVER)

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        form = NeedsForm(data)
        questions, offered = asked.settings.get("questions", ()), chosen_areas(asked.settings.get("areas"))
        groups = []
        for number in range(1, self.slots(asked) + 1):
            before = given[number - 1] if number <= len(given) else {}
            made = _row_fields(number, before, questions, offered)
            form.add_fields(made)
            groups.append((_("Behov %(number)s") % {"number": number}, list(made)))
        form.fieldsets = groups  # type: ignore[misc]  # the rows are as many as the question says
        if asked.help_text:
            form.fields["need_1"].help_text = asked.help_text
        return form

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        given = form.cleaned_data
        return [
            {
                "text": given[f"need_{number}"],
                "area": given.get(f"area_{number}", ""),
                **({"question": int(given[f"question_{number}"])} if given.get(f"question_{number}") else {}),
            }
            for number in range(1, self.slots(asked) + 1)
            if given.get(f"need_{number}")
        ]

    def clean(self, asked: Asked, value: Value) -> Value:
        if not isinstance(value, dict):
            raise ValueError(_("Skriv minst ett behov. En mening räcker."))
        text = " ".join(clean_text(str(value.get("text", "")), max_length=LONGEST).split())
        area, question = value.get("area", ""), value.get("question")
        if not text:
            raise ValueError(_("Skriv minst ett behov. En mening räcker."))
        if area and area not in {one.key for one in chosen_areas(asked.settings.get("areas"))}:
            raise ValueError(_("Det målområdet finns inte att välja. Välj ett i listan, eller ”Vet inte”."))
        if question is not None and question not in range(1, len(asked.settings.get("questions", ())) + 1):
            raise ValueError(_("Den frågan finns inte att välja. Välj en i listan."))
        return {"text": text, "area": area} | ({"question": question} if question is not None else {})

    def words(self, asked: Asked, value: Value) -> str:
        return str(value["text"])

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        gathered = by_area(asked, values)
        columns = [Column(_("Målområde")), Column(_("Antal behov"), numeric=True), Column(_("Behov"))]
        rows = [[label, len(texts), " · ".join(texts) or _("Inga behov")] for label, texts in gathered]
        return Outcome(_finding(gathered), Table(asked.text, columns, rows))

    def columns(self, asked: Asked) -> list[str]:
        return [_("Fråga"), _("Målområde"), _("Behov")]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        questions = asked.settings.get("questions", ())
        number = value.get("question")
        question = questions[number - 1] if number and number <= len(questions) else asked.text
        labels = {one.key: one.label for one in areas()}
        return [question, labels.get(value.get("area", ""), _("Vet inte")), value.get("text", "")]


def areas_field() -> forms.Field:
    """The setting that limits a step to some goal areas."""
    return forms.MultipleChoiceField(
        label=gettext_lazy("Målområden"),
        choices=[(one.key, one.label) for one in areas()],
        required=False,
        widget=ManyChoiceCards,
        help_text=gettext_lazy("Kryssa i dem som steget handlar om. Inget kryss: alla."),
    )


def by_area(asked: Asked, values: Sequence[Value]) -> list[tuple[str, list[str]]]:
    """The needs of each area, with empty areas, and last those without one; what an area no longer offers is there."""
    found: dict[str, list[str]] = {one.key: [] for one in chosen_areas(asked.settings.get("areas"))}
    for one in values:
        if isinstance(one, dict) and one.get("text"):
            found.setdefault(one.get("area", ""), []).append(one["text"])
    labels = {one.key: one.label for one in areas()}
    loose = found.pop("", [])
    return [(labels.get(key, key), texts) for key, texts in found.items()] + [(_("Vet inte"), loose)]


def _finding(gathered: Sequence[tuple[str, list[str]]]) -> str:
    every, named = sum(len(texts) for _label, texts in gathered), gathered[:-1]
    if not every:
        return _("Inga behov än")
    most = max(len(texts) for _label, texts in named)
    empty = [label for label, texts in named if not texts]
    words = _("%(count)s behov har inget målområde än.") % {"count": every}
    if most:
        first = join_and([label for label, texts in named if len(texts) == most], word=_("och"))
        words = _("Flest under %(area)s: %(count)s av %(all)s behov.") % {"area": first, "count": most, "all": every}
    if not empty:
        return words
    told = _("Tomt: %(areas)s.") % {"areas": join_and(empty, word=_("och"))}
    return f"{words} {told}"


def _row_fields(
    number: int, before: Mapping[str, Any], questions: Sequence[str], offered: Sequence[Area]
) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    if len(questions) > 1:
        made[f"question_{number}"] = forms.ChoiceField(
            label=_("Vilken fråga svarar du på?"),
            choices=[(str(place), one) for place, one in enumerate(questions, start=1)],
            required=False,
            initial=str(before.get("question", "1")),
            widget=forms.Select,
        )
    made[f"need_{number}"] = forms.CharField(
        label=_("Vad behövs?"),
        max_length=LONGEST,
        required=False,
        initial=before.get("text", ""),
        widget=forms.Textarea({"rows": 2}),
    )
    made[f"area_{number}"] = forms.ChoiceField(
        label=_("Vilket målområde hör det till?"),
        choices=[("", _("Vet inte")), *((one.key, one.label) for one in offered)],
        required=False,
        initial=before.get("area", ""),
        widget=forms.Select,
    )
    return made


KIND = NeedsByArea()
SAMPLE = Sample(
    settings={"questions": "Vad saknas i dag?\nVad kan vi göra tillsammans?", "most": "3"},
    answers=(
        {"need_1": "Bredband i Bottna", "area_1": "infrastructure", "need_2": "Tid att lära sig", "question_2": "2"},
        {"need_1": "En kurs för alla chefer", "area_1": "leadership"},
    ),
    bad={"need_1": "", "area_1": "safety"},
)

"""A question that one respondent answers several times, one at a time: what notes and floor questions share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from medskick.design.forms import PlainForm
from medskick.dialog.questions.contract import Asked, QuestionKind, Value
from medskick.kernel.typing import Text
from medskick.lib.text import clean_text

FIRST = "text_1"
# Places that were taken back stay empty; there are so many times more places than one may fill.
SPARE = 5


def name_of(place: int) -> str:
    return f"text_{place}"


class ListForm(PlainForm):
    """Fields for several short texts; the first must be filled in."""

    base_fields: dict[str, forms.Field]

    def __init__(
        self, data: Any = None, *, kind: "ListQuestion", labels: Mapping[str, Text], help_text: str, **more: Any
    ) -> None:
        texts = {
            name: forms.CharField(
                label=label, max_length=kind.longest, required=name == FIRST, widget=forms.Textarea({"rows": 3})
            )
            for name, label in labels.items()
        }
        self.base_fields = {**self.base_fields, **texts}
        super().__init__(data, **more)
        self.fields[FIRST].help_text = help_text
        self.fields[FIRST].error_messages["required"] = kind.empty

    @property
    def only_first(self) -> PlainForm:
        """The form as a phone shows it: one field, with what was typed and what was wrong with it."""
        for name in [name for name in self.fields if name.startswith("text_") and name != FIRST]:
            del self.fields[name]
        return self


class ListQuestion(QuestionKind):
    """Several short texts from each respondent.

    usual: how many each may write where the step says no other number. at_most: what the step may say.
    one, one_more, empty: words for the field, for the fields after the first, and for when nothing was written.
    """

    usual: int = 5
    at_most: int = 20
    longest: int = 280
    most_label: Text
    one: Text
    one_more: Text
    empty: Text

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "most": forms.IntegerField(label=self.most_label, min_value=1, max_value=self.at_most, initial=self.usual)
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"most": cleaned.get("most") or self.usual}

    def most_of(self, asked: Asked) -> int:
        """How many one respondent may have standing."""
        return int(asked.settings.get("most", self.usual))

    def slots(self, asked: Asked) -> int:
        return self.most_of(asked) * SPARE

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        """As many fields as one may write; a phone shows the first only, and a paper all."""
        labels = {
            name_of(place): self.one if place == 1 else str(self.one_more) % {"number": place}
            for place in range(1, self.most_of(asked) + 1)
        }
        initial = {name_of(place): value for place, value in enumerate(given, start=1)}
        return ListForm(data, kind=self, labels=labels, help_text=asked.help_text, initial=initial)

    def one_form(self, data: Any = None, *, text: str = "", help_text: str = "") -> PlainForm:
        """One field: to add one, or to change one."""
        return ListForm(data, kind=self, labels={FIRST: self.one}, help_text=help_text, initial={FIRST: text})

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        names = [name for name in form.cleaned_data if name.startswith("text_")]
        return [form.cleaned_data[name] for name in names if form.cleaned_data[name].strip()]

    def clean(self, asked: Asked, value: Value) -> Value:
        cleaned = clean_text(str(value), max_length=self.longest).strip()
        if not cleaned:
            raise ValueError(str(self.empty))
        return cleaned

    def words(self, asked: Asked, value: Value) -> str:
        return str(value)

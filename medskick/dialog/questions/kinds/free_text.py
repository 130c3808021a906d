"""Free text: what people say in whole sentences."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.answer_forms import AnswerForm
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.questions.counting import said_answers
from medskick.kernel.typing import Text
from medskick.lib.text import clean_text, shorten

LONGEST = 2000
ON_THE_WALL = 8
LONGEST_ON_THE_WALL = 220
NOTHING = gettext_lazy("Skriv ett svar.")


class FreeText(QuestionKind):
    """A value is the text, at most 2,000 characters, with its line breaks."""

    key = "free_text"
    order = 11
    takes_more = True
    label: Text = gettext_lazy("Fritt svar")
    explained: Text = gettext_lazy("Alla svarar med egna ord, upp till 2 000 tecken. Svaren visas som citat.")

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        field = forms.CharField(
            label=_("Ditt svar"),
            max_length=LONGEST,
            widget=forms.Textarea({"rows": 5, "dir": "auto"}),
            help_text=asked.help_text,
        )
        initial = {"answer": given[0] if given else ""}
        return AnswerForm({"answer": field}, data, initial=initial, missing={"answer": NOTHING})

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [form.cleaned_data["answer"]]

    def clean(self, asked: Asked, value: Value) -> Value:
        cleaned = clean_text(str(value), max_length=LONGEST).strip()
        if not cleaned:
            raise ValueError(str(NOTHING))
        return cleaned

    def words(self, asked: Asked, value: Value) -> str:
        return str(value)

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        finding = said_answers(len(values)) if values else _("Inga svar än")
        # In the order of the words: the order of answers tells who was quick.
        table = Table(finding, [Column(_("Svar"))], [[one] for one in sorted(values, key=str.casefold)])
        latest = list(reversed(values))[:ON_THE_WALL]
        return Outcome(finding, table, quotes=[shorten(one, LONGEST_ON_THE_WALL) for one in latest])


KIND = FreeText()
SAMPLE = Sample(
    answers=({"answer": "Mormor kan inte boka färdtjänst i appen."}, {"answer": "Ingen svarar i telefon efter tre."}),
    bad={"answer": "a" * (LONGEST + 1)},
)

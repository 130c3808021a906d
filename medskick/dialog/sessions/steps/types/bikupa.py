"""A buzz group (bikupa): two or three talk, and write one note together that goes on to the plenary."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.sessions.groups import KEEP_BOTH, KEEP_MINE, KEEP_THEIRS, groups_of, own_group, without_group
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.sources import (
    SETTING,
    offer_steps,
    read_source,
    source_field,
    source_of,
    with_answers,
)
from medskick.lib.text import clean_text, count_noun

LONGEST = 2000


class NoteForm(PlainForm):
    answer = forms.CharField(
        label=gettext_lazy("Gruppens anteckning"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("En av er skriver. Alla i gruppen ser anteckningen och kan ändra den."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    missing = {"answer": gettext_lazy("Skriv vad ni kom fram till. En mening räcker.")}


class BothWroteForm(NoteForm):
    """Two of the group saved at once: one's own text, and what is to hold."""

    keep = forms.ChoiceField(
        label=gettext_lazy("Vad ska gälla?"),
        choices=[
            (KEEP_BOTH, gettext_lazy("Båda, den andras först")),
            (KEEP_MINE, gettext_lazy("Bara min")),
            (KEEP_THEIRS, gettext_lazy("Bara den andras")),
        ],
        initial=KEEP_BOTH,
        widget=ChoiceCards,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label, self.fields["answer"].help_text = _("Din text"), ""


class GroupNote(QuestionKind):
    """One note for the whole group. `seen` is which text the writer had before her, so that nobody's is lost."""

    key = "bikupa"
    label = gettext_lazy("Bikupa")
    explained = gettext_lazy("Två eller tre pratar med varandra och skriver en gemensam anteckning.")
    order = 40

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "size": forms.ChoiceField(
                label=gettext_lazy("Hur många i varje grupp?"),
                choices=[("2", gettext_lazy("Två")), ("3", gettext_lazy("Tre"))],
                initial="2",
                widget=ChoiceCards,
                help_text=gettext_lazy("Går det inte jämnt ut blir någon grupp större eller mindre. Ingen blir ensam."),
            ),
            "mix": forms.BooleanField(
                label=gettext_lazy("Blanda kommuner"),
                required=False,
                initial=True,
                help_text=gettext_lazy("Det kräver att mötet frågar vilken kommun deltagarna kommer från."),
            ),
            "apart": forms.BooleanField(
                label=gettext_lazy("De som är med hemifrån pratar med varandra"),
                required=False,
                initial=True,
                help_text=gettext_lazy("Annars blandas de med dem som sitter i rummet."),
            ),
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"size": int(cleaned["size"]), "mix": cleaned["mix"], "apart": cleaned["apart"]}

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        form = BothWroteForm if data and "keep" in data else NoteForm
        return form(data, initial={"answer": given[0] if given else ""})

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        return [form.cleaned_data["answer"]]

    def clean(self, asked: Asked, value: Value) -> Value:
        cleaned = clean_text(str(value), max_length=LONGEST).strip()
        if not cleaned:
            raise ValueError(_("Skriv vad ni kom fram till. En mening räcker."))
        return cleaned

    def words(self, asked: Asked, value: Value) -> str:
        return str(value)

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        return Outcome(
            _("Gruppernas anteckningar"), Table(asked.text, [Column(_("Anteckning"))], [[one] for one in values])
        )


class Bikupa(StepType):
    """Groups are divided by the facilitator; latecomers join the smallest."""

    question = GroupNote()
    key, label, explained, order = question.key, question.label, question.explained, question.order
    by_group = True
    told_again = True
    phone_template = "dialog/steps/phone/bikupa.html"
    presenter_template = "dialog/steps/presenter/bikupa.html"
    facilitator_template = "dialog/steps/facilitator/bikupa.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {**super().settings_fields(), SETTING: source_field(gettext_lazy("Vilket steg talar de om?"))}

    def offer_choices(self, fields: Mapping[str, forms.Field], session: LiveSession, step: Step | None) -> None:
        offer_steps(fields, session, step, with_answers)

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return super().read_settings(cleaned) | read_source(cleaned)

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return super().settings_initial(settings) | {SETTING: settings.get(SETTING, "")}

    def looks_back_at(self, step: Step) -> Step | None:
        return source_of(step, with_answers)

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        groups = groups_of(step)
        written = {one.group_id: one.text for one in answers if one.group_id is not None}
        finding = _("%(written)s av %(groups)s har skrivit") % {
            "written": len(written),
            "groups": count_noun(len(groups), _("grupp"), _("grupper")),
        }
        rows = [[_("Grupp %(number)s") % {"number": one.number}, written.get(one.id)] for one in groups]
        return Outcome(finding, Table(step.text, [Column(_("Grupp")), Column(_("Anteckning"))], rows))

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        return {"own_group": own_group(step, participant), "are_divided": bool(groups_of(step))}

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        return {"groups": groups_of(step), "hides_progress": True}

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        groups = groups_of(step)
        return {"groups": groups, "left_out": len(without_group(step)) if groups else 0, "hides_progress": True}


STEP = Bikupa()
SAMPLE = Sample(
    settings={"size": "2", "mix": "on", "apart": "on"},
    answers=({"answer": "Vi vill ha en gemensam e-tjänst för bygglov."},),
    bad={"answer": ""},
)

"""What the group says together: the recorder writes, everybody says whether it is right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.step_queries import is_shown, latest_summary, own_answers
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

AGREES, DISAGREES = "agrees", "disagrees"
LONGEST = 500


class ConfirmForm(PlainForm):
    answer = forms.ChoiceField(
        label=gettext_lazy("Stämmer det som står?"),
        choices=[(AGREES, gettext_lazy("Ja, det stämmer")), (DISAGREES, gettext_lazy("Nej, något är fel"))],
        widget=ChoiceCards,
    )
    why = forms.CharField(
        label=gettext_lazy("Vad är fel?"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    missing = {"answer": gettext_lazy("Välj om texten stämmer eller inte.")}


class SummaryForm(PlainForm):
    """What the group says together, and which version the writer had before her."""

    uses_submission_key = False
    text = forms.CharField(label=gettext_lazy("Sammanfattning"), max_length=10_000, widget=forms.Textarea({"rows": 10}))
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    missing = {"text": gettext_lazy("Skriv vad gruppen kom fram till.")}


class Confirmation(QuestionKind):
    """Yes or no to a version of a text, and what is wrong with it."""

    key = "joint_summary"
    label = gettext_lazy("Gemensam sammanfattning")
    explained = gettext_lazy("Antecknaren skriver vad gruppen kommit fram till. Alla får säga om det stämmer.")
    order = 45

    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        before = given[0] if given and isinstance(given[0], dict) else {}
        initial = {"answer": before.get("says"), "why": before.get("why", ""), "version": before.get("version", 0)}
        return ConfirmForm(data, initial=initial)

    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        cleaned = form.cleaned_data
        return [{"says": cleaned["answer"], "why": cleaned["why"], "version": cleaned["version"] or 0}]

    def clean(self, asked: Asked, value: Value) -> Value:
        if not isinstance(value, dict) or value.get("says") not in (AGREES, DISAGREES):
            raise ValueError(_("Välj om texten stämmer eller inte."))
        why = clean_text(str(value.get("why") or ""), max_length=LONGEST).strip()
        return {"says": value["says"], "why": why, "version": int(value.get("version") or 0)}

    def words(self, asked: Asked, value: Value) -> str:
        says = _("Det stämmer") if value["says"] == AGREES else _("Det stämmer inte")
        return f"{says}: {value['why']}" if value["why"] else says

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        """How many say what of each version, the newest first."""
        said = Counter((one["version"], one["says"]) for one in values)
        versions = sorted({version for version, _says in said}, reverse=True)
        rows = [[version, said[version, AGREES], said[version, DISAGREES]] for version in versions]
        columns = [
            Column(_("Version"), numeric=True),
            Column(_("Stämmer"), numeric=True),
            Column(_("Stämmer inte"), numeric=True),
        ]
        return Outcome(_finding(rows), Table(asked.text, columns, rows))

    def columns(self, asked: Asked) -> list[str]:
        return [_("Version"), _("Stämmer"), _("Vad är fel?")]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        return [value["version"], _("ja") if value["says"] == AGREES else _("nej"), value["why"]]


def _finding(rows: Sequence[Sequence[int]]) -> str:
    if not rows:
        return _("Ingen har sagt om sammanfattningen stämmer än")
    version, agree, disagree = rows[0]
    words = {"version": version, "agree": count_noun(agree, "", "").strip(), "all": agree + disagree}
    return _("%(agree)s av %(all)s säger att version %(version)s stämmer") % words


class JointSummary(StepType):
    """A new version is asked about anew; the latest is what is printed."""

    question = Confirmation()
    key, label, explained, order = question.key, question.label, question.explained, question.order
    told_again = True
    phone_template = "dialog/steps/phone/joint_summary.html"
    presenter_template = "dialog/steps/presenter/joint_summary.html"
    facilitator_template = "dialog/steps/facilitator/joint_summary.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {**super().settings_fields(), SETTING: source_field(gettext_lazy("Vilket steg sammanfattas?"))}

    def offer_choices(self, fields: Mapping[str, forms.Field], session: LiveSession, step: Step | None) -> None:
        offer_steps(fields, session, step, with_answers)

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return super().read_settings(cleaned) | read_source(cleaned)

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return super().settings_initial(settings) | {SETTING: settings.get(SETTING, "")}

    def looks_back_at(self, step: Step) -> Step | None:
        return source_of(step, with_answers)

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        return self.asks.outcome(step, [one.value for one in answers], size=size)

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        summary = latest_summary(step) if is_shown(step) else None
        if summary is None:
            return {"summary": None, "form": None}
        if request.method == "POST":
            return {"summary": summary}
        given = [one.value for one in own_answers(step, participant) if one.value["version"] == summary.number]
        form = self.asks.answer_form(step, given=given)
        form.initial["version"] = summary.number
        return {"summary": summary, "form": form, "given": given}

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        return {"summary": latest_summary(step)}

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        summary = latest_summary(step)
        initial = {"text": summary.text if summary else "", "seen": summary.number if summary else 0}
        objections = Answer.objects.filter(step=step, value__says=DISAGREES).shown().in_order()
        return {
            "summary": summary,
            "summaries": step.summaries.order_by("-number"),
            "summary_form": SummaryForm(initial=initial),
            "objections": [one for one in objections if one.value.get("why")],
        }


STEP = JointSummary()
SAMPLE = Sample(
    answers=({"answer": AGREES, "version": "0"}, {"answer": DISAGREES, "why": "Det var två kommuner.", "version": "0"}),
    bad={"answer": "kanske"},
)

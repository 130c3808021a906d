"""Something is told or shown, and nobody answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Outcome, Sample, Size
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.steps.contract import StepType


class Presentation(StepType):
    """Words on the screen and on the phones; a break and a presentation are the same thing here."""

    key = "presentation"
    label = _("Presentation eller paus")
    explained = _("Visar text på skärmen och telefonerna. Ingen svarar.")
    order = 5
    phone_template = "dialog/steps/phone/presentation.html"
    presenter_template = "dialog/steps/presenter/presentation.html"
    facilitator_template = "dialog/steps/facilitator/presentation.html"
    paper_template = "dialog/steps/paper/presentation.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "shown_text": forms.CharField(
                label=_("Text som visas"), max_length=1500, required=False, widget=forms.Textarea({"rows": 6})
            )
        }

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"shown_text": cleaned.get("shown_text", "")}

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        lines = [[line] for line in step.settings.get("shown_text", "").splitlines() if line.strip()]
        return Outcome(step.text, Table(step.text, [Column(str(_("Visades")))], lines))


STEP = Presentation()
SAMPLE = Sample(settings={"shown_text": "Vi börjar med en kaffe.\nSedan svarar alla på en fråga."})

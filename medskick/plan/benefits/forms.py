from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import NumberField, PlainForm

MOST = {"max_digits": 14, "decimal_places": 3}


IndicatorChoices = Callable[[UUID], list[tuple[str, str]]]
_indicator_choices: list[IndicatorChoices] = []


def offer_indicators(choices: IndicatorChoices) -> None:
    """Let promises be measured by these: (key, title) of what an organisation may choose. Plan knows no measurer."""
    _indicator_choices.append(choices)


class BenefitForm(PlainForm):
    """A promise that can be held against us."""

    sentence = forms.CharField(
        label=_("Vad blir bättre, och för vem?"),
        max_length=300,
        help_text=_("En mening. Till exempel ”Den som ringer om färdtjänst får svar snabbare”."),
    )
    measured_as = forms.CharField(
        label=_("Vad mäter vi?"), max_length=120, help_text=_("Till exempel ”Väntetid i telefon”.")
    )
    unit = forms.CharField(
        label=_("Enhet"), max_length=30, help_text=_("Till exempel min, % eller kr."), required=False
    )
    baseline = NumberField(label=_("Nuläge"), **MOST)
    baseline_period = forms.CharField(
        label=_("När mättes nuläget?"), max_length=40, help_text=_("Till exempel 2026 eller våren 2026.")
    )
    target = NumberField(label=_("Mål"), **MOST)
    due = forms.DateField(label=_("När ska målet vara nått?"), widget=forms.DateInput)
    indicator_number = forms.ChoiceField(
        label=_("Nyckeltal"),
        required=False,
        help_text=_("Det nyckeltal som mäter det, om något gör det. Då går utfallet att föra in därifrån."),
    )

    def __init__(self, *given: Any, owner: UUID, **named: Any) -> None:
        super().__init__(*given, **named)
        found = [one for choices in _indicator_choices for one in choices(owner)]
        self.fields["indicator_number"].choices = [("", _("Inget, vi mäter på annat sätt")), *found]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("target") is not None and given.get("target") == given.get("baseline"):
            self.add_error("target", _("Målet är detsamma som nuläget. Då blir inget bättre."))
        return given


class OutcomeForm(PlainForm):
    """What was measured."""

    value = NumberField(label=_("Värde"), **MOST)
    period = forms.CharField(label=_("Period"), max_length=40, help_text=_("Till exempel 2026 eller hösten 2026."))
    measured_on = forms.DateField(label=_("Vilken dag mättes det?"), widget=forms.DateInput, initial=timezone.localdate)
    note = forms.CharField(
        label=_("Något att veta om siffran?"),
        max_length=500,
        required=False,
        help_text=_("Hur den mättes, och sådant som gör att den inte går rakt av att jämföra."),
    )

    def clean_measured_on(self) -> Any:
        day = self.cleaned_data["measured_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dagen har inte varit än."))
        return day

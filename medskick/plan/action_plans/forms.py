from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import NumberField, PlainForm
from medskick.kernel.organisations.models import Organisation, Unit
from medskick.plan.action_plans.vagueness import vague_points
from medskick.plan.initiatives.models import Initiative


class PlanForm(PlainForm):
    """A new plan."""

    title = forms.CharField(label=_("Vad heter planen?"), max_length=120)
    start = forms.DateField(label=_("Gäller från"), widget=forms.DateInput)
    end = forms.DateField(label=_("Gäller till och med"), widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", _("Planens period slutar innan den börjar. Byt plats på dagarna."))
        return given


class InitiativeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Initiative) -> str:
        return obj.item.title


class LeadChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.short_name


class ActivityForm(PlainForm):
    """A line in a plan. What makes it too vague is told field by field, by the same rule as the verb's."""

    initiative = InitiativeChoice(
        label=_("Vilken insats hör den till?"), queryset=Initiative.objects.none(), empty_label=_("Välj en insats")
    )
    title = forms.CharField(
        label=_("Vad ska göras?"), max_length=200, help_text=_("Börja med ett verb: ”Öppna telefontid i tre kommuner”.")
    )
    unit = forms.ModelChoiceField(
        label=_("Vilken enhet ansvarar?"), queryset=Unit.objects.none(), required=False, empty_label=_("Välj en enhet")
    )
    lead = LeadChoice(label=_("Vem leder?"), queryset=Organisation.objects.none(), empty_label=None)
    start = forms.DateField(label=_("Börjar"), widget=forms.DateInput, required=False)
    end = forms.DateField(label=_("Klart"), widget=forms.DateInput, required=False)
    cost = NumberField(label=_("Kostnad i kronor"), min_value=0, max_digits=12, decimal_places=0, required=False)
    measure = forms.CharField(
        label=_("Hur ser vi att det är gjort?"),
        max_length=300,
        required=False,
        help_text=_("Något som går att räkna eller pricka av: ”Telefontid öppen på tre servicekontor”."),
    )

    fieldsets = [
        (_("Vad"), ["initiative", "title", "measure"]),
        (_("Vem"), ["unit", "lead"]),
        (_("När och för hur mycket"), ["start", "end", "cost"]),
    ]

    def __init__(self, *args: Any, initiatives: Any, units: Any, leads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["initiative"].queryset = initiatives
        self.fields["unit"].queryset = units
        self.fields["lead"].queryset = leads

    @property
    def marks_optional(self) -> bool:
        return False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        points = vague_points(
            title=given.get("title") or "",
            has_owner=bool(given.get("unit")),
            start=given.get("start"),
            end=given.get("end"),
            measure=given.get("measure") or "",
        )
        for name, point in points.items():
            if name not in self.errors:
                self.add_error(name, point)
        return given


class ReasonForm(PlainForm):
    """What is new in a version."""

    reason = forms.CharField(label=_("Vad är nytt i den här versionen?"), max_length=300)


class DecisionForm(PlainForm):
    """That a body decided the plan."""

    body = forms.CharField(label=_("Vem beslutade?"), max_length=120, help_text=_("Till exempel e-rådet."))
    decided_on = forms.DateField(label=_("Vilken dag?"), widget=forms.DateInput, initial=timezone.localdate)
    decision_text = forms.CharField(
        label=_("Vad säger beslutet?"),
        max_length=5000,
        widget=forms.Textarea,
        help_text=_("Som det står i protokollet."),
    )

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dagen har inte varit än."))
        return day


class ProgressForm(PlainForm):
    """How far an activity is."""

    step = forms.ChoiceField(label=_("Hur långt är den?"))
    day = forms.DateField(label=_("Vilken dag?"), widget=forms.DateInput, initial=timezone.localdate)
    note = forms.CharField(label=_("Något att berätta?"), max_length=500, required=False)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps

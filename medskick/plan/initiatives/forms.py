from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.organisations.models import Unit
from medskick.lib.text import shorten
from medskick.plan.initiatives.actions import TITLE_LENGTH
from medskick.plan.initiatives.descriptions import Template
from medskick.plan.initiatives.models import HorizonChoice
from medskick.plan.needs.models import Need


class NeedChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Need) -> str:
        return shorten(obj.text, 140)


class InitiativeForm(PlainForm):
    """A new initiative: a name is enough to begin with."""

    title = forms.CharField(
        label=_("Vad kallar vi insatsen?"),
        max_length=TITLE_LENGTH,
        help_text=_("Kort, med ord som alla förstår. Till exempel ”Boka utan app”."),
    )
    summary = forms.CharField(label=_("I en mening: vad blir annorlunda?"), max_length=300, required=False)
    unit = forms.ModelChoiceField(
        label=_("Vilken enhet håller i den?"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Inte bestämt än"),
    )
    needs = NeedChoices(
        label=_("Vilka behov svarar den på?"),
        queryset=Need.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, units: Any, needs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["needs"].queryset = needs


class PartForm(PlainForm):
    """VAD, VEM or HUR. Nothing is required to save; the gates say what is missing."""

    template: ClassVar[Template]

    @property
    def values(self) -> dict[str, str]:
        return {one.id: self.cleaned_data.get(one.id, "") for one in self.template.fields}


@lru_cache(maxsize=8)
def part_form(template: Template) -> type[PartForm]:
    """The form of one description: a field for each field of its template."""
    fields = {
        one.id: forms.CharField(
            label=one.label,
            help_text=one.help,
            max_length=one.longest,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}) if one.kind == "text" else forms.TextInput,
        )
        for one in template.fields
    }
    return type("PartForm", (PartForm,), {**fields, "template": template})


class HorizonForm(PlainForm):
    """Within how many years it needs to begin, and why."""

    years = forms.TypedChoiceField(
        label=_("När behöver den påbörjas?"), choices=HorizonChoice.YEARS, coerce=int, widget=ChoiceCards
    )
    motivation = forms.CharField(label=_("Varför då?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class WaiverForm(PlainForm):
    """Why it may pass a gate that is not met."""

    reason = forms.CharField(
        label=_("Varför går ni vidare utan det här?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skälet och ditt namn visas bredvid grinden."),
    )


class RenameForm(PlainForm):
    """The name and the one sentence."""

    title = forms.CharField(label=_("Vad kallar vi insatsen?"), max_length=TITLE_LENGTH)
    summary = forms.CharField(label=_("I en mening: vad blir annorlunda?"), max_length=300, required=False)

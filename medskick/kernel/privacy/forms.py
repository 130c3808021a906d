from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.organisations.models import Unit
from medskick.kernel.people.models import Employment, ProtectionMark
from medskick.lib.personal_number import parse_personal_number


class ProcessingForm(PlainForm):
    """What an organisation adds to one processing of its register."""

    UNJUDGED, YES, NO = "", "yes", "no"
    subjects = forms.CharField(
        label=_("Vilka handlar det om?"),
        max_length=300,
        required=False,
        help_text=_("Till exempel: de som skickar in."),
    )
    recipients = forms.CharField(
        label=_("Vilka får ta del av uppgifterna?"),
        max_length=300,
        required=False,
        help_text=_("Andra myndigheter, leverantörer, eller ”lämnas inte vidare”."),
    )
    retention = forms.CharField(
        label=_("Hur länge sparas de?"), max_length=300, required=False, help_text=_("Som er plan för gallring säger.")
    )
    third_country = forms.CharField(
        label=_("Förs något över till ett land utanför EU och EES?"), max_length=300, required=False
    )
    security = forms.CharField(
        label=_("Så skyddas de"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    impact_needed = forms.ChoiceField(
        label=_("Behövs en konsekvensbedömning?"),
        choices=[(UNJUDGED, _("Inte bedömt än")), (YES, _("Ja")), (NO, _("Nej"))],
        required=False,
        widget=ChoiceCards,
    )
    impact_on = forms.DateField(label=_("När bedömdes det?"), required=False, widget=forms.DateInput)
    impact_decision = forms.CharField(
        label=_("Beslut och skäl"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    fieldsets = [
        (_("Uppgifterna"), ["subjects", "recipients", "retention", "third_country", "security"]),
        (_("Konsekvensbedömning"), ["impact_needed", "impact_on", "impact_decision"]),
    ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("impact_needed") and not said.get("impact_decision"):
            self.add_error("impact_decision", _("Skriv varför en konsekvensbedömning behövs eller inte behövs."))
        said["impact_needed"] = {self.YES: True, self.NO: False}.get(said.get("impact_needed", ""))
        return said


class ContactForm(PlainForm):
    """Who answers for the organisation's personal data, and how its data protection officer is reached."""

    responsible = forms.CharField(
        label=_("Ansvarig nämnd eller styrelse"), max_length=200, help_text=_("Till exempel: Kommunstyrelsen.")
    )
    officer = forms.CharField(label=_("Dataskyddsombud"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    address = forms.CharField(label=_("Postadress"), max_length=200, required=False)
    unit = forms.ModelChoiceField(
        label=_("Enhet som prövar begäran om rättelse"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Registratorns enhet"),
    )

    def __init__(self, *args: Any, organisation: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(organisation_id=organisation).order_by("name")


class DisputeForm(PlainForm):
    wrong = forms.CharField(label=_("Vad stämmer inte?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    right = forms.CharField(
        label=_("Hur är det i stället?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class DisputeAnswerForm(PlainForm):
    """Correct with a note, or say why not."""

    ACCEPT, REFUSE = "accept", "refuse"
    verdict = forms.ChoiceField(
        label=_("Vad kommer du fram till?"),
        choices=[(ACCEPT, _("Rätta, med en anteckning bredvid")), (REFUSE, _("Rätta inte"))],
        widget=ChoiceCards,
    )
    text = forms.CharField(
        label=_("Rättelsen, eller varför det inte rättas"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Den som sade ifrån läser det här. Det som redan står i handlingen skrivs aldrig över."),
    )


class ProtectForm(PlainForm):
    number = forms.CharField(label=_("Personnummer"), max_length=20, help_text=_("12 siffror: ÅÅÅÅMMDDNNNN"))
    kind = forms.ChoiceField(label=_("Vilket skydd?"), choices=ProtectionMark.KINDS, widget=ChoiceCards)

    def clean_number(self) -> str:
        try:
            return parse_personal_number(self.cleaned_data["number"]).long
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault


class ProtectVoiceForm(PlainForm):
    kind = forms.ChoiceField(label=_("Vilket skydd?"), choices=ProtectionMark.KINDS, widget=ChoiceCards)


class HandlerForm(PlainForm):
    handler = forms.ModelChoiceField(
        label=_("Vem ska handlägga?"), queryset=Employment.objects.none(), empty_label=_("Välj en person")
    )

    def __init__(self, *args: Any, candidates: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        field.queryset = Employment.objects.filter(id__in=candidates).order_by("title", "id")
        field.label_from_instance = lambda one: candidates[one.id]


class EndProtectionForm(PlainForm):
    reason = forms.CharField(label=_("Varför har skyddet upphört?"), max_length=300)


class AskAgainForm(PlainForm):
    question = forms.CharField(
        label=_("Din fråga"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv inget som pekar ut någon. Frågan visas bland personens meddelanden."),
    )

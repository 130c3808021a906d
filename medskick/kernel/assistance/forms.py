from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, ManyChoiceCards, PlainForm
from medskick.kernel.assistance.coverage import coverage_choices
from medskick.kernel.assistance.models import (
    AssistanceGround,
    Ground,
    HelpPlace,
    MandateKind,
    ObjectionOutcome,
)
from medskick.lib.personal_number import holds_personal_number, parse_organisation_number, parse_personal_number

LONGEST_REASON = 1000
WEEKDAYS = [
    (0, _("måndag")),
    (1, _("tisdag")),
    (2, _("onsdag")),
    (3, _("torsdag")),
    (4, _("fredag")),
    (5, _("lördag")),
    (6, _("söndag")),
]
GROUNDS = [
    (AssistanceGround.EID, _("Personen godkänner själv med e-legitimation")),
    (AssistanceGround.STATED, _("Personen är här och ber om hjälp, men har ingen e-legitimation")),
    (AssistanceGround.PAPER, _("Personen har lämnat en fullmakt på papper")),
    (AssistanceGround.UNNAMED, _("Personen vill inte säga vem hen är")),
]
CHANNELS = [("desk", _("vid disken")), ("phone", _("i telefon")), ("paper", _("på papper som har lämnats in"))]


class PersonalNumberField(forms.CharField):
    """A personal number as people write it; gives its twelve digits, or "" where it may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return parse_personal_number(typed.replace(" ", "")).number12
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class HelpForm(PlainForm):
    """How the helper knows what the person wants, and where they are. Nothing of it says who it is."""

    ground = forms.ChoiceField(label=_("Hur vet du vad personen vill?"), choices=GROUNDS, widget=ChoiceCards)
    channel = forms.ChoiceField(label=_("Hur talas ni vid?"), choices=CHANNELS, initial="desk", widget=ChoiceCards)
    place = forms.ModelChoiceField(
        label=_("Var är du?"), queryset=HelpPlace.objects.none(), required=False, empty_label=_("Någon annanstans")
    )

    missing = {"ground": _("Välj hur du vet vad personen vill.")}

    def __init__(self, *args: Any, organisation: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["place"]
        places.queryset = HelpPlace.objects.of(organisation).standing()


class WhomForm(PlainForm):
    """Who it is, and without proof of it why she does not approve herself."""

    name = forms.CharField(label=_("Personens namn"), max_length=120)
    number = PersonalNumberField(label=_("Personnummer"), help_text=_("ÅÅÅÅMMDD-NNNN"))
    reason = forms.CharField(
        label=_("Varför godkänner personen inte själv?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Den du hjälper kan läsa det. Skriv också hur du vet vem det är."),
    )

    missing = {
        "name": _("Skriv vad personen heter."),
        "number": _("Skriv personnumret."),
        "reason": _("Skriv varför personen inte godkänner själv."),
    }

    def __init__(self, *args: Any, ground: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ground != AssistanceGround.STATED:
            del self.fields["reason"]


class HandoverForm(PlainForm):
    place = forms.ModelChoiceField(label=_("Vilken plats?"), queryset=HelpPlace.objects.none(), empty_label=_("Välj"))
    text = forms.CharField(
        label=_("Vad ska nästa hjälpare veta?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv om platsen och dagen. Skriv inget om någon som du har hjälpt."),
    )

    missing = {"place": _("Välj vilken plats."), "text": _("Skriv något till nästa hjälpare.")}

    def __init__(self, *args: Any, organisation: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["place"]
        places.queryset = HelpPlace.objects.of(organisation).standing()

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if holds_personal_number(text):
            raise ValidationError(_("Det står ett personnummer i texten. Ta bort det."))
        return text


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("Koden från den som hjälper dig"),
        max_length=12,
        help_text=_("Sex siffror. Den gäller i tio minuter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    missing = {"code": _("Skriv koden.")}


class ObjectionTextForm(PlainForm):
    text = forms.CharField(
        label=_("Vad blev fel?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Skriv som du skulle säga det. Kommunens registrator läser, inte den som hjälpte dig."),
    )

    missing = {"text": _("Skriv vad som blev fel.")}


class ObjectionDecisionForm(PlainForm):
    outcome = forms.ChoiceField(label=_("Vad blir det?"), choices=ObjectionOutcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Skriv vad du har tagit reda på och vad ni gör nu. Den som invände läser det som det står."),
    )

    missing = {"outcome": _("Välj vad det blir."), "reason": _("Skriv varför.")}


class _Terms(PlainForm):
    """For what, and for how long."""

    valid_from = forms.DateField(label=_("Från och med"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Till och med"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    covers = forms.MultipleChoiceField(
        label=_("Vad gäller det?"),
        required=False,
        widget=ManyChoiceCards,
        help_text=_("Välj inget om det ska gälla allt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covers: Any = self.fields["covers"]
        covers.choices = coverage_choices()
        if not covers.choices:
            del self.fields["covers"]
        self.fields["valid_from"].initial = timezone.localdate


class ProxyForm(_Terms):
    name = forms.CharField(label=_("Ombudets namn"), max_length=120)
    number = PersonalNumberField(label=_("Ombudets personnummer"), help_text=_("ÅÅÅÅMMDD-NNNN"))

    field_order = ["name", "number", "covers", "valid_from", "valid_until"]
    missing = {"name": _("Skriv vad ombudet heter."), "number": _("Skriv ombudets personnummer.")}


AGENTS = [("helpers", _("Kommunens hjälpare, vem det än är")), ("person", _("En bestämd person"))]
GROUNDS_SEEN = [(Ground.PAPER, _("Ett papper")), (Ground.REGISTER, _("Ett register"))]


class MandateForm(_Terms):
    kind = forms.ChoiceField(label=_("Vad är det för uppdrag?"), choices=MandateKind.choices, widget=ChoiceCards)
    principal_name = forms.CharField(label=_("Namn på personen eller företaget"), max_length=120)
    principal_number = forms.CharField(
        label=_("Personnummer, eller organisationsnummer för ett företag"), max_length=20
    )
    to = forms.ChoiceField(label=_("Vem får göra saker åt hen?"), choices=AGENTS, widget=ChoiceCards)
    agent_name = forms.CharField(label=_("Namn, om det är en bestämd person"), max_length=120, required=False)
    agent_number = PersonalNumberField(label=_("Personnummer, om det är en bestämd person"), required=False)
    ground = forms.ChoiceField(label=_("Vad har du sett?"), choices=GROUNDS_SEEN, widget=ChoiceCards)
    paper_reference = forms.CharField(
        label=_("Var finns pappret?"),
        max_length=120,
        required=False,
        help_text=_("Till exempel pärm och flik. Skriv inga namn här."),
    )
    paper = forms.FileField(label=_("Bild av pappret"), required=False)
    reason = forms.CharField(
        label=_("Vad har du kontrollerat?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    fieldsets = [
        (_("Uppdraget"), ["kind", "principal_name", "principal_number"]),
        (_("Den som får göra saker"), ["to", "agent_name", "agent_number"]),
        (_("Vad och hur länge"), ["covers", "valid_from", "valid_until"]),
        (_("Så vet vi det"), ["ground", "paper_reference", "paper", "reason"]),
    ]
    missing = {"reason": _("Skriv vad du har kontrollerat.")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = cleaned.get("principal_number", "").replace(" ", "")
        try:
            if typed and cleaned.get("kind") == MandateKind.COMPANY:
                cleaned["principal_number"] = parse_organisation_number(typed)
            elif typed:
                cleaned["principal_number"] = parse_personal_number(typed).number12
        except ValueError as fault:
            self.add_error("principal_number", str(fault))
        if cleaned.get("to") == "person":
            for field, words in (("agent_name", _("Skriv vem det är.")), ("agent_number", _("Skriv personnumret."))):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, words)
        return cleaned


class EndMandateForm(PlainForm):
    reason = forms.CharField(
        label=_("Varför?"), max_length=LONGEST_REASON, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required


class HelpPlaceForm(PlainForm):
    name = forms.CharField(label=_("Platsens namn"), max_length=80)
    address = forms.CharField(label=_("Adress"), max_length=120)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Vilka dagar?"), choices=WEEKDAYS, coerce=int, widget=ManyChoiceCards
    )
    opens = forms.TimeField(label=_("Från klockan"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = forms.TimeField(label=_("Till klockan"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hours = forms.CharField(
        label=_("Något mer om tiderna?"), max_length=200, required=False, help_text=_("Till exempel: stängt vecka 29.")
    )

    missing = {"weekdays": _("Välj minst en veckodag.")}

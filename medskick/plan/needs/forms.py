from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.organisations.models import Network
from medskick.plan.needs.goal_areas import goal_areas
from medskick.plan.needs.models import Need, NeedDecision

BY_HAND = (Need.EMAIL, Need.PHONE, Need.PAPER, Need.WORKSHOP)


class NeedForm(PlainForm):
    """A need that came by e-mail, telephone or paper, or was said in a meeting without phones."""

    text = forms.CharField(
        label=_("Vad behövs?"),
        max_length=5000,
        widget=forms.Textarea,
        help_text=_("Skriv det så som det sades. Ta inte med namn eller annat som pekar ut någon."),
    )
    need_kind = forms.ChoiceField(label=_("Vad är det?"), choices=Need.KINDS, initial=Need.NEED, widget=ChoiceCards)
    channel = forms.ChoiceField(
        label=_("Hur kom det?"), choices=[one for one in Need.CHANNELS if one[0] in BY_HAND], initial=Need.EMAIL
    )
    said_on = forms.DateField(label=_("Vilken dag?"), widget=forms.DateInput, initial=timezone.localdate)
    network = forms.ModelChoiceField(
        label=_("Nätverk"), queryset=Network.objects.none(), required=False, empty_label=_("Inget nätverk")
    )
    heading = forms.CharField(
        label=_("Rubrik i källan"), max_length=200, required=False, help_text=_("Om det stod under en rubrik.")
    )
    area = forms.ChoiceField(label=_("Målområde"), required=False, help_text=_("Du kan vänta med det."))

    def __init__(self, *args: Any, networks: list[Network], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = Network.objects.filter(pk__in=[one.pk for one in networks]).order_by("name")
        self.fields["area"].choices = [
            ("", _("Inte bestämt än")),
            *((one.key, one.label) for one in goal_areas().areas),
        ]

    def clean_said_on(self) -> Any:
        day = self.cleaned_data["said_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dagen har inte varit än. Skriv dagen då det sades."))
        return day


class AreaForm(PlainForm):
    """Which goal area a need belongs to."""

    area = forms.ChoiceField(label=_("Målområde"), widget=ChoiceCards)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(one.key, one.label) for one in goal_areas().areas]


class DecisionForm(PlainForm):
    """Accept, reject or merge a need."""

    decision = forms.ChoiceField(label=_("Vad händer med behovet?"), widget=ChoiceCards)
    into = forms.ModelChoiceField(
        label=_("Slå ihop med"),
        queryset=Need.objects.none(),
        required=False,
        empty_label=_("Välj ett behov"),
        help_text=_("Bara om du slår ihop. Här står de som liknar mest."),
    )
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Krävs när du avvisar. Den som sa det får läsa skälet."),
    )

    LABELS = {
        NeedDecision.ACCEPTED: _("Ta emot: vi tar med det när vi väljer insatser"),
        NeedDecision.REJECTED: _("Avvisa: vi går inte vidare, och säger varför"),
        NeedDecision.MERGED: _("Slå ihop: ett annat behov säger samma sak"),
    }

    def __init__(self, *args: Any, state: str, alike: list[Need], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = NeedDecision.ALLOWED[state]
        self.fields["decision"].choices = [(key, label) for key, label in self.LABELS.items() if key in allowed]
        self.fields["into"].queryset = Need.objects.filter(pk__in=[need.pk for need in alike])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("decision") == NeedDecision.REJECTED and not given.get("reason"):
            self.add_error("reason", _("Skriv varför behovet avvisas. Den som sa det får läsa skälet."))
        if given.get("decision") == NeedDecision.MERGED and not given.get("into"):
            self.add_error("into", _("Välj vilket behov det slås ihop med."))
        return given


class FilterForm(PlainForm):
    """What the list shows. Bad values in the address show everything."""

    uses_submission_key = False
    area = forms.ChoiceField(label=_("Målområde"), required=False)
    network = forms.ChoiceField(label=_("Nätverk"), required=False)
    state = forms.ChoiceField(
        label=_("Läge"), required=False, choices=[("", _("Alla lägen")), *NeedDecision.STATES.items()]
    )

    UNMAPPED = "none"

    def __init__(self, *args: Any, networks: list[Network], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(one.key, one.label) for one in goal_areas().areas]
        self.fields["area"].choices = [("", _("Alla målområden")), (self.UNMAPPED, _("Ej fördelade")), *areas]
        self.fields["network"].choices = [("", _("Alla nätverk")), *((str(one.pk), one.name) for one in networks)]

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.dialog.questions.registry import question_kinds
from medskick.dialog.sessions.models import LiveSession
from medskick.kernel.organisations.models import Network, Organisation
from medskick.lib.codes import normalise_code

ANONYMITY = [
    (LiveSession.ANONYMOUS, _("Anonymt: ingen ser vem som svarar")),
    (LiveSession.ALIAS, _("Med alias: var och en väljer vad hen kallas")),
    (LiveSession.NAMED, _("Med namn: mötesledaren ser vem som svarar")),
]


class SessionForm(PlainForm):
    """A new session."""

    title = forms.CharField(label=_("Vad heter mötet?"), max_length=150)
    held_on = forms.DateField(label=_("Vilken dag?"))
    purpose = forms.CharField(
        label=_("Vad ska svaren användas till?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("De som svarar får läsa det innan de svarar."),
    )
    network = forms.ModelChoiceField(
        label=_("Nätverk"),
        queryset=Network.objects.none(),
        required=False,
        empty_label=_("Inget nätverk"),
        help_text=_("Nätverkets medlemmar får läsa om mötet."),
    )
    anonymity = forms.ChoiceField(
        label=_("Hur svarar deltagarna?"), choices=ANONYMITY, widget=ChoiceCards, initial=LiveSession.ANONYMOUS
    )
    asks_municipality = forms.BooleanField(label=_("Fråga vilken kommun deltagaren kommer från"), required=False)
    public = forms.BooleanField(
        label=_("Öppet för alla: mötet visas på Tyck till och startsidan"),
        required=False,
    )

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = Network.objects.filter(holder=organisation).order_by("name")


class QuestionForm(PlainForm):
    """A new question of a session."""

    text = forms.CharField(label=_("Vad vill du fråga?"), max_length=200)
    help_text = forms.CharField(
        label=_("Hjälptext på telefonen"), max_length=200, required=False, help_text=_("Till exempel: högst tre ord.")
    )
    kind = forms.ChoiceField(label=_("Sorts fråga"), widget=ChoiceCards)
    kept_phrases = forms.CharField(
        label=_("Uttryck som hålls ihop"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Ett på varje rad, till exempel: artificiell intelligens."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, one.label) for one in question_kinds()]
        self.fields["kind"].choices = choices
        self.fields["kind"].initial = choices[0][0]

    def clean_kept_phrases(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["kept_phrases"].splitlines() if line.strip()]


class ReasonForm(PlainForm):
    """Why: for what is cancelled or hidden."""

    reason = forms.CharField(label=_("Varför?"), max_length=300, widget=forms.Textarea({"rows": 3}))
    missing = {"reason": _("Skriv varför. Skälet sparas.")}


class CodeForm(PlainForm):
    """Four digits from the screen."""

    uses_submission_key = False
    code = forms.CharField(
        label=_("Möteskod"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Fyra siffror. De står på skärmen i mötet."),
    )
    missing = {"code": _("Skriv möteskoden, fyra siffror.")}

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if len(code) != 4 or not code.isdigit():
            raise forms.ValidationError(_("En möteskod är fyra siffror. Titta på skärmen igen."))
        return code


class JoinForm(PlainForm):
    """What the session asks of a phone before the first answer."""

    uses_submission_key = False
    called = forms.CharField(label=_("Vad vill du kallas?"), max_length=60)
    municipality = forms.ModelChoiceField(
        label=_("Vilken kommun kommer du från?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Vill inte svara"),
    )

    def __init__(self, *args: Any, session: LiveSession, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if session.anonymity == LiveSession.ANONYMOUS:
            del self.fields["called"]
        elif session.anonymity == LiveSession.NAMED:
            self.fields["called"].label = _("Vad heter du?")
            self.fields["called"].initial = name
        if session.asks_municipality:
            municipalities = Organisation.objects.municipalities().in_order()
            self.fields["municipality"].queryset = municipalities
        else:
            del self.fields["municipality"]

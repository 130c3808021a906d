from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.steps.contract import StepType
from medskick.kernel.organisations.models import Network, Organisation
from medskick.lib.codes import normalise_code

ANONYMITY = [
    (LiveSession.ANONYMOUS, _("Anonymt: ingen ser vem som svarar")),
    (LiveSession.ALIAS, _("Med alias: var och en väljer vad hen kallas")),
    (LiveSession.NAMED, _("Med namn: mötesledaren ser vem som svarar")),
]

PLACES = [
    (LiveSession.ROOM, _("I ett rum")),
    (LiveSession.REMOTE, _("På distans")),
    (LiveSession.HYBRID, _("Några i rummet, några på distans")),
]


class SessionForm(PlainForm):
    """What is planned of a session; the same form changes it."""

    title = forms.CharField(label=_("Vad heter mötet?"), max_length=150)
    held_on = forms.DateField(label=_("Vilken dag?"))
    last_day = forms.DateField(
        label=_("Sista dagen"), required=False, help_text=_("Bara för ett möte som går över flera dagar.")
    )
    place = forms.ChoiceField(
        label=_("Var är deltagarna?"), choices=PLACES, widget=ChoiceCards, initial=LiveSession.ROOM, required=False
    )
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

    folds = [(_("Flera dagar eller på distans"), ["last_day", "place"])]

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = Network.objects.filter(holder=organisation).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("held_on"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("Sista dagen är före den första. Ändra en av dem."))
        return cleaned

    def clean_place(self) -> str:
        return self.cleaned_data["place"] or LiveSession.ROOM

    @property
    def given(self) -> dict[str, Any]:
        """What the verbs take of a valid form."""
        return {key: value for key, value in self.cleaned_data.items() if key != "submission_key"}


class StepForm(PlainForm):
    """A step of a session: what every step has, and what its type sets."""

    text = forms.CharField(label=_("Vad vill du fråga eller visa?"), max_length=200)
    help_text = forms.CharField(
        label=_("Hjälptext på telefonen"), max_length=200, required=False, help_text=_("Till exempel: högst tre ord.")
    )
    minutes = forms.IntegerField(
        label=_("Planerad tid, minuter"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("En klocka visas på skärmen. Den stänger inget av sig själv."),
    )
    shows_results = forms.BooleanField(
        label=_("Visa resultatet medan svaren kommer"),
        required=False,
        initial=True,
        help_text=_("Annars visar du det när du vill."),
    )

    def __init__(
        self, *args: Any, step_type: StepType, session: LiveSession, step: Step | None = None, **kwargs: Any
    ) -> None:
        if step is not None:
            kept = {"text": step.text, "help_text": step.help_text, "minutes": step.minutes}
            kept |= {"shows_results": step.shows_results, **step_type.settings_initial(step.settings)}
            kwargs.setdefault("initial", kept)
        # With the type's own fields from the start, so that they look and speak as all others; they come after the words.
        own: dict[str, forms.Field] = dict(self.declared_fields)
        words = {name: own.pop(name) for name in ("text", "help_text")}
        self.base_fields = {**words, **step_type.settings_fields(), **own}
        super().__init__(*args, **kwargs)
        self.step_type = step_type
        self.add_fields(step_type.settings_fields())
        step_type.offer_choices(self.fields, session, step)
        if step_type.question is None or step_type.private_first:
            del self.fields["shows_results"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["settings"] = self.step_type.read_settings(cleaned)
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """What the verbs take of a valid form."""
        given = {key: self.cleaned_data[key] for key in ("text", "help_text", "minutes", "settings")}
        return given | {"shows_results": self.cleaned_data.get("shows_results", True)}


class MinutesForm(PlainForm):
    """More time."""

    uses_submission_key = False
    minutes = forms.IntegerField(label=_("Minuter till"), min_value=1, max_value=240, initial=2)


class ReasonForm(PlainForm):
    """Why: for what is cancelled or hidden."""

    reason = forms.CharField(label=_("Varför?"), max_length=300, widget=forms.Textarea({"rows": 3}))
    missing = {"reason": _("Skriv varför. Skälet sparas.")}


class ReplyForm(PlainForm):
    """What was answered to a question from the floor."""

    words = forms.CharField(
        label=_("Vad blev svaret?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Visas på telefonerna under frågan. Du kan lämna det tomt."),
    )


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

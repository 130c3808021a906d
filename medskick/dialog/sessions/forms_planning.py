"""The forms of what surrounds a session."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.dialog.sessions.models import LiveSession, Participant, SessionRole, Step
from medskick.dialog.sessions.paper import MOST_SHEETS, SheetCodeError, parse_code
from medskick.dialog.sessions.pasting import PastedError, read_names, read_names_file, read_needs, read_needs_file
from medskick.kernel.organisations.models import Organisation

LONGEST_PASTE = 60_000
LARGEST_FILE = 2_000_000


class PauseForm(PlainForm):
    """When a session goes on."""

    uses_submission_key = False
    continues_on = forms.DateField(
        label=gettext_lazy("Vilken dag fortsätter ni?"),
        required=False,
        widget=forms.DateInput,
        help_text=gettext_lazy("Dagen visas på telefonerna. Lämna tomt om ni fortsätter senare i dag."),
    )


class RoleForm(PlainForm):
    """Who leads or records from now on."""

    uses_submission_key = False
    role = forms.ChoiceField(
        label=gettext_lazy("Vilken uppgift?"),
        choices=SessionRole.ROLES,
        widget=ChoiceCards,
        initial=SessionRole.FACILITATOR,
    )
    person = forms.ChoiceField(label=gettext_lazy("Till vem?"))

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = dict(colleagues)
        field: Any = self.fields["person"]
        field.choices = [("", _("Välj en kollega")), *colleagues]


class PastedForm(PlainForm):
    """Pasted text, or a CSV file instead of it; `found` is what either says."""

    text = forms.CharField(max_length=LONGEST_PASTE, required=False, widget=forms.Textarea({"rows": 8}))
    file = forms.FileField(label=gettext_lazy("Eller en CSV-fil"), required=False)

    read_text: Any
    read_file: Any
    nothing: Any

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if self.errors:
            return cleaned
        if file is not None and file.size > LARGEST_FILE:
            self.add_error("file", _("Filen är för stor. Den får vara högst 2 MB."))
            return cleaned
        try:
            cleaned["found"] = type(self).read_file(file.read()) if file is not None else type(self).read_text(text)
        except PastedError as fault:
            self.add_error("file" if file is not None else "text", str(fault))
            return cleaned
        if not cleaned["found"]:
            self.add_error("text", str(self.nothing))
        return cleaned


class InviteForm(PastedForm):
    """Names to invite."""

    read_text, read_file = read_names, read_names_file
    nothing = gettext_lazy("Klistra in minst ett namn, eller välj en fil.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Namn och kommun")
        self.fields["text"].help_text = _("Ett namn på varje rad, sedan kommunen. Till exempel: Anna Berg, Tanum.")
        self.fields["file"].help_text = _("Första raden är rubriker: namn och kommun.")


class AttendForm(PlainForm):
    """Somebody came who was not on the list."""

    name = forms.CharField(label=gettext_lazy("Namn"), max_length=120)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Kommun eller organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("Vet inte"),
    )
    remote = forms.BooleanField(label=gettext_lazy("Är med på distans"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.in_order()


class ReadingForm(PlainForm):
    """Something to read before the session."""

    uses_submission_key = False
    title = forms.CharField(label=gettext_lazy("Vad ska läsas?"), max_length=200)
    where = forms.CharField(
        label=gettext_lazy("Var finns det?"),
        max_length=500,
        help_text=gettext_lazy("En adress som börjar med https://, eller spårnumret på något av vårt eget."),
    )
    note = forms.CharField(
        label=gettext_lazy("Vad ska man titta efter?"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_where(self) -> str:
        where: str = self.cleaned_data["where"].strip()
        if "://" in where:
            forms.URLField(assume_scheme="https").clean(where)
            if not where.startswith(("https://", "http://")):
                raise forms.ValidationError(_("Adressen ska börja med https://."))
        return where


class TakeInForm(PastedForm):
    """Needs that came after the session."""

    read_text, read_file = read_needs, read_needs_file
    nothing = gettext_lazy("Klistra in minst ett behov, eller välj en fil.")
    field_order = ("channel", "received_on", "sender", "text", "file")

    channel = forms.ChoiceField(
        label=gettext_lazy("Hur kom det in?"),
        choices=[(Participant.MAIL, gettext_lazy("Med e-post")), (Participant.PAPER, gettext_lazy("På papper"))],
        widget=ChoiceCards,
        initial=Participant.MAIL,
    )
    received_on = forms.DateField(
        label=gettext_lazy("Vilken dag kom det?"), widget=forms.DateInput, initial=timezone.localdate
    )
    sender = forms.CharField(
        label=gettext_lazy("Vem skickade det?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Sparas krypterat och visas bara för er som håller mötet."),
    )

    def __init__(self, *args: Any, session: LiveSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["text"].label = _("Behoven")
        self.fields["text"].help_text = _("Ett behov i varje stycke eller punkt. Ta bort hälsningar och underskrift.")
        self.fields["file"].help_text = _("Första raden är rubriker: behov och, om det finns, målområde.")

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dagen har inte varit än."))
        if day < self.session.held_on:
            raise forms.ValidationError(_("Det är före mötet. Skriv dagen då det kom in efter mötet."))
        return day


class AcceptForm(PlainForm):
    """The step that something late counts in."""

    uses_submission_key = False
    step = forms.ChoiceField(label=gettext_lazy("Räkna det i steget"))

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {str(one.id): one for one in steps}
        field: Any = self.fields["step"]
        field.choices = [(str(one.id), f"{one.position}. {one.text}") for one in steps]


class PrintForm(PlainForm):
    """Which sheets, and how many."""

    uses_submission_key = False
    step = forms.ChoiceField(label=gettext_lazy("Vilka steg?"))
    count = forms.IntegerField(label=gettext_lazy("Hur många blad?"), min_value=1, max_value=MOST_SHEETS, initial=20)

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = list(steps)
        field: Any = self.fields["step"]
        each = [(str(one.position), f"{one.position}. {one.text}") for one in steps]
        field.choices = [("alla", _("Alla steg på samma blad")), *each] if len(each) > 1 else each

    @property
    def chosen(self) -> list[Step]:
        said = self.cleaned_data["step"]
        return [one for one in self.steps if said in ("alla", str(one.position))]


class SheetForm(PlainForm):
    """What stands on a sheet beside the answer."""

    uses_submission_key = False
    code = forms.CharField(
        label=gettext_lazy("Bladets kod"),
        max_length=16,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("Står överst på bladet. Med koden kan den som svarade följa sitt svar."),
    )
    called = forms.CharField(label=gettext_lazy("Namn eller alias på bladet"), max_length=60, required=False)
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Kommun på bladet"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("Står inte på bladet"),
    )

    def __init__(self, *args: Any, session: LiveSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if session.anonymity == LiveSession.ANONYMOUS:
            del self.fields["called"]
        if session.asks_municipality:
            field: Any = self.fields["municipality"]
            field.queryset = Organisation.objects.municipalities().in_order()
        else:
            del self.fields["municipality"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            return parse_code(code) if code else ""
        except SheetCodeError as fault:
            raise forms.ValidationError(str(fault)) from None

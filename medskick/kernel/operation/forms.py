from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.operation.models import StatementStatus
from medskick.kernel.organisations.models import Unit

EARLIEST, LATEST = 1900, 2100


class ObstacleForm(PlainForm):
    text = forms.CharField(
        label=_("Vad gick inte att använda?"),
        max_length=3000,
        widget=forms.Textarea,
        help_text=_("Berätta gärna vilket hjälpmedel du använder, om det har betydelse."),
    )
    where = forms.CharField(
        label=_("På vilken sida?"), max_length=200, required=False, help_text=_("En adress, eller sidans rubrik.")
    )

    missing: ClassVar[dict[str, Any]] = {"text": _("Skriv vad som inte gick att använda.")}


class ReportAnswerForm(PlainForm):
    text = forms.CharField(
        label=_("Ditt svar"),
        max_length=3000,
        widget=forms.Textarea,
        help_text=_("Skriv vad ni gör, när det är klart, och hur personen kan få det hon behöver redan nu."),
    )

    missing: ClassVar[dict[str, Any]] = {"text": _("Skriv ett svar.")}


class StatementForm(PlainForm):
    status = forms.ChoiceField(
        label=_("Hur tillgänglig är webbplatsen?"), choices=StatementStatus.choices, widget=ChoiceCards
    )
    shortcomings = forms.CharField(
        label=_("Kända brister"),
        max_length=5000,
        required=False,
        widget=forms.Textarea,
        help_text=_("En brist på varje rad: vad som inte går, för vem, och när ni räknar med att ha rättat det."),
    )
    tested_on = forms.DateField(
        label=_("Senast testad"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    tested_how = forms.CharField(
        label=_("Så testades den"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=_("Vem gjorde det, med vilken metod, och fanns användare med?"),
    )
    email = forms.EmailField(
        label=_("E-post"), required=False, help_text=_("En funktionsbrevlåda som någon läser varje dag.")
    )
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    unit = forms.ChoiceField(
        label=_("Enhet som svarar på anmälningar"),
        required=False,
        help_text=_("Utan val går de till registratorns enhet."),
    )
    answer_days = forms.IntegerField(label=_("Dagar till svar"), min_value=1, max_value=60, initial=14)

    fieldsets = [
        (_("Redogörelsen"), ["status", "shortcomings", "tested_on", "tested_how"]),
        (_("Den som vill säga till"), ["email", "phone", "unit", "answer_days"]),
    ]
    uses_submission_key = False

    def __init__(self, owner: UUID, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.id): one for one in Unit.objects.filter(organisation_id=owner).order_by("name")}
        self.fields["unit"].choices = [
            ("", _("Registratorns enhet")),
            *((key, one.name) for key, one in self.units.items()),
        ]

    def clean_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])


class LookForm(PlainForm):
    """Whom or what to follow in the log, and why. What is typed is sent in the body and never stands in an address."""

    PERSON, NUMBER, ITEM = "staff", "number", "item"

    about = forms.ChoiceField(
        label=_("Vad vill du följa?"),
        choices=[
            (PERSON, _("En medarbetare, efter namn")),
            (NUMBER, _("En person, efter personnummer")),
            (ITEM, _("En handling, efter spårnummer eller diarienummer")),
        ],
        widget=ChoiceCards,
        initial=PERSON,
    )
    key = forms.CharField(label=_("Namn eller nummer"), max_length=100)
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=300,
        help_text=_("Skriv inga namn eller personnummer här. Din sökning och skälet skrivs själva upp i loggen."),
    )

    missing: ClassVar[dict[str, Any]] = {
        "key": _("Skriv ett namn eller ett nummer."),
        "reason": _("Skriv varför du söker."),
    }
    uses_submission_key = False


class LogFilterForm(PlainForm):
    """Which of the log's rows to show: days, both included, and one kind of event."""

    fran = forms.DateField(label=_("Från och med"), required=False, widget=forms.DateInput)
    till = forms.DateField(label=_("Till och med"), required=False, widget=forms.DateInput)
    handelse = forms.ChoiceField(label=_("Händelse"), required=False)

    uses_submission_key = False

    def __init__(self, *args: Any, events: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(verb, capfirst(words)) for verb, words in events]
        self.fields["handelse"].choices = [("", _("Alla händelser")), *shown]
        self.fields["handelse"].error_messages["invalid_choice"] = _("Välj en händelse i listan.")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("fran", "till"):
            day = given.get(name)
            if day is not None and not EARLIEST <= day.year <= LATEST:
                self.add_error(
                    name, _("Välj en dag mellan år %(first)s och %(last)s.") % {"first": EARLIEST, "last": LATEST}
                )
        since, until = given.get("fran"), given.get("till")
        if since and until and until < since:
            self.add_error("till", _("Den sista dagen ligger före den första. Byt plats på dem."))
        return given


class ExportForm(PlainForm):
    reason = forms.CharField(
        label=_("Varför behövs exporten?"), max_length=300, help_text=_("Den som godkänner läser det här.")
    )

    missing: ClassVar[dict[str, Any]] = {"reason": _("Skriv varför exporten behövs.")}
    uses_submission_key = False


class DepartureForm(PlainForm):
    leaver = forms.ChoiceField(label=_("Vilken kommun lämnar?"))
    turn_to = forms.CharField(
        label=_("Vart ska invånarna vända sig sedan?"),
        max_length=300,
        help_text=_("Det visas på varje sida, till exempel: Tanums kommun, www.tanum.example, 0000-123 45."),
    )
    reason = forms.CharField(label=_("Varför?"), max_length=300, help_text=_("Beslutets diarienummer och dag räcker."))

    missing: ClassVar[dict[str, Any]] = {
        "turn_to": _("Skriv vart invånarna ska vända sig."),
        "reason": _("Skriv varför."),
    }
    uses_submission_key = False

    def __init__(self, leavers: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaver"].choices = leavers

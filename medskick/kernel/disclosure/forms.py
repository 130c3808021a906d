from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.disclosure.actions import LONGEST_REASON, LONGEST_WANTED
from medskick.kernel.disclosure.masking import holds_personal_data
from medskick.kernel.disclosure.models import Delivery, DisclosedCopy, DisclosureAnswer
from medskick.kernel.disclosure.rules import disclosure_rules
from medskick.kernel.documents.forms import AXIS_LABELS
from medskick.kernel.records.classes import AXES, scheme

Outcome = DisclosureAnswer.Outcome


class DiarySearchForm(PlainForm):
    uses_submission_key = False

    ord = forms.CharField(label=_("Ord eller diarienummer"), max_length=100, required=False)
    fran = forms.DateField(label=_("Från och med"), required=False)
    till = forms.DateField(label=_("Till och med"), required=False)


class AskForm(PlainForm):
    diary_number = forms.CharField(
        label=_("Diarienummer, om du har det"),
        max_length=30,
        required=False,
        help_text=_("Till exempel TA 2026-00012."),
    )
    wanted = forms.CharField(
        label=_("Vad vill du läsa?"),
        max_length=LONGEST_WANTED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv med egna ord. Du behöver inte skriva vem du är eller varför du frågar."),
    )
    delivery = forms.ChoiceField(
        label=_("Hur vill du få svaret?"),
        choices=[(one.value, capfirst(one.label)) for one in Delivery],
        widget=ChoiceCards,
        initial=Delivery.ADDRESS,
    )
    email = forms.EmailField(
        label=_("E-post"),
        max_length=200,
        required=False,
        help_text=_("Bara om du valde e-post. Adressen sparas krypterad och används bara till svaret."),
    )
    asked_item = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def clean_asked_item(self) -> UUID | None:
        """Which step of a trace it came from; what is no id was put there by hand, and says nothing."""
        try:
            return UUID(self.cleaned_data["asked_item"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("wanted") and not cleaned.get("diary_number") and "wanted" not in self.errors:
            self.add_error("wanted", gettext("Skriv vad du vill läsa, eller ett diarienummer."))
        if cleaned.get("delivery") == Delivery.EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", gettext("Skriv den e-postadress som svaret ska skickas till."))
        return cleaned


class PickForm(PlainForm):
    uses_submission_key = False

    number = forms.CharField(label=_("Diarienummer"), max_length=30, help_text=_("Till exempel TA 2026-00012."))

    missing = {"number": _("Skriv ett diarienummer.")}


class MaskForm(PlainForm):
    """The words that are proposed are boxes of the page's own; this is what the registrar adds."""

    uses_submission_key = False

    more = forms.CharField(
        label=_("Maska också"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("En sak på varje rad, precis som den står i texten. Du kan också markera i texten här ovanför."),
    )


class OutcomeForm(PlainForm):
    uses_submission_key = False

    outcome = forms.ChoiceField(
        label=_("Vad blir svaret?"), choices=[(one.value, capfirst(one.label)) for one in Outcome], widget=ChoiceCards
    )
    grounds = forms.MultipleChoiceField(
        label=_("Vilken paragraf hindrar att allt lämnas ut?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Behövs när du maskar eller inte lämnar ut."),
    )
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Behövs om inte allt lämnas ut. Den som frågade läser det här. Skriv inget av det som ska hållas hemligt."
        ),
    )

    missing = {"outcome": _("Välj vad svaret blir.")}

    @property
    def marks_optional(self) -> bool:
        """What is needed hangs on the answer that is chosen, so no field is called voluntary."""
        return False

    def __init__(self, *args: Any, copies: Sequence[DisclosedCopy] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = disclosure_rules(timezone.localdate()).grounds
        self.fields["grounds"].choices = [(ground.key, str(ground)) for ground in grounds.values()]
        waiting = [copy for copy in copies if copy.released_at is None]
        self.fields["grounds"].initial = sorted({key for copy in waiting for key in copy.grounds})
        if waiting:
            masked = any(copy.marks for copy in waiting)
            self.fields["outcome"].initial = Outcome.MASKED if masked else Outcome.RELEASED


def _without_personal_data(text: str) -> str:
    if holds_personal_data(text):
        raise forms.ValidationError(
            gettext("Diariet läses av alla. Skriv inga personnummer, telefonnummer eller e-postadresser här.")
        )
    return text


class DiaryEntryForm(PlainForm):
    uses_submission_key = False

    public_title = forms.CharField(
        label=_("Rubrik i det öppna diariet"),
        max_length=200,
        required=False,
        help_text=_(
            "En mening som alla får läsa. Den får inte avslöja något hemligt. Tom: bara slaget av handling visas."
        ),
    )
    party = forms.CharField(
        label=_("Avsändare eller mottagare"), max_length=200, required=False, help_text=_("Till exempel invånare.")
    )
    party_withheld = forms.BooleanField(
        label=_("Visa inte avsändare eller mottagare i det öppna diariet"), required=False
    )
    secrecy = forms.CharField(
        label=_("Sekretessmarkering"),
        max_length=60,
        required=False,
        help_text=_(
            "Skriv paragrafen, till exempel 26 kap. 1 § OSL. Markeringen varnar; varje begäran prövas för sig."
        ),
    )
    confidentiality = forms.TypedChoiceField(label=AXIS_LABELS["confidentiality"], coerce=int)
    integrity = forms.TypedChoiceField(label=AXIS_LABELS["integrity"], coerce=int)
    availability = forms.TypedChoiceField(label=AXIS_LABELS["availability"], coerce=int)
    reason = forms.CharField(label=_("Varför ändrar du?"), max_length=300, required=False)

    fieldsets = [
        (_("Det här läser alla"), ["public_title", "party", "party_withheld", "secrecy"]),
        (_("Klassning"), ["confidentiality", "integrity", "availability"]),
        (_("Till historiken"), ["reason"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = scheme(timezone.localdate())
        for axis in AXES:
            words = [(one.level, f"{one.level}: {one.label}. {one.meaning}") for one in edition.levels[axis]]
            self.fields[axis].choices = words

    def clean_public_title(self) -> str:
        return _without_personal_data(self.cleaned_data["public_title"])

    def clean_party(self) -> str:
        return _without_personal_data(self.cleaned_data["party"])

    def clean_secrecy(self) -> str:
        return _without_personal_data(self.cleaned_data["secrecy"])


class ReasonForm(PlainForm):
    """Why a number is voided, or a record held."""

    uses_submission_key = False

    reason = forms.CharField(label=_("Varför?"), max_length=300)

    missing = {"reason": _("Skriv varför.")}


class DisposalForm(PlainForm):
    uses_submission_key = False

    decision = forms.CharField(
        label=_("Vilket beslut gallrar du efter?"),
        max_length=200,
        help_text=_("Skriv beslutets nummer och dag. Gallring går inte att ångra."),
    )

    missing = {"decision": _("Skriv vilket gallringsbeslut du följer.")}

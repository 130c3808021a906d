from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.notifications.mail_actions import LONGEST_ADDRESS
from medskick.kernel.notifications.models import EmailAddress, Pace

HOURS = [(hour, f"{hour:02d}.00") for hour in range(24)]


class AddressForm(PlainForm):
    """Where to write."""

    uses_submission_key = False
    email = forms.EmailField(
        label=_("Din e-postadress"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Vi skickar ett mejl dit. Tryck på länken i det, så vet vi att adressen är din."),
    )
    missing = {"email": _("Skriv din e-postadress.")}


class SecretAddressForm(AddressForm):
    """The same where nobody is logged in: the sealed secret of the page it stands on, and the way back."""

    secret = forms.CharField(max_length=400, widget=forms.HiddenInput)
    back = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)


class MailChoicesForm(PlainForm):
    """How often, when not, in which language."""

    uses_submission_key = False
    pace = forms.ChoiceField(
        label=_("Hur ofta vill du ha mejl?"),
        widget=ChoiceCards,
        choices=[
            (Pace.AT_ONCE, _("Genast, inom fem minuter")),
            (Pace.DAILY, _("En gång om dagen, klockan 8")),
            (Pace.WEEKLY, _("En gång i veckan, måndagar klockan 8")),
            (Pace.NEVER, _("Aldrig, men behåll adressen")),
        ],
    )
    quiet_from = forms.TypedChoiceField(label=_("Skicka inget från klockan"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(
        label=_("Börja skicka igen klockan"),
        choices=HOURS,
        coerce=int,
        help_text=_(
            "Det som händer däremellan kommer efteråt. Välj samma klockslag två gånger om du inte vill ha något uppehåll."
        ),
    )
    language = forms.ChoiceField(
        label=_("Språk i mejlen"),
        required=False,
        choices=[("", _("Samma som organisationen skriver på")), *settings.LANGUAGES],
    )

    @classmethod
    def of(cls, left: EmailAddress, data: Any = None) -> "MailChoicesForm":
        standing = {name: getattr(left, name) for name in ("pace", "quiet_from", "quiet_until", "language")}
        return cls(data, initial=standing)


class MailSenderForm(PlainForm):
    """How the organisation signs its mail."""

    uses_submission_key = False
    name = forms.CharField(label=_("Avsändarens namn"), max_length=80)
    address = forms.EmailField(
        label=_("Avsändarens e-postadress"),
        max_length=120,
        help_text=_(
            "Mejlservern måste få skicka för domänen (SPF och DKIM), annars hamnar mejlen i skräpposten. Svar läses inte."
        ),
    )
    language = forms.ChoiceField(
        label=_("Språk till den som inte har valt"),
        choices=settings.LANGUAGES,
        help_text=_("Den som får mejlen kan ändra."),
    )

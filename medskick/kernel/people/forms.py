"""What people's administration pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, ManyChoiceCards, PlainForm
from medskick.kernel.organisations.actor import ASSURANCES
from medskick.kernel.organisations.models import Unit
from medskick.kernel.people.models import Employment, Provider
from medskick.kernel.people.roles import LABELS
from medskick.lib.personal_number import parse_personal_number


class EmploymentForm(PlainForm):
    """Title, unit and roles."""

    title = forms.CharField(label=_("Titel"), max_length=120)
    unit = forms.ModelChoiceField(
        label=_("Enhet"), queryset=Unit.objects.none(), required=False, empty_label=_("Ingen enhet")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roller"),
        choices=list(LABELS.items()),
        required=False,
        widget=ManyChoiceCards,
        help_text=_("Rollerna avgör vad personen får göra här. Den som bara ska läsa behöver ingen roll."),
    )

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(organisation_id=organisation).order_by("name")


class ChangeEmploymentForm(EmploymentForm):
    """What she saw is sent back with the change, so that another's change in between is found."""

    data: Any
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def count_from(self, state: str) -> None:
        """What she typed stays; sent once more it counts from what she is shown now."""
        self.data = {**self.data.dict(), "roles": self.data.getlist("roles"), "seen": state}

    @staticmethod
    def initial_of(employment: Employment, state: str) -> dict[str, Any]:
        return {
            "title": employment.title,
            "unit": employment.unit_id,
            "roles": [one.role for one in employment.given],
            "seen": state,
        }


class NewEmployeeForm(EmploymentForm):
    """Somebody who may never have logged in."""

    name = forms.CharField(label=_("Namn"), max_length=120)
    number = forms.CharField(
        label=_("Personnummer"),
        max_length=20,
        required=False,
        help_text=_("Om personen loggar in med e-legitimation. Tolv siffror: ÅÅÅÅMMDD-NNNN."),
    )
    email = forms.EmailField(
        label=_("E-post i arbetet"),
        max_length=200,
        required=False,
        help_text=_("Om personen loggar in med organisationens egen inloggning."),
    )
    fieldsets = [
        (_("Personen"), ["name", "number", "email"]),
        (_("Arbetet"), ["title", "unit", "roles"]),
    ]

    def clean_number(self) -> str:
        said = self.cleaned_data["number"]
        if not said:
            return ""
        try:
            return parse_personal_number(said).number12
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not cleaned.get("number") and not cleaned.get("email"):
            raise forms.ValidationError(
                gettext("Skriv personnummer eller e-post: det är så personen känns igen när hon loggar in.")
            )
        return cleaned


class TurnAwayForm(PlainForm):
    """No, and why."""

    reason = forms.CharField(
        label=_("Varför?"), max_length=500, widget=forms.Textarea, help_text=_("Personen läser det du skriver.")
    )


class EmployeeFileForm(PlainForm):
    """A file of employees."""

    file = forms.FileField(
        label=_("Fil med medarbetare"), help_text=_("En CSV-fil, till exempel från lönesystemet. Högst 2 MB.")
    )


class SoughtForm(PlainForm):
    """Finding somebody among many."""

    uses_submission_key = False
    sok = forms.CharField(label=_("Namn eller titel"), max_length=100, required=False)


class EndMissingForm(PlainForm):
    """The yes to a file that has been shown, and whom of those who are not in it to end."""

    fil = forms.CharField(widget=forms.HiddenInput, max_length=100)
    plan = forms.CharField(widget=forms.HiddenInput, max_length=16)
    avsluta = forms.MultipleChoiceField(
        label=_("Avsluta de här, som arbetar här men inte står i filen"),
        required=False,
        widget=ManyChoiceCards,
        help_text=_("De blir kvar som de är. Kryssa för den som har slutat."),
    )

    def __init__(self, *args: Any, missing: list[Employment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["avsluta"].choices = [
            (str(one.id), f"{one.person.name or one.email}, {one.title}") for one in missing
        ]
        if not missing:
            del self.fields["avsluta"]

    @property
    def marks_optional(self) -> bool:
        return False


class ProviderForm(PlainForm):
    """An organisation's log-in provider."""

    label = forms.CharField(
        label=_("Vad knappen säger"), max_length=80, help_text=_("Det står ”Logga in med …” framför.")
    )
    slug = forms.SlugField(
        label=_("Namn i adressen"), max_length=50, help_text=_("Små bokstäver a–z, siffror och bindestreck.")
    )
    protocol = forms.ChoiceField(
        label=_("Protokoll"), choices=Provider.PROTOCOLS, widget=ChoiceCards, initial=Provider.OIDC
    )
    issuer = forms.URLField(
        label=_("Utfärdare"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Leverantörens adress, så som den står i dess tokens."),
    )
    client_id = forms.CharField(
        label=_("Klientens id"),
        max_length=200,
        required=False,
        help_text=_("Det ni fick av leverantören."),
    )
    saml_metadata = forms.CharField(
        label=_("Metadata"),
        max_length=200_000,
        required=False,
        widget=forms.Textarea,
        help_text=_("Klistra in hela XML-filen från leverantören."),
    )
    secret_variable = forms.CharField(label=_("Miljövariabel med hemligheten"), max_length=80, required=False)
    required_claims = forms.CharField(
        label=_("Uppgifter som måste stämma"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text=_("En på varje rad, till exempel: tid = 8f2c… Inloggningar där något annat står släpps inte in."),
    )
    assurance = forms.CharField(
        label=_("Tillitsnivåer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text=_("En på varje rad: acr-värde = low, substantial eller high. Det som inte står här räknas som low."),
    )
    audience = forms.ChoiceField(
        label=_("Vem är den för?"),
        widget=ChoiceCards,
        choices=[
            ("staff", _("Medarbetare")),
            ("staff_identity", _("Medarbetare, och den är betrodd med personnummer")),
            ("residents", _("Alla, invånare också")),
        ],
        initial="staff",
    )
    fieldsets = [
        (_("På inloggningssidan"), ["label", "slug", "audience"]),
        (_("Leverantören"), ["protocol"]),
        (_("Om det är OpenID Connect"), ["issuer", "client_id"]),
        (_("Om det är SAML 2.0"), ["saml_metadata"]),
        (_("Hemligheten"), ["secret_variable"]),
        (_("Vad ni kräver"), ["required_claims", "assurance"]),
    ]

    def __init__(self, *args: Any, region: bool, prefix_of_secret: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["slug"]
        if not region:
            del self.fields["audience"]
        self.fields["secret_variable"].help_text = gettext(
            "Hemligheten sparas aldrig här. Den som sköter servern lägger den i en variabel som börjar med %(prefix)s"
        ) % {"prefix": prefix_of_secret}

    @property
    def marks_optional(self) -> bool:
        """What must be filled in depends on the protocol, and the verb says it."""
        return False

    @staticmethod
    def initial_of(provider: Provider) -> dict[str, Any]:
        audience = "staff_identity" if provider.for_identity else "staff" if provider.for_staff else "residents"
        simple = ("label", "protocol", "issuer", "client_id", "saml_metadata", "secret_variable")
        return {
            **{name: getattr(provider, name) for name in simple},
            "required_claims": _lines(provider.required_claims),
            "assurance": _lines(provider.assurance_by_acr),
            "audience": audience,
        }

    def clean_required_claims(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["required_claims"])

    def clean_assurance(self) -> dict[str, str]:
        pairs = _pairs(self.cleaned_data["assurance"])
        if any(level not in ASSURANCES for level in pairs.values()):
            raise forms.ValidationError(gettext("Tillitsnivåerna är: none, low, substantial, high."))
        return pairs

    def provider_fields(self) -> dict[str, Any]:
        """The cleaned form as the fields of a provider."""
        said = self.cleaned_data
        audience = said.get("audience", "staff")
        simple = ("label", "protocol", "issuer", "client_id", "saml_metadata", "secret_variable", "required_claims")
        return {
            **{name: said[name] for name in simple},
            "assurance_by_acr": said["assurance"],
            "for_staff": audience != "residents",
            "for_identity": audience == "staff_identity",
        }


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        # With blanks around it the first sign parts them; without, the last one: a name may be an address with one in it.
        split = line.partition(" = ") if " = " in line else line.rpartition("=")
        name, parted, value = (one.strip() for one in split)
        if not parted or not name or not value:
            raise forms.ValidationError(gettext("Raden ”%(line)s” ska vara namn = värde.") % {"line": line[:80]})
        found[name] = value
    return found


def _lines(pairs: dict[str, str]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())

import base64
import binascii

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm

LARGEST = 1024 * 1024


class NeedsFileForm(PlainForm):
    """First step: the file."""

    file = forms.FileField(
        label=_("Fil med behov (CSV)"),
        help_text=_(
            "Kolumnerna nätverk, datum, rubrik, behov, avsnitt och typ. Inget sparas förrän du har sett vad som händer."
        ),
    )
    uses_submission_key = False
    missing = {"file": _("Välj en fil.")}

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Filen är större än 1 MB. Dela den i flera."))
        return file


class ConfirmForm(PlainForm):
    """Second step: the same content, now to be saved."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=2 * LARGEST)
    uses_submission_key = False

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as fault:
            raise forms.ValidationError(_("Filen kom inte fram hel. Välj den igen.")) from fault

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm


class AdoptInitiativeForm(PlainForm):
    """The descriptions come along by themselves; a name is all that may need another word."""

    title = forms.CharField(label=_("Vad kallar vi insatsen?"), max_length=120)
    summary = forms.CharField(label=_("I en mening: vad blir annorlunda?"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("Varför går vi vidare med den?"),
        max_length=300,
        required=False,
        help_text=_("Visas i spåret för dem som skrev utkastet."),
    )
    missing = {"title": _("Insatsen behöver ett namn.")}

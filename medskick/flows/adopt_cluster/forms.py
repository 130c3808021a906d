from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm
from medskick.plan import api as plan

REASON = _("Varför tar du upp det?")
SHOWN = _("Visas i spåret för dem som skrev lapparna.")


class NeedForm(PlainForm):
    text = forms.CharField(
        label=_("Behovet"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv så att den som inte var med förstår. Ta inte med namn eller annat som pekar ut någon."),
    )
    area = forms.ChoiceField(
        label=_("Målområde"), required=False, help_text=_("Välj det som passar bäst. Du kan vänta med det.")
    )
    reason = forms.CharField(label=REASON, max_length=300, required=False, help_text=SHOWN)
    missing = {"text": _("Skriv vad behovet är.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.choices = [("", _("Inte bestämt än")), *((one.key, one.label) for one in plan.goal_areas().areas)]


class InitiativeForm(PlainForm):
    title = forms.CharField(label=_("Vad kallar vi insatsen?"), max_length=120)
    summary = forms.CharField(label=_("I en mening: vad blir annorlunda?"), max_length=300, required=False)
    reason = forms.CharField(label=REASON, max_length=300, required=False, help_text=SHOWN)
    takes_horizon = forms.BooleanField(required=False, initial=True)
    missing = {"title": _("Insatsen behöver ett namn.")}

    def __init__(self, *args: Any, years: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if years:
            label = _("Ta med horisonten: behöver påbörjas inom %(years)s år") % {"years": years}
            self.fields["takes_horizon"].label = label
        else:
            del self.fields["takes_horizon"]

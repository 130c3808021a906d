from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm
from medskick.plan import api as plan


class AdoptForm(PlainForm):
    text = forms.CharField(
        label=_("Behovet"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv så att den som inte var med förstår. Ta inte med namn eller annat som pekar ut någon."),
    )
    area = forms.ChoiceField(
        label=_("Målområde"), required=False, help_text=_("Välj det som passar bäst. Du kan vänta med det.")
    )
    reason = forms.CharField(
        label=_("Varför tar du upp det?"),
        max_length=300,
        required=False,
        help_text=_("Visas i spåret för den som sa det."),
    )

    missing = {"text": _("Skriv vad behovet är.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.key, area.label) for area in plan.goal_areas().areas]
        self.fields["area"].choices = [("", _("Inte bestämt än")), *areas]

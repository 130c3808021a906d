from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm
from medskick.kernel.organisations.models import Unit
from medskick.services.cases.models import Outcome
from medskick.services.cases.moves import LONGEST_ANSWER, LONGEST_REASON

OUTCOMES = [(one.value, capfirst(one.label)) for one in Outcome]


class AnswerForm(PlainForm):
    text = forms.CharField(
        label=_("Ditt svar"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Skriv vad ni gör, när, och vem man kan fråga. Avsändaren läser svaret precis som det står."),
    )
    outcome = forms.ChoiceField(
        label=_("Vad blir det?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("En eller två meningar om vad som avgjorde."),
    )

    missing = {
        "text": _("Skriv ett svar."),
        "outcome": _("Välj vad det blir."),
        "reason": _("Skriv varför."),
    }


class ReassignForm(PlainForm):
    unit = forms.ModelChoiceField(label=_("Vilken enhet?"), queryset=Unit.objects.none(), empty_label=_("Välj"))
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Avsändaren läser det här. Din enhet kan inte läsa ärendet efteråt, och svarsdagen ändras inte."),
    )

    missing = {"reason": _("Skriv varför ärendet hör hemma där.")}

    def __init__(self, *args: Any, organisation: UUID, but: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.filter(organisation_id=organisation).exclude(id=but).order_by("name")


class NoteForm(PlainForm):
    text = forms.CharField(
        label=_("Anteckning"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Avsändaren ser den inte här. Den kan ändå begäras ut, så skriv bara det som behövs."),
    )

    missing = {"text": _("Skriv en anteckning.")}


class CloseForm(PlainForm):
    reason = forms.CharField(
        label=_("Varför avslutas ärendet?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )

    missing = {"reason": _("Skriv varför ärendet avslutas.")}


class ObjectionForm(PlainForm):
    reason = forms.CharField(
        label=_("Vad saknas i svaret?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Du kan göra det här en gång. Enheten får en ny svarsdag och svarar igen."),
    )

    missing = {"reason": _("Skriv vad som saknas i svaret.")}

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm


class QuestionForm(PlainForm):
    title = forms.CharField(label=_("Din fråga"), max_length=200, help_text=_("Börja med själva frågan."))
    text = forms.CharField(
        label=_("Mer om den"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Skriv inte om enskilda människor. Frågan läses av alla i nätverket."),
    )
    tags = forms.CharField(
        label=_("Ämnen"),
        required=False,
        max_length=300,
        help_text=_("Med komma emellan, till exempel: avgifter, brand."),
    )
    missing = {"title": _("Skriv din fråga.")}

    def clean_tags(self) -> list[str]:
        return [one for one in self.cleaned_data["tags"].split(",") if one.strip()]


class AnswerForm(PlainForm):
    text = forms.CharField(label=_("Ditt svar"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    missing = {"text": _("Skriv ett svar.")}


class SpaceFilter(PlainForm):
    uses_submission_key = False
    q = forms.CharField(label=_("Sök i frågor och svar"), required=False, max_length=100)
    tag = forms.ChoiceField(label=_("Ämne"), required=False)

    def __init__(self, *args: object, tags: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].choices = [("", _("Alla ämnen")), *((one, one) for one in tags)]

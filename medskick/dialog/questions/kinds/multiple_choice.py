"""Several of several options, up to so many."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.dialog.questions.choices import MOST_OPTIONS, Choice
from medskick.dialog.questions.contract import Asked, Sample
from medskick.dialog.questions.options import option_id
from medskick.kernel.typing import Text


class MultipleChoice(Choice):
    """Each respondent chooses one or more; a setting says how many at most."""

    key = "multiple_choice"
    order = 14
    several = True
    label: Text = gettext_lazy("Flerval: flera svar")
    explained: Text = gettext_lazy("Var och en väljer ett eller flera alternativ. Du kan sätta ett högsta antal.")

    def most_chosen(self, asked: Asked) -> int:
        return int(asked.settings.get("most") or MOST_OPTIONS + 1)

    def settings_fields(self) -> Mapping[str, forms.Field]:
        fields = dict(super().settings_fields())
        most = forms.IntegerField(
            label=gettext_lazy("Högst så många svar"),
            min_value=2,
            max_value=MOST_OPTIONS,
            required=False,
            help_text=gettext_lazy("Lämna tomt om man får välja hur många som helst."),
        )
        return {"options": fields.pop("options"), "most": most, **fields}

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        settings = super().read_settings(cleaned)
        most = cleaned.get("most")
        offered = len(settings["options"]) + bool(settings.get("has_other"))
        if most and most > offered:
            words = {"offered": offered}
            raise forms.ValidationError(
                {"most": _("Det finns bara %(offered)s att välja. Skriv ett lägre tal.") % words}
            )
        return settings | ({"most": most} if most else {})


KIND = MultipleChoice()
SAMPLE = Sample(
    settings={"options": "Fiber\nDigital hjälp\nEnklare språk", "most": "2"},
    answers=({"chosen": [option_id("Fiber"), option_id("Enklare språk")]}, {"chosen": option_id("Fiber")}),
    bad={"chosen": [option_id("Fiber"), option_id("Digital hjälp"), option_id("Enklare språk")]},
)

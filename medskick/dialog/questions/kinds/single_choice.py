"""One of several options."""

from django.utils.translation import gettext_lazy

from medskick.dialog.questions.choices import Choice
from medskick.dialog.questions.contract import Sample
from medskick.dialog.questions.options import option_id
from medskick.kernel.typing import Text


class SingleChoice(Choice):
    """Each respondent chooses one."""

    key = "single_choice"
    order = 12
    label: Text = gettext_lazy("Flerval: ett svar")
    explained: Text = gettext_lazy("Var och en väljer ett av flera alternativ.")


KIND = SingleChoice()
SAMPLE = Sample(
    settings={"options": "På biblioteket\nI telefon\nHemma", "has_other": "on"},
    answers=({"chosen": option_id("I telefon")}, {"chosen": "other", "other": "På torget"}),
    bad={"chosen": "finns_inte"},
)

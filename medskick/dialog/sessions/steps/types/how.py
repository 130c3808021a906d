"""HUR: how it is done. Each answer is an activity of a draft that VAD made."""

from django.utils.translation import gettext_lazy as _

from medskick.dialog.questions.contract import Sample
from medskick.dialog.sessions.steps.descriptions import HOW, Description, DescriptionStep


class How(DescriptionStep):
    key = HOW
    label = _("HUR: aktivitetsbeskrivning")
    explained = _("Grupperna beskriver hur varje insats görs: steg, ansvar, tid och pengar.")
    order = 82
    question = Description(HOW)


STEP = How()
SAMPLE = Sample(
    answers=(
        {"steps": "Fråga de berörda\nPröva i två kommuner", "time": "mars till juni"},
        {"responsible": "It-enheten"},
    ),
    bad={"steps": ""},
)

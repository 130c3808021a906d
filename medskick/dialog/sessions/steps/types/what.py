"""VAD: what we want to do. Each answer is a draft of an initiative, with a name."""

from django.utils.translation import gettext_lazy as _

from medskick.dialog.questions.contract import Sample
from medskick.dialog.sessions.steps.descriptions import WHAT, Description, DescriptionStep


class What(DescriptionStep):
    key = WHAT
    label = _("VAD: insatsbeskrivning")
    explained = _("Grupperna beskriver vad som ska göras, i handlingsplanens egen mall. Varje svar blir ett utkast.")
    order = 80
    question = Description(WHAT)


STEP = What()
SAMPLE = Sample(
    settings={"areas": ["competence", "leadership"]},
    answers=(
        {"title": "Boka utan app", "area": "competence", "problem": "Den som inte har smart telefon kommer inte fram."},
        {"title": "Gemensam kurs för chefer", "proposal": "En dag i varje kommun.", "slot_number": "0"},
    ),
    bad={"title": "", "problem": "Ingen vet"},
)

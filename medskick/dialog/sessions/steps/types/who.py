"""VEM: for whom. Each answer is a target group of a draft that VAD made."""

from django.utils.translation import gettext_lazy as _

from medskick.dialog.questions.contract import Sample
from medskick.dialog.sessions.steps.descriptions import WHO, Description, DescriptionStep


class Who(DescriptionStep):
    key = WHO
    label = _("VEM: målgruppsbeskrivning")
    explained = _("Grupperna beskriver för vem varje insats görs. En insats kan ha flera målgrupper.")
    order = 81
    question = Description(WHO)


STEP = Who()
SAMPLE = Sample(
    answers=({"group": "Äldre utan smart telefon", "size": "ungefär 900"}, {"group": "Vårdpersonal på natten"}),
    bad={"group": "", "size": ""},
)

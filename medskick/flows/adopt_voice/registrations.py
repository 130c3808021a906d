from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.dialog import api as dialog
from medskick.flows.adopt_voice.actions import CASE_KIND, MAY_ADOPT, may_adopt
from medskick.kernel.records.offers import Offer, register_offer

LABEL = _("Ta upp i planen")

register_offer(
    Offer(CASE_KIND, "adopt_voice", LABEL, lambda item: reverse("adopt_voice", args=[item.id]), may_adopt, order=10)
)
dialog.register_answer_action(
    dialog.AnswerAction(
        label=LABEL,
        url=lambda answer: reverse("adopt_answer", args=[answer.id]),
        allowed=lambda actor: actor.has(*MAY_ADOPT),
    )
)

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.dialog import api as dialog
from medskick.flows.adopt_initiative.actions import MAY_ADOPT


def _complete(answer: dialog.Answer) -> bool:
    chain = dialog.chain_of(answer)
    return chain is not None and chain.complete


dialog.register_answer_action(
    dialog.AnswerAction(
        label=_("Gör till en insats i planen"),
        url=lambda answer: reverse("adopt_initiative", args=[answer.id]),
        allowed=lambda actor: actor.has(*MAY_ADOPT),
        order=10,
        suits=_complete,
    )
)

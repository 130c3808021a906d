"""How many have answered, of how many: the one number that grows on every screen without anything being fetched."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from medskick.dialog.sessions.models import Answer, AnswerDecision, Participant, ResultShowing, Step
from medskick.dialog.sessions.models.counting import count_of
from medskick.lib.text import count_noun


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the phones have answered. Nothing in it is secret: it says neither who nor what.

    some, one, all: the sentence with {answered} and {phones} to be filled in, for a screen where the numbers grow.
    """

    answered: int
    phones: int

    @property
    def sentence(self) -> str:
        """38 av 41 har svarat."""
        if self.phones > self.answered:
            return self._some(self.answered, self.phones)
        return self._all(count_noun(self.answered, _("telefon"), _("telefoner")))

    @property
    def some(self) -> str:
        return self._some("{answered}", "{phones}")

    @property
    def one(self) -> str:
        return self._all(count_noun(1, _("telefon"), _("telefoner")))

    @property
    def all(self) -> str:
        return self._all("{answered}\u00a0" + _("telefoner"))

    def _some(self, answered: object, phones: object) -> str:
        return _("%(answered)s av %(phones)s har svarat") % {"answered": answered, "phones": phones}

    def _all(self, answered: str) -> str:
        return _("%(answered)s har svarat") % {"answered": answered}


def progress_of(step: Step) -> tuple[Progress, bool]:
    """The step's progress, without hidden answers, and whether its result is shown to all now: one query."""
    later = AnswerDecision.objects.filter(answer=OuterRef("answer"), at__gt=OuterRef("at"))
    hides = AnswerDecision.objects.filter(answer=OuterRef("pk"), hidden=True).exclude(Exists(later))
    answers = Answer.objects.standing().filter(~Exists(hides), step=OuterRef("pk"))
    phones = Participant.objects.filter(session=OuterRef("session"))
    showing = ResultShowing.objects.filter(step=OuterRef("pk")).order_by("-at", "-id")
    counted: Any = (
        Step.objects.filter(pk=step.pk)
        .annotate(
            answered=count_of(answers, "step", of="participant"),
            phones=count_of(phones, "session"),
            last_shown=Subquery(showing.values("shown")[:1]),
        )
        .values("answered", "phones", "last_shown")
        .get()
    )
    shown = step.shows_results if counted["last_shown"] is None else counted["last_shown"]
    return Progress(counted["answered"], counted["phones"]), shown

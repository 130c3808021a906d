"""Needs by goal area, with a screen of its own: a column for each area, empty ones too."""

from collections.abc import Mapping
from typing import Any

from medskick.dialog.questions.goal_areas import chosen_areas
from medskick.dialog.questions.kinds.needs_by_area import KIND, SAMPLE, by_area
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.steps.contract import QuestionStep

__all__ = ["SAMPLE", "STEP"]

SHOWN_IN_COLUMN = 5


class NeedsStep(QuestionStep):
    presenter_template = "dialog/steps/presenter/needs_by_area.html"
    paper_template = "dialog/steps/paper/needs_by_area.html"

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        """The newest needs of each area; the wall has room for a few, and says how many there are."""
        values = [one.value for one in Answer.objects.filter(step=step).shown().in_order()]
        gathered = by_area(step, values)
        named, loose = gathered[:-1], gathered[-1:]
        shown = named + [one for one in loose if one[1]]
        return {"areas": [(label, len(texts), texts[::-1][:SHOWN_IN_COLUMN]) for label, texts in shown]}

    def paper_context(self, step: Step) -> Mapping[str, Any]:
        return {
            "questions": step.settings.get("questions", ()),
            "areas": chosen_areas(step.settings.get("areas")),
            "numbers": range(1, KIND.slots(step) + 1),
        }


STEP = NeedsStep(KIND)

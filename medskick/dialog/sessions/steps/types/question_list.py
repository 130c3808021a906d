"""The floor asks questions, and votes for those that should be taken first. Nobody sees who asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, Sample, Size, Value
from medskick.dialog.sessions.access import may_record
from medskick.dialog.sessions.floor_queries import FloorQuestion, floor_of, ranked, shown_floor
from medskick.dialog.sessions.models import Answer, Participant, Step
from medskick.dialog.sessions.step_queries import is_shown, own_answers
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.lists import ListQuestion
from medskick.lib.text import count_noun

# What the wall has room for, so that the back row can read it.
ON_THE_WALL = 6


class Questions(ListQuestion):
    """The questions of one phone."""

    key = "question_list"
    label = gettext_lazy("Frågor från deltagarna")
    explained = gettext_lazy("Alla kan ställa frågor och rösta fram dem som ska tas först. Ingen ser vem som frågar.")
    usual, at_most, longest = 3, 10, 280
    most_label = gettext_lazy("Så många frågor får var och en ställa")
    one = gettext_lazy("Ställ en fråga")
    one_more = gettext_lazy("Fråga %(number)s")
    empty = gettext_lazy("Skriv din fråga.")

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        rows = [[str(value)] for value in values]
        return Outcome(count_noun(len(rows), _("fråga"), _("frågor")), Table(asked.text, [Column(_("Fråga"))], rows))


QUESTIONS = Questions()


class QuestionList(StepType):
    """Questions from the floor, by votes and then by who was first."""

    key = Questions.key
    label = Questions.label
    explained = Questions.explained
    order = 70
    question = QUESTIONS
    adds = True
    phone_template = "dialog/steps/phone/question_list.html"
    fresh_template = "dialog/steps/phone/question_list_fresh.html"
    presenter_template = "dialog/steps/presenter/question_list.html"
    facilitator_template = "dialog/steps/facilitator/question_list.html"
    paper_template = "dialog/steps/paper/post_its.html"

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        asked = ranked(answers)
        rows = [[one.text, one.votes, _("ja") if one.answered else _("nej"), one.words] for one in asked]
        columns = [Column(_("Fråga")), Column(_("Röster"), numeric=True), Column(_("Besvarad")), Column(_("Svar"))]
        return Outcome(_finding(asked), Table(step.text, columns, rows))

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        own = own_answers(step, participant)
        return {
            "add_form": QUESTIONS.one_form(help_text=step.help_text),
            "given": own,
            "most": QUESTIONS.most_of(step),
            "is_full": len(own) >= QUESTIONS.most_of(step),
            "hidden_own": [one for one in own if one.hidden],
            "floor": floor_of(step, participant),
            "floor_is_shown": is_shown(step),
        }

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        asked = shown_floor(step)
        waiting = [one for one in asked if not one.answered]
        return {
            "hides_progress": True,
            "waiting": waiting[:ON_THE_WALL],
            "more": max(len(waiting) - ON_THE_WALL, 0),
            "answered": len(asked) - len(waiting),
        }

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        records = may_record(request.actor, step.session)
        return {"floor": shown_floor(step), "records": records, "hides_progress": True}

    def columns(self, step: Step) -> list[str]:
        return [step.text, _("Röster"), _("Besvarad"), _("Svar")]

    def cells(self, step: Step, answer: Answer) -> list[Any]:
        (one,) = ranked([answer])
        return [one.text, one.votes, _("ja") if one.answered else _("nej"), one.words]


def _finding(asked: Sequence[FloorQuestion]) -> str:
    if not asked:
        return _("Inga frågor än")
    left = sum(not one.answered for one in asked)
    if not left:
        return (
            _("Alla %(count)s frågor är besvarade") % {"count": len(asked)}
            if len(asked) > 1
            else _("Frågan är besvarad")
        )
    words = {"count": count_noun(len(asked), _("fråga"), _("frågor")), "left": left}
    return _("%(count)s, %(left)s väntar på svar") % words


STEP = QuestionList()
SAMPLE = Sample(
    settings={"most": "3"},
    answers=({"text_1": "Vem betalar?"}, {"text_1": "När börjar vi?"}),
    bad={"text_1": ""},
)

"""What a step type is: what people do in one step of a session, in all seven places where a step is met.

settings (the facilitator's form), phone, presenter screen, facilitator's page, result, table, export; and on paper.
A step type that asks one question is made of the question's kind by itself (`QuestionStep`); one that does more is a
module in steps/ of its own. The registry refuses a type that lacks a part.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Outcome, QuestionKind, Size, Value
from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.kernel.typing import Text


class StepType(ABC):
    """One type of step.

    key: stored on the step. label, explained, order: for the one who chooses a type.
    question: what it asks of each participant; None where people only look and talk.
    by_group: one answer for each small group (actions/grouping.py), not for each participant.
    told_again: whether a phone that shows the step gets something new to show while it is open (see live.tell_phones).
    adds: whether what a phone sends is one more answer, rather than its answer told anew (see actions.adding).
    private_first: whether what is written is its writer's alone, also before the facilitator, until she shows it.
    board: whether its answers are sorted into clusters on a board.
    fresh_template: the part of the phone's page that is fetched again while the phone stays on the step.
    templates: parts of pages, each with `step`, `session` and what the `..._context` below gives.
    """

    key: str
    label: Text
    explained: Text
    order: int = 50
    question: QuestionKind | None = None
    by_group: ClassVar[bool] = False
    told_again: ClassVar[bool] = False
    adds: ClassVar[bool] = False
    private_first: ClassVar[bool] = False
    board: ClassVar[bool] = False
    fresh_template: ClassVar[str] = ""
    phone_template: ClassVar[str] = "dialog/steps/phone/form.html"
    presenter_template: ClassVar[str] = "dialog/steps/presenter/outcome.html"
    facilitator_template: ClassVar[str] = "dialog/steps/facilitator/outcome.html"
    paper_template: str = "dialog/steps/paper/lines.html"

    @property
    def asks(self) -> QuestionKind:
        """The question. Raise NotPossible where the step asks none."""
        if self.question is None:
            raise NotPossible(_("I det här steget lämnas inga svar."))
        return self.question

    def settings_fields(self) -> Mapping[str, forms.Field]:
        """What the facilitator may set, as fields of the form that makes the step."""
        return self.question.settings_fields() if self.question else {}

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they are stored. Raise forms.ValidationError, by field, where they cannot be used."""
        return self.question.read_settings(cleaned) if self.question else {}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields hold when stored settings are changed."""
        return self.question.settings_initial(settings) if self.question else {}

    def offer_choices(self, fields: Mapping[str, forms.Field], session: LiveSession, step: Step | None) -> None:
        """Fill in those of its settings' choices that stand in the session's programme, such as an earlier step."""
        return

    def carries_on(self, step: Step, value: Value) -> UUID | None:
        """The earlier answer that an answer to this step is about."""
        return None

    @abstractmethod
    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        """The result: the finding, the picture and the accessible table. Hidden answers are not among `answers`."""

    def veiled(self, step: Step, number: int) -> Outcome:
        """What may be told of so many answers that are still private: that they are there."""
        told = Table(step.text, [Column(_("Antal"), numeric=True)], [[number]])
        return Outcome(_("%(count)s, än så länge bara för den som skrev") % {"count": number}, told)

    def looks_back_at(self, step: Step) -> Step | None:
        """The earlier step that people talk about in this one: shown beside it until it has something of its own."""
        return None

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        """More for the phone, beside `form`, `given` (own answers) and `state`."""
        return {}

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        """More for the presenter screen, beside `outcome` and `shown`. Never who answered.

        hides_progress: where it says nothing how many of the phones have answered.
        """
        return {}

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        """More for the facilitator's page of the step, beside `outcome`."""
        return {}

    def paper_context(self, step: Step) -> Mapping[str, Any]:
        """More for the paper form."""
        return {}

    def columns(self, step: Step) -> list[str]:
        """The columns of an answer in a file of raw data."""
        return self.question.columns(step) if self.question else []

    def cells(self, step: Step, answer: Answer) -> list[Any]:
        """An answer in those columns."""
        return self.asks.cells(step, answer.value)


class QuestionStep(StepType):
    """A step that asks one question: every question kind is one by itself."""

    def __init__(self, question: QuestionKind) -> None:
        self.question = question
        self.key, self.label, self.explained = question.key, question.label, question.explained
        self.order = question.order
        self.paper_template = question.paper_template

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        return self.asks.outcome(step, [one.value for one in answers], size=size)

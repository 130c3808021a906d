"""What a question kind is. The kinds in kinds/ fulfil it; sessions and surveys use nothing else of them.

A kind is pure: it knows a question's words and settings and the stored values of answers, and no database. A value is
what is stored of one answer, as JSON; its words are what people read of it in lists, searches and traces.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms

from medskick.design.charts import Chart, Size
from medskick.design.forms import PlainForm
from medskick.design.parts import Table
from medskick.kernel.typing import Text

type Value = Any


class Asked(Protocol):
    """What a kind needs to know of a question, whoever asks it."""

    text: str
    help_text: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All answers to a question together.

    finding: what they say, in one sentence. table: the same in numbers or words. chart: where there is a picture.
    more: further tables, for pages where there is room. quotes: what people said in their own words, as a wall shows it.
    """

    finding: str
    table: Table
    chart: Chart | None = None
    more: Sequence[Table] = ()
    quotes: Sequence[str] = ()

    @classmethod
    def of_chart(cls, chart: Chart) -> "Outcome":
        return cls(chart.title, chart.table, chart)


class QuestionKind(ABC):
    """One kind of question.

    key: stored on the question. label, explained: for the one who chooses a kind.
    most: how many answers one respondent may give (slots 0 to most - 1), where no setting says another number.
    order: its place among the kinds that are offered.
    takes_more: whether somebody with one more thing to say writes it in the same answer.
    paper_template: how it is answered on paper, with the question as `step`.
    """

    key: str
    label: Text
    explained: Text
    most: int = 1
    order: int = 50
    takes_more: bool = False
    paper_template: str = "dialog/steps/paper/lines.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        """What the one who asks may set, as fields of the form that makes the question."""
        return {}

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they are stored. Raise forms.ValidationError, by field, where they cannot be used."""
        return {}

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields hold when stored settings are changed."""
        return dict(settings)

    def slots(self, asked: Asked) -> int:
        """How many answers one respondent may give."""
        return self.most

    @abstractmethod
    def answer_form(self, asked: Asked, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        """The form that a respondent fills in; `given` is what was answered before, by slot."""

    @abstractmethod
    def values(self, asked: Asked, form: PlainForm) -> list[Value]:
        """What a valid form says, one value for each slot that is used."""

    def slot(self, form: PlainForm) -> int | None:
        """The one slot that a valid form is about; None where a form holds all of a respondent's answers."""
        return None

    @abstractmethod
    def clean(self, asked: Asked, value: Value) -> Value:
        """The value as it is stored. Raise ValueError in plain Swedish where it cannot be an answer."""

    @abstractmethod
    def words(self, asked: Asked, value: Value) -> str:
        """The value as people read it, at most 2,000 characters."""

    @abstractmethod
    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        """All values together: the finding, the picture and the table."""

    def columns(self, asked: Asked) -> list[str]:
        """The columns of an answer in a file of raw data."""
        return [asked.text]

    def cells(self, asked: Asked, value: Value) -> list[Any]:
        """An answer in those columns."""
        return [self.words(asked, value)]


@dataclass(frozen=True, slots=True)
class Sample:
    """How a kind is used, for the contract test and the handbook; it stands as SAMPLE beside KIND or STEP.

    settings: fields of the form that makes the question. answers: fields of the respondent's form, one for each
    respondent. bad: an answer that is refused.
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    answers: Sequence[Mapping[str, object]] = ()
    bad: Mapping[str, object] = field(default_factory=dict)

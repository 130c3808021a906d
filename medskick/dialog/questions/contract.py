"""What a question kind is. The kinds in kinds/ fulfil it; sessions and surveys use nothing else of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from medskick.design.charts import Chart
from medskick.design.forms import PlainForm
from medskick.kernel.typing import Text

Size = Literal["page", "projector"]


class Asked(Protocol):
    """What a kind needs to know of a question, whoever asks it."""

    text: str
    help_text: str
    settings: Mapping[str, Any]


class QuestionKind(Protocol):
    """One kind of question.

    key: stored on the question. label, explained: for the one who chooses a kind.
    """

    key: str
    label: Text
    explained: Text

    def answer_form(self, asked: Asked, data: Any = None, *, given: str = "") -> PlainForm:
        """The form on the phone. Its one visible field is named `answer`; `given` is what was answered before."""

    def clean(self, asked: Asked, answer: str) -> str:
        """The answer in the form that is stored. Raise ValueError in plain Swedish where it cannot be one."""

    def chart(self, asked: Asked, answers: Sequence[str], *, size: Size = "page") -> Chart:
        """All answers in one picture, with its finding as title and the same in a table."""

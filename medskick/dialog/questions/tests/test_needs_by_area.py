"""Needs under goal areas: several from each, empty areas shown."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from medskick.dialog.questions.kinds.needs_by_area import KIND


@dataclass
class Asked:
    text: str = "Vad behöver ert nätverk?"
    help_text: str = ""
    settings: dict[str, Any] = field(default_factory=lambda: {"most": 2})


def test_several_needs_each_with_an_area() -> None:
    asked = Asked()
    form = KIND.answer_form(asked, {"need_1": "Bredband", "area_1": "infrastructure", "need_2": "Tid", "area_2": ""})
    assert form.is_valid(), form.errors
    assert KIND.values(asked, form) == [{"text": "Bredband", "area": "infrastructure"}, {"text": "Tid", "area": ""}]


def test_what_is_stored_is_a_need_with_an_area_that_is_offered() -> None:
    asked = Asked(settings={"most": 2, "areas": ["safety"], "questions": ["Vad saknas?"]})
    assert KIND.clean(asked, {"text": "  Mer   tid ", "area": "safety"}) == {"text": "Mer tid", "area": "safety"}
    for bad in (
        {"text": "", "area": "safety"},
        {"text": "Tid", "area": "leadership"},
        {"text": "Tid", "question": 2},
        {"text": "å" * 501},
        "bara ord",
    ):
        with pytest.raises(ValueError, match=r"\S"):
            KIND.clean(asked, bad)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"need_1": ""}, "Skriv minst ett behov"),
        ({"need_1": "Tid", "area_2": "safety"}, "men inte skrivit något behov"),
        ({"need_1": "Tid", "area_1": "månen"}, "finns inte"),
        ({"need_1": "å" * 501}, "Korta den till högst 500"),
    ],
)
def test_a_bad_form_says_what_to_do(given: dict[str, str], words: str) -> None:
    form = KIND.answer_form(Asked(), given)
    assert not form.is_valid()
    assert words in str(form.errors)


def test_an_area_without_needs_is_in_the_table_and_in_the_finding() -> None:
    values = [{"text": "Bredband", "area": "infrastructure"}, {"text": "Tid", "area": ""}]
    found = KIND.outcome(Asked(), values)
    assert [list(row) for row in found.table.rows] == [
        ["Digital kompetens", 0, "Inga behov"],
        ["Digital trygghet", 0, "Inga behov"],
        ["Digital innovation", 0, "Inga behov"],
        ["Digital infrastruktur", 1, "Bredband"],
        ["Digital ledning", 0, "Inga behov"],
        ["Vet inte", 1, "Tid"],
    ]
    assert found.finding == (
        "Flest under Digital infrastruktur: 1 av 2 behov. "
        "Tomt: Digital kompetens, Digital trygghet, Digital innovation och Digital ledning."
    )
    assert KIND.outcome(Asked(), []).finding == "Inga behov än"


def test_the_raw_data_says_question_area_and_need() -> None:
    asked = Asked(settings={"most": 3, "questions": ["Vad saknas?", "Vad kan vi dela?"]})
    assert KIND.cells(asked, {"text": "Tid", "area": "", "question": 2}) == ["Vad kan vi dela?", "Vet inte", "Tid"]

"""Single and multiple choice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import Plain, faults, ids, taken, with_options

ONE, MANY = question_kind("single_choice"), question_kind("multiple_choice")
PLACES = ("På biblioteket", "I telefon", "Hemma 😀", "السلامة", "<script>alert(1)</script>")
ASKED = with_options(*PLACES, has_other=True)
TWO = with_options(*PLACES, has_other=True, most=2)
IDS = ids(*PLACES)


def test_one_is_chosen_and_stored_by_its_id() -> None:
    value = taken(ONE, ASKED, {"chosen": IDS[1]})
    assert value == {"options": [IDS[1]]}
    assert ONE.words(ASKED, value) == "I telefon"
    assert ONE.cells(ASKED, value) == ["I telefon", ""]


def test_other_is_said_in_own_words() -> None:
    value = taken(ONE, ASKED, {"chosen": "other", "other": " På  torget 🎪 "})
    assert value == {"options": [], "other": "På torget 🎪"}
    assert taken(ONE, ASKED, {"other": "På torget 🎪"}) == value
    assert ONE.words(ASKED, value) == "Annat: På torget 🎪"
    assert ONE.cells(ASKED, value) == ["Annat", "På torget 🎪"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Välj ett svar."),
        ({"chosen": "other"}, "Du valde ”Annat”. Skriv vad du menar, eller välj något av de andra svaren."),
        ({"chosen": IDS[0], "other": "Torget"}, "Du har valt ett svar och också skrivit under ”Annat”. Välj det ena."),
        ({"chosen": "finns_inte"}, "Det svaret finns inte att välja. Välj något av svaren i listan."),
        ({"chosen": "other", "other": "a" * 20_000}, "Texten är 20000 tecken. Korta den till högst 200."),
        ({"chosen": "other", "other": "a\x00b"}, "osynligt styrtecken"),
    ],
)
def test_what_is_no_answer_is_told(data: dict[str, Any], told: str) -> None:
    (fault,) = faults(ONE, ASKED, data)
    assert told in fault.replace("\u00a0", "")


def test_too_many_are_told_and_how_many_to_take_away() -> None:
    assert faults(MANY, TWO, {"chosen": IDS[:4]}) == ["Du har valt 4 svar. Välj högst 2: ta bort 2."]
    assert faults(MANY, TWO, {"chosen": IDS[:2], "other": "Torget"}) == ["Du har valt 3 svar. Välj högst 2: ta bort 1."]
    assert taken(MANY, TWO, {"chosen": [IDS[2], IDS[0]]}) == {"options": [IDS[0], IDS[2]]}


@pytest.mark.parametrize(
    "value", ["", None, 7, [], {"options": "x"}, {"options": [IDS[0], IDS[0]]}, {"options": [["x"]]}, {"options": [1]}]
)
def test_no_other_value_is_stored(value: Any) -> None:
    with pytest.raises(ValueError, match=r"[Vv]älj|vald"):
        MANY.clean(ASKED, value)


def test_other_is_refused_where_it_was_not_asked_for() -> None:
    with pytest.raises(ValueError, match="inget ”Annat”"):
        ONE.clean(with_options(*PLACES), {"options": [], "other": "Torget"})


@given(st.lists(st.lists(st.sampled_from([*IDS, "other"]), min_size=1, max_size=6, unique=True), max_size=30))
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_answers(chosen: list[list[str]]) -> None:
    values = [
        {"options": [one for one in many if one != "other"], **({"other": "x"} if "other" in many else {})}
        for many in chosen
    ]
    outcome = MANY.outcome(ASKED, values)
    oracle = Counter(one for many in chosen for one in many)
    assert [row[1] for row in outcome.table.rows] == [oracle[one] for one in [*IDS, "other"]]
    assert [row[2] for row in outcome.table.rows] == [
        round(100 * oracle[one] / len(chosen), 1) if chosen else None for one in [*IDS, "other"]
    ]
    assert (outcome.chart is not None) == (outcome.chart is not None and str(len(chosen)) in outcome.chart.note)


def test_the_finding_tells_majority_plurality_and_ties() -> None:
    def finding(*counts: int) -> str:
        values = [{"options": [one]} for one, count in zip(IDS, counts, strict=False) for _ in range(count)]
        return ONE.outcome(ASKED, values).finding

    assert finding() == "Inga svar än"
    assert finding(3, 1) == "3 av 4 väljer ”På biblioteket”"
    assert finding(2, 1, 1) == "Flest väljer ”På biblioteket”: 2 av 4"
    assert finding(2, 2) == "”På biblioteket” och ”I telefon” får lika många: 2 av 4 var"
    assert finding(1, 1, 1, 1) == "”På biblioteket”, ”I telefon” och 2 till får lika många: 1 av 4 var"


def test_scripts_are_words_in_picture_and_table() -> None:
    outcome = ONE.outcome(ASKED, [{"options": [IDS[4]]}])
    assert outcome.chart is not None
    assert "<script" not in outcome.chart.svg
    assert "&lt;script&gt;" in outcome.chart.svg


def test_a_sensitive_question_waits_for_five() -> None:
    asked = with_options(*PLACES, sensitive=True)
    four = ONE.outcome(asked, [{"options": [IDS[0]]}] * 4)
    assert four.finding == "Resultatet visas när minst 5 har svarat. Hittills: 4 svar."
    assert (four.chart, four.table.rows) == (None, [[4]])
    assert ONE.outcome(asked, [{"options": [IDS[0]]}] * 5).finding == "5 av 5 väljer ”På biblioteket”"


def test_own_words_stand_in_a_table_of_their_own() -> None:
    outcome = ONE.outcome(ASKED, [{"options": [], "other": "torget"}, {"options": [], "other": "Bussen"}])
    assert [table.rows for table in outcome.more] == [[["Bussen"], ["torget"]]]


def test_more_may_not_be_asked_for_than_there_are() -> None:
    from django.forms import ValidationError

    with pytest.raises(ValidationError, match="bara 2 att välja"):
        MANY.read_settings({"options": "a\nb", "most": 3})
    assert MANY.read_settings({"options": "a\nb", "most": 3, "has_other": True})["most"] == 3


def test_an_answer_comes_back_in_the_form() -> None:
    form = MANY.answer_form(ASKED, given=[{"options": [IDS[1]], "other": "Torget"}])
    assert str(form["chosen"]).count("checked") == 2
    assert 'value="Torget"' in str(form["other"])
    assert Plain().settings == {}

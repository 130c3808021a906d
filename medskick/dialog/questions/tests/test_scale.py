"""The five-grade scale."""

import statistics
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.kinds.scale import DONT_KNOW
from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import Plain, faults, taken
from medskick.lib.numbers import say_number

SCALE = question_kind("scale")
ASKED = Plain(settings={"low": "Inte alls", "high": "Helt", "has_dont_know": True})
STRICT = Plain(settings={"low": "Inte alls", "high": "Helt", "has_dont_know": False})


def test_a_grade_is_a_number_and_its_ends_have_words() -> None:
    assert taken(SCALE, ASKED, {"grade": "5"}) == 5
    assert taken(SCALE, ASKED, {"grade": DONT_KNOW}) == DONT_KNOW
    assert [SCALE.words(ASKED, one) for one in (1, 3, 5, DONT_KNOW)] == ["1 – Inte alls", "3", "5 – Helt", "Vet ej"]
    assert [SCALE.cells(ASKED, one) for one in (4, DONT_KNOW)] == [[4], ["Vet ej"]]


@pytest.mark.parametrize("grade", ["0", "6", "3,5", "😀", "a" * 20_000, "٣"])
def test_no_other_grade_is_taken(grade: str) -> None:
    assert faults(SCALE, ASKED, {"grade": grade}) == ["Det svaret finns inte att välja. Välj något av svaren i listan."]
    with pytest.raises(ValueError, match="Välj ett av stegen 1 till 5"):
        SCALE.clean(ASKED, grade)


def test_an_empty_answer_and_an_unasked_dont_know_are_told() -> None:
    assert faults(SCALE, ASKED, {}) == ["Välj ett av stegen."]
    assert len(faults(SCALE, STRICT, {"grade": DONT_KNOW})) == 1
    with pytest.raises(ValueError, match="inget ”Vet ej”"):
        SCALE.clean(STRICT, DONT_KNOW)


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, DONT_KNOW]), min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
def test_distribution_mean_and_median_leave_dont_know_aside(values: list[Any]) -> None:
    outcome = SCALE.outcome(ASKED, values)
    assert [row[1] for row in outcome.table.rows] == [values.count(one) for one in (5, 4, 3, 2, 1, DONT_KNOW)]
    assert outcome.chart is not None
    grades = [one for one in values if one != DONT_KNOW]
    note = outcome.chart.note
    assert note.startswith(f"{len(values)} svar")
    if grades:
        # One decimal, halves upwards, in whole tenths: 2 * sum * 10 + n over 2 n.
        tenths = (20 * sum(grades) + len(grades)) // (2 * len(grades))
        assert f"Medelvärde {tenths // 10},{tenths % 10}, median {say_number(statistics.median(grades))}." in note
    assert ("räknas inte" in note) == (0 < len(grades) < len(values))


def test_the_finding_says_how_many_and_never_only_a_mean() -> None:
    assert SCALE.outcome(ASKED, [5, 4, 1]).finding == "2 av 3 svarar 4 eller 5, och 1 svarar 1 eller 2"
    assert SCALE.outcome(ASKED, [1, 2, 5]).finding == "2 av 3 svarar 1 eller 2, och 1 svarar 4 eller 5"
    assert SCALE.outcome(ASKED, [DONT_KNOW]).finding == "Alla svarar ”Vet ej”: 1 svar"
    assert SCALE.outcome(ASKED, []).finding == "Inga svar än"


def test_a_sensitive_scale_waits_for_five() -> None:
    asked = Plain(settings={**ASKED.settings, "sensitive": True})
    assert SCALE.outcome(asked, [1, 5, 5, 5]).chart is None
    assert SCALE.outcome(asked, [1, 5, 5, 5, 5]).chart is not None

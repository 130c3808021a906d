"""Fist to five."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import Plain, faults, taken

CONSENT, ASKED = question_kind("consent"), Plain()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], "Inga svar än"),
        ([5, 4, 3], "Samtycke: ingen under 3"),
        ([5, 5, 2], "1 har invändningar"),
        ([5, 2, 1], "2 har invändningar"),
        ([5] * 40 + [0], "Inget samtycke: 1 säger stopp"),
        ([5, 0, 1, 2], "Inget samtycke: 1 säger stopp och 2 har invändningar"),
    ],
)
def test_a_stop_is_never_averaged_away(values: list[int], told: str) -> None:
    assert CONSENT.outcome(ASKED, values).finding == told


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_whole_distribution_is_shown_and_consent_is_said_only_where_it_is(values: list[int]) -> None:
    outcome = CONSENT.outcome(ASKED, values)
    assert [row[1] for row in outcome.table.rows] == [values.count(one) for one in (5, 4, 3, 2, 1, 0)]
    assert outcome.finding.startswith("Samtycke:") == (min(values) >= 3)
    assert ("stopp" in outcome.finding) == (0 in values)
    assert outcome.chart is not None
    assert outcome.chart.note == f"{len(values)} svar"


def test_a_finger_is_a_number_with_words() -> None:
    assert taken(CONSENT, ASKED, {"fingers": "0"}) == 0
    assert CONSENT.words(ASKED, 0) == "0 – Stopp, jag kan inte vara med på det"


@pytest.mark.parametrize("fingers", ["6", "-1", "😀", "2.5", "a" * 20_000])
def test_no_other_number_is_taken(fingers: Any) -> None:
    assert len(faults(CONSENT, ASKED, {"fingers": fingers})) == 1
    with pytest.raises(ValueError, match="Välj 0 till 5 fingrar"):
        CONSENT.clean(ASKED, fingers)


def test_an_empty_answer_is_told() -> None:
    assert faults(CONSENT, ASKED, {}) == ["Välj 0 till 5 fingrar."]


def test_paper_says_the_same_words_as_the_phone() -> None:
    paper = render_to_string(CONSENT.paper_template, {"step": ASKED})
    assert [one for one in range(6) if CONSENT.words(ASKED, one) not in paper] == []

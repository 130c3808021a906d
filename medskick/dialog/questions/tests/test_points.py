"""A hundred points, against a sum that is written otherwise."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import faults, ids, taken, with_options

POINTS = question_kind("points")
TEXTS = ("Fiber", "Digital hjälp", "Enklare språk")
ASKED = with_options(*TEXTS)
IDS = ids(*TEXTS)


def sent(*points: str) -> dict[str, str]:
    return {f"points_{one}": given for one, given in zip(IDS, points, strict=True)}


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    """Two cuts of a hundred."""
    low, high = sorted(draw(st.lists(st.integers(0, 100), min_size=2, max_size=2)))
    return [low, high - low, 100 - high]


@given(st.lists(shares(), max_size=30))
@settings(max_examples=80, deadline=None)
def test_sums_and_means_are_exact_and_make_a_hundred_each(given_shares: list[list[int]]) -> None:
    values = [taken(POINTS, ASKED, sent(*map(str, share))) for share in given_shares]
    rows = {row[0]: row for row in POINTS.outcome(ASKED, values).table.rows}
    assert sum(row[1] for row in rows.values()) == 100 * len(given_shares)
    for place, text in enumerate(TEXTS):
        column = [share[place] for share in given_shares]
        assert rows[text][1] == sum(column)
        assert rows[text][3] == len([one for one in column if one])
        if column:
            assert abs(Fraction(str(rows[text][2])) - Fraction(sum(column), len(column))) <= Fraction(1, 20)
        else:
            assert rows[text][2] is None


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
@settings(max_examples=80, deadline=None)
def test_only_a_hundred_is_taken_and_the_difference_is_told(points: list[int]) -> None:
    told = faults(POINTS, ASKED, sent(*map(str, points)))
    total = sum(points)
    if total == 100:
        assert told == []
    else:
        (fault,) = told
        assert str(abs(100 - total)) in fault
        assert ("kvar" in fault) == (total < 100)
        assert ("för många" in fault) == (total > 100)


def test_what_is_left_empty_is_none_and_words_leave_it_out() -> None:
    value = taken(POINTS, ASKED, sent("70", "", " 30 "))
    assert list(value.values()) == [70, 0, 30]
    assert POINTS.words(ASKED, value) == "Fiber 70; Enklare språk 30"
    assert POINTS.cells(ASKED, value) == [70, 0, 30]
    assert POINTS.answer_form(ASKED, given=[value]).initial[f"points_{IDS[0]}"] == 70


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (("", "", ""), "Du har delat ut 0 av 100 poäng. 100 poäng är kvar att dela ut."),
        (("60", "30", ""), "Du har delat ut 90 av 100 poäng. 10 poäng är kvar att dela ut."),
        (("60", "60", ""), "Du har delat ut 120 poäng, 20 för många. Ta bort 20."),
        (("-1", "1", "100"), "Talet är för litet. Skriv minst 0."),
        (("101", "", ""), "Talet är för stort. Skriv högst 100."),
        (("33,3", "33", "33"), "Skriv ett heltal med siffror, till exempel 12."),
        (("😀", "", "100"), "Skriv ett heltal med siffror, till exempel 12."),
        (("9" * 20_000, "", ""), "Skriv ett heltal med siffror, till exempel 12."),
    ],
)
def test_what_is_not_a_hundred_is_told(points: tuple[str, ...], told: str) -> None:
    assert faults(POINTS, ASKED, sent(*points)) == [told]


@pytest.mark.parametrize(
    "value",
    [
        {IDS[0]: 100.0},
        {IDS[0]: True, IDS[1]: 99},
        {IDS[0]: "100"},
        {IDS[0]: -1, IDS[1]: 101},
        {"x": 100},
        [100],
        None,
        100,
    ],
)
def test_no_other_value_is_stored(value: Any) -> None:
    with pytest.raises(ValueError, match=r"[Pp]oäng|finns inte"):
        POINTS.clean(ASKED, value)


def test_the_finding_tells_ties() -> None:
    def finding(*values: dict[str, int]) -> str:
        return POINTS.outcome(ASKED, values).finding

    assert finding() == "Inga svar än"
    assert finding({IDS[0]: 70, IDS[1]: 30}) == "”Fiber” får mest: 70 av 100 poäng"
    assert finding({IDS[0]: 50, IDS[1]: 50}) == "”Fiber” och ”Digital hjälp” får lika mycket: 50 av 100 poäng var"

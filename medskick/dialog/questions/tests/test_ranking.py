"""Rankings, against a count that is written otherwise."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.rankings import condorcet_winner, standings
from medskick.dialog.questions.registry import question_kind
from medskick.dialog.questions.tests.asking import faults, ids, taken, with_options

RANKING = question_kind("ranking")
TEXTS = ("Trygghet", "Tid", "Pengar")
ASKED = with_options(*TEXTS)
A, B, C = ids(*TEXTS)
rankings = st.lists(st.permutations("abcd"), max_size=25)


def sent(*places: str) -> dict[str, str]:
    return {f"place_{one}": place for one, place in zip((A, B, C), places, strict=True)}


@given(rankings)
@settings(max_examples=150, deadline=None)
def test_points_and_pairs_are_those_of_a_count_by_hand(given_rankings: list[list[str]]) -> None:
    found = {one.option: one for one in standings(given_rankings, "abcd")}
    for option in "abcd":
        one = found[option]
        assert one.points == sum(3 - ranking.index(option) for ranking in given_rankings)
        assert one.first == sum(ranking[0] == option for ranking in given_rankings)
        outcomes = []
        for other in set("abcd") - {option}:
            before = sum(ranking.index(option) < ranking.index(other) for ranking in given_rankings)
            outcomes.append((2 * before > len(given_rankings)) - (2 * before < len(given_rankings)))
        assert (one.won, one.tied, one.lost) == (outcomes.count(1), outcomes.count(0), outcomes.count(-1))
        assert one.place == 1 + sum(other.points > one.points for other in found.values())
    assert sum(one.points for one in found.values()) == 6 * len(given_rankings)
    winners = [option for option in "abcd" if found[option].won == 3]
    assert condorcet_winner(list(found.values())) == (winners[0] if winners else None)


@given(rankings, st.permutations("abcd"))
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_options_are_asked_changes_no_ones_standing(many: list[list[str]], asked: list[str]) -> None:
    assert set(standings(many, "abcd")) == set(standings(many, asked))


def test_a_form_gives_the_order_and_gets_it_back() -> None:
    value = taken(RANKING, ASKED, sent("2", "1", "3"))
    assert value == [B, A, C]
    assert RANKING.words(ASKED, value) == "1. Tid; 2. Trygghet; 3. Pengar"
    assert RANKING.cells(ASKED, value) == [2, 1, 3]
    form = RANKING.answer_form(ASKED, given=[value])
    assert [form.initial[f"place_{one}"] for one in (A, B, C)] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (("1", "1", "2"), "Plats 1 är vald för ”Trygghet” och ”Tid”. Ge dem var sin plats."),
        (("1", "", ""), "Välj plats också för ”Tid” och ”Pengar”."),
        (("", "", ""), "Välj plats också för ”Trygghet”, ”Tid” och ”Pengar”."),
        (("1", "2", "4"), "Det svaret finns inte att välja. Välj något av svaren i listan."),
        (("1", "2", "x" * 20_000), "Det svaret finns inte att välja. Välj något av svaren i listan."),
    ],
)
def test_what_is_no_order_is_told(places: tuple[str, ...], told: str) -> None:
    assert faults(RANKING, ASKED, sent(*places)) == [told]


@pytest.mark.parametrize("value", [[A, B], [A, B, B], [A, B, "x"], [A, B, C, C], "abc", None, {}, [[A], B, C]])
def test_no_other_value_is_stored(value: Any) -> None:
    with pytest.raises(ValueError, match=r"plats|gånger|finns inte"):
        RANKING.clean(ASKED, value)


def test_ties_and_disagreement_are_told() -> None:
    def finding(*values: list[str]) -> str:
        return RANKING.outcome(ASKED, values).finding

    assert finding() == "Inga svar än"
    assert finding([A, B, C]) == "”Trygghet” kommer först: flest poäng, och vinner mot alla andra ett och ett"
    assert finding([A, B, C], [B, A, C]) == "”Trygghet” och ”Tid” delar första platsen"
    assert finding([A, B, C], [B, C, A], [C, A, B]) == "Alla alternativ får lika många poäng"
    assert finding(*[[A, B, C]] * 3, *[[B, C, A]] * 2) == (
        "”Tid” får flest poäng, men ”Trygghet” vinner mot alla andra ett och ett"
    )
    # Six to a cycle and one more: the most points, and no one beats all.
    cycle = [[A, B, C]] * 2 + [[B, C, A]] * 2 + [[C, A, B]] * 2 + [[A, B, C]]
    assert finding(*cycle) == "”Trygghet” får flest poäng, men inget alternativ vinner mot alla andra ett och ett"


def test_shared_places_and_pairs_stand_in_the_tables() -> None:
    outcome = RANKING.outcome(ASKED, [[A, B, C], [B, A, C]])
    assert [row[:3] for row in outcome.table.rows] == [
        ["Trygghet", "delad 1", 3],
        ["Tid", "delad 1", 3],
        ["Pengar", "3", 0],
    ]
    (pairs,) = outcome.more
    assert pairs.rows == [["Trygghet", "–", 1, 2], ["Tid", 1, "–", 2], ["Pengar", 0, 0, "–"]]


def test_every_order_can_be_given() -> None:
    for order in permutations("123"):
        assert len(taken(RANKING, ASKED, sent(*order))) == 3

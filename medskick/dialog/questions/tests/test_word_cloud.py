"""The word cloud as a kind of question."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.questions.registry import question_kind, question_kinds
from medskick.lib.swedish import tokens


@dataclass
class Plain:
    text: str = "Vad behövs?"
    help_text: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


CLOUD = question_kind("word_cloud")
WORDS = st.sampled_from(
    ["trygghet", "Trygghet", "tid", "och", "krångel", "fiber", "AI", "förskola", "förskolorna", "åtta"]
)


def test_a_kind_is_found_by_its_module() -> None:
    assert "word_cloud" in {one.key for one in question_kinds()}
    with pytest.raises(LookupError):
        question_kind("finns_inte")


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), max_size=30))
@settings(max_examples=80, deadline=None)
def test_counts_add_up_and_no_word_counts_more_than_once_an_answer(answers: list[str]) -> None:
    rows = CLOUD.outcome(Plain(), answers).table.rows
    counts = [count for _, count, _ in rows]
    assert all(1 <= count <= len(answers) for count in counts)
    assert sum(counts) <= sum(len(set(tokens(one.casefold()))) for one in answers)
    assert (not answers) == (not rows)
    assert counts == sorted(counts, reverse=True)


@given(st.lists(st.sampled_from(["fiber", "krångel", "tid"]), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_with_one_word_each_the_counts_are_the_answers(answers: list[str]) -> None:
    assert sum(count for _, count, _ in CLOUD.outcome(Plain(), answers).table.rows) == len(answers)


def test_the_title_says_the_finding() -> None:
    assert CLOUD.outcome(Plain(), ["trygghet", "Trygghet", "tid"]).finding == "”trygghet” nämns oftast: i 2 av 3 svar"
    assert CLOUD.outcome(Plain(), []).finding == "Inga svar än"


def test_a_kept_phrase_is_one_word() -> None:
    kept = Plain(settings={"kept_phrases": ["artificiell intelligens"]})
    rows = CLOUD.outcome(kept, ["Artificiell intelligens", "artificiell intelligens i skolan"]).table.rows
    assert ["artificiell intelligens", 2, "artificiell intelligens"] in rows


def test_the_form_gives_back_what_was_answered() -> None:
    assert "Trygghet</textarea>" in str(CLOUD.answer_form(Plain(), given=["Trygghet"])["answer"])


def test_a_threshold_keeps_rare_words_from_picture_and_table_and_says_so() -> None:
    outcome = CLOUD.outcome(Plain(settings={"threshold": 2}), ["trygghet", "Trygghet", "tid", "pengar"])
    assert outcome.table.rows == [["trygghet", 2, "trygghet"]]
    assert outcome.chart is not None
    assert "pengar" not in outcome.chart.svg + outcome.chart.description
    assert outcome.chart.note == "4 svar. 2 ord visas inte: färre än 2 har sagt dem."
    few = CLOUD.outcome(Plain(settings={"threshold": 3}), ["tid", "oro"])
    assert few.finding == "2 svar, men inget ord som minst 3 har sagt än"
    assert few.table.rows == []


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), max_size=20), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_a_threshold_is_a_cut_of_the_whole_list(answers: list[str], least: int) -> None:
    whole = CLOUD.outcome(Plain(), answers).table.rows
    shown = CLOUD.outcome(Plain(settings={"threshold": least}), answers).table.rows
    assert shown == [row for row in whole if row[1] >= least]


def test_words_left_out_are_not_shown_and_the_table_tells_each_form() -> None:
    left_out = Plain(settings={"left_out": ["kommunen"]})
    rows = CLOUD.outcome(left_out, ["Kommunen förenklar", "förenkling", "förenklingar", "förenkling"]).table.rows
    assert ["förenkling", 3, "förenkling, förenklingar"] in rows
    assert not [row for row in rows if "kommun" in row[0]]


def test_settings_are_read_line_by_line_and_come_back_as_they_were() -> None:
    read = CLOUD.read_settings({"kept_phrases": "öppna data\n\n", "left_out": " AI ", "threshold": 3})
    assert read == {"kept_phrases": ["öppna data"], "left_out": ["AI"], "threshold": 3}
    assert CLOUD.settings_initial(read) == {"kept_phrases": "öppna data", "left_out": "AI", "threshold": 3}
    assert CLOUD.read_settings({"threshold": None}) == {}

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
    rows = CLOUD.chart(Plain(), answers).table.rows
    counts = [count for _, count in rows]
    assert all(1 <= count <= len(answers) for count in counts)
    assert sum(counts) <= sum(len(set(tokens(one.casefold()))) for one in answers)
    assert (not answers) == (not rows)
    assert counts == sorted(counts, reverse=True)


@given(st.lists(st.sampled_from(["fiber", "krångel", "tid"]), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_with_one_word_each_the_counts_are_the_answers(answers: list[str]) -> None:
    assert sum(count for _, count in CLOUD.chart(Plain(), answers).table.rows) == len(answers)


def test_the_title_says_the_finding() -> None:
    assert CLOUD.chart(Plain(), ["trygghet", "Trygghet", "tid"]).title == "”trygghet” nämns oftast: i 2 av 3 svar"
    assert CLOUD.chart(Plain(), []).title == "Inga svar än"


def test_a_kept_phrase_is_one_word() -> None:
    kept = Plain(settings={"kept_phrases": ["artificiell intelligens"]})
    rows = CLOUD.chart(kept, ["Artificiell intelligens", "artificiell intelligens i skolan"]).table.rows
    assert ["artificiell intelligens", 2] in rows


def test_the_form_gives_back_what_was_answered() -> None:
    assert "Trygghet</textarea>" in str(CLOUD.answer_form(Plain(), given="Trygghet")["answer"])

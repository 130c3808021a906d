"""The goal areas as content, and the guess that is only a guess."""

import pytest

from medskick.lib.content import ContentError
from medskick.plan.needs.goal_areas import area_of_heading, goal_areas, read_goal_areas, suggest_goal_area

AREA = {"key": "a", "label": "Ett", "meaning": "Det."}


def test_there_are_five_areas_with_keys_that_never_change() -> None:
    assert [area.key for area in goal_areas().areas] == [
        "competence",
        "safety",
        "innovation",
        "infrastructure",
        "leadership",
    ]


@pytest.mark.parametrize(
    ("text", "heading", "guess"),
    [
        ("Något helt annat", "Digital trygghet", ("safety", "own_heading")),
        ("Personalen behöver utbildning i verktygen", "", ("competence", "words")),
        ("Något helt annat", "Finansiering", ("leadership", "other_heading")),
        ("Något helt annat", "Okänd rubrik", None),
    ],
)
def test_the_guess_says_why(text: str, heading: str, guess: tuple[str, str] | None) -> None:
    made = suggest_goal_area(text, heading)
    assert (made and (made.area.key, made.because)) == guess


def test_a_heading_of_another_taxonomy_is_no_goal_area() -> None:
    assert area_of_heading("Styrning och ledning") is None
    assert area_of_heading(" digital  LEDNING ").key == "leadership"


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"areas": [AREA]}, "version"),
        ({"version": 1, "areas": []}, "areas"),
        ({"version": 1, "areas": [AREA, AREA]}, "more than once"),
        ({"version": 1, "areas": [{"key": "a", "label": "", "meaning": "x"}]}, "label"),
        ({"version": 1, "areas": [AREA], "headings": {"Mod": "b"}}, "do not exist"),
    ],
)
def test_broken_content_is_refused_with_its_fault(found: dict, fault: str) -> None:
    with pytest.raises(ContentError, match=fault):
        read_goal_areas(found)

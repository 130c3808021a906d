"""Suggested clusters know Swedish: inflection, compounds, stop words."""

from medskick.dialog.sessions.steps.similar import Suggestion, suggest_clusters

NOTES = [
    "Gemensam kompetensplan",
    "Höj den digitala kompetensen hos alla",
    "Bredband i hela länet",
    "Bättre bredbandet på landet",
    "Mer tid",
]


def test_forms_of_a_word_and_compounds_of_it_belong_together() -> None:
    assert suggest_clusters(NOTES) == [Suggestion("kompetens", (0, 1)), Suggestion("bredband", (2, 3))]


def test_each_note_is_suggested_once_and_the_widest_word_goes_first() -> None:
    texts = ["skola och vård", "skolan", "skolor", "vård", "vården"]
    found = suggest_clusters(texts)
    assert [one.members for one in found] == [(0, 1, 2), (3, 4)]


def test_what_all_were_asked_about_gathers_nothing() -> None:
    assert suggest_clusters(["digital skola", "digital vård"], besides="Vad är digitalt?") == []
    common = [f"kommunen {word}" for word in ("skola", "skolan", "vård", "väg", "bad", "buss")]
    assert [one.word for one in suggest_clusters(common)] == ["skola"]


def test_nothing_and_signs_alone_suggest_nothing() -> None:
    assert suggest_clusters([]) == []
    assert suggest_clusters(["och", "!!!", "🙂", "\u05e9\u05dc\u05d5\u05dd"]) == []

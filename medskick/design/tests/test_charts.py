import itertools
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.design.charts import Bar, Chart, Series, bar_chart, line_chart, word_cloud
from medskick.design.charts.cloud import SHAPES, Placed, layout
from medskick.design.charts.model import ticks
from medskick.design.parts import Column, Table
from medskick.design.samples import WORDS, charts
from medskick.design.tests.pages import Reader


def pictures(chart: Chart) -> list[dict[str, str]]:
    return Reader(chart.svg).all("svg")


def test_no_chart_needs_inline_style_and_each_says_what_it_shows() -> None:
    for chart in charts():
        read = Reader(chart.svg)
        assert [a for _, a in read.elements if "style" in a] == []
        assert read.wrongly_closed == []
        for picture in pictures(chart):
            assert picture["role"] == "img"
            assert read.ids()[picture["aria-labelledby"]] == read.ids()[picture["aria-describedby"]] == 1
        assert chart.title in read.text
        assert chart.description in read.text


def test_each_chart_is_drawn_for_wide_columns_and_for_phones() -> None:
    for chart in charts():
        widths = [float(picture["viewbox"].split()[2]) for picture in pictures(chart)]
        assert widths == [680, 340]


FIBER = Series("Sotenäs", [(2019, 68.2), (2020, None), (2021, 79.5), (2022, 84.1), (2023, 88.9)])


def lines_of(chart: Chart) -> list[int]:
    """How many points each drawn piece of line has, in the wide picture."""
    wide = str(chart.svg).split("</svg>")[0]
    return [len(line["points"].split()) for line in Reader(wide).all("polyline")]


def test_a_missing_value_is_a_gap_and_never_a_zero() -> None:
    chart = line_chart("Fiber ökar", [FIBER], unit="%")
    assert lines_of(chart) == [3]
    assert chart.table.rows[1] == ["2020", None]
    assert "Uppgift saknas för 2020." in chart.description


def test_a_break_in_the_series_is_not_drawn_over() -> None:
    unbroken = line_chart("Fiber", [Series("A", [(2020, 1), (2021, 2), (2022, 3), (2023, 4)])])
    broken = line_chart("Fiber", [Series("A", [(2020, 1), (2021, 2), (2022, 3), (2023, 4)])], breaks=[2022])
    assert (lines_of(unbroken), lines_of(broken)) == ([4], [2, 2])


def test_the_description_says_first_last_and_target() -> None:
    chart = line_chart("Fiber", [FIBER], unit="%", target=98)
    assert chart.description == (
        "Sotenäs: från 68,2\u00a0% (2019) till 88,9\u00a0% (2023). Uppgift saknas för 2020. Mål: 98\u00a0%."
    )


def test_series_with_different_years_share_one_table() -> None:
    chart = line_chart("Två", [Series("A", [(2021, 1), (2023, 3)]), Series("B", [(2022, 2)])])
    assert [list(row) for row in chart.table.rows] == [["2021", 1, None], ["2022", None, 2], ["2023", 3, None]]


def test_days_are_placed_by_the_calendar() -> None:
    days = Series("A", [(date(2026, 1, 1), 1), (date(2026, 1, 2), 2), (date(2026, 1, 11), 3)])
    wide = str(line_chart("Dagar", [days]).svg).split("</svg>")[0]
    points = Reader(wide).all("polyline")[0]["points"].split()
    first, second, third = [float(point.split(",")[0]) for point in points]
    assert (third - first) / (second - first) == pytest.approx(10, rel=0.01)


def test_empty_series_and_single_values_are_charts_too() -> None:
    assert "uppgift saknas" in line_chart("Inget", [Series("A", [(2020, None)])]).description
    assert lines_of(line_chart("Ett", [Series("A", [(2020, 5)])])) == []
    assert bar_chart("Inga", []).description == "Alla värden saknas."
    assert word_cloud("Inga", {}).description.endswith("Inga svar än.")


def test_more_than_four_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="one to four"):
        line_chart("Många", [Series(str(n), [(2020, n)]) for n in range(5)])


def test_a_bar_starts_at_zero() -> None:
    with pytest.raises(ValueError, match="zero"):
        bar_chart("Minus", [Bar("A", -1)])
    wide = str(bar_chart("Två", [Bar("A", 10), Bar("B", 20)]).svg).split("</svg>")[0]
    first, second = [float(bar["width"]) for bar in Reader(wide).all("rect")]
    assert second == pytest.approx(2 * first, abs=0.2)


def test_a_missing_bar_is_said_in_words() -> None:
    chart = bar_chart("Bredband", [Bar("Tanum", None), Bar("Orust", 88.0)], unit="%")
    assert "uppgift saknas" in Reader(chart.svg).text
    assert chart.table.rows == [["Tanum", None], ["Orust", 88.0]]


def test_intervals_stand_in_the_table_too() -> None:
    chart = bar_chart("Nöjda", [Bar("Tanum", 80.0, 75, 85)])
    assert chart.table.rows == [["Tanum", 80.0, 75, 85]]


def test_names_from_people_are_text_in_the_picture_and_harmless_in_the_file() -> None:
    chart = word_cloud("Ord", {"<script>alert(1)</script>": 3, "=1+1": 1, "å & ä": 1})
    assert "<script" not in chart.svg
    assert Reader(chart.svg).all("script") == []
    assert chart.csv().decode("utf-8-sig").splitlines() == [
        "Ord;Antal",
        "<script>alert(1)</script>;3",
        "'=1+1;1",
        "å & ä;1",
    ]


def test_the_file_has_decimal_comma_and_empty_cells_for_missing_values() -> None:
    chart = line_chart("Fiber", [FIBER], unit="%")
    assert chart.csv().decode("utf-8-sig").splitlines()[:3] == ["Period;Sotenäs (%)", "2019;68,2", "2020;"]


def overlapping(placed: list[Placed]) -> list[tuple[str, str]]:
    return [
        (one.word, other.word)
        for one, other in itertools.combinations(placed, 2)
        if one.box[0] < other.box[2]
        and other.box[0] < one.box[2]
        and one.box[1] < other.box[3]
        and other.box[1] < one.box[3]
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_all_words_of_a_usual_cloud_find_room_and_none_lies_over_another(shape: str) -> None:
    placed, left_out = layout(WORDS, *SHAPES[shape])
    assert left_out == []
    assert overlapping(placed) == []
    width, height = SHAPES[shape][:2]
    assert [
        one.word for one in placed if one.box[0] < 0 or one.box[2] > width or one.box[1] < 0 or one.box[3] > height
    ] == []


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=60), st.integers(0, 400), max_size=60))
def test_no_words_whatsoever_lie_over_each_other(words: dict[str, int]) -> None:
    placed, left_out = layout(words, *SHAPES["projector"])
    assert overlapping(placed) == []
    assert {one.word for one in placed} | set(left_out) == {word for word, count in words.items() if count > 0}


def test_what_more_people_say_is_never_smaller() -> None:
    placed, _ = layout({"trygghet": 9, "tid": 4, "oro": 1}, *SHAPES["wide"])
    assert [one.word for one in sorted(placed, key=lambda one: -one.size)] == ["trygghet", "tid", "oro"]


def test_the_same_answers_give_the_same_picture() -> None:
    backwards = dict(reversed(WORDS.items()))
    assert word_cloud("Ord", WORDS, size="projector").svg == word_cloud("Ord", backwards, size="projector").svg


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_an_axis_covers_its_values_with_few_round_steps(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    marks = ticks(low, high)
    slack = 1e-6 * (marks[-1] - marks[0])
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack
    assert 2 <= len(marks) <= 8
    assert len(set(marks)) == len(marks)


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=12))
def test_any_values_can_be_drawn(values: list[float | None]) -> None:
    chart = line_chart("Vad som helst", [Series("A", list(enumerate(values)))], unit="%")
    assert len(pictures(chart)) == 2
    assert "nan" not in chart.svg


LONG = "Enklare språk i alla brev och beslut som kommunen skickar hem till den som bor här, och det på flera språk"


@given(st.lists(st.text("abcdefgåäö ", min_size=1, max_size=120), min_size=1, max_size=20), st.integers(0, 5000))
@settings(max_examples=30, deadline=None)
def test_a_wall_has_one_picture_with_every_name_whole_and_every_bar_inside(names: list[str], value: int) -> None:
    chart = bar_chart("Finding", [Bar(name, value) for name in names], size="projector")
    read = Reader(chart.svg)
    (picture,) = read.all("svg")
    width, height = (float(side) for side in picture["viewbox"].split()[2:])
    for bar in read.all("rect"):
        assert float(bar["x"]) + float(bar["width"]) <= width
        assert float(bar["y"]) + float(bar["height"]) <= height
    assert len(read.all("rect")) == len(names)
    assert Counter("".join(names).replace(" ", "")) <= Counter(read.text.replace(" ", ""))


def test_a_long_name_stands_over_its_bar_on_as_many_lines_as_it_needs() -> None:
    wide, narrow = (Reader(part + "</svg>") for part in str(bar_chart("A", [Bar(LONG, 3)]).svg).split("</svg>")[:2])
    assert all(read.all("rect")[0]["x"] == "0" for read in (wide, narrow))
    assert (len(wide.all("text")), len(narrow.all("text"))) == (3, 4)
    assert "end" not in {text.get("class") for text in wide.all("text")}


def test_words_may_stand_in_place_of_the_value_and_another_table_in_place_of_ours() -> None:
    table = Table("T", [Column("Vad")], [["A"]])
    chart = bar_chart("A", [Bar("A", 3, shown="3 (25 %)")], table=table)
    assert "3 (25 %)" in chart.svg
    assert chart.table is table

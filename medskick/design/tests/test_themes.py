import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.design import themes
from medskick.design.colour import at_luminance, contrast, luminance
from medskick.design.themes import ENGINES, NEUTRAL_DARK, NEUTRAL_LIGHT, PLACES, SIGNALS, scale

# What is drawn on what, and the least contrast: text 4.5 (WCAG AA), controls and knots 3. We ask more of running text.
PAIRS = [
    ("text-default", "background-default", 7.0),
    ("text-default", "background-tinted", 7.0),
    ("text-default", "surface-tinted", 7.0),
    ("text-default", "surface-hover", 7.0),
    ("text-subtle", "background-default", 4.5),
    ("text-subtle", "background-tinted", 4.5),
    ("text-subtle", "surface-default", 4.5),
    ("text-subtle", "surface-tinted", 4.5),
    ("border-default", "background-default", 3.0),
    ("border-default", "surface-default", 3.0),
    ("base-default", "background-default", 3.0),
    ("base-contrast-default", "base-default", 4.5),
    ("base-contrast-default", "base-hover", 4.5),
    ("base-contrast-default", "base-active", 4.5),
]
COLOURS = {
    **{f"{slug} {which}": colour for slug, pair in PLACES.items() for which, colour in zip("12", pair, strict=True)},
    **SIGNALS,
    **ENGINES,
}


def too_weak(steps: dict[str, str]) -> list[tuple[str, str, float]]:
    return [
        (front, back, round(contrast(steps[front], steps[back]), 2))
        for front, back, least in PAIRS
        if contrast(steps[front], steps[back]) < least
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_of_every_place_can_be_read(name: str, dark: bool) -> None:
    assert too_weak(scale(COLOURS[name], dark=dark)) == []


@pytest.mark.parametrize("neutral", [NEUTRAL_LIGHT, NEUTRAL_DARK], ids=["light", "dark"])
def test_ink_on_paper_can_be_read(neutral: dict[str, str]) -> None:
    assert too_weak(neutral) == []
    assert contrast(neutral["text-default"], neutral["background-default"]) > 14


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_coloured_text_can_be_read_on_neutral_grounds(dark: bool) -> None:
    neutral = NEUTRAL_DARK if dark else NEUTRAL_LIGHT
    grounds = [
        neutral[step] for step in ("background-default", "background-tinted", "surface-default", "surface-tinted")
    ]
    weak = [
        (name, ground)
        for (name, colour), ground in itertools.product(COLOURS.items(), grounds)
        if contrast(scale(colour, dark=dark)["text-subtle"], ground) < 4.5
    ]
    assert weak == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 0xFFFFFF), st.booleans())
def test_any_colour_a_municipality_may_bring_gives_a_theme_that_can_be_read(number: int, dark: bool) -> None:
    assert too_weak(scale(f"#{number:06x}", dark=dark)) == []


@given(st.integers(0, 0xFFFFFF), st.floats(0.01, 0.95))
@settings(max_examples=60, deadline=None)
def test_a_step_has_the_luminance_asked_for(number: int, wanted: float) -> None:
    assert luminance(at_luminance(f"#{number:06x}", wanted)) == pytest.approx(wanted, abs=0.012)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#abcdef", "#abcdef") == 1


def test_the_committed_files_are_what_the_colours_make() -> None:
    assert (themes.STATIC / "colours.css").read_text() == themes.colours_css()
    made = {path.stem: path.read_text() for path in (themes.STATIC / "themes").glob("*.css")}
    assert made == {slug: themes.theme_css(*pair) for slug, pair in PLACES.items()}


def test_all_fourteen_and_the_region_have_colours_of_their_own() -> None:
    assert len(PLACES) == 15
    assert len(set(PLACES.values())) == 15

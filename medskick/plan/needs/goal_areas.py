"""The goal areas that needs are sorted by, and a guess at which one a text belongs to. Pure, without Django.

The guess is only ever a guess: which area a need has is a person's choice (GoalAreaChoice).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from medskick.lib.content import ContentError, read_content, require_distinct, require_text
from medskick.lib.swedish import lemma, search_lexemes


@dataclass(frozen=True, slots=True)
class GoalArea:
    """One goal area. `key` is stable and stored; `words` speak for it in a text."""

    key: str
    label: str
    meaning: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class GoalAreas:
    """All areas in order, and what other taxonomies' headings usually mean."""

    version: int
    areas: tuple[GoalArea, ...]
    headings: Mapping[str, str]

    def __getitem__(self, key: str) -> GoalArea:
        for area in self.areas:
            if area.key == key:
                return area
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(area.key == key for area in self.areas)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guessed goal area. `because`: the heading is the area's own, a heading of another taxonomy, or words."""

    area: GoalArea
    because: Literal["own_heading", "other_heading", "words"]


def read_goal_areas(found: dict[str, Any], source: str = "goal_areas") -> GoalAreas:
    """The goal areas in a content object. Errors: ContentError that says what is wrong in it."""
    listed = found.get("areas")
    if not isinstance(found.get("version"), int) or not isinstance(listed, list) or not listed:
        raise ContentError(f"{source}: it should have a version (a whole number) and areas")
    for area in listed:
        require_text(source, area, "key", "label", "meaning")
    require_distinct(source, "key", [area["key"] for area in listed])
    require_distinct(source, "label", [_same(area["label"]) for area in listed])
    areas = tuple(
        GoalArea(area["key"], area["label"], area["meaning"], frozenset(_base_forms(area.get("words", []))))
        for area in listed
    )
    headings = {_same(name): key for name, key in found.get("headings", {}).items()}
    unknown = sorted(set(headings.values()) - {area.key for area in areas})
    if unknown:
        raise ContentError(f"{source}: headings point at areas {unknown} that do not exist")
    return GoalAreas(found["version"], areas, headings)


@lru_cache(maxsize=1)
def goal_areas() -> GoalAreas:
    return read_goal_areas(read_content("goal_areas"))


def area_label(key: str) -> str:
    """The area's name, or the key itself for an area that the content no longer has."""
    areas = goal_areas()
    return areas[key].label if key in areas else key


def area_of_heading(heading: str) -> GoalArea | None:
    """The area whose own name the heading is, and no other likeness."""
    return next((area for area in goal_areas().areas if _same(area.label) == _same(heading)), None)


def suggest_goal_area(text: str, heading: str = "") -> Suggestion | None:
    """Which area a need with this text and heading probably belongs to; None where nothing speaks for one.

    The area's own name as heading weighs most, then the words of the text (when they speak for one area more than for
    any other), then what the heading of another taxonomy usually means.
    """
    own = area_of_heading(heading)
    if own is not None:
        return Suggestion(own, "own_heading")
    found = set(search_lexemes(text))
    scored = sorted(((len(area.words & found), place) for place, area in enumerate(goal_areas().areas)), reverse=True)
    if scored[0][0] and scored[0][0] > scored[1][0]:
        return Suggestion(goal_areas().areas[scored[0][1]], "words")
    other = goal_areas().headings.get(_same(heading))
    return Suggestion(goal_areas()[other], "other_heading") if other else None


def _same(text: str) -> str:
    return " ".join(text.split()).casefold()


def _base_forms(words: list[str]) -> set[str]:
    return {form for word in words for form in (word.casefold(), lemma(word.casefold()))}

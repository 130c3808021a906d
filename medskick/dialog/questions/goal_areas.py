"""The goal areas that needs are gathered under, as content/goal_areas.json has them. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from medskick.lib.content import read_content


@dataclass(frozen=True, slots=True)
class Area:
    """A goal area. `key` is stable and stored."""

    key: str
    label: str
    meaning: str


@lru_cache(maxsize=1)
def areas() -> tuple[Area, ...]:
    """All goal areas, in order."""
    return tuple(Area(one["key"], one["label"], one["meaning"]) for one in read_content("goal_areas")["areas"])


def chosen_areas(keys: object) -> tuple[Area, ...]:
    """Those that a question is limited to; all of them where it names none that there is."""
    wanted = set(keys) if isinstance(keys, list) else set()
    return tuple(one for one in areas() if one.key in wanted) or areas()


def area_label(key: str) -> str:
    """The area's name; empty for no area."""
    return next((one.label for one in areas() if one.key == key), key)

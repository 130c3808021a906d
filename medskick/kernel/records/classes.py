"""Classification as dated data (content/classification): the words of each level, the controls, the secrecy marks (K22)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "content" / "classification"
AXES = ("confidentiality", "integrity", "availability")


class Classes(NamedTuple):
    """A class in its three parts, each 0-4, with the secrecy mark that goes with it."""

    confidentiality: int
    integrity: int
    availability: int
    secrecy: str = ""


@dataclass(frozen=True, slots=True)
class LevelWords:
    level: int
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One edition of the classification.

    public_up_to: the highest confidentiality that is published without anybody's further thought. outside_up_to: the
    highest that may be shared outside the organisation. second_person_from: lowering from here needs a second person.
    """

    valid_from: date
    levels: dict[str, tuple[LevelWords, ...]]
    public_up_to: int
    outside_up_to: int
    second_person_from: int
    draft: Classes
    integrity_when_fixed: int
    open_when_public: bool
    publish_within_days: int
    controls: tuple[tuple[str, int, str], ...]
    when_secret: str
    storage: dict[str, str]

    def words(self, axis: str, level: int) -> LevelWords:
        return self.levels[axis][level]

    def controls_for(self, classes: Classes) -> list[str]:
        """What the class requires, in sentences."""
        values = classes._asdict()
        told = [text for axis, level, text in self.controls if values[axis] >= level]
        return [*told, self.when_secret] if classes.secrecy and self.when_secret not in told else told

    def when_fixed(self, classes: Classes, *, public: bool) -> Classes:
        """The class that a version gets by being fixed (K04): exact, and open where everybody reads it."""
        return classes._replace(
            confidentiality=0 if public and self.open_when_public else classes.confidentiality,
            integrity=max(classes.integrity, self.integrity_when_fixed),
        )

    def may_be_public(self, classes: Classes) -> bool:
        return classes.confidentiality <= self.public_up_to and not classes.secrecy

    def may_leave(self, classes: Classes) -> bool:
        return classes.confidentiality <= self.outside_up_to and not classes.secrecy


def scheme(day: date) -> Scheme:
    """The edition in force on a day. Raise LookupError where there is none."""
    return _latest(_schemes(), day)


def secrecy_marks(day: date) -> list[tuple[str, str]]:
    """(mark, what it is about), as a help: the text of the mark is free, and the law in force decides."""
    edition = _latest([(date.fromisoformat(one["valid_from"]), one) for one in _read("secrecy-*.json")], day, by=0)
    return [(chapter["mark"], chapter["label"]) for chapter in edition[1]["chapters"]]


def _latest(editions: Iterable[Any], day: date, by: int | str = "valid_from") -> Any:
    def begins(edition: Any) -> date:
        begun: date = edition[by] if isinstance(by, int) else getattr(edition, by)
        return begun

    ordered = sorted(editions, key=begins)
    standing = [one for one in ordered if begins(one) <= day]
    if not ordered:
        raise LookupError("content/classification is empty")
    return (standing or ordered[:1])[-1]


def _read(pattern: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(FOLDER.glob(pattern))]


@cache
def _schemes() -> tuple[Scheme, ...]:
    return tuple(_scheme(one) for one in _read("levels-*.json"))


def _scheme(read: dict[str, Any]) -> Scheme:
    rules = read["rules"]
    return Scheme(
        valid_from=date.fromisoformat(read["valid_from"]),
        levels={axis: tuple(LevelWords(**one) for one in read[axis]) for axis in AXES},
        public_up_to=rules["public_up_to"],
        outside_up_to=rules["outside_up_to"],
        second_person_from=rules["second_person_from"],
        draft=Classes(**rules["draft"]),
        integrity_when_fixed=rules["when_fixed"]["integrity_at_least"],
        open_when_public=rules["when_fixed"]["open_when_public"],
        publish_within_days=rules["publish_within_days"],
        controls=tuple((one["of"], one["from"], one["text"]) for one in read["controls"]),
        when_secret=read["when_secret"],
        storage={one["key"]: one["label"] for one in read["storage"]},
    )


def say_class(classes: Classes, day: date) -> str:
    """The class in a few words: "intern, ska vara rätt, kan vara borta en vecka"."""
    edition, values = scheme(day), classes._asdict()
    return ", ".join(edition.words(axis, values[axis]).label for axis in AXES)

"""What the law gives a person, as dated content: an edition says from when it holds and whether anybody has checked it."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "content" / "data_protection"


@dataclass(frozen=True, slots=True)
class Right:
    """One right: a label, the article of the regulation, and a sentence in plain Swedish."""

    label: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The rights as they are told from a day on. checked_on: when somebody who knows the law read it, None for not yet."""

    name: str
    valid_from: date
    checked_on: date | None
    authority: str
    authority_url: str
    rights: tuple[Right, ...]


def edition_of(day: date) -> Edition:
    """The edition that holds on a day. Raise LookupError before the first one."""
    held = [one for one in _editions() if one.valid_from <= day]
    if not held:
        raise LookupError(f"No edition of the rights holds on {day}")
    return held[-1]


@lru_cache(maxsize=1)
def _editions() -> tuple[Edition, ...]:
    return tuple(sorted((_read(path) for path in FOLDER.glob("*.json")), key=lambda one: one.valid_from))


def _read(path: Path) -> Edition:
    told = json.loads(path.read_text(encoding="utf-8"))
    return Edition(
        name=told["edition"],
        valid_from=date.fromisoformat(told["valid_from"]),
        checked_on=date.fromisoformat(told["checked_on"]) if told["checked_on"] else None,
        authority=told["authority"]["name"],
        authority_url=told["authority"]["url"],
        rights=tuple(Right(**one) for one in told["rights"]),
    )

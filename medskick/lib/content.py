"""Reading the municipal knowledge that the engines work by: files in medskick/content/, data without code.

A file is read once in a process and checked when it is read: a broken file stops the start, not a person.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "content"


class ContentError(ValueError):
    """A content file does not say what it must; the message names the file and the fault."""


@lru_cache(maxsize=32)
def read_content(name: str) -> dict[str, Any]:
    """The JSON object in content/<name>.json. Errors: ContentError when it is missing or is no object."""
    path = FOLDER / f"{name}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path.name}: the file is missing") from None
    except ValueError as error:
        raise ContentError(f"{path.name}: {error}") from None
    if not isinstance(found, dict):
        raise ContentError(f"{path.name}: it should be an object")
    return found


def require_text(source: str, where: dict[str, Any], *names: str) -> None:
    """Errors: ContentError unless every one of the names has a text in it."""
    for name in names:
        if not isinstance(where.get(name), str) or not where[name].strip():
            raise ContentError(f"{source}: {name} should be a text")


def require_distinct(source: str, what: str, values: list[str]) -> None:
    """Errors: ContentError where a value stands twice."""
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ContentError(f"{source}: {what} {repeated} stands more than once")

"""What an adopter's text says: the pinned version's fields with its own overrides, and what a new version would change.

Pure: takes the version's fields as they are stored ({"key", "label", "mode", "value"}) and overrides as (value, reason)
by field key. Source of the rule: kernel.md E.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from medskick.kernel.documents.comparing import Piece, compare_texts
from medskick.kernel.documents.templates import Mode

type Fields = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Own:
    """An override as the rules see it."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class EffectiveField:
    """One field of the adopter's text. own: the override that it comes from, None where it is the source's."""

    key: str
    label: str
    mode: Mode
    value: str
    source_value: str
    own: Own | None

    @property
    def locked(self) -> bool:
        return self.mode == "locked"


def effective(fields: Fields, overrides: Mapping[str, Own]) -> list[EffectiveField]:
    """The adopter's text, field by field in the source's order. A locked field is always the source's."""
    made = []
    for field in fields:
        mode: Mode = mode_of(field)
        own = None if mode == "locked" else overrides.get(field["key"])
        value = field["value"] if own is None else own.value
        made.append(EffectiveField(field["key"], field["label"], mode, value, field["value"], own))
    return made


def mode_of(field: Mapping[str, str]) -> Mode:
    """How free an adopter is in a field. What is not known is locked."""
    mode = field.get("mode")
    return "default" if mode == "default" else "free" if mode == "free" else "locked"


type State = Literal["same", "changed", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version does to one field, and to the adopter's own value of it.

    may_keep: the own value can be carried to the new version. Not where the field is gone, or has become locked.
    """

    key: str
    label: str
    state: State
    before: str
    after: str
    mode_before: Mode | None
    mode_after: Mode | None
    own: Own | None

    @property
    def may_keep(self) -> bool:
        return self.own is not None and self.mode_after in ("default", "free")

    @property
    def under_own(self) -> bool:
        """The source has changed under the adopter's own value."""
        return self.own is not None and self.state != "same"

    @property
    def reason_needed(self) -> bool:
        return self.may_keep and self.mode_after == "default"

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return compare_texts(self.before, self.after)


def changes(pinned: Fields, new: Fields, overrides: Mapping[str, Own]) -> list[Change]:
    """Field by field what the new version changes: first in the new one's order, then what is gone from it."""
    before, after = {one["key"]: one for one in pinned}, {one["key"]: one for one in new}
    made = []
    for key, field in {**after, **{key: one for key, one in before.items() if key not in after}}.items():
        old, now = before.get(key), after.get(key)
        state: State = "same"
        if old is None:
            state = "new"
        elif now is None:
            state = "gone"
        elif (old["value"], mode_of(old)) != (now["value"], mode_of(now)):
            state = "changed"
        made.append(
            Change(
                key=key,
                label=field["label"],
                state=state,
                before=old["value"] if old else "",
                after=now["value"] if now else "",
                mode_before=mode_of(old) if old else None,
                mode_after=mode_of(now) if now else None,
                own=overrides.get(key),
            )
        )
    return made

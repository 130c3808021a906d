"""Dividing a room into small groups (bikupor): nobody alone, municipalities mixed, new company each time.

Pure functions without Django. Group sizes are fixed by arithmetic; who sits where is dealt out and then improved by
swaps until no swap helps, so the same seed gives the same groups.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Seated:
    """One to be placed. municipality: None where it is not known, which is unlike every other."""

    key: Hashable
    municipality: Hashable | None = None
    remote: bool = False


def group_sizes(people: int, size: int) -> list[int]:
    """Sizes of the groups, largest first, for `people` in twos or threes (`size`).

    Twos: one three where the number is odd. Threes: what is over makes twos. One alone only where there is only one.
    Raises ValueError for another size.
    """
    if size not in (2, 3):
        raise ValueError("groups are of 2 or 3")
    if people <= size:
        return [people] if people else []
    if size == 2:
        return [3] * (people % 2) + [2] * ((people - 3 * (people % 2)) // 2)
    twos = {0: 0, 1: 2, 2: 1}[people % 3]
    return [3] * ((people - 2 * twos) // 3) + [2] * twos


def make_groups(
    people: Sequence[Seated],
    *,
    size: int,
    mix: bool = True,
    apart: bool = False,
    earlier: Collection[frozenset[Hashable]] = (),
    seed: int = 0,
) -> list[list[Seated]]:
    """The groups.

    mix: as few as possible from the same municipality together. apart: those in the room and those at home in groups of
    their own, unless that leaves somebody alone. earlier: pairs of keys that have sat together; avoided next.
    """
    chance = random.Random(seed)  # noqa: S311 - who sits with whom is no secret, and must be repeatable
    parts = [[one for one in people if not one.remote], [one for one in people if one.remote]] if apart else [people]
    if any(len(part) == 1 for part in parts):
        parts = [people]
    groups = [group for part in parts for group in _deal(part, size, mix, chance)]
    kept = {frozenset(pair) for pair in earlier}
    for part in parts:
        _improve([group for group in groups if group and group[0] in part], mix, kept)
    return groups


def same_municipality(groups: Sequence[Sequence[Seated]]) -> int:
    """How many pairs that sit together come from the same municipality."""
    return sum(_alike(one, other) for group in groups for one, other in combinations(group, 2))


def place_latecomer(newcomer: Seated, groups: Sequence[Sequence[Seated]], *, mix: bool = True) -> int:
    """Which group a latecomer joins: the smallest, of those the one with fewest from her municipality, else the first.

    Raises ValueError where there are no groups.
    """
    if not groups:
        raise ValueError("there is no group to join")

    def cost(place: int) -> tuple[int, int, int]:
        return len(groups[place]), sum(_alike(newcomer, one) for one in groups[place]) if mix else 0, place

    return min(range(len(groups)), key=cost)


def _deal(people: Sequence[Seated], size: int, mix: bool, chance: random.Random) -> list[list[Seated]]:
    """Everybody once round the groups in turn, the largest municipality first: so each is spread as evenly as it can be."""
    sizes = group_sizes(len(people), size)
    groups: list[list[Seated]] = [[] for _ in sizes]
    order = _by_municipality(people, chance) if mix else chance.sample(list(people), len(people))
    for place, one in zip(_turns(sizes), order, strict=True):
        groups[place].append(one)
    return groups


def _turns(sizes: Sequence[int]) -> Iterator[int]:
    for turn in range(max(sizes, default=0)):
        yield from (place for place, size in enumerate(sizes) if size > turn)


def _by_municipality(people: Sequence[Seated], chance: random.Random) -> list[Seated]:
    blocks: dict[Hashable, list[Seated]] = defaultdict(list)
    for one in chance.sample(list(people), len(people)):
        blocks[one.municipality if one.municipality is not None else ("unknown", one.key)].append(one)
    return [one for block in sorted(blocks.values(), key=len, reverse=True) for one in block]


def _improve(groups: list[list[Seated]], mix: bool, earlier: set[frozenset[Hashable]]) -> None:
    """Swap two between two groups while that gives fewer alike, or as many alike and fewer who have met."""
    for _round in range(MOST_ROUNDS):
        if not any(_swap(one, other, mix, earlier) for one, other in combinations(groups, 2)):
            return


def _swap(one: list[Seated], other: list[Seated], mix: bool, earlier: set[frozenset[Hashable]]) -> bool:
    best = _cost(one, mix, earlier), _cost(other, mix, earlier)
    standing = best[0][0] + best[1][0], best[0][1] + best[1][1]
    if standing == (0, 0):
        return False
    for here in range(len(one)):
        for there in range(len(other)):
            one[here], other[there] = other[there], one[here]
            first, second = _cost(one, mix, earlier), _cost(other, mix, earlier)
            if (first[0] + second[0], first[1] + second[1]) < standing:
                return True
            one[here], other[there] = other[there], one[here]
    return False


def _cost(group: Sequence[Seated], mix: bool, earlier: set[frozenset[Hashable]]) -> tuple[int, int]:
    pairs = list(combinations(group, 2))
    alike = sum(_alike(one, other) for one, other in pairs) if mix else 0
    return alike, sum(frozenset((one.key, other.key)) in earlier for one, other in pairs)


def _alike(one: Seated, other: Seated) -> bool:
    return one.municipality is not None and one.municipality == other.municipality

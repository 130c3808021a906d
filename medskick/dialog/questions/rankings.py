"""Counting rankings: points by place (Borda) and each option against each other (Condorcet). Exact, no Django.

A ranking is a sequence of all options, the best first. Sources: J.-C. de Borda, Mémoire sur les élections au scrutin
(1781), n - 1 points to the first of n and none to the last; M. de Condorcet, Essai (1785), who beats all others one by
one wins, and there need not be such a one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Standing:
    """How one option did. place: by points, equal points share it. first: how many put it first.
    won, tied, lost: against the others, one by one."""

    option: str
    place: int
    points: int
    first: int
    won: int
    tied: int
    lost: int


def preferences(rankings: Sequence[Sequence[str]], options: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many put the first of each pair before the second."""
    counted = Counter[tuple[str, str]]()
    for ranking in rankings:
        counted.update(combinations(ranking, 2))
    return {(one, other): counted[one, other] for one in options for other in options if one != other}


def standings(rankings: Sequence[Sequence[str]], options: Sequence[str]) -> list[Standing]:
    """Every option, by points; of equal points in the order of `options`."""
    before = preferences(rankings, options)
    points = {one: sum(before[one, other] for other in options if other != one) for one in options}
    first = Counter(ranking[0] for ranking in rankings)
    found = []
    for one in sorted(options, key=lambda each: -points[each]):
        margins = [before[one, other] - before[other, one] for other in options if other != one]
        found.append(
            Standing(
                one,
                place=1 + sum(other > points[one] for other in points.values()),
                points=points[one],
                first=first[one],
                won=sum(margin > 0 for margin in margins),
                tied=sum(margin == 0 for margin in margins),
                lost=sum(margin < 0 for margin in margins),
            )
        )
    return found


def condorcet_winner(found: Sequence[Standing]) -> str | None:
    """Whoever beats all others one by one; None where nobody does."""
    return next((one.option for one in found if one.won == len(found) - 1), None)

"""Small groups: nobody alone, municipalities mixed as far as they can be, new company each time."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.dialog.sessions.grouping import Seated, group_sizes, make_groups, place_latecomer, same_municipality

PEOPLE = st.lists(st.tuples(st.sampled_from(["Tanum", "Sotenäs", "Lysekil", None]), st.booleans()), max_size=24).map(
    lambda all_: [Seated(key, place, remote) for key, (place, remote) in enumerate(all_)]
)
SIZES = st.sampled_from([2, 3])


@given(st.integers(0, 500), SIZES)
def test_everybody_has_a_seat_and_nobody_sits_alone(people: int, size: int) -> None:
    sizes = group_sizes(people, size)
    assert sum(sizes) == people
    if people > 1:
        assert set(sizes) <= {2, 3}
        other = sizes.count(5 - size)
        assert other <= (1 if size == 2 else 2)


@given(PEOPLE, SIZES, st.booleans(), st.booleans(), st.integers(0, 9))
def test_each_sits_once_in_groups_of_the_sizes_that_were_worked_out(
    people: list[Seated], size: int, mix: bool, apart: bool, seed: int
) -> None:
    groups = make_groups(people, size=size, mix=mix, apart=apart, seed=seed)
    assert sorted(one.key for group in groups for one in group) == [one.key for one in people]
    assert all(len(group) > 1 for group in groups) or len(people) == 1
    assert groups == make_groups(people, size=size, mix=mix, apart=apart, seed=seed)


def every_division(people: list[Seated], sizes: list[int]) -> list[list[list[Seated]]]:
    if not sizes:
        return [[]]
    found = []
    for chosen in combinations(people, sizes[0]):
        rest = [one for one in people if one not in chosen]
        found += [[list(chosen), *more] for more in every_division(rest, sizes[1:])]
    return found


@given(
    st.lists(st.sampled_from(["Tanum", "Sotenäs", "Lysekil", None]), min_size=2, max_size=7), SIZES, st.integers(0, 5)
)
@settings(max_examples=120, deadline=None)
def test_no_other_division_mixes_municipalities_better(places: list[str | None], size: int, seed: int) -> None:
    people = [Seated(key, place) for key, place in enumerate(places)]
    found = same_municipality(make_groups(people, size=size, seed=seed))
    assert found == min(map(same_municipality, every_division(people, group_sizes(len(people), size))))


def test_those_at_home_sit_together_unless_that_leaves_one_alone() -> None:
    room = [Seated(key) for key in range(6)]
    home = [Seated(key, remote=True) for key in range(6, 9)]
    groups = make_groups([*room, *home], size=3, apart=True)
    assert all(len({one.remote for one in group}) == 1 for group in groups)
    mixed = make_groups([*room, home[0]], size=2, apart=True)
    assert all(len(group) > 1 for group in mixed)


def test_a_second_time_gives_new_company_where_it_can() -> None:
    people = [Seated(key) for key in range(12)]
    first = make_groups(people, size=2, seed=1)
    met = {frozenset(one.key for one in group) for group in first}
    second = make_groups(people, size=2, seed=1, earlier=met)
    assert not met & {frozenset(one.key for one in group) for group in second}


def test_a_latecomer_joins_the_smallest_group_and_there_the_least_alike() -> None:
    groups = [[Seated(1, "Tanum"), Seated(2, "Lysekil")], [Seated(3, "Sotenäs"), Seated(4, "Lysekil")]]
    assert place_latecomer(Seated(5, "Tanum"), groups) == 1
    assert place_latecomer(Seated(5, "Tanum"), [[*groups[0]], [*groups[1], Seated(6)]]) == 0
    with pytest.raises(ValueError, match="no group"):
        place_latecomer(Seated(5), [])


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 or 3"):
        group_sizes(4, 4)

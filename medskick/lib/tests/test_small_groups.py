"""Small groups are hidden, and no hidden cell can be worked out. The oracle tries every table that looks the same."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.lib.small_groups import Table, interval, suppress, suppress_list

shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
tables = shapes.flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 30), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)
tiny = st.sampled_from([(1, 2), (1, 3), (2, 1), (2, 2)]).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def all_that_look_the_same(table: Table, highest: int) -> dict[tuple[int, int], set[int]]:
    """Every value that each hidden cell can have, by trying all bodies of whole numbers up to `highest`."""
    rows, columns = len(table.cells) - 1, len(table.cells[0]) - 1
    body = [(row, column) for row in range(rows) for column in range(columns)]
    free = [cell for cell in body if cell in table.hidden]
    values: dict[tuple[int, int], set[int]] = {cell: set() for cell in table.hidden}
    for tried in product(range(highest + 1), repeat=len(free)):
        guess = [list(line[:columns]) for line in table.cells[:rows]]
        for (row, column), value in zip(free, tried, strict=True):
            guess[row][column] = value
        whole = [[*line, sum(line)] for line in guess]
        whole.append([sum(line[column] for line in whole) for column in range(columns + 1)])
        same = all(
            whole[row][column] == table.cells[row][column]
            for row in range(rows + 1)
            for column in range(columns + 1)
            if (row, column) not in table.hidden
        )
        if same:
            for row, column in table.hidden:
                values[row, column].add(whole[row][column])
    return values


@settings(max_examples=60)
@given(tiny, st.integers(2, 3))
def test_no_hidden_cell_is_pinned_down_by_trying_every_table(counts: list[list[int]], threshold: int) -> None:
    table = suppress(counts, threshold=threshold)
    for cell, possible in all_that_look_the_same(table, 8).items():
        assert max(possible) - min(possible) >= threshold, (table.shown, cell)
        low, high = interval(table, cell)
        # What the oracle finds is never outside what the network says, and the lowest is the same.
        assert low == min(possible)
        assert high is None or max(possible) == min(high, max(possible))


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=2), st.data())
def test_the_intervals_are_exact(counts: list[list[int]], data: st.DataObject) -> None:
    """For any choice of hidden cells, good or bad, where the totals of the rows are shown and so limit everything."""
    body = [(row, column) for row in range(2) for column in range(2)]
    hidden = data.draw(st.frozensets(st.sampled_from([*body, (2, 0), (2, 1)])))
    cells = tuple((*row, sum(row)) for row in counts)
    table = Table((*cells, tuple(map(sum, zip(*cells, strict=True)))), hidden)
    for cell, possible in all_that_look_the_same(table, 8).items():
        assert interval(table, cell) == (min(possible), max(possible))


@settings(max_examples=150)
@given(tables, st.integers(1, 8))
def test_every_small_count_is_hidden_and_every_hidden_one_is_wide(counts: list[list[int]], threshold: int) -> None:
    table = suppress(counts, threshold=threshold)
    for row, line in enumerate(table.shown):
        for column, shown in enumerate(line):
            count = table.cells[row][column]
            assert shown in (None, count)
            assert shown is None or shown == 0 or shown >= threshold
            if shown is None:
                low, high = interval(table, (row, column))
                assert high is None or high - low >= threshold


@settings(max_examples=100)
@given(tables, st.integers(2, 8))
def test_nothing_is_hidden_without_need(counts: list[list[int]], threshold: int) -> None:
    table = suppress(counts, threshold=threshold)
    for cell in table.hidden:
        count = table.cells[cell[0]][cell[1]]
        if 0 < count < threshold:
            continue
        fewer = Table(table.cells, table.hidden - {cell})
        intervals = [interval(fewer, other) for other in fewer.hidden]
        assert any(high is not None and high - low < threshold for low, high in intervals), (table.shown, cell)


@settings(max_examples=100)
@given(tables, st.data())
def test_two_publications_never_tell_of_the_few_who_came_between(counts: list[list[int]], data: st.DataObject) -> None:
    first = suppress(counts)
    more = st.integers(0, 8)
    later = [[count + data.draw(more) for count in row] for row in counts]
    second = suppress(later, earlier=first.shown)
    for before, after in zip(first.shown, second.shown, strict=True):
        for old, new in zip(before, after, strict=True):
            if old is not None and new is not None:
                assert old == new or abs(new - old) >= 5


def test_a_single_small_cell_takes_a_rectangle_with_it() -> None:
    table = suppress([[3, 20, 40], [30, 25, 50], [40, 60, 45]])
    assert table.shown == [
        [None, None, 40, 63],
        [None, None, 50, 105],
        [40, 60, 45, 145],
        [73, 105, 135, 313],
    ]


def test_what_is_large_enough_is_shown_whole() -> None:
    assert suppress([[5, 20], [0, 25]]).hidden == frozenset()


def test_a_list_hides_a_second_group_so_that_the_first_cannot_be_subtracted() -> None:
    shown = suppress_list({"Tanum": 12, "Sotenäs": 2, "Lysekil": 31})
    assert shown == {"Tanum": None, "Sotenäs": None, "Lysekil": 31}


def test_a_hidden_nobody_where_nobody_tells_something() -> None:
    assert suppress([[0, 20], [30, 40]], zero_is_shown=False).shown[0][0] is None


@pytest.mark.parametrize("counts", [[], [[]], [[1, 2], [3]], [[-1, 4]]])
def test_what_is_no_table_is_refused(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"rows|negative"):
        suppress(counts)


def test_an_earlier_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        suppress([[5, 6]], earlier=[[5, 6]])

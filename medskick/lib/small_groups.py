"""Hiding small groups in counts, so that no hidden cell can be worked out from what is shown.

A cell that counts fewer people than a threshold is hidden (primary suppression). Since rows and columns are shown with
their totals, a single hidden cell could be had by subtraction; therefore further cells are hidden (complementary
suppression) until what anybody can conclude of any hidden cell is an interval at least as wide as the threshold.

What can be concluded is exact: the cells of a two-way table with totals are the arcs of a network (each cell stands in
one row and one column), and the highest and lowest value of a hidden cell are maximum flows, which are whole numbers
(Ahuja, Magnanti and Orlin, Network Flows, 1993, ch. 6; for suppression: Cox, JASA 90, 1995). Which further cells to hide
is found by shortest paths, and each is shown again where the rest protects enough: no hidden cell is without need, but
another choice may hide fewer.

Pure functions without Django. Counts are whole numbers from zero.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

THRESHOLD = 5
type Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A two-way table of counts as it may be shown. The last row and the last column are the totals.

    cells: the true counts, totals included. hidden: what is not shown, by (row, column).
    """

    cells: tuple[tuple[int, ...], ...]
    hidden: frozenset[Cell]

    @property
    def shown(self) -> list[list[int | None]]:
        """The counts with None for what is hidden."""
        return [
            [None if (row, column) in self.hidden else count for column, count in enumerate(counts)]
            for row, counts in enumerate(self.cells)
        ]

    def __iter__(self) -> Iterator[list[int | None]]:
        return iter(self.shown)


def suppress(
    counts: Sequence[Sequence[int]],
    *,
    threshold: int = THRESHOLD,
    earlier: Sequence[Sequence[int | None]] | None = None,
    zero_is_shown: bool = True,
) -> Table:
    """Add totals to a table of counts, and hide what has to be hidden.

    counts: rows of equal length, without totals. threshold: a count below it is hidden, and what can be concluded of a
    hidden count is an interval of at least this width. earlier: what was shown last time (Table.shown): a count that
    has changed by less than the threshold is hidden too, since the difference tells of those few who came or went.
    zero_is_shown: nobody is shown as nobody; false where that nobody is there tells something of somebody.
    Raise ValueError for rows of unequal length, a negative count, or an earlier table of another shape.
    """
    cells = _with_totals(counts)
    if threshold < 1:
        raise ValueError("threshold must be at least 1")
    primary = {
        (row, column)
        for row, line in enumerate(cells)
        for column, count in enumerate(line)
        if _is_small(count, threshold, zero_is_shown)
    }
    if earlier is not None:
        primary |= _little_changed(cells, earlier, threshold)
    hidden = _protect(cells, set(primary), threshold)
    return Table(cells, frozenset(_show_again(cells, hidden, primary, threshold)))


def suppress_list(
    counts: Mapping[str, int], *, threshold: int = THRESHOLD, earlier: Mapping[str, int | None] | None = None
) -> dict[str, int | None]:
    """The same for a simple list of groups whose total is shown or known: None for what is hidden.

    The total itself is never given here; a hidden group is protected as if everybody knew it.
    """
    names = list(counts)
    if not names:
        return {}
    before: list[list[int | None]] | None = None
    if earlier is not None:
        # A group that is new, or a list without its totals, was not shown before.
        before = [[*(earlier.get(name) for name in names), None], [None] * (len(names) + 1)]
    table = suppress([[counts[name] for name in names]], threshold=threshold, earlier=before)
    return {name: None if (0, place) in table.hidden else counts[name] for place, name in enumerate(names)}


def interval(table: Table, cell: Cell) -> tuple[int, int | None]:
    """The lowest and highest value that a cell can have, by what is shown; None for no highest. Both are attained."""
    value = table.cells[cell[0]][cell[1]]
    if cell not in table.hidden:
        return value, value
    net = _Network(table.cells, table.hidden)
    up, down = net.increase(cell, None), net.decrease(cell, None)
    return value - (value if down is None else down), None if up is None else value + up


def _with_totals(counts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    if not counts or not counts[0] or len({len(row) for row in counts}) != 1:
        raise ValueError("the table needs rows of the same length")
    if any(count < 0 for row in counts for count in row):
        raise ValueError("counts are not negative")
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def _is_small(count: int, threshold: int, zero_is_shown: bool) -> bool:
    return (0 if zero_is_shown else -1) < count < threshold


def _little_changed(
    cells: Sequence[Sequence[int]], earlier: Sequence[Sequence[int | None]], threshold: int
) -> set[Cell]:
    if [len(row) for row in earlier] != [len(row) for row in cells]:
        raise ValueError("the earlier table has another shape")
    return {
        (row, column)
        for row, line in enumerate(cells)
        for column, count in enumerate(line)
        if (before := earlier[row][column]) is not None and 0 < abs(count - before) < threshold
    }


def _protect(cells: tuple[tuple[int, ...], ...], hidden: set[Cell], threshold: int) -> set[Cell]:
    """Hide further cells until none of the hidden can be pinned down. It ends: each turn hides at least one more."""
    while True:
        net = _Network(cells, hidden)
        narrow = next((cell for cell in sorted(hidden) if not net.is_wide(cell, threshold)), None)
        if narrow is None:
            return hidden
        hidden |= net.path_that_protects(narrow, threshold)


def _show_again(cells: tuple[tuple[int, ...], ...], hidden: set[Cell], primary: set[Cell], threshold: int) -> set[Cell]:
    """Show each further cell again that is not needed after all, the largest first."""
    for cell in sorted(hidden - primary, key=lambda one: (-cells[one[0]][one[1]], one)):
        fewer = hidden - {cell}
        net = _Network(cells, fewer)
        if all(net.is_wide(other, threshold) for other in fewer):
            hidden = fewer
    return hidden


class _Network:
    """The table as a network. Nodes are rows and columns; a cell of the body is an arc from its column to its row, a
    total of a row or column the other way round, and the grand total as the body: then every row and column that adds
    up is a node where as much comes in as goes out. A change that nobody can see is a circulation over hidden arcs: forward
    without limit, backward down to zero.
    """

    def __init__(self, cells: Sequence[Sequence[int]], hidden: Iterable[Cell]) -> None:
        self.cells, self.hidden = cells, frozenset(hidden)
        self.last_row, self.last_column = len(cells) - 1, len(cells[0]) - 1

    def is_wide(self, cell: Cell, width: int) -> bool:
        """Whether what can be concluded of a hidden cell is an interval of at least this width."""
        up = self.increase(cell, width)
        if up is None or up >= width:
            return True
        down = self.decrease(cell, width - up)
        return down is None or up + down >= width

    def increase(self, cell: Cell, enough: int | None) -> int | None:
        """By how much the cell can grow, unseen; None for without limit. Not computed beyond `enough`."""
        tail, head = self._ends(cell)
        return self._flow(head, tail, cell, enough)

    def decrease(self, cell: Cell, enough: int | None) -> int | None:
        tail, head = self._ends(cell)
        most = self.cells[cell[0]][cell[1]]
        flow = self._flow(tail, head, cell, most if enough is None else min(most, enough))
        return most if flow is None else min(most, flow)

    def path_that_protects(self, cell: Cell, width: int) -> set[Cell]:
        """Cells that, hidden too, give the cell more room: the cheapest way around, counting people that disappear from
        sight. There always is one, over the totals, and it holds at least one cell that was not hidden."""
        tail, head = self._ends(cell)
        # Over the totals there is always a way without limit, and one of hidden cells alone would have been wide enough.
        return self._cheapest(head, tail, cell, width) - self.hidden

    def _ends(self, cell: Cell) -> tuple[int, int]:
        """(tail, head) of the cell's arc. Rows are nodes from 0, columns follow them."""
        row_node, column_node = cell[0], self.last_row + 1 + cell[1]
        is_total_of_one = (cell[0] == self.last_row) != (cell[1] == self.last_column)
        return (row_node, column_node) if is_total_of_one else (column_node, row_node)

    def _steps(self, node: int, without: Cell, *, hidden_only: bool) -> Iterator[tuple[int, Cell, int | None]]:
        """(next node, cell, room) for each arc at the node that a change can take; room None is without limit."""
        rows = self.last_row + 1
        cells: Iterable[Cell] = (
            ((node, column) for column in range(self.last_column + 1))
            if node < rows
            else ((row, node - rows) for row in range(rows))
        )
        for cell in cells:
            if cell == without or (hidden_only and cell not in self.hidden):
                continue
            tail, head = self._ends(cell)
            yield (head, cell, None) if tail == node else (tail, cell, self.cells[cell[0]][cell[1]])

    def _flow(self, source: int, sink: int, without: Cell, enough: int | None) -> int | None:
        """The maximum flow over hidden arcs (Edmonds and Karp), None where it has no limit."""
        moved: dict[Cell, int] = {}
        total = 0
        while enough is None or total < enough:
            path = self._shortest(source, sink, without, moved)
            if path is None:
                return total
            rooms = [room for _cell, _forward, room in path]
            limits = [room for room in rooms if room is not None]
            if not limits:
                return None
            step = min(limits)
            for cell, forward, _room in path:
                moved[cell] = moved.get(cell, 0) + (step if forward else -step)
            total += step
        return total

    def _shortest(
        self, source: int, sink: int, without: Cell, moved: Mapping[Cell, int]
    ) -> list[tuple[Cell, bool, int | None]] | None:
        """The arcs of a shortest way with room left: (cell, forward, room)."""
        came: dict[int, tuple[int, Cell, bool, int | None]] = {}
        waiting, seen = deque([source]), {source}
        while waiting and sink not in seen:
            node = waiting.popleft()
            for other, cell, limit in self._steps(node, without, hidden_only=True):
                forward = limit is None
                room = None if limit is None else limit + moved.get(cell, 0)
                if other not in seen and (room is None or room > 0):
                    seen.add(other)
                    came[other] = (node, cell, forward, room)
                    waiting.append(other)
        if sink not in seen:
            return None
        path, node = [], sink
        while node != source:
            node, cell, forward, room = came[node]
            path.append((cell, forward, room))
        return path

    def _cheapest(self, source: int, sink: int, without: Cell, capacity: int) -> set[Cell]:
        """Cells of a cheapest way over any arcs with room for `capacity` (Dijkstra); what is hidden already is free."""
        best: dict[int, int] = {source: 0}
        came: dict[int, tuple[int, Cell]] = {}
        heap = [(0, source)]
        while heap:
            cost, node = heappop(heap)
            if node == sink:
                break
            if cost > best[node]:
                continue
            for other, cell, room in self._steps(node, without, hidden_only=False):
                if room is not None and room < capacity:
                    continue
                added = cost + (0 if cell in self.hidden else 1 + self.cells[cell[0]][cell[1]])
                if added < best.get(other, added + 1):
                    best[other], came[other] = added, (node, cell)
                    heappush(heap, (added, other))
        path: set[Cell] = set()
        node = sink
        while node != source:
            node, cell = came[node]
            path.add(cell)
        return path

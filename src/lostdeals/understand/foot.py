"""The foot of a table: whose it is, when it was printed, who made it; no customer, however many cells it fills."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from lostdeals.understand.column_kind import ColumnKind
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.row_words import RowWords

TAIL = 10
"""Rows at the end that may be the foot."""
BODY = 3
"""Rows above it that tell what the columns hold."""
SEEN = 200
"""So many of them, evenly taken."""
GAPS = 2
"""With more blank lines than this between its rows, a table puts them between customers."""
MANY = 2
"""Rows below a blank line with cells out of place, from which on all of them may be a legend or a count."""


def foot(grid: Grid, rows: Places, others: Collection[int], words: RowWords) -> list[int]:
    """The last rows that are no customers because their cells are not what the columns hold.

    A row is one of the foot if it begins as such a line does (制表人, Printed on) and none of its cells is what its column
    holds; below a blank line already if more of its cells are out of place than in it. From the end upwards, the first row
    that is a customer ends it. others: rows that are known to be no customers, which end nothing.
    """
    tail = rows[-TAIL:][-max(rows.size - BODY, 0) :] if rows.size > BODY else rows[:0]
    gaps = np.flatnonzero(np.diff(rows) > 1)
    apart = set(rows[gaps[0] + 1 :].tolist() if 0 < gaps.size <= GAPS else ())
    texts = {int(row): [text for text in grid.texts(int(row)) if text] for row in tail}
    begun = {row for row, said in texts.items() if said and words.is_foot(said)}
    if not begun and not apart.intersection(texts):
        return []
    body = rows[: -tail.size]
    body = body[:: -(-body.size // SEEN)]
    usual = float(np.median(grid.widths[body]))
    columns = [
        ColumnKind(grid.cells[body[grid.filled[body, place]], place].tolist(), grid.words)
        for place in range(grid.cells.shape[1])
    ]
    told = {row: _places(grid, columns, row) for row in texts}
    below = [row for row in texts if row in apart and row not in others]
    legend = (
        set(below)
        if sum(-1 in told[row] for row in below) >= MANY and all(_strange(told[row]) for row in below)
        else set()
    )
    out: list[int] = []
    lonely: list[int] = []
    for row in reversed([row for row in texts if row not in others]):
        places = told[row]
        inside, outside = places.count(1), places.count(-1)
        strange = outside > inside and (len(places) < usual or outside > 1)
        if row in legend or (row in begun and not inside) or (row in apart and strange):
            out += [row, *lonely]
            lonely = []
        elif len(places) == 1 < usual and (not inside or {row - 1, row - 2} <= begun):
            lonely.append(row)
        else:
            break
    return out


def _places(grid: Grid, columns: Sequence[ColumnKind], row: int) -> list[int]:
    cells = zip(columns, grid.cells[row], grid.filled[row], strict=True)
    return [column.place(value) for column, value, full in cells if full]


def _strange(places: Sequence[int]) -> bool:
    """No more cells of a row are in their place than out of it: Won | 12, Red | lost."""
    return places.count(1) <= places.count(-1) or len(places) == 1

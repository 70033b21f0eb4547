"""Take tables apart that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid
from lostdeals.understand.header import Table, best_row, table_of
from lostdeals.understand.who import WHO_OR_WHAT
from lostdeals.vocab import Vocabulary, normalise

BRIEF = 0.5
"""A block beside the table with values in a smaller part of its rows, and in one go, is a legend or a list."""
GAPS = 12
"""Empty columns between filled ones up to which they may part tables; with more, they are only a way to write."""
MOST_RUNS = 60
"""Columns of the widest sheet on which lists stand side by side with nothing between them."""
LEGEND = (2, 3)
"""Columns of a summary that stands right beside the customers."""
COUNTED = 0.6
"""Share of such a summary's groups that are values of one of the customers' columns."""


def side_by_side(grid: Grid, vocabulary: Vocabulary) -> list[Grid]:
    """The blocks of columns that are tables of their own: behind an empty column, or behind a header that begins anew."""
    return [part for block in _parted(grid, vocabulary) for part in _with_no_gap(block, vocabulary)]


def _parted(grid: Grid, vocabulary: Vocabulary) -> list[Grid]:
    used: list[int] = np.flatnonzero(grid.filled.any(axis=0)).tolist()
    cuts = [after for before, after in pairwise(used) if after - before > 1]
    if not cuts or len(cuts) > GAPS:
        return [grid]
    pivot = pivot_marks(vocabulary)
    edges = [0, *cuts, grid.cells.shape[1]]
    starts, left = [0], table_of(grid.part(columns=slice(0, cuts[0])), vocabulary)
    for edge in pairwise(edges[1:]):
        right = table_of(grid.part(columns=slice(*edge)), vocabulary)
        if _is_apart(left, right, grid, pivot):
            starts.append(edge[0])
            left = right
        else:
            left = table_of(grid.part(columns=slice(starts[-1], edge[1])), vocabulary)
    return [grid.part(columns=slice(*edge)) for edge in pairwise([*starts, edges[-1]])]


def _is_apart(left: Table, right: Table, grid: Grid, pivot: tuple[str, ...]) -> bool:
    """Two blocks are two tables: headers in other rows, the same names again, a pivot, or a short list beside a long table."""
    if right.header_rows and left.header_rows and right.header_rows[-1] != left.header_rows[-1]:
        return len(right.headers) > 1 and bool(right.rows) and not right.doubt and not left.doubt
    names = [set(filter(None, table.headers.values())) for table in (left, right)]
    if right.rows and any(normalise(name).startswith(pivot) for name in names[1]):
        return True
    if len(names[1]) > 1 and len(names[0] & names[1]) >= 2:
        return True
    longer, shorter = (left, right) if len(left.rows) >= len(right.rows) else (right, left)
    least = 2 if names[0] & names[1] else 3
    if not least <= len(shorter.rows) < BRIEF * len(longer.rows):
        return False
    cells = grid.sheet.cells.loc[list(shorter.rows), list(shorter.headers)]
    in_one_go = shorter.rows[-1] - shorter.rows[0] < 1.2 * len(shorter.rows)
    return in_one_go and bool(cells.notna().to_numpy().mean() > 0.8) and bool(cells.iloc[:, 0].is_unique)


def pivot_marks(vocabulary: Vocabulary) -> tuple[str, ...]:
    """How the headers of a pivot table begin."""
    return tuple(map(normalise, vocabulary.section("structure")["summary"]["pivot"]))


def _with_no_gap(grid: Grid, vocabulary: Vocabulary) -> list[Grid]:
    """The lists of a block whose header comes again to the right, or the customers and a summary right beside them."""
    words = aliases(vocabulary)
    if grid.cells.shape[1] > MOST_RUNS or grid.filled_rows.size < 2:
        return [grid]
    row = best_row(grid, words)
    if row is None:
        return [grid]
    edges = _runs(grid, row, words) or _summary(grid, row)
    return [grid.part(columns=slice(*edge)) for edge in pairwise([0, *edges, grid.cells.shape[1]])] if edges else [grid]


def _runs(grid: Grid, row: int, words: Aliases) -> list[int]:
    """Where a header begins anew that is one run of names over and over: 姓名 电话 姓名 电话, printed so to save paper.

    Two contacts of one company are no second list: their company stands but once.
    """
    first, last = _span(grid, row)
    names = [normalise(text) for text in grid.texts(row)[first:last]]
    for wide in range(2, len(names) // 2 + 1):
        run = names[:wide]
        if len(names) % wide == 0 and all(names) and names == run * (len(names) // wide) and len(set(run)) == wide:
            roles = {reading.role for name in grid.texts(row)[first : first + wide] for reading in words.read(name)}
            known = sum(bool(words.read(name)) for name in grid.texts(row)[first : first + wide])
            return list(range(first + wide, last, wide)) if known > 1 and not roles.isdisjoint(WHO_OR_WHAT) else []
    return []


def _summary(grid: Grid, row: int) -> list[int]:
    """Where a summary begins that has no gap before it: groups from one of the customers' columns, each with its number."""
    first, last = _span(grid, row)
    below = grid.filled_rows[grid.filled_rows > row]
    here = grid.filled[below]
    for wide in LEGEND:
        start = last - wide
        if start - first < 2 or not below.size or not grid.filled[row, start:last].all():
            continue
        used = int(here[:, start].sum())
        if not 2 <= used < BRIEF * below.size or not here[:used, start:last].all() or here[used:, start:last].any():
            continue
        groups = [as_text(value) for value in grid.cells[below[:used], start]]
        figures = grid.cells[below[:used], start + 1 : last].ravel().tolist()
        numbers = all(grid.words.number(value, as_text(value)) for value in figures)
        if numbers and len(set(groups)) == used and _come_from(groups, grid, below, range(first, start)):
            return [start]
    return []


def _come_from(groups: Sequence[str], grid: Grid, rows: np.ndarray, columns: range) -> bool:
    """Most groups are values of one of the columns."""
    return any(
        sum(group in values for group in groups) >= COUNTED * len(groups)
        for values in ({as_text(value) for value in grid.cells[rows, column].tolist()} for column in columns)
    )


def _span(grid: Grid, row: int) -> tuple[int, int]:
    """The first named column of a row, and the one behind its last."""
    named = np.flatnonzero(grid.filled[row])
    return int(named[0]), int(named[-1]) + 1

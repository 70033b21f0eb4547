"""Rows that hold nobody: numbered or filled in beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from lostdeals.understand.aliases import aliases
from lostdeals.understand.grid import Grid, Places, is_whole
from lostdeals.vocab import Vocabulary

SPARSE = 4
"""A table of at least so many columns has lines with a number and nothing else."""
BODY = 3
"""Customers that tell which columns name somebody."""
MOST = 0.8
LEAST = 2
"""Such rows at least."""


def only_numbered(grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary) -> list[int]:
    """Lines that were numbered beforehand and are still empty."""
    if not lines:
        return []
    alone = rows[grid.widths[rows] == 1]
    first = int(grid.filled[lines[-1]].argmax())
    named = aliases(vocabulary).read(grid.texts(lines[-1])[first])
    if not alone.size or grid.widths[lines[-1]] < SPARSE or not any(one.role == "ignore" for one in named):
        return []
    return [int(row) for row in alone if is_whole(grid.cells[row, first])]


def prefilled(grid: Grid, rows: Places) -> list[int]:
    """The last rows, all alike but for a running number, with nothing in the columns that name somebody.

    A list that is filled in beforehand with 跟进中, 0 or FALSE has such rows.
    """
    if rows.size <= BODY or grid.filled[rows[-1]].sum() * 2 > np.median(grid.widths[rows[:BODY]]):
        return []
    counting = [column for column in range(grid.cells.shape[1]) if _counts(grid, rows, column)]
    kept = [column for column in range(grid.cells.shape[1]) if column not in counting]
    same = tuple(grid.cells[rows[-1], kept].tolist())
    out: list[int] = []
    for row in reversed(rows.tolist()):
        if tuple(grid.cells[row, kept].tolist()) != same:
            break
        out.append(row)
    body = rows[: rows.size - len(out)]
    nobody = any(not grid.filled[rows[-1], column] for column in _naming(grid, body, counting))
    return sorted(out) if len(out) >= LEAST and nobody else []


def _naming(grid: Grid, body: Places, counting: Sequence[int]) -> list[int]:
    """Columns that nearly every row fills, with something of its own."""
    if body.size < BODY:
        return []
    found = []
    for column in np.flatnonzero(grid.filled[body].mean(axis=0) >= MOST).tolist():
        said = grid.cells[body[grid.filled[body, column]], column].tolist()
        if column not in counting and len(set(said)) >= MOST * len(said):
            found.append(column)
    return found


def _counts(grid: Grid, rows: Places, column: int) -> bool:
    """Whole numbers, each one more than the one above."""
    said = [value for value in grid.cells[rows, column].tolist() if value is not None]
    if len(said) < rows.size or not all(
        isinstance(value, int | float | str) and is_whole(_whole(value)) for value in said
    ):
        return False
    return all(int(later) - int(sooner) == 1 for sooner, later in pairwise(said))


def _whole(value: float | str) -> float | str:
    return int(value) if isinstance(value, float) and value.is_integer() else value

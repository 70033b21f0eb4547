"""Rows that sum up others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.row_words import RowWords, folded

SPARSE = 4
"""In a table of fewer columns a total may fill every cell."""
LAST = 5
"""Rows at the end of a table among which it may do so anyway."""
OPENING = 3
"""A total says so in one of its first cells."""


def totals(grid: Grid, rows: Places, words: RowWords) -> Iterator[int]:
    """Rows that sum up others: the word in one of the first cells, and numbers beside it."""
    if not rows.size:
        return
    used = int(grid.filled[rows].any(axis=0).sum())
    if used >= SPARSE:  # a total leaves something empty, or stands at the end
        maybe = grid.widths[rows] < used
        maybe[-LAST:] = True
        rows = rows[maybe]
    before = np.zeros(len(rows), dtype=int)
    for column in range(grid.cells.shape[1]):
        here = grid.filled[rows, column]
        opening = rows[here & (before < OPENING)]
        if not opening.size and before.min() >= OPENING:
            return
        if signed := words.signed(grid.lines(column)):
            values = grid.cells[opening, column].tolist()
            maybe = {one for one in set(values) if type(one) is str and not signed.isdisjoint(folded(one).split(b"\n"))}
            totals = {value for value in maybe if words.is_total(value)}
            for row, value in zip(opening.tolist(), values, strict=True):
                if totals and value in totals and _only_numbers(grid, row):
                    yield row
        before += here


def _only_numbers(grid: Grid, row: int) -> bool:
    """There are numbers, hardly any words, in the row: a company may be called Total."""
    said = [value for value, full in zip(grid.cells[row], grid.filled[row], strict=True) if full]
    texts = sum(isinstance(value, str) and not grid.words.number(value, as_text(value)) for value in said)
    return texts - 1 <= (len(said) - 1) / 3

"""Rows that sum up others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from math import isclose

import numpy as np

from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.row_words import RowWords, folded

SPARSE = 4
"""In a table of fewer columns a total may fill every cell."""
LAST = 5
"""Rows at the end of a table among which it may do so anyway."""
PLAIN = re.compile(r"[^\w\s+-]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d+)?)")
ADDED = 2
"""Numbers that a sum without a word adds up at least."""
MANY = 300
"""With more rows that are so narrow, they are how the sheet is filled in."""
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
                if totals and value in totals and _only_numbers(grid, row, words):
                    yield row
        before += here


def sums(grid: Grid, rows: Places, others: Collection[int]) -> list[int]:
    """Rows of nothing but sums, without a word: every cell is what the customers above it add up to.

    others: rows that are known to be no customers; what is summed up begins behind the last of them, or at the top.
    """
    out: list[int] = []
    used = int(grid.filled[rows].any(axis=0).sum()) if rows.size else 0
    maybe = np.flatnonzero(2 * grid.widths[rows] < used).tolist()
    for place in maybe if len(maybe) <= MANY else ():
        row = int(rows[place])
        columns = np.flatnonzero(grid.filled[row]).tolist()
        sums_up = [_number(grid.cells[row, column]) for column in columns]
        if row in others or None in sums_up or not any(sums_up):
            continue
        ended = max((other for other in (*others, *out) if other < row), default=-1)
        above = [other for other in rows[:place].tolist() if other not in others and other not in out]
        parts = ([other for other in above if other > ended], above)
        if any(all(_adds_up(grid, part, row, column) for column in columns) for part in parts):
            out.append(row)
    return out


def _adds_up(grid: Grid, above: Sequence[int], row: int, column: int) -> bool:
    numbers = [number for value in grid.cells[above, column].tolist() if (number := _number(value)) is not None]
    return len(numbers) >= ADDED and isclose(
        sum(numbers), _number(grid.cells[row, column]) or 0.0, rel_tol=1e-9, abs_tol=0.005
    )


def _number(value: object) -> float | None:
    """A number, also as a text file has it: 1,200.50 or $900."""
    if isinstance(value, str) and (plain := PLAIN.fullmatch(value.strip())):
        return float(plain[1].replace(",", ""))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _only_numbers(grid: Grid, row: int, words: RowWords) -> bool:
    """There are numbers, hardly any words but those of a total, in the row: a company may be called Total."""
    said = [value for value, full in zip(grid.cells[row], grid.filled[row], strict=True) if full]
    texts = [value for value in said if isinstance(value, str) and not grid.words.number(value, as_text(value))]
    return sum(not words.is_total(text) for text in texts) <= (len(said) - 1) / 3

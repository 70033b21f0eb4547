"""Take several tables on one sheet apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from lostdeals.model import Sheet
from lostdeals.understand.across import side_by_side
from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid
from lostdeals.understand.header import header_lines, is_value_row
from lostdeals.understand.repeated import ALIKE
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary, normalise

TRIED = 200
"""So many blocks are looked at; with more, a blank line is only a way to write."""
TIMES = 3
"""A word that comes more often at the beginning of a row is a value that looks like a header."""
NAMES = 0.8
"""Share of a row's cells that could be names, where another table begins."""
SEEN = 6
"""Rows above and below a line that tell whether a table begins there."""
TITLES = 3
"""Lines above a second header that belong to it."""


def split(sheet: Sheet, vocabulary: Vocabulary) -> list[Grid]:
    """The tables of a sheet, each with its cells at their own addresses; most sheets are one.

    Tables stand side by side, mostly with an empty column between them, or one above the other, each with a header of its own.
    A column left empty, a block of blank rows and a header that is repeated do not make two tables of one.

    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from lostdeals.vocab import load
    >>> rows = [["姓名", "手机"], ["王伟", "13800000001"], [None, None], ["渠道汇总", None], ["来源", "数量"], ["抖音", 3]]
    >>> cells = pd.DataFrame(rows, index=range(1, 7), columns=["A", "B"], dtype=object)
    >>> [list(part.sheet.cells.index) for part in split(Sheet(Path("a.xlsx"), "客户", cells), load())]
    [[1, 2, 3], [4, 5, 6]]
    """
    whole = Grid(sheet, values_of(vocabulary))
    parts = []
    for block in side_by_side(whole, vocabulary):
        starts = [0, *_starts(block, vocabulary)]
        parts += [block.part(rows=slice(*edge)) for edge in pairwise([*starts, None])] if starts[1:] else [block]
    return parts


def _starts(grid: Grid, vocabulary: Vocabulary) -> list[int]:
    """Where another table begins, its title lines included."""
    if not grid.filled_rows.size:
        return []
    words = aliases(vocabulary)
    headers: list[int] = []
    starts = []
    for row in _candidates(grid, words):
        start = _with_titles(grid, header_lines(grid, row)[0])
        if (
            headers
            and grid.widths[headers[-1] + 1 : start].any()
            and not any(_same(grid, row, other) for other in headers)
        ):
            starts.append(start)
        headers.append(row)
    return starts


def _candidates(grid: Grid, words: Aliases) -> Iterator[int]:
    """Rows that could be a header: they open a block or begin with a known header, and name known columns."""
    filled = grid.filled_rows
    narrow = grid.widths[filled] == 1
    opens = np.append(True, (np.diff(filled) > 1) | narrow[:-1])
    if opens.sum() > TRIED:  # a blank line after every customer tells nothing
        opens[:] = False
    opening = grid.cells[filled, grid.filled[filled].argmax(axis=1)]
    known = words.spelled(opening.tolist())
    met: Counter[object] = Counter()
    for place in np.flatnonzero((known | opens) & ~narrow):
        row, value = int(filled[place]), opening[place]
        met[value] += 1
        if met[value] > TIMES and not opens[place]:
            continue
        names = [text for text in grid.texts(row) if text]
        if grid.namelike(row) < NAMES or len(set(names)) < len(names):
            continue
        read = sum(bool(words.read(name)) for name in names)
        if row == filled[-1] and read < len(names):
            continue  # nobody puts a header below which nothing stands; a customer may have a value that looks like a name
        usual = read >= len(names) / 2 and (read > 1 or (read and opens[place] and not is_value_row(grid, row)))
        if (usual or (read and _heads_numbers(grid, row))) and not grid.counts_on(row):
            yield row


def _heads_numbers(grid: Grid, row: int) -> bool:
    """Names over a few rows that are as wide and hold numbers, below rows that are wider: a summary under the customers."""
    here = grid.filled[row]
    below = grid.filled_rows[grid.filled_rows > row][:SEEN]
    above = grid.filled_rows[grid.filled_rows < row][-SEEN:]
    wider = above[grid.widths[above] > grid.widths[row]]
    if not below.size or 2 * wider.size < above.size or (grid.filled[below] & ~here).any():
        return False
    return any(
        all(
            isinstance(value, int | float) or grid.words.digits(value, as_text(value))
            for value in grid.cells[below, column]
        )
        for column in np.flatnonzero(here)
    )


def _same(grid: Grid, row: int, header: int) -> bool:
    """The row is that header once more, as in exports pasted one under another."""
    here, there = ({normalise(text) for text in grid.texts(line) if text} for line in (row, header))
    return len(here & there) >= ALIKE * len(here | there)


def _with_titles(grid: Grid, row: int) -> int:
    """The first line that belongs to a header: lines of one cell right above it are its title."""
    start = row
    while start > 0 and row - start < TITLES and grid.widths[start - 1] == 1:
        start -= 1
    return start

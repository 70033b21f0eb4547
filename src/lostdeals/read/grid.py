"""Rows of any width become the frame of a sheet: Excel letters across, the file's own row numbers down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.package.letters import letters

Grid = np.ndarray[tuple[int, int], np.dtype[np.object_]]
"""Cells by row and column, both counted from 0."""
Shared = dict[str, str | None]
"""The texts met in a column, each as the object that all its cells share; the empty one is None."""

CHUNK = 300
"""Rows turned at a time, few enough to stay in the processor's cache; 2,000 took a third longer."""
ROOM = 300_000
"""Cells that room is made for at first where nobody knows how many rows there are."""
MOST_SHARED = 4_000
"""Distinct texts up to which the cells of a column that hold the same text share one, which the reader makes for each anew."""
WHOLE = 2.0**53
"""Below it a float holds every whole number exactly (IEEE 754), so dropping its ``.0`` loses nothing."""
LONG, LONGEST = 1e15, 1e30
"""Numbers of more digits than a spreadsheet keeps, up to those that can be no digits that somebody wrote."""


def grid(rows: Iterable[Sequence[Any]], first_column: int = 0) -> Grid:
    """Cells as found, ragged rows padded; empty text becomes None and a float without a fraction an integer.

    first_column: where the rows begin, counted from 0; the columns before it are empty.

    >>> grid([["王女士", 13800000001.0, ""], [], ["007", 2.5, float("nan")]]).tolist()
    [['王女士', 13800000001, None], [None, None, None], ['007', 2.5, None]]
    """
    return grid_and_long_numbers(rows, first_column)[0]


def grid_and_long_numbers(
    rows: Iterable[Sequence[Any]], first_column: int = 0, height: int | None = None
) -> tuple[Grid, list[tuple[int, int]]]:
    """The grid, and the places (counted from 1) of numbers that lost digits, because a spreadsheet keeps only fifteen.

    height: how many rows there are, where one knows; saves time.

    >>> cells, long = grid_and_long_numbers([[6222020200112233445.0], [1234567890123456.0], [2e15], [1e300]])
    >>> cells[:, 0].tolist(), long
    ([6222020200112233000, 1234567890123456, 2000000000000000, 1e+300], [(1, 1), (3, 1)])
    """
    cells: Grid = np.empty((height or 0, first_column), dtype=object, order="F")
    long: list[tuple[int, int]] = []
    at = 0
    texts: defaultdict[int, Shared] = defaultdict(lambda: {"": None})
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        columns = list(zip_longest(*chunk))
        end, width = at + len(chunk), first_column + len(columns)
        if end > cells.shape[0] or width > cells.shape[1]:
            least = ROOM // width if height is None and not at and width else 0
            cells = _larger(cells, at, max(end, least), width)
        for index, values in enumerate(columns, start=first_column):
            known = texts[index] if len(texts[index]) < MOST_SHARED else None
            plain, has_long = (_texts(values, known), False) if _all_text(values) else _plain(values, known)
            if has_long:
                long += [(at + row, index + 1) for row, value in enumerate(values, start=1) if _lost_digits(value)]
            cells[at:end, index] = np.fromiter(plain, dtype=object, count=len(chunk))
        cells[at:end, :first_column] = cells[at:end, width:] = None
        at = end
    return cells[:at], sorted(long)


def with_room(cells: Grid, height: int, width: int) -> Grid:
    """The same cells, with empty ones up to a row and a column.

    >>> with_room(grid([["客户"]]), 1, 2).tolist()
    [['客户', None]]
    """
    used, columns = cells.shape
    if height <= used and width <= columns:
        return cells
    larger = _larger(cells, used, max(height, used), max(width, columns))[: max(height, used)]
    larger[used:] = None
    return larger


def frame(cells: Grid) -> pd.DataFrame:
    """The grid as a frame, without the empty rows and columns at its end.

    >>> frame(grid([["客户", None, None], [None, None, None]]))
        A
    1  客户
    """
    last_rows = [_last(column) for column in cells.T]
    height = max(last_rows, default=0)
    width = max((index for index, last in enumerate(last_rows, start=1) if last), default=0)
    columns = [letters(column) for column in range(1, width + 1)]
    rows = pd.RangeIndex(1, height + 1)
    return pd.DataFrame(cells[:height, :width], index=rows, columns=columns, dtype=object, copy=False)


def _larger(cells: Grid, used: int, height: int, width: int) -> Grid:
    """The same cells with room for more; half as much again, so that it does not have to be done often."""
    room = cells.shape[0] if height <= cells.shape[0] else max(height, cells.shape[0] * 3 // 2)
    larger: Grid = np.empty((room, max(width, cells.shape[1])), dtype=object, order="F")
    larger[:used, : cells.shape[1]] = cells[:used]
    larger[:used, cells.shape[1] :] = None
    return larger


def _plain(values: Sequence[Any], known: Shared | None) -> tuple[Iterable[Any], bool]:
    """Values without empty texts and needless decimals, and whether one of them is a long number."""
    kinds, long = set(map(type, values)), False
    if float in kinds:
        floats = values if len(kinds) == 1 else [value for value in values if type(value) is float]
        long = not (min(floats) > -LONG and max(floats) < LONG)
        if floats is values and not long:
            numbers = np.array(values)
            if (numbers == np.trunc(numbers)).all():
                return numbers.astype(np.int64).tolist(), False
        whole = _whole if long else int
        values = [
            (whole(value) if value.is_integer() else value if value == value else None)  # NaN is no value
            if type(value) is float
            else value
            for value in values
        ]
    if str in kinds:
        known = {"": None} if known is None else known
        values = [known.setdefault(value, value) if value.__class__ is str else value for value in values]
    return values, long


def _texts(values: Sequence[str], known: Shared | None) -> Iterable[str | None]:
    """Texts without the empty ones, those that are known as the object they are known as."""
    if known is not None:
        return map(known.setdefault, values, values)
    return [value or None for value in values] if "" in values else values


def _all_text(values: Sequence[Any]) -> bool:
    """Nothing but texts; joining them finds another kind three times as fast as looking at the type of each."""
    if type(values[0]) is not str:
        return False
    try:
        "".join(values)
    except TypeError:
        return False
    return True


def _whole(value: float) -> int | float:
    """A whole number with the digits that one sees, not those of the nearest binary fraction."""
    if -WHOLE < value < WHOLE:
        return int(value)
    return int(Decimal(repr(value))) if -LONGEST < value < LONGEST else value


def _lost_digits(value: object) -> bool:
    """A whole number that has been cut to fifteen digits, or has more than a float can hold."""
    if type(value) is not float or not LONG <= abs(value) < LONGEST or not value.is_integer():
        return False
    return abs(value) >= WHOLE or float(f"{value:.15g}") == value


def _last(column: np.ndarray[Any, np.dtype[np.object_]]) -> int:
    """How many cells there are up to the last one that holds something."""
    return next((row for row in range(len(column), 0, -1) if column[row - 1] is not None), 0)

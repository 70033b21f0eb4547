"""Rows of any width become the frame of a sheet: Excel letters across, the file's own row numbers down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.package.letters import letters

Grid = np.ndarray[tuple[int, int], np.dtype[np.object_]]
"""Cells by row and column, both counted from 0."""

CHUNK = 300
"""Rows turned at a time, few enough to stay in the processor's cache; 2,000 took a third longer."""
WHOLE = 2.0**53
"""Below it a float holds every whole number exactly (IEEE 754), so dropping its ``.0`` loses nothing."""


def grid(rows: Iterable[Sequence[Any]], first_column: int = 0) -> Grid:
    """Cells as found, ragged rows padded; empty text becomes None and a float without a fraction an integer.

    first_column: where the rows begin, counted from 0; the columns before it are empty.

    >>> grid([["王女士", 13800000001.0, ""], [], ["007", 2.5, float("nan")]]).tolist()
    [['王女士', 13800000001, None], [None, None, None], ['007', 2.5, None]]
    """
    columns: list[list[Any]] = []
    height = 0
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        for index, values in enumerate(zip_longest(*chunk)):
            if index == len(columns):
                columns.append([None] * height)
            columns[index].extend(_plain(values))
        height += len(chunk)
        for column in columns:
            column.extend([None] * (height - len(column)))
    cells: Grid = np.full((height, first_column + len(columns) if columns else 0), None, dtype=object, order="F")
    for index, column in enumerate(columns):
        cells[:, first_column + index] = np.fromiter(column, dtype=object, count=height)
    return cells


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


def _plain(values: Sequence[Any]) -> Sequence[Any]:
    kinds = set(map(type, values))
    if float in kinds:
        return [
            (int(value) if value.is_integer() and -WHOLE < value < WHOLE else _real(value))
            if type(value) is float
            else (None if value == "" else value)
            for value in values
        ]
    if str in kinds and "" in values:
        return [None if value == "" else value for value in values]
    return values


def _real(value: float) -> float | None:
    return value if value == value else None  # NaN is no value


def _last(column: np.ndarray[Any, np.dtype[np.object_]]) -> int:
    """How many cells there are up to the last one that holds something."""
    return next((row for row in range(len(column), 0, -1) if column[row - 1] is not None), 0)

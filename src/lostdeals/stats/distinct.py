"""Work on whole columns through their distinct values: what is slow is done once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.intp]


def by_distinct(values: pd.Series[Any], say: Callable[[Any], object]) -> pd.Series[Any]:
    """What to say for each value of a column, asked once per distinct value; None where a cell is empty.

    >>> by_distinct(pd.Series(["a", None, "a"], dtype=object), str.upper).tolist()
    ['A', None, 'A']
    """
    codes, distinct = pd.factorize(values.to_numpy())
    said = np.empty(len(distinct) + 1, dtype=object)
    said[-1] = None
    said[:-1] = [say(value) for value in distinct]
    return pd.Series(said[codes], index=values.index, dtype=object)


def combined(columns: Sequence[npt.ArrayLike], rows: int) -> tuple[Codes, Codes]:
    """Columns taken together: a number per row, equal where all values are, and the first row of each number.

    columns: arrays of equal length, an empty cell equal to another one. rows: that length.

    >>> codes, first = combined([np.array(["a", "b", "a"], dtype=object), np.array([1.0, 2.0, 1.0])], 3)
    >>> codes.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    codes = np.zeros(rows, dtype=np.int64)
    for column in columns:
        own, distinct = pd.factorize(np.asarray(column))
        codes = pd.factorize(codes * (len(distinct) + 1) + own + 1)[0]
    first = np.full(int(codes.max(initial=-1)) + 1, rows, dtype=np.intp)
    np.minimum.at(first, codes, np.arange(rows))
    return codes.astype(np.intp), first

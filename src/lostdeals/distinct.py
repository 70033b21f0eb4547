"""Work on whole columns through their distinct values: what is slow is done once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]
Codes = npt.NDArray[np.int32]


def factorized(cells: pd.Series[Any]) -> tuple[Codes, Sequence[Any]]:
    """A number per cell (-1 where it is empty) and the distinct values in their order; a yes and a 1 stay apart.

    Most steps leave most columns as they are, so that what is found of a column is kept until one of its name with other
    cells is asked for, or until a stage has done its work (`forget`). Cells must not be changed in place meanwhile.

    >>> codes, distinct = factorized(pd.Series(["a", None, True, 1, "a"], dtype=object))
    >>> codes.tolist(), distinct
    ([0, -1, 1, 2, 0], ['a', True, 1])
    """
    array = cells.to_numpy()
    known = _known.get(cells.name)
    if known is None or not _same(known[0], array):
        known = _known[cells.name] = (array, *_factorized(array))
    return known[1], known[2]


def forget() -> None:
    """Let go of what `factorized` knows of the columns it has seen."""
    _known.clear()


def by_distinct(values: pd.Series[Any], say: Callable[[Any], object]) -> pd.Series[Any]:
    """What to say for each value of a column, asked once per distinct value; None where a cell is empty.

    >>> by_distinct(pd.Series(["a", None, "a"], dtype=object), str.upper).tolist()
    ['A', None, 'A']
    """
    codes, distinct = pd.factorize(values.to_numpy())
    return pd.Series(each_of(distinct, say)[codes], index=values.index, dtype=object)


def each_of(distinct: Sequence[Any] | Array | pd.Index[Any], say: Callable[[Any], object]) -> Array:
    """What to say for each of some values, and None at the end, where the number -1 of an empty cell finds it.

    >>> each_of(["a", "b"], str.upper).tolist()
    ['A', 'B', None]
    """
    said = np.empty(len(distinct) + 1, dtype=object)
    said[-1] = None
    said[:-1] = [say(value) for value in distinct]
    return said


def combined(columns: Sequence[npt.ArrayLike], rows: int) -> tuple[Array, Array]:
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
    first = np.full(int(codes.max(initial=-1)) + 1, rows, dtype=np.int64)
    np.minimum.at(first, codes, np.arange(rows))
    return codes, first


_known: dict[Hashable, tuple[Array, Codes, Sequence[Any]]] = {}
"""Column -> its cells, which stay alive here so that their place in memory is nobody else's, and what was found of them."""


def _same(known: Array, array: Array) -> bool:
    """Whether two arrays are the same stretch of memory."""
    ours, others = known.__array_interface__, array.__array_interface__
    return all(ours[name] == others[name] for name in ("data", "shape", "strides", "typestr"))


def _factorized(array: Array) -> tuple[Codes, Sequence[Any]]:
    if array.dtype != object or pd.api.types.infer_dtype(array, skipna=True) in ONE_KIND:
        codes, distinct = pd.factorize(array)
        return codes.astype(np.int32), distinct.tolist()
    # pandas would take True, 1 and 1.0 for one value
    numbers: dict[tuple[type, Any], int] = {}
    filled = np.flatnonzero(~pd.isna(array))
    numbered = np.full(len(array), -1, dtype=np.int32)
    numbered[filled] = [numbers.setdefault((cell.__class__, cell), len(numbers)) for cell in array[filled].tolist()]
    return numbered, [value for _, value in numbers]


ONE_KIND = frozenset({"string", "floating", "integer", "mixed-integer-float", "datetime", "date"})
"""Of cells that are equal only where they are the same."""

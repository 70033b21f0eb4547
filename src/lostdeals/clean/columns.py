"""Work on whole columns of mixed cells: every distinct value once, and only the columns that change are new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.schema import ROLE_KINDS, role_of


def each_distinct(cells: pd.Series[Any], function: Callable[[Any], object]) -> pd.Series[Any]:
    """The column with a function applied to every filled cell, called once per distinct value and type.

    Empty cells become None. The column itself comes back where nothing changes.

    >>> each_distinct(pd.Series([1, True, 1, None], dtype=object), str).tolist()
    ['1', 'True', '1', None]
    """
    codes, distinct = _factorized(cells)
    results: np.ndarray[Any, Any] = np.empty(len(distinct) + 1, dtype=object)
    results[-1] = None
    results[:-1] = [function(value) for value in distinct]
    nans = any(value is not None for value in cells.to_numpy()[codes < 0])
    if not nans and all(new is old for new, old in zip(results, distinct, strict=False)):
        return cells
    return pd.Series(results[codes], index=cells.index, dtype=object, name=cells.name)


def read_distinct(cells: pd.Series[Any], function: Callable[[Any], object], dtype: str) -> pd.Series[Any]:
    """The column as another type, a function called once per distinct cell; None becomes NaN or NaT.

    >>> read_distinct(pd.Series(["1", "x", None], dtype=object), {"1": 1.0}.get, "float64").tolist()
    [1.0, nan, nan]
    """
    codes, distinct = _factorized(cells)
    results: np.ndarray[Any, Any] = np.array([*map(function, distinct), None], dtype=dtype)
    return pd.Series(results[codes], index=cells.index, name=cells.name)


def mapped(frame: pd.DataFrame, functions: Mapping[str, Callable[[Any], object]]) -> pd.DataFrame:
    """The frame with a function applied to the cells of some object columns; columns of another type are done already."""
    new = {}
    for key, function in functions.items():
        cells = frame[key]
        if cells.dtype == object and (result := each_distinct(cells, function)) is not cells:
            new[key] = result
    return replaced(frame, new)


def replaced(frame: pd.DataFrame, columns: Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    """The frame with some columns in a new form; the others are shared, not copied."""
    if not columns:
        return frame
    series: dict[Any, pd.Series[Any]] = {**dict(frame.items()), **columns}
    return pd.DataFrame(series, index=frame.index, copy=False)


def keys_of_kind(frame: pd.DataFrame, kind: str) -> list[str]:
    """The LEADS columns whose role is cleaned to a kind of ``schema.ROLE_KINDS``."""
    return [key for key in frame.columns if ROLE_KINDS.get(role_of(key)) == kind]


def keys_of_roles(frame: pd.DataFrame, *roles: str) -> list[str]:
    """The LEADS columns that hold one of these roles, in the sheet's order."""
    return [key for key in frame.columns if role_of(key) in roles]


def _factorized(cells: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], Sequence[Any]]:
    """A code per cell (-1 where it is empty) and the distinct values."""
    array = cells.to_numpy()
    if array.dtype != object or pd.api.types.infer_dtype(array, skipna=True) in ONE_KIND:
        codes, distinct = pd.factorize(array)
        return codes, distinct.tolist()
    # pandas would take True, 1 and 1.0 for one value
    numbers: dict[tuple[type, Any], int] = {}
    codes = np.full(len(array), -1, dtype=np.intp)
    for place in np.flatnonzero(~pd.isna(array)):
        codes[place] = numbers.setdefault((array[place].__class__, array[place]), len(numbers))
    return codes, [value for _, value in numbers]


ONE_KIND = frozenset({"string", "floating", "integer", "mixed-integer-float", "datetime", "date"})

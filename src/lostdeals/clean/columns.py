"""Work on whole columns of mixed cells: every distinct value once, and only the columns that change are new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import is_
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.distinct import factorized, moments_of, one_object, with_columns
from lostdeals.schema import ROLE_KINDS, role_of

Among = Callable[[Sequence[Any]], Iterable[int]]


def each_distinct(
    cells: pd.Series[Any], function: Callable[[Any], object], among: Among | None = None
) -> pd.Series[Any]:
    """The column with a function applied to every filled cell, called once per distinct value and type.

    Empty cells become None. The column itself comes back where nothing changes. among: of the distinct values the places
    of those that the function may change; None for all.

    >>> each_distinct(pd.Series([1, True, 1, None], dtype=object), str).tolist()
    ['1', 'True', '1', None]
    """
    codes, distinct = factorized(cells)
    before = np.fromiter((*distinct, None), dtype=object, count=len(distinct) + 1)
    results: np.ndarray[Any, Any] = before.copy()
    if among is None:
        results[:-1] = [function(value) for value in distinct]
    else:
        for place in among(distinct):
            results[place] = function(distinct[place])
    if one_object(before, results).all() and all(map(is_, cells.to_numpy()[codes < 0].tolist(), repeat(None))):
        return cells
    return pd.Series(results[codes], index=cells.index, dtype=object, name=cells.name)


def read_distinct(cells: pd.Series[Any], function: Callable[[Any], object], dtype: str) -> pd.Series[Any]:
    """The column as another type, a function called once per distinct cell; None becomes NaN or NaT.

    >>> read_distinct(pd.Series(["1", "x", None], dtype=object), {"1": 1.0}.get, "float64").tolist()
    [1.0, nan, nan]
    """
    codes, distinct = factorized(cells)
    values = [*map(function, distinct), None]
    results = moments_of(values) if dtype.startswith("datetime") else np.array(values, dtype=dtype)
    return pd.Series(results[codes], index=cells.index, name=cells.name)


def mapped(
    frame: pd.DataFrame, functions: Mapping[str, Callable[[Any], object]], among: Mapping[str, Among] | None = None
) -> pd.DataFrame:
    """The frame with a function applied to the cells of some object columns; columns of another type are done already.

    among: of some columns what `each_distinct` asks for.
    """
    new = {}
    for key, function in functions.items():
        cells = frame[key]
        if cells.dtype == object and (result := each_distinct(cells, function, (among or {}).get(key))) is not cells:
            new[key] = result
    return with_columns(frame, new)


def keys_of_kind(frame: pd.DataFrame, kind: str) -> list[str]:
    """The LEADS columns whose role is cleaned to a kind of ``schema.ROLE_KINDS``."""
    return [key for key in frame.columns if ROLE_KINDS.get(role_of(key)) == kind]


def keys_of_roles(frame: pd.DataFrame, *roles: str) -> list[str]:
    """The LEADS columns that hold one of these roles, in the sheet's order."""
    return [key for key in frame.columns if role_of(key) in roles]

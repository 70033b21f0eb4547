"""Work on whole columns of mixed cells: every distinct value once, and only the columns that change are new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.schema import ROLE_KINDS, role_of
from lostdeals.vocab import Vocabulary


@dataclass(frozen=True)
class Setting:
    """What every cleaning step may know besides the frame."""

    vocabulary: Vocabulary
    today: date
    language: str
    """``zh`` or ``en``: decides only where the column itself does not."""
    tz: str | None = None
    """Time zone name that turns zoned times into local dates; None keeps the times as written."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """LEADS column -> header as the user wrote it, which may hold a unit (万元, USD)."""


def each_distinct(cells: pd.Series[Any], function: Callable[[Any], object]) -> pd.Series[Any]:
    """The column with a function applied to every filled cell, called once per distinct value and type.

    Empty cells become None. The column itself comes back where nothing changes.

    >>> each_distinct(pd.Series([1, True, 1, None], dtype=object), str).tolist()
    ['1', 'True', '1', None]
    """
    array = cells.to_numpy()
    distinct: Any
    if pd.api.types.infer_dtype(array, skipna=True) == "string":
        codes, distinct = pd.factorize(array)
    else:
        codes, distinct = _factorize_typed(array)
    results = np.empty(len(distinct) + 1, dtype=object)
    results[-1] = None
    for position, value in enumerate(distinct):
        results[position] = function(value)
    if all(new is old for new, old in zip(results, distinct, strict=False)) and not _has_nan(array, codes):
        return cells
    return pd.Series(results[codes], index=cells.index, dtype=object, name=cells.name)


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
    return pd.DataFrame({**dict(frame.items()), **columns}, index=frame.index, copy=False)


def keys_of_kind(frame: pd.DataFrame, kind: str) -> list[str]:
    """The LEADS columns whose role is cleaned to a kind of ``schema.ROLE_KINDS``."""
    return [key for key in frame.columns if ROLE_KINDS.get(role_of(key)) == kind]


def keys_of_roles(frame: pd.DataFrame, *roles: str) -> list[str]:
    """The LEADS columns that hold one of these roles, in the sheet's order."""
    return [key for key in frame.columns if role_of(key) in roles]


def _factorize_typed(array: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Codes and distinct values; pandas would take True, 1 and 1.0 for one value."""
    numbers: dict[tuple[type, Any], int] = {}
    distinct: list[Any] = []
    empty = pd.isna(array)
    codes = np.full(len(array), -1, dtype=np.intp)
    for position in np.flatnonzero(~empty):
        value = array[position]
        known = numbers.setdefault((value.__class__, value), len(distinct))
        if known == len(distinct):
            distinct.append(value)
        codes[position] = known
    return codes, distinct


def _has_nan(array: np.ndarray[Any, Any], codes: np.ndarray[Any, Any]) -> bool:
    return any(value is not None for value in array[codes < 0])

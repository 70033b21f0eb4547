"""Work on whole columns through their distinct values: what is slow is done once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]
Codes = npt.NDArray[np.int32]
Made = TypeVar("Made")


def factorized(cells: pd.Series[Any]) -> tuple[Codes, Sequence[Any]]:
    """A number per cell (-1 where it is empty) and the distinct values in their order; a yes and a 1 stay apart.

    Most steps leave most columns as they are, so that within `remembering` what is found of a column is kept until one of
    its name with other cells is asked for. Cells must not be changed in place meanwhile.

    >>> codes, distinct = factorized(pd.Series(["a", None, True, 1, "a"], dtype=object))
    >>> codes.tolist(), distinct
    ([0, -1, 1, 2, 0], ['a', True, 1])
    """
    found = _seen(cells)
    return found.codes, found.distinct


def made_of(cells: pd.Series[Any], work: Callable[[Sequence[Any]], Made]) -> tuple[Codes, Made]:
    """A number per cell as `factorized` gives it, and what a function makes of all distinct values of the column together.

    Kept as long as they are, so that a column is folded once, whoever asks; nobody may change what is given.

    >>> made_of(pd.Series(["b", None, "b", "a"], dtype=object), sorted)[1]
    ['a', 'b']
    """
    found = _seen(cells)
    if work not in found.made:
        found.made[work] = work(found.distinct)
    return found.codes, found.made[work]


def filled(cells: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Which cells of a column hold something; found once within `remembering`, and nobody may change it.

    A look at a hundred thousand objects all over the memory costs more than most of what is then done with them.

    >>> filled(pd.Series(["a", None, float("nan"), 0], dtype=object)).tolist()
    [True, False, False, True]
    """
    array = cells.to_numpy()
    if array.dtype != object:
        return np.asarray(pd.notna(array))
    found = _filled.get(cells.name)
    if found is not None and _same(found[0], array):
        return found[1]
    known = _known.get(cells.name)
    if known is not None and _same(known.cells, array):
        said = known.codes >= 0
    else:
        few = alike(array)
        said = np.asarray(pd.notna(array) if few is None else pd.notna(few[1])[few[0]])
    if _open:
        _filled[cells.name] = array, said
    return said


def any_filled(cells: pd.Series[Any]) -> bool:
    """Whether any cell of a column holds something; mostly the first ones tell.

    >>> any_filled(pd.Series([None, "a"], dtype=object)), any_filled(pd.Series([None, None], dtype=object))
    (True, False)
    """
    return bool(cells[:SAMPLE].notna().any()) or bool(filled(cells).any())


@contextmanager
def remembering() -> Iterator[None]:
    """What is found of columns is kept until the end of this (of the outermost one), however it ends."""
    _open.append(None)
    try:
        yield
    finally:
        _open.pop()
        if not _open:
            _known.clear()
            _filled.clear()


def with_columns(frame: pd.DataFrame, columns: Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    """The frame with some columns new or in a new form; the others are shared, not copied, and stay where they are.

    >>> with_columns(pd.DataFrame({"a": [1], "b": [2]}), {"a": pd.Series([3]), "c": pd.Series([4])}).to_dict("records")
    [{'a': 3, 'b': 2, 'c': 4}]
    """
    if not columns:
        return frame
    series: dict[Any, pd.Series[Any]] = {**dict(frame.items()), **columns}
    return pd.DataFrame(series, index=frame.index, copy=False)


def by_distinct(values: pd.Series[Any], say: Callable[[Any], object]) -> pd.Series[Any]:
    """What to say for each value of a column, asked once per distinct value; None where a cell is empty.

    >>> by_distinct(pd.Series(["a", None, "a"], dtype=object), str.upper).tolist()
    ['A', None, 'A']
    """
    codes, distinct = _in_order(values.to_numpy())
    return pd.Series(each_of(distinct, say)[codes], index=values.index, dtype=object)


def alike(array: Array) -> tuple[Codes, Array] | None:
    """A number per cell, and the objects or numbers that a column is made of; None where most of its cells have their own.

    Where few objects come again and again, as those of a category or of texts that the reader shares, they are told apart
    by where they lie in memory: none is touched but once. Equal objects may still come several times.

    >>> codes, objects = alike(np.array(["a", None, "a", "b", "a", "b"], dtype=object))
    >>> codes.tolist(), objects.tolist()
    ([0, 1, 0, 2, 0, 2], ['a', None, 'b'])
    >>> codes, numbers = alike(np.array([0.5, 2.0, 0.5, np.nan, np.nan, 0.5]))
    >>> codes.tolist(), numbers.tolist()
    ([0, 1, 0, 2, 2, 0], [0.5, 2.0, nan])
    """
    if array.ndim != 1 or not array.flags.c_contiguous or not len(array):
        return None
    if array.dtype != object:
        if len(np.unique(array[:SAMPLE])) > FEW * len(array[:SAMPLE]):
            return None
        codes, values = pd.factorize(array, use_na_sentinel=False)
        return (codes.astype(np.int32), np.asarray(values)) if len(values) <= FEW * len(array) else None
    places = np.frombuffer(array, dtype=np.intp)
    if len(np.unique(places[:SAMPLE])) > FEW * len(places[:SAMPLE]):
        return None
    codes, different = pd.factorize(places)
    if len(different) > FEW * len(array):
        return None
    return codes.astype(np.int32), array[_firsts(codes, len(different))]


def one_object(first: Array, second: Array) -> npt.NDArray[np.bool_]:
    """Where two columns of equal length hold the very same object; never where they are of numbers or moments.

    >>> text = "".join(["a", "b"])
    >>> one_object(np.array([text, text, None], dtype=object), np.array([text, "ab", None], dtype=object)).tolist()
    [True, False, True]
    """
    both = (first, second)
    if not len(first) or any(array.dtype != object or not array.flags.c_contiguous for array in both):
        return np.zeros(len(first), dtype=bool)
    return np.asarray(np.frombuffer(first, dtype=np.intp) == np.frombuffer(second, dtype=np.intp))


def repeated(value: object, count: int) -> Array:
    """One object in so many cells; numpy's own ``full`` is many times slower.

    >>> repeated("a", 3).tolist()
    ['a', 'a', 'a']
    """
    cells = np.empty(count, dtype=object)
    cells.fill(value)
    return cells


def moments_of(values: Sequence[Any]) -> Array:
    """Dates and moments without a zone as ``datetime64[us]``, NaT for None; numpy alone is many times slower.

    >>> from datetime import datetime
    >>> moments_of([None, datetime(2026, 11, 20, 8, 30)]).tolist()
    [None, datetime.datetime(2026, 11, 20, 8, 30)]
    """
    return np.asarray(pd.to_datetime(pd.Series(values, dtype=object)).to_numpy(dtype="datetime64[us]"))


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
        own, distinct = _in_order(np.asarray(column))
        codes = pd.factorize(codes * (len(distinct) + 1) + own + 1)[0]
    return codes, _firsts(codes, int(codes.max(initial=-1)) + 1)


@dataclass(frozen=True)
class _Column:
    """What was found of a column."""

    cells: Array
    """Alive here, so that their place in memory is nobody else's."""
    codes: Codes
    distinct: Sequence[Any]
    made: dict[Callable[[Sequence[Any]], Any], Any] = field(default_factory=dict)


_known: dict[Hashable, _Column] = {}
_filled: dict[Hashable, tuple[Array, npt.NDArray[np.bool_]]] = {}
"""A column's cells and which of them hold something."""
_open: list[None] = []
"""One for each `remembering` that has begun and not ended."""


def _seen(cells: pd.Series[Any]) -> _Column:
    array = cells.to_numpy()
    known = _known.get(cells.name)
    if known is None or not _same(known.cells, array):
        known = _Column(array, *_factorized(array))
        if _open:
            _known[cells.name] = known
    return known


def _same(known: Array, array: Array) -> bool:
    """Whether two arrays are the same stretch of memory."""
    ours, others = known.__array_interface__, array.__array_interface__
    return all(ours[name] == others[name] for name in ("data", "shape", "strides", "typestr"))


def _firsts(codes: Array, count: int) -> Array:
    """Where each number from 0 stands first; every one of so many stands somewhere."""
    first = np.empty(count, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of several the one that is written last stays
    return first


def _in_order(array: Array) -> tuple[Array, Any]:
    """What ``pd.factorize`` gives: a number per cell, -1 where it is empty, and the distinct values as they come."""
    few = alike(array) if array.dtype == object else None
    if few is None:
        return pd.factorize(array)
    codes, distinct = pd.factorize(few[1])
    return codes[few[0]], distinct


def _factorized(array: Array) -> tuple[Codes, Sequence[Any]]:
    few = alike(array) if array.dtype == object else None
    if few is not None:
        codes, distinct = _told_apart(few[1])
        return codes[few[0]], distinct
    return _told_apart(array)


def _told_apart(array: Array) -> tuple[Codes, Sequence[Any]]:
    if array.dtype != object or pd.api.types.infer_dtype(array, skipna=True) in ONE_KIND:
        codes, distinct = pd.factorize(array)
        return codes.astype(np.int32), distinct.tolist()
    # pandas would take True, 1 and 1.0 for one value
    numbers: dict[tuple[type, Any], int] = {}
    filled = np.flatnonzero(~pd.isna(array))
    numbered = np.full(len(array), -1, dtype=np.int32)
    numbered[filled] = [numbers.setdefault((cell.__class__, cell), len(numbers)) for cell in array[filled].tolist()]
    return numbered, [value for _, value in numbers]


SAMPLE, FEW = 1_000, 0.5
"""Cells that show whether a column is made of few objects, and up to which share of all cells these are few."""
ONE_KIND = frozenset({"string", "floating", "integer", "mixed-integer-float", "datetime", "date"})
"""Of cells that are equal only where they are the same."""

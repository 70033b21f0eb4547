"""Turn a sheet's columns into whole-number codes: one coding that every model shares, and that a saved model can repeat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

MISSING, REST = "", "…"
SMALL = 1000
"""Whole numbers below this are counted out in the names of ranges."""
BLANK_CODE, REST_CODE, FIRST_CODE = 0, 1, 2
"""Codes of a missing value, of a value that is rare or new, and of the first level or range."""


@dataclass(frozen=True)
class ColumnCode:
    """How one column is coded."""

    column: str
    """The LEADS key, or the name of a derived figure."""
    edges: tuple[float, ...] | None
    """Inner edges of a number's ranges, rising and as round as can be; a value on an edge belongs to the range above. None for texts."""
    levels: tuple[str, ...]
    """Names of the codes from ``FIRST_CODE`` on: texts as in the sheet, ranges as ``<3``, ``3–7``, ``≥7``."""
    fill: float | None = None
    """What a missing number counts as where missing values are filled; None where missing is a value of its own."""

    @property
    def size(self) -> int:
        """How many codes there are."""
        return FIRST_CODE + len(self.levels)

    def codes(self, values: pd.Series[Any]) -> Codes:
        """The code of every value."""
        if self.edges is None:
            places = {level: FIRST_CODE + place for place, level in enumerate(self.levels)}
            which, distinct = pd.factorize(values)
            return np.array([*(places.get(text, REST_CODE) for text in distinct), BLANK_CODE], dtype=np.int32)[which]
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
        codes = FIRST_CODE + np.searchsorted(np.asarray(self.edges), numbers, side="right")
        return np.where(np.isnan(numbers), BLANK_CODE, codes).astype(np.int32)

    def name(self, code: int) -> str:
        """A code in words; ``""`` for missing, ``…`` for rare or new."""
        return MISSING if code == BLANK_CODE else REST if code == REST_CODE else self.levels[code - FIRST_CODE]


class Coder:
    """Levels of texts and quantile ranges of numbers, learned from the training rows.

    bins: at most this many ranges per number. smallest: a level with fewer rows counts as rare. most_levels: only so many
    levels of a text column have a code of their own, the commonest first.
    Learned: ``columns_``, one ColumnCode per column.

    >>> sources = pd.DataFrame({"source": ["a", "b", None, "a"]})
    >>> Coder(smallest=1).fit(sources).transform(sources)[:, 0].tolist()
    [2, 3, 0, 2]
    """

    def __init__(self, bins: int = 5, smallest: int = 5, most_levels: int = 400) -> None:
        self.bins = bins
        self.smallest = smallest
        self.most_levels = most_levels

    def fit(self, frame: pd.DataFrame) -> Coder:
        """Learn ranges and levels."""
        self.columns_ = [self._column(str(name), frame[name]) for name in frame]
        return self

    def transform(self, frame: pd.DataFrame) -> Codes:
        """The codes, rows × ``columns_``."""
        return coded(self.columns_, frame)

    def _column(self, name: str, values: pd.Series[Any]) -> ColumnCode:
        known = values.dropna()
        if values.dtype.kind in "fiu":
            numbers = known.to_numpy(dtype=float)
            inner = np.quantile(numbers, np.linspace(0, 1, self.bins + 1)[1:-1]) if len(numbers) else np.array([])
            edges = np.unique(inner)
            edges = np.array(_round_cuts(edges[edges > numbers.min()], np.sort(numbers))) if len(numbers) else edges
            whole = bool(len(numbers)) and bool((numbers == np.round(numbers)).all())
            return ColumnCode(name, tuple(map(float, edges)), _ranges(edges, whole))
        counts = known.astype(str).value_counts()
        kept = counts[counts >= self.smallest].index[: self.most_levels]
        return ColumnCode(name, None, tuple(map(str, kept)))


def coded(columns: Sequence[ColumnCode], frame: pd.DataFrame) -> Codes:
    """The codes of a frame that has these columns, rows × columns."""
    out = np.zeros((len(frame), len(columns)), dtype=np.int32)
    for place, column in enumerate(columns):
        out[:, place] = column.codes(frame[column.column])
    return out


def as_object(column: ColumnCode) -> dict[str, Any]:
    """A column's coding as JSON can hold it.

    >>> as_object(ColumnCode("age", (30.0,), ("<30", "≥30")))
    {'column': 'age', 'edges': [30.0], 'levels': ['<30', '≥30']}
    """
    return {
        "column": column.column,
        "edges": None if column.edges is None else list(column.edges),
        "levels": list(column.levels),
    }


def from_object(saved: Mapping[str, Any]) -> ColumnCode:
    """A column's coding from what `as_object` gave."""
    edges = saved["edges"]
    return ColumnCode(
        str(saved["column"]),
        None if edges is None else tuple(float(edge) for edge in edges),
        tuple(str(level) for level in saved["levels"]),
    )


def _round_cuts(edges: Floats, values: Floats) -> list[float]:
    """Cuts that part the values as the edges do, each the roundest number between two neighbouring values.

    values: all there are, rising; every edge is above the first. Edges between the same two make one cut. A label with such a cut is true of every row it names.

    >>> _round_cuts(np.array([299.5, 12.3]), np.array([9.0, 13.0, 299.0, 300.0])), _round_cuts(np.array([1e9]), np.array([1.0]))
    ([10.0, 300.0], [1000000000.0])
    """
    places = np.searchsorted(values, edges, side="left")
    cuts = {
        roundest(float(values[place - 1]), float(values[place])) if place < len(values) else float(edge)
        for edge, place in zip(edges, places, strict=True)
    }
    return sorted(cuts)


def roundest(low: float, high: float) -> float:
    """The number with the fewest digits above `low` and not above `high`; one that ends with a 5 before finer ones.

    >>> roundest(99.2, 131.4), roundest(12.0, 17.0), roundest(0.0412, 0.0467), roundest(-7.3, -7.2), roundest(-3.0, 4.0)
    (100.0, 15.0, 0.045, -7.2, 0.0)
    """
    if low < 0 <= high or not math.isfinite(high - low):
        return 0.0 if low < 0 <= high else high
    size = math.ceil(math.log10(max(abs(low), abs(high))))
    for power in range(size, size - 16, -1):
        for part in (1.0, 0.5):
            count = math.floor(high / (part * 10.0**power))
            cut = round(count * part * 10.0**power, max(0, 1 - power))
            if low < cut <= high:
                return cut
    return high


def _ranges(edges: Floats, whole: bool = False) -> tuple[str, ...]:
    """The ranges between edges in words: ``<3``, ``3–7``, ``≥7``; one range that holds every number without edges.

    Small whole numbers are counted out, because of 3–7 and ≥7 nobody knows where the 7 belongs:

    >>> _ranges(np.array([3.0, 7.0, 8.0]), whole=True), _ranges(np.array([0.5, 1.5, 2000.0]))
    (('<3', '3–6', '7', '≥8'), ('<0.5', '0.5–1.5', '1.5–2,000', '≥2,000'))
    """
    if len(edges) == 0:
        return ("…–…",)
    texts = [said_number(edge) for edge in edges]
    inner = [f"{low}–{high}" for low, high in pairwise(texts)]
    if whole and np.abs(edges).max() < SMALL:
        inner = [
            low if b - a == 1 else f"{low}–{b - 1:.0f}" for (a, b), low in zip(pairwise(edges), texts, strict=False)
        ]
    return (f"<{texts[0]}", *inner, f"≥{texts[-1]}")


def said_number(number: float) -> str:
    """A number with all its digits, and never as a power of ten where a person would write it out.

    >>> said_number(131.5), said_number(0.045), said_number(12345678.0)
    ('131.5', '0.045', '12,345,678')
    """
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:,.15g}"

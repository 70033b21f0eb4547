"""Turn a sheet's columns into the 0/1 features of an additive model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

MISSING, REST = "", "…"


@dataclass(frozen=True)
class Feature:
    """One 0/1 feature: a column and the level or range it stands for."""

    column: str
    level: str


class Coder:
    """Levels of categories and quantile bins of numbers, learned from the training rows.

    bins: at most this many ranges per number. smallest: a level with fewer rows falls into “…”.
    Learned: ``features_`` (one Feature per matrix column), ``edges_`` (bin edges by number column).

    >>> Coder(smallest=1).fit(pd.DataFrame({"source": ["a", "b", None]})).features_[0]
    Feature(column='source', level='a')
    """

    def __init__(self, bins: int = 5, smallest: int = 5, most_levels: int = 30) -> None:
        self.bins = bins
        self.smallest = smallest
        self.most_levels = most_levels

    def fit(self, frame: pd.DataFrame) -> Coder:
        """Learn bins and levels."""
        self.edges_: dict[str, npt.NDArray[np.float64]] = {}
        self.features_: list[Feature] = []
        for column in frame:
            name = str(column)
            values = frame[name]
            if values.dtype.kind in "fiu":
                known = values.dropna().to_numpy(dtype=float)
                inner = np.quantile(known, np.linspace(0, 1, self.bins + 1)[1:-1]) if len(known) else np.array([])
                self.edges_[name] = np.unique(inner)
            levels = self._levels(values, name)
            counts = levels.value_counts()
            kept = counts[(counts >= self.smallest) | (counts.index == MISSING)].index[: self.most_levels]
            self.features_ += [Feature(name, str(level)) for level in kept]
            if len(kept) < len(counts):
                self.features_.append(Feature(name, REST))
        return self

    def transform(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """The 0/1 matrix, rows × ``features_``."""
        matrix = np.zeros((len(frame), len(self.features_)))
        columns: dict[str, dict[str, int]] = {}
        for position, feature in enumerate(self.features_):
            columns.setdefault(feature.column, {})[feature.level] = position
        for name, positions in columns.items():
            levels = self._levels(frame[name], name)
            found = levels.map(positions).fillna(positions.get(REST, -1)).to_numpy(dtype=int)
            rows = np.flatnonzero(found >= 0)
            matrix[rows, found[rows]] = 1.0
        return matrix

    def _levels(self, values: pd.Series, name: str) -> pd.Series:
        if name not in self.edges_:
            return values.astype(object).where(values.notna(), MISSING).astype(str)
        edges = self.edges_[name]
        numbers = values.to_numpy(dtype=float)
        position = np.searchsorted(edges, numbers, side="right")
        texts = [_range(edges, place) for place in range(len(edges) + 1)]
        levels = pd.Series([texts[place] for place in position], index=values.index, dtype=object)
        return levels.where(values.notna(), MISSING)


def _range(edges: npt.NDArray[np.float64], place: int) -> str:
    """A bin in words: ``<3``, ``3–7``, ``≥7``."""
    if len(edges) == 0:
        return "≥0"
    if place == 0:
        return f"<{_short(edges[0])}"
    if place == len(edges):
        return f"≥{_short(edges[-1])}"
    return f"{_short(edges[place - 1])}–{_short(edges[place])}"


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.2g}"

"""Cells that mean the one above or beside them: 同上, 〃, ditto, same as above, 同左."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from ahocorasick_rs import BytesAhoCorasick
from numpy.typing import NDArray

from lostdeals.model import Finding
from lostdeals.vocab import Vocabulary, normalise

LONGEST = 20
"""Characters of a cell that may be nothing but such a mark."""
AROUND = " -—–()（）[]【】.。，,、!！~"
"""What may stand around the words, and says nothing."""


class Dittos:
    """The vocabulary's words and signs for “as above” and “as on the left”.

    >>> from lostdeals.vocab import load
    >>> data = pd.DataFrame({"A": ["杭州", "〃", "宁波", "（同上）"], "B": ['6"', '"', None, "看同上次报价"]}, dtype=object)
    >>> read, meant = dittos(load()).read(data)
    >>> read["A"].tolist(), read["B"].tolist()
    (['杭州', '杭州', '宁波', '宁波'], ['6"', '6"', None, '看同上次报价'])
    >>> meant
    {'A': {1: '杭州', 3: '宁波'}, 'B': {1: '6"'}}
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("structure")["ditto"]
        self._above = frozenset(map(_plain, words["above"])) | frozenset(words["signs"])
        self._left = frozenset(map(_plain, words["left"]))
        said = {word.lower() for listed in words.values() for word in listed}
        shortest = [word for word in said if not any(other in word for other in said - {word})]
        self._maybe = BytesAhoCorasick(sorted(word.encode() for word in shortest))

    def read(self, data: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, dict[int, Any]]]:
        """The customers' cells with what such marks mean in their place, and letter -> row -> what was meant.

        data: a column per letter, rows by the file's numbers. A mark with no cell above or beside it stays as it is.
        """
        out: dict[str, pd.Series[Any]] = {}
        meant: dict[str, dict[int, Any]] = {}
        before: pd.Series[Any] | None = None
        for letter in data.columns:
            column = data[letter]
            cells = column.tolist()
            texts = "\n".join([cell for cell in cells if type(cell) is str])
            if self._maybe.find_matches_as_indexes(texts.encode("utf-8", "surrogatepass").lower()):
                above, left = self._marks(cells)
                column = _resolved(column, above, left, before)
                told = np.flatnonzero(above | left)
                changed = [place for place in told if column.iloc[place] is not cells[place]]
                if changed:
                    rows = column.index.to_numpy()[changed]
                    meant[str(letter)] = {int(row): column[row] for row in rows}
            out[letter] = before = column
        return (pd.DataFrame(out, index=data.index), meant) if meant else (data, {})

    def _marks(self, cells: list[object]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        known = {
            cell: (_plain(cell) in self._above or cell.strip() in self._above, _plain(cell) in self._left)
            for cell in {cell for cell in cells if type(cell) is str and len(cell) <= LONGEST}
        }
        said = [known.get(cell, (False, False)) if type(cell) is str else (False, False) for cell in cells]
        found = np.array(said, dtype=bool).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def _resolved(
    column: pd.Series[Any], above: NDArray[np.bool_], left: NDArray[np.bool_], before: pd.Series[Any] | None
) -> pd.Series[Any]:
    cells = column.to_numpy(dtype=object).copy()
    if before is not None:
        cells[left] = before.to_numpy(dtype=object)[left]
    places = np.arange(len(cells))
    sources = np.maximum.accumulate(np.where(above, -1, places))
    known = above & (sources >= 0)
    cells[known] = cells[sources[known]]
    return pd.Series(cells, index=column.index, name=column.name, dtype=object)


def ditto_finding(meant: Mapping[str, Mapping[int, object]], sheet: str) -> list[Finding]:
    """How many cells were read as another one, and the first of them."""
    places = sorted((row, letter) for letter, rows in meant.items() for row in rows)
    return [Finding("ditto-marks", len(places), f"{sheet}!{places[0][1]}{places[0][0]}")] if places else []


def _plain(text: str) -> str:
    """A cell without what surrounds its words, width and capitals folded."""
    return re.sub(r"\s", "", normalise(text).strip(AROUND))


@lru_cache(maxsize=4)
def dittos(vocabulary: Vocabulary) -> Dittos:
    """The marks of a vocabulary, made once."""
    return Dittos(vocabulary)

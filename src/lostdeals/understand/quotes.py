"""The mark by which Excel is told that a cell is text, left standing by exports: '张伟 is 张伟, '0013 is 0013."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import Finding

MARKS = ("'", "’", "‘", "`")
"""Signs that are typed for it."""
MARK = re.compile(f"[{''.join(MARKS)}]")
SEEN = 200
"""Filled cells of a column that tell."""
MOST = 0.6
"""Share of them that have the mark, from which on it is one; 't Hooft and 'til Monday are words."""


def without_marks(data: pd.DataFrame) -> tuple[pd.DataFrame, Mapping[str, Mapping[int, object]]]:
    """The customers' cells without the mark, and letter -> row -> what is read there; columns where most texts have it.

    >>> data = pd.DataFrame({"A": ["'张伟", "'李娜", None], "B": ["'t Hooft", "Smith", "Lee"]}, index=[2, 3, 4], dtype=object)
    >>> without_marks(data)[1]
    {'A': {2: '张伟', 3: '李娜'}}
    """
    found: dict[str, Mapping[int, object]] = {}
    out = {}
    for letter in data.columns:
        if _marked(data[letter]):
            cells = data[letter].to_numpy(dtype=object).copy()
            places = [place for place, cell in enumerate(cells) if _has_mark(cell)]
            for place in places:
                cells[place] = cells[place][1:].strip()
            out[letter] = pd.Series(cells, index=data.index, dtype=object)
            found[str(letter)] = {int(data.index[place]): cells[place] for place in places}
    return (data.assign(**out), found) if found else (data, {})


def marks_finding(found: Mapping[str, Mapping[int, object]], sheet: str) -> list[Finding]:
    """How many cells were read without their mark, and the first of them."""
    places = sorted((row, letter) for letter, rows in found.items() for row in rows)
    return [Finding("text-marks", len(places), f"{sheet}!{places[0][1]}{places[0][0]}")] if places else []


def _marked(column: pd.Series[Any]) -> bool:
    texts = [cell for cell in column.head(SEEN).to_numpy(dtype=object) if isinstance(cell, str)]
    if not MARK.search("".join(texts)):
        return False
    return bool(np.mean([_has_mark(text) for text in texts]) >= MOST)


def _has_mark(cell: object) -> bool:
    """A mark at the front that no other one closes."""
    return (
        isinstance(cell, str)
        and cell.startswith(MARKS)
        and len(cell) > 1
        and not any(mark in cell[1:] for mark in MARKS)
    )

"""Columns that name a group once, on its first row, as grouped reports do: the rows below belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lostdeals.model import Finding
from lostdeals.vocab import Vocabulary

LEAST = 2
"""Groups at least."""
FULL = 0.75
"""A column with more of its cells filled is no grouped one."""
TOTALS = "totals-row"


def grouped(
    headers: Mapping[str, str], data: pd.DataFrame, findings: Sequence[Finding], vocabulary: Vocabulary
) -> dict[str, dict[int, Any]]:
    """Letter -> row -> the group of a row whose own cell is empty.

    data: the customers' cells, a column per letter, rows by the file's numbers, without the rows that sum up. Only the
    first columns of a table name groups. That the empty cells belong to the name above is told by a total behind every
    group, or by the arrow that reports put behind the header of what they are grouped by, where every name comes once.

    >>> from lostdeals.vocab import load
    >>> data = pd.DataFrame({"A": ["Ana", None, "Ben", None], "B": [1, 2, 3, 4]}, index=[2, 3, 5, 6], dtype=object)
    >>> grouped({"A": "Owner", "B": "Amount"}, data, [Finding("totals-row", 2)], load())
    {'A': {3: 'Ana', 6: 'Ben'}}
    >>> grouped({"A": "Owner", "B": "Amount"}, data.set_axis([2, 3, 4, 5]), [], load())
    {}
    """
    arrows = tuple(vocabulary.section("structure")["grouping"]["arrows"])
    summed = any(finding.code == TOTALS for finding in findings)
    out: dict[str, dict[int, Any]] = {}
    for letter in headers:
        column = data[letter]
        full = column.notna().to_numpy()
        if not _is_grouped(column, full, summed, arrow=headers[letter].rstrip().endswith(arrows)):
            break
        groups = column.ffill()
        out[letter] = {int(row): groups[row] for row in column.index[~full]}
    return out


def with_groups(data: pd.DataFrame, groups: Mapping[str, Mapping[int, object]]) -> pd.DataFrame:
    """The customers' cells with the group in every row."""
    return data.assign(**{letter: data[letter].ffill() for letter in groups}) if groups else data


def grouped_finding(
    groups: Mapping[str, Mapping[int, object]], headers: Mapping[str, str], sheet: str
) -> list[Finding]:
    """How many cells were read as the group above them."""
    if not groups:
        return []
    letter = next(iter(groups))
    names = tuple(headers[letter] for letter in groups)
    count = sum(map(len, groups.values()))
    return [Finding("grouped-column", count, f"{sheet}!{letter}{min(groups[letter])}", {"columns": names})]


def _is_grouped(column: pd.Series[Any], full: NDArray[np.bool_], summed: bool, *, arrow: bool) -> bool:
    """The first row is named, most are not, and something tells that the empty ones go on with the name above."""
    if not full.size or not full[0] or full.sum() < (1 if arrow else LEAST) or full.mean() > FULL:
        return False
    rows = column.index.to_numpy()
    starts = np.flatnonzero(full)[1:]
    parted = bool((rows[starts] - rows[starts - 1] > 1).all())
    return (summed and parted) or (arrow and column[full].astype(str).is_unique)

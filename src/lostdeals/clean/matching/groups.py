"""Rows of one customer as groups around the record that is kept; a row that contradicts that record is let go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.matching.levels import Codes, Levels
from lostdeals.clean.matching.search import Found
from lostdeals.distinct import filled
from lostdeals.schema import CLEANED

RECENT = ("updated_at", "last_contact_at", "created_at")
CONTRADICTION = -4.0
"""Bits: two rows whose differences speak so much more than what they share are not one customer (a project default)."""
ROUNDS = 5
"""Rows that were let go are grouped again, so many times."""


def kept_records(leads: pd.DataFrame, found: Found) -> Codes:
    """Of every row the position of the record that is kept, its own where it is no copy.

    found: the pairs that are taken for one customer. The kept row of a group is the most complete one, then the most
    recent, then the first.
    """
    n = len(leads)
    first, second = found.rows
    kept = np.arange(n)
    if not len(first):
        return kept
    order = best_first(leads)
    free = np.ones(n, dtype=bool)
    for _ in range(ROUNDS):
        inside = free[first] & free[second]
        if not inside.any():
            break
        a, b = first[inside], second[inside]
        group = connected(a, b, n)
        best = order[np.unique(group[order], return_index=True)[1]][group]
        copies = np.flatnonzero(free & (best != np.arange(n)))
        fits = found.weights.evidence(levels_between(found, copies, best[copies])) > CONTRADICTION
        kept[copies[fits]] = best[copies[fits]]
        free[:] = False
        free[copies[~fits]] = True
    return kept


def connected(first: Codes, second: Codes, n: int) -> Codes:
    """A number for each of n rows, the same for those that pairs of rows hold together, from 0 on without a gap.

    Every row takes the lowest number that its pairs have, again and again; numbers follow one another's to their end, so
    that a long chain takes few rounds (as in Shiloach and Vishkin 1982).

    >>> connected(np.array([4, 1]), np.array([1, 3]), 5).tolist()
    [0, 1, 2, 1, 1]
    """
    number = np.arange(n)
    while True:
        lowest = np.minimum(number[first], number[second])
        if (number[first] == number[second]).all():
            return np.unique(number, return_inverse=True)[1].astype(np.int64)
        for rows in (number[first], number[second]):
            np.minimum.at(number, rows, lowest)
        while (further := number[number]).tobytes() != number.tobytes():
            number = further


def levels_between(found: Found, rows: Codes, others: Codes) -> Levels:
    """The levels of agreement of each row with another one."""
    n = found.comparer.rows
    pairs = np.minimum(rows, others) * n + np.maximum(rows, others)
    order = np.argsort(pairs, kind="stable")
    levels = np.empty((len(pairs), len(found.comparer.fields)), dtype=np.int8)
    levels[order] = found.comparer.levels(pairs[order])
    return levels


def best_first(leads: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Positions of the rows: the fullest first, then the most recent, then the sheet's order."""
    cells = np.zeros(len(leads), dtype=np.int64)
    for column in leads:
        if column not in CLEANED:
            cells += filled(leads[column])
    order = pd.DataFrame({"filled": cells, "recent": recency(leads)}).reset_index(drop=True)
    return order.sort_values(["filled", "recent"], ascending=False, kind="stable").index.to_numpy()


def recency(leads: pd.DataFrame) -> pd.Series[Any]:
    """The latest date of each row that says when somebody last dealt with it."""
    return leads[[column for column in RECENT if column in leads]].max(axis=1)

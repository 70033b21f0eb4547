"""Which dated columns come after all others of their rows, and which before: the next contact is late, the entry early."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LATE: Mapping[str, float] = {
    "next_contact_at": 4.0,
    "occasion_at": 1.5,
    "stage_date": 0.5,
    "closed_at": 0.7,
    "last_contact_at": 0.4,
    "updated_at": 0.5,
    "first_contact_at": 0.05,
    "created_at": 0.05,
    "birthday": 0.01,
}
"""How many times likelier a role is for a column whose days follow all others of the row."""
EARLY: Mapping[str, float] = {
    "created_at": 2.0,
    "first_contact_at": 2.0,
    "stage_date": 0.8,
    "occasion_at": 0.4,
    "last_contact_at": 0.2,
    "closed_at": 0.2,
    "updated_at": 0.1,
    "next_contact_at": 0.05,
}
"""The same for one whose days come before all others."""
ROWS, LEAST = 300, 4
"""Rows looked at, evenly over the sheet, and those with two days with fewer of which nothing is told."""
NEARLY_ALL = 0.9
APART = 8 * 365.25
"""Days between a column and the latest one, from which on it is a birthday or the like and no step of a sale."""
YEAR_FIRST = re.compile(r"((?:19|20)\d\d)\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)\b")


def day_order(columns: Mapping[int, pd.Series[Any]]) -> dict[int, Mapping[str, float]]:
    """Column -> how many times likelier its place among the days makes each role; dated columns by their number.

    >>> days = {0: pd.Series([f"2025-03-0{n}" for n in range(1, 6)]), 1: pd.Series([f"2025-06-1{n}" for n in range(1, 6)])}
    >>> [(number, told["next_contact_at"]) for number, told in day_order(days).items()]
    [(0, 0.05), (1, 4.0)]
    """
    if len(columns) < 2:
        return {}
    numbers = list(columns)
    step = max(1, -(-max(map(len, columns.values())) // ROWS))
    table = np.column_stack([_days(columns[number].iloc[::step].tolist()) for number in numbers])
    known = [place for place in range(len(numbers)) if np.isfinite(table[:, place]).sum() >= LEAST]
    if len(known) < 2:
        return {}
    middles = {place: float(np.nanmedian(table[:, place])) for place in known}
    steps = [place for place in known if max(middles.values()) - middles[place] < APART]
    out: dict[int, Mapping[str, float]] = {}
    for place in steps:
        others = [other for other in steps if other != place]
        told = _place(table[:, place], table[:, others]) if others else None
        if told is not None:
            out[numbers[place]] = told
    return out


def _place(own: NDArray[np.float64], others: NDArray[np.float64]) -> Mapping[str, float] | None:
    both = np.isfinite(own) & np.isfinite(others).any(axis=1)
    if both.sum() < LEAST:
        return None
    own, others = own[both], others[both]
    if (own > np.nanmax(others, axis=1)).mean() >= NEARLY_ALL:
        return LATE
    return EARLY if (own < np.nanmin(others, axis=1)).mean() >= NEARLY_ALL else None


def _days(cells: Sequence[object]) -> NDArray[np.float64]:
    """Cells as day numbers, NaN where they are none or leave the order of day and month open."""
    texts = [cell if isinstance(cell, str) else "" for cell in cells]
    parts = [YEAR_LAST.search(text) for text in texts]
    day_first = _day_first(found.groups() for found in parts if found)
    out = np.full(len(cells), np.nan)
    for place, (cell, text, found) in enumerate(zip(cells, texts, parts, strict=True)):
        if isinstance(cell, date):
            out[place] = cell.toordinal()
        elif (first := YEAR_FIRST.search(text)) is not None:
            out[place] = _ordinal(int(first[1]), int(first[2]), int(first[3]))
        elif found is not None and day_first is not None:
            day, month = (found[1], found[2]) if day_first else (found[2], found[1])
            out[place] = _ordinal(int(found[3]), int(month), int(day))
    return out


def _day_first(parts: Iterable[tuple[str, ...]]) -> bool | None:
    for first, second, _ in parts:
        if int(first) > 12:
            return True
        if int(second) > 12:
            return False
    return None


def _ordinal(year: int, month: int, day: int) -> float:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return float("nan")

"""Which dated columns come after all others of their rows, and which before: the next contact is late, the entry early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lostdeals.stats.stage_order import moments
from lostdeals.vocab import Vocabulary

LATE: Mapping[str, float] = {
    "": 1.5,
    "next_contact_at": 2.0,
    "occasion_at": 2.0,
    "urgency": 2.0,
    "updated_at": 1.5,
    "closed_at": 1.2,
    "last_contact_at": 1.2,
    "first_contact_at": 0.2,
    "created_at": 0.05,
    "birthday": 0.01,
}
"""How many times likelier a role is for a column whose days follow all others of the row: rounded from
what the labelled sheets have, old and new ones alike."""
EARLY: Mapping[str, float] = {
    "": 0.4,
    "created_at": 2.2,
    "first_contact_at": 1.8,
    "last_purchase_at": 1.2,
    "stage_date": 0.6,
    "closed_at": 0.5,
    "last_contact_at": 0.4,
    "updated_at": 0.25,
    "occasion_at": 0.2,
    "urgency": 0.15,
    "next_contact_at": 0.1,
}
"""The same for one whose days come before all others."""
BETWEEN: Mapping[str, float] = {
    "last_contact_at": 1.9,
    "stage_date": 1.7,
    "updated_at": 1.5,
    "next_contact_at": 0.75,
    "urgency": 0.3,
    "created_at": 0.22,
    "occasion_at": 0.2,
    "birthday": 0.1,
}
"""The same for one whose days do neither."""
TOLD: Mapping[str, Mapping[str, float]] = {"late": LATE, "early": EARLY, "between": BETWEEN}
Place = Literal["late", "early", "between"]
ROWS, LEAST = 300, 4
"""Rows looked at, evenly over the sheet, and those with two days with fewer of which nothing is told."""
CELLS, FEWEST_ROWS = 9_000, 60
"""With many dated columns fewer rows, so many cells in all, but no fewer than these."""
NEARLY_ALL = 0.9
APART = 8 * 365.25
"""Days between a column and the latest one, from which on it is a birthday or the like and no step of a sale."""
DAY = 86_400_000_000_000
"""Nanoseconds."""
IN_FIGURES = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)"
"""3/4/2026 and 21.06.24: whether the day or the month comes first is told by the column, or not at all."""
FEW_YEARS = 2
"""A first figure of more than twelve with so few different ones is a year: 25/03/05, 25/04/19."""
CENTURY = 2000


class DayOrder:
    """Reads the days of whole columns and compares them.

    >>> from lostdeals.vocab import load
    >>> order = day_order(load())
    >>> order.places({0: pd.Series([f"2025-03-0{n}" for n in range(1, 6)]), 4: pd.Series([f"1{n} Jun 25" for n in range(1, 6)])})
    {0: 'early', 4: 'late'}
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        months = vocabulary.section("dates")["months"]
        self._months = {name: int(number) for number, names in months.items() for name in names}
        names = "|".join(sorted(self._months, key=len, reverse=True))
        year = r"(\d{4}|\d{2})(?!\d)"
        self._day_first = rf"(?i)^\s*(?:[a-z]+,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?[-\s./]*({names})[a-z]*[-\s.,/']+{year}"
        self._month_first = rf"(?i)^\s*(?:[a-z]+,?\s+)?({names})[a-z]*[-\s.]+(\d{{1,2}})(?:st|nd|rd|th)?,?[-\s]+{year}"

    def places(self, columns: Mapping[int, pd.Series[Any]]) -> dict[int, Place]:
        """Where each dated column, by its number, stands among the days of its rows; none for those that cannot be told."""
        if len(columns) < 2:
            return {}
        numbers = list(columns)
        rows = min(ROWS, max(FEWEST_ROWS, CELLS // len(columns)))
        step = max(1, -(-max(map(len, columns.values())) // rows))
        table = self._days([columns[number].iloc[::step] for number in numbers])
        known = [place for place in range(len(numbers)) if np.isfinite(table[:, place]).sum() >= LEAST]
        if len(known) < 2:
            return {}
        middles = {place: float(np.nanmedian(table[:, place])) for place in known}
        steps = [place for place in known if max(middles.values()) - middles[place] < APART]
        found = {
            numbers[place]: _place(table[:, place], table[:, [other for other in steps if other != place]])
            for place in steps
            if len(steps) > 1
        }
        return {number: place for number, place in found.items() if place is not None}

    def told(self, columns: Mapping[int, pd.Series[Any]]) -> dict[int, Mapping[str, float]]:
        """Column -> how many times likelier its place among the days makes each role, and none of them."""
        return {number: TOLD[place] for number, place in self.places(columns).items()}

    def _days(self, columns: Sequence[pd.Series[Any]]) -> NDArray[np.float64]:
        """Rows × columns of day numbers, NaN for what is none or leaves the order of day and month open."""
        told = _numbers(moments(pd.concat(columns, ignore_index=True).astype(object)))
        ends = np.cumsum([len(column) for column in columns])
        out = np.split(told, ends[:-1])
        for read in (_figures, self._days_first, self._months_first):
            left = [place for place, days in enumerate(out) if not np.isfinite(days).any()]
            if left:
                texts = pd.concat([columns[place] for place in left], keys=left).astype("string")
                places, told = texts.index.get_level_values(0), _numbers(read(texts))
                out = [told[places == place] if place in left else days for place, days in enumerate(out)]
        return np.column_stack(out)

    def _days_first(self, texts: pd.Series[Any]) -> pd.Series[Any]:
        parts = texts.str.extract(self._day_first)
        return _day(parts[0], parts[1].str.lower().map(self._months), parts[2])

    def _months_first(self, texts: pd.Series[Any]) -> pd.Series[Any]:
        parts = texts.str.extract(self._month_first)
        return _day(parts[1], parts[0].str.lower().map(self._months), parts[2])


def _numbers(told: pd.Series[Any]) -> NDArray[np.float64]:
    days = (told.astype("datetime64[ns]").astype("int64") // DAY).to_numpy(dtype=float)
    return np.where(told.isna().to_numpy(), np.nan, days)


def _figures(texts: pd.Series[Any]) -> pd.Series[Any]:
    """The days of columns, told apart by the first level of their index, whose dates are written in figures alone."""
    parts = texts.str.extract(IN_FIGURES)
    some = parts[parts[0].notna()]
    days = [_in_figures(column) for _, column in some.groupby(level=0)]
    return pd.concat(days).reindex(texts.index) if days else pd.Series(pd.NaT, texts.index, dtype="datetime64[ns]")


def _in_figures(parts: pd.DataFrame) -> pd.Series[Any]:
    first, second, third = (pd.to_numeric(parts[number]) for number in range(3))
    if (first > 12).all() and first.nunique() <= FEW_YEARS < third.nunique() and parts[0].str.len().max() == 2:
        return _day(third, second, first)
    if (first > 12).any():
        return _day(first, second, third)
    return _day(second, first, third if (second > 12).any() else third * np.nan)


def _day(day: pd.Series[Any], month: pd.Series[Any], year: pd.Series[Any]) -> pd.Series[Any]:
    """Days; a year of two figures is one of this century. What is no day is NaT."""
    years = pd.to_numeric(year, errors="coerce").astype("float64")
    parts = {
        "year": years.where(years >= 100, years + CENTURY),
        "month": pd.to_numeric(month, errors="coerce").astype("float64"),
        "day": pd.to_numeric(day, errors="coerce").astype("float64"),
    }
    found: pd.Series[Any] = pd.to_datetime(pd.DataFrame(parts), errors="coerce")
    return found


def _place(own: NDArray[np.float64], others: NDArray[np.float64]) -> Place | None:
    both = np.isfinite(own) & np.isfinite(others).any(axis=1)
    if both.sum() < LEAST:
        return None
    own, others = own[both], others[both]
    if (own > np.nanmax(others, axis=1)).mean() >= NEARLY_ALL:
        return "late"
    if (own < np.nanmin(others, axis=1)).mean() >= NEARLY_ALL:
        return "early"
    inside = (own >= np.nanmin(others, axis=1)) & (own <= np.nanmax(others, axis=1))
    return "between" if inside.mean() >= NEARLY_ALL else None


@lru_cache(maxsize=4)
def day_order(vocabulary: Vocabulary) -> DayOrder:
    """The order of days by a vocabulary's names of months, made once."""
    return DayOrder(vocabulary)

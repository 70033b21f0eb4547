"""The year of a step that is dated by month and day alone, told by when the customer came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

STEPS = ("stage_date", "closed_at")
"""Roles of steps: done or, now and then, planned."""
STEP_AHEAD = 30
"""Days ahead of today that a step without a year may lie; anything further ahead was last year."""
CAME = ("created_at", "first_contact_at")
"""Roles that tell from when on a customer has steps, the first known one counts."""


def years_from_row(
    cells: pd.Series[Any], read: pd.Series[Any], came: pd.Series[Any], before: Callable[[Any], datetime | None]
) -> pd.Series[Any]:
    """Steps without a year in the first year in which they come no earlier than the customer.

    cells, read: a column as written and as dates; came: day per row the customer came, NaT where unknown; before: reads a
    cell as people would have a year ago, which tells a date without a year.

    >>> came = pd.to_datetime(pd.Series(["2025-12-20", "2025-03-01", None]))
    >>> read = pd.to_datetime(pd.Series(["2025-01-05", "2025-03-09", "2025-06-01"]))
    >>> year_ago = lambda cell: datetime(2024, *map(int, cell.split(".")))
    >>> years_from_row(pd.Series(["1.5", "3.9", "6.1"]), read, came, year_ago).dt.strftime("%Y-%m").tolist()
    ['2026-01', '2025-03', '2025-06']
    """
    known = read.notna() & came.notna() & cells.map(lambda cell: cell.__class__ is str)
    if not known.any():
        return read
    distinct = {cell: before(cell) for cell in set(cells[known].tolist())}
    earlier = pd.Series([distinct[cell] for cell in cells[known]], index=cells.index[known], dtype=read.dtype)
    bare = read[known][(read[known].dt.year != earlier.dt.year) & (read[known].dt.month == earlier.dt.month)]
    if bare.empty:
        return read
    first = came[bare.index].dt.normalize()
    years = (first.dt.year - bare.dt.year).to_numpy()
    moved = pd.Series([_in(day, int(year)) for day, year in zip(bare, years, strict=True)], index=bare.index)
    late = (moved < first).to_numpy()
    moved = pd.Series([_in(day, int(more)) for day, more in zip(moved, late, strict=True)], index=bare.index)
    moved = moved.astype(read.dtype)
    return read.where(~read.index.isin(moved.index), moved.reindex(read.index))


def came_on(read: Mapping[str, pd.Series[Any]]) -> pd.Series[Any] | None:
    """The day each customer came, None where no column tells."""
    days = [read[key] for key in CAME if key in read]
    return days[0] if len(days) == 1 else days[0].fillna(days[1]) if days else None


def _in(day: pd.Timestamp, years: int) -> pd.Timestamp:
    """The same day some years later; the last of February where it has none."""
    return day + pd.DateOffset(years=years) if years else day

"""The way of each customer through the steps, from whatever kind of sheet tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.funnel_reach import NEVER, Moves
from lostdeals.findings import Finding
from lostdeals.funnels import Input


@dataclass(frozen=True)
class Journeys:
    """Customers and how far each came."""

    input: Input
    name: str
    """Of the funnel."""
    steps: tuple[str, ...]
    people: pd.DataFrame
    """One line per customer, index 0 … n-1: ``outcome`` (won, lost, open), ``born`` and ``closed`` (datetime64, NaT where not
    known), ``amount``, ``row`` (the file's), ``called`` (by what it is known)."""
    of_person: npt.NDArray[np.int64]
    """Per row of the sheet, its customer; -1 for a row that does not count."""
    moves: Moves | None = None
    """Every time somebody came to a step; None where only the present stage is known."""
    depth: npt.NDArray[np.int64] | None = None
    """Steps reached per customer, where only the present stage is known."""
    could: npt.NDArray[np.bool_] | None = None
    """Lost customers who do not say how far they came."""
    as_of: pd.Timestamp | None = None
    """The last moment that the sheet tells of, today at the latest."""
    notes: tuple[Finding, ...] = ()
    unplaced: tuple[str, ...] = ()
    strangers: bool = False
    """No wording of the sheet belongs to any step."""
    left: pd.Series[Any] = field(default_factory=lambda: pd.Series(dtype="datetime64[ns]"))
    """When a lost customer was lost, by customer; NaT where not known."""

    def per_person(self, values: pd.Series[Any]) -> pd.Series[Any]:
        """Values per row of the sheet as values per customer: the first that is known."""
        rows = np.flatnonzero((self.of_person >= 0) & values.notna().to_numpy())[::-1]
        first = np.full(len(self.people), -1)
        first[self.of_person[rows]] = rows  # backwards, so that the first row of a customer is written last
        known = np.flatnonzero(first >= 0)
        picked: pd.Series[Any] = values.iloc[first[known]].set_axis(known).astype(object)
        return picked.reindex(range(len(self.people)), fill_value=None)


def nanoseconds(times: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """Times as whole numbers, ``NEVER`` where there is none."""
    out = np.array(times.astype("datetime64[ns]").astype("int64"), dtype=np.int64)
    out[times.isna().to_numpy()] = NEVER
    return out


def last_moment(today: pd.Timestamp, *columns: pd.Series[Any]) -> pd.Timestamp | None:
    """The latest of the times that is not ahead of today; None without any.

    >>> last_moment(pd.Timestamp("2026-06-01"), pd.Series(pd.to_datetime(["2026-05-02", "2026-07-01"])))
    Timestamp('2026-05-02 00:00:00')
    """
    ends = today + pd.Timedelta(days=1)
    latest = [known.max() for column in columns if len(known := column[column.notna() & (column < ends)])]
    return max(latest) if latest else None


def by_first(person: npt.NDArray[np.int64], values: pd.Series[Any], n: int, how: str) -> pd.Series[Any]:
    """The earliest (``min``) or latest (``max``) time per customer, NaT where none is known.

    >>> by_first(np.array([1, 1]), pd.Series(pd.to_datetime(["2026-05-02", "2026-05-01"])), 2, "max").tolist()
    [NaT, Timestamp('2026-05-02 00:00:00')]
    """
    moments = nanoseconds(values)
    known = moments != NEVER
    nothing = np.iinfo(np.int64).min  # NaT as pandas stores it
    found = np.full(n, NEVER if how == "min" else nothing)
    (np.minimum if how == "min" else np.maximum).at(found, person[known], moments[known])
    found[found == NEVER] = nothing
    return pd.Series(found.view("datetime64[ns]"))

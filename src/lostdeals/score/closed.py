"""The closed rows of a sheet, and which of them are one customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.stats.copies import customer_of
from lostdeals.stats.twins import with_twins

Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Closed:
    """The rows something can be learned from."""

    rows: Truth
    """Which rows of the sheet they are."""
    won: Truth
    groups: Ints
    """Which of them are one customer, or repeat one another."""
    won_customers: int
    lost_customers: int
    twins: int = 0
    """Rows that share their group with a row of another customer that they repeat."""

    @property
    def rarer(self) -> int:
        """Customers of the rarer outcome."""
        return min(self.won_customers, self.lost_customers)


def closed_rows(leads: pd.DataFrame, usable: Truth | None = None) -> Closed:
    """Won and lost rows; a customer who was won on any row counts as won."""
    rows = leads["outcome_class"].isin(["won", "lost"]).to_numpy()
    if usable is not None:
        rows = rows & usable
    won = (leads["outcome_class"][rows] == "won").to_numpy()
    groups = customer_of(leads).to_numpy(dtype=np.int64)[rows]
    return Closed(rows, won, groups, len(set(groups[won])), len(set(groups[~won]) - set(groups[won])))


def apart(frame: pd.DataFrame, closed: Closed, seed: int) -> Closed:
    """The closed rows with twins in one group: a row that repeats another with slightly other numbers must not be tested on it.

    frame: features of all rows.
    """
    groups = with_twins(frame[closed.rows], closed.groups, seed)
    if groups is closed.groups:
        return closed
    several = pd.Series(closed.groups).groupby(groups).transform("nunique") > 1
    won, lost = set(groups[closed.won]), set(groups[~closed.won])
    return Closed(closed.rows, closed.won, groups, len(won), len(lost - won), int(several.sum()))
